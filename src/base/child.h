/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Work in another process, with a deadline: programs, without a shell, and writes to the kernel that may
 * never return. A process in such a write can't be killed; it is left, and the caller told its pid.
 */
#ifndef FERRY_BASE_CHILD_H
#define FERRY_BASE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct arena;

struct child_output {
	char *text; /* what it wrote to stdout and stderr, a NUL added */
	size_t len;
	int exit_status; /* 0 to 255, or -1: a signal ended it */
	int signal;      /* that signal, else 0 */
};

/*
 * Runs argv[0] (looked up in PATH where it has no '/') with the caller's environment in the "C" locale
 * and /dev/null as its input. 0: it ended, whatever its status. Errors: those of execve(2);
 * -ETIMEDOUT: it was killed at the deadline; what it had written is in ret all the same.
 */
int child_run(const char *const *argv, unsigned int deadline_ms, struct arena *arena,
	      struct child_output *ret);

/*
 * The same in another root folder (chroot(2), a descriptor; negative: in this one), with the usual PATH:
 * for programs of the system that lies there. -EPERM: only root may.
 */
int child_run_in(int root, const char *const *argv, unsigned int deadline_ms, struct arena *arena,
		 struct child_output *ret);

/*
 * Calls function(arg) in a forked child and gives its result back. Descriptors are inherited, ferry's
 * lock among them, so nobody else begins as long as the child lives. In the child only what is
 * async-signal-safe, or what libc makes safe after fork(2), may be called. -ETIMEDOUT: the child is
 * still in it, *ret_pid says who; -ECHILD: it died before it could answer, what it did is not known.
 */
int child_call(int (*function)(void *arg), void *arg, unsigned int deadline_ms, pid_t *ret_pid);

#endif
