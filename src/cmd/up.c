// SPDX-License-Identifier: LGPL-2.1-or-later
/* The whole walk: take the groups, assign the devices, start the guest (or plug them in, if it runs). */
#include "base/arena.h"
#include "cmd/commands.h"
#include "cmd/session.h"

static const char *says_up(const struct invocation *inv, const struct session *session,
			   const struct plan *plan)
{
	if (!plan->n_steps)
		return arena_printf(inv->arena, "Nothing to do: %s runs and has them already.",
				    inv->words[0]);
	return arena_printf(inv->arena, "%s runs with them; ferry down %s brings them back.",
			    inv->words[0], inv->words[0]);
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_up,
		.takes_guest = true,
		.needs_libvirt = true,
		.knows_lent_devices = true,
		.done = says_up,
	};

	return change_run(inv, &change, err);
}

const struct command command_up = {
	.name = "up",
	.words = "GUEST [DEVICE...]",
	.summary = "give devices to a guest and start it",
	.least_words = 1,
	.most_words = SIZE_MAX,
	.options = OPTIONS_CHANGING | OPTION(OPTION_CONNECT) | OPTION(OPTION_WHOLE_GROUP) |
		   OPTION(OPTION_NO_REVERT),
	.run = run,
};
