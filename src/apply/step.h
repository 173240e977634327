/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One kind of step: how it is checked, done, verified and undone. The executor knows nothing else of
 * it; the unit tests run the executor on kinds of their own that fail or die at the n-th act.
 */
#ifndef FERRY_APPLY_STEP_H
#define FERRY_APPLY_STEP_H

#include <stdbool.h>

#include "analysis/plan.h"

struct actor;
struct error;

struct step_ops {
	/*
	 * Before the act: is the thing as the plan found it, and still the same device? 0: yes; 1: it is
	 * already as it shall be, nothing to do; negative: it has changed, err says how. May note in the
	 * step what the undo will need (override_found).
	 */
	int (*check)(struct actor *actor, struct plan_step *step, struct error *err);
	/* Acts and reads back. May replace step->after by what was really written (define). */
	int (*act)(struct actor *actor, struct plan_step *step, struct error *err);
	/*
	 * Brings back what the step found, whether its act was done, half done or never begun; done twice
	 * it is done once. From the journal alone: only kind, subject, before, after, identity, group,
	 * guest_uuid, override_found and state are set (DONE: the act was sealed; FAILED: it gave an error;
	 * PLANNED: it was begun and how it ended is not known). *ret_note (arena) may say something that a
	 * person should know.
	 */
	int (*undo)(struct actor *actor, const struct plan_step *step, const char **ret_note,
		    struct error *err);
	bool outlives_boot; /* its journal stands in state_dir, else in run_dir */
};

extern const struct step_ops step_table[STEP_KINDS];

#endif
