/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the host can no longer use once a device is gone, as chains that a person can check. */
#ifndef FERRY_ANALYSIS_LOSS_H
#define FERRY_ANALYSIS_LOSS_H

#include "analysis/plan.h"

/* Appends the losses of one device to an array that began as NULL with a count of 0. */
void losses_of_device(const struct host *host, size_t device, struct arena *arena,
		      struct plan_loss **losses, size_t *n);

#endif
