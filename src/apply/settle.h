/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A killed ferry may have left a call behind that libvirtd is still working on. Where the journal does
 * not say how an act ended, what it was to bring about is watched for a while before it is believed
 * not to have happened.
 */
#ifndef FERRY_APPLY_SETTLE_H
#define FERRY_APPLY_SETTLE_H

#include "analysis/plan.h"

struct actor;
struct error;

/*
 * has_happened: 1: what the step brings about has happened; 0: it has not; negative: that could not be
 * read. settle() gives its answer; where the step's end is not known (STEP_PLANNED), 0 only after it has
 * held for some seconds.
 */
int settle(struct actor *actor, const struct plan_step *step,
	   int (*has_happened)(struct actor *actor, const struct plan_step *step,
			       struct error *err),
	   struct error *err);

#endif
