/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a diagnosis of this machine is read from: a guest's log, and what the kernel said in this boot. */
#ifndef FERRY_CMD_DIAGNOSE_READ_H
#define FERRY_CMD_DIAGNOSE_READ_H

#include <stddef.h>

struct arena;
struct diagnosis;
struct diagnosis_reader;
struct error;
struct root;

/* "/var/log/libvirt/qemu/GUEST.log" */
const char *diagnose_guest_path(struct arena *arena, const char *guest);
#define DIAGNOSE_LAST_START ((size_t)-1)
/*
 * The guest's log from byte `from` on, or from its last start; where the log is shorter than that, it was
 * begun anew. Errors: those of open(2), err filled.
 */
int diagnose_guest_log(struct diagnosis_reader *r, const struct root *root, struct arena *arena,
		       const char *guest, size_t from, struct error *err);
/* What the kernel said since that moment, in seconds since boot; 0: all of this boot. */
int diagnose_kernel_log(struct diagnosis_reader *r, const struct root *root, double since);
/* Adds what this machine shows of each finding now. */
void diagnose_name_devices(struct diagnosis *d, const struct root *root, struct arena *arena);

#endif
