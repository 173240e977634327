/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words between ferry and the kernel about one PCI device: who drives it, what its override holds,
 * is it still the same card in the same group; and the writes, each in a child with a deadline.
 */
#ifndef FERRY_APPLY_SYSFS_H
#define FERRY_APPLY_SYSFS_H

#include <stdbool.h>

#include "apply/transaction.h"

struct plan_step;

/* *ret is NULL where it has no driver. -ENODEV: there is no such device. */
int sysfs_driver(struct actor *actor, const char *device, const char **ret, struct error *err);
/* "" where it holds nothing; else what it holds, to the byte. */
int sysfs_override(struct actor *actor, const char *device, const char **ret, struct error *err);
/*
 * Writes text to path below the root, on behalf of the device. -ETIMEDOUT: it has not returned within
 * write_deadline_ms: the child is left, actor->stuck tells its pid, and every further write for this
 * device is refused. -ECHILD: how it ended is not known, the state has to be read.
 */
int sysfs_write(struct actor *actor, const char *device, const char *path, const char *text,
		struct error *err);
/* Writes driver_override ("" clears it) and reads it back; nothing where it holds that already. */
int sysfs_set_override(struct actor *actor, const char *device, const char *value,
		       struct error *err);
/*
 * step->subject is still the device of step->identity: vendor, device, class, subsystem, and the serial
 * number where both are known. -ENODEV: it is gone; -ESTALE: it is another.
 */
int sysfs_check_identity(struct actor *actor, const struct plan_step *step, struct error *err);
/* Its group has the members that the plan knew: -ESTALE where it has not. */
int sysfs_check_group(struct actor *actor, const struct plan_step *step, struct error *err);
/*
 * Nobody has the device's group open. -EBUSY: somebody has, err names the process; -EACCES: that could
 * not be read of all processes.
 */
int sysfs_check_group_free(struct actor *actor, const struct plan_step *step, struct error *err);

#endif
