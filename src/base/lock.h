/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One ferry at a time changes the machine. The lock is flock(2) on a file that names its holder, so it
 * goes when the last process that inherited it ends: a child that is still in a write to the kernel
 * keeps others out.
 */
#ifndef FERRY_BASE_LOCK_H
#define FERRY_BASE_LOCK_H

#include <stdbool.h>

struct arena;

struct lock {
	int fd;
};

#define LOCK_NONE ((struct lock){.fd = -1})

/*
 * path's folder is made if need be (0755, root's). -EWOULDBLOCK: somebody else has it and deadline_ms
 * (0: do not wait; negative: wait for ever) has passed; *ret_holder is what the holder wrote.
 * -EPERM: the file or folder is not root's own, or a link.
 */
int lock_take(const char *path, const char *holder, int deadline_ms, struct arena *arena,
	      struct lock *ret, const char **ret_holder);
void lock_release(struct lock *lock);
#define LOCK_AUTO __attribute__((cleanup(lock_release)))

#endif
