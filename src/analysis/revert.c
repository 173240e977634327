// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whoever gives away the screen that he looks at, or the NIC that he came in by, may have no way left to
 * say "put it back": so that is armed before, and ends only when somebody shows that he still has a way
 * in (Rule 3). A guest that takes the display is the purpose, not an accident: that it runs is enough.
 */
#include "analysis/planner.h"

#include <string.h>

static bool is_assigned(const struct plan *plan, size_t device)
{
	size_t i;

	for (i = 0; i < plan->n_assigned; i++) {
		if (plan->assigned[i] == device)
			return true;
	}
	return false;
}

static bool starts_guest(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].kind == STEP_START)
			return true;
	}
	return false;
}

static enum plan_revert of_loss(const struct plan *plan, const struct plan_loss *loss)
{
	if (loss->kind == LOSS_OTHER)
		return REVERT_NONE;
	if (loss->kind != LOSS_CONNECTION && is_assigned(plan, loss->device) && starts_guest(plan))
		return REVERT_GUEST;
	return REVERT_CONFIRM;
}

static const char *loss_word(enum loss_kind kind)
{
	static const char *const words[] = {
		[LOSS_OTHER] = "what it uses",
		[LOSS_DISPLAY] = "its display",
		[LOSS_KEYBOARD] = "its keyboard",
		[LOSS_CONNECTION] = "the connection that this command came in by",
	};

	return words[kind];
}

/* The first of those that ask for the most. */
static const struct plan_loss *decisive_loss(const struct plan *plan, enum plan_revert *ret)
{
	const struct plan_loss *found = NULL;
	size_t i;

	*ret = REVERT_NONE;
	for (i = 0; i < plan->n_losses; i++) {
		enum plan_revert revert = of_loss(plan, &plan->losses[i]);

		if (revert <= *ret)
			continue;
		*ret = revert;
		found = &plan->losses[i];
	}
	return found;
}

void planner_revert(struct planner *p)
{
	enum plan_revert revert;
	const struct plan_loss *loss = decisive_loss(p->plan, &revert);

	if (!loss || p->request->no_revert)
		return;
	if (!p->request->can_revert) {
		planner_refuse(p, "no-revert", p->host->devices[loss->device].name,
			       "--no-revert does it without a way back",
			       "the host would lose %s, and nothing could put it back by itself: "
			       "that takes systemd, which this host was not booted with",
			       loss_word(loss->kind));
		return;
	}
	p->plan->revert = revert;
	if (revert == REVERT_GUEST)
		planner_note(p,
			     "The host loses %s to %s: all is put back by itself, unless the guest "
			     "has run for %d s (or --no-revert).",
			     loss_word(loss->kind), p->request->guest_name, PLAN_GUEST_SECONDS);
	else
		planner_note(p,
			     "The host loses %s: all is put back by itself %d s after the end, "
			     "unless you run ferry confirm (or --no-revert).",
			     loss_word(loss->kind), PLAN_CONFIRM_SECONDS);
}
