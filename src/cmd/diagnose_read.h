/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a diagnosis of this machine is read from: a guest's log, and what the kernel said in this boot. */
#ifndef FERRY_CMD_DIAGNOSE_READ_H
#define FERRY_CMD_DIAGNOSE_READ_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diagnosis;
struct diagnosis_reader;
struct error;
struct root;

/* "/var/log/libvirt/qemu/GUEST.log" */
const char *diagnose_guest_path(struct arena *arena, const char *guest);
/* What the kernel said since that moment, in seconds since boot; 0: all of this boot. */
int diagnose_kernel_log(struct diagnosis_reader *r, const struct root *root, double since);

#define DIAGNOSE_LAST_START ((size_t)-1)
/* One start of a guest, good or bad. */
struct start_logs {
	const char *guest;
	const char *message; /* what libvirt said of it; NULL: not known */
	/* Byte of the guest's log from which on it is of this start; where the log is shorter: begun anew. */
	size_t from;
	double since;    /* in seconds since boot; 0: as the guest's log says */
	bool has_failed; /* the whole boot is read where this start alone gives no cause */
};
/*
 * The guest's log, the kernel's and the message weighed together. The kernel's of the time before counts
 * only where the start's own leaves a question: an older start's failure is not this one's. *ret_unreadable
 * names a log that could not be read. Errors: the guest's log can't be read and there is no message.
 */
int diagnose_start(const struct root *root, struct arena *arena, const struct start_logs *logs,
		   struct diagnosis *ret, const char **ret_unreadable, struct error *err);
/* Adds what this machine shows of each finding now. */
void diagnose_name_devices(struct diagnosis *d, const struct root *root, struct arena *arena);

#endif
