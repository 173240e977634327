// SPDX-License-Identifier: LGPL-2.1-or-later
/* What `up` would do, what the host would lose by it, what forbids it. Changes nothing. */
#include "cmd/commands.h"
#include "cmd/session.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_up,
		.takes_guest = true,
		.needs_libvirt = true,
		.knows_lent_devices = true,
	};

	inv->options[OPTION_DRY_RUN] = "";
	return change_run(inv, &change, err);
}

const struct command command_plan = {
	.name = "plan",
	.words = "GUEST [DEVICE...]",
	.summary = "what up would do, what the host loses, what forbids it",
	.least_words = 1,
	.most_words = SIZE_MAX,
	.options = OPTION(OPTION_CONNECT) | OPTION(OPTION_WHOLE_GROUP) | OPTION(OPTION_FROM) |
		   OPTION(OPTION_YES) | OPTION(OPTION_NO_REVERT),
	.run = run,
};
