// SPDX-License-Identifier: LGPL-2.1-or-later
/* Back to the drivers that the group was on before ferry detached it. */
#include "cmd/commands.h"
#include "cmd/session.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_reattach,
		.ends_pending = true,
		.done = change_says_drivers,
	};

	return change_run(inv, &change, err);
}

const struct command command_reattach = {
	.name = "reattach",
	.words = "DEVICE...",
	.summary = "give the group of a device back to the host",
	.least_words = 1,
	.most_words = SIZE_MAX,
	.options = OPTIONS_CHANGING | OPTION(OPTION_FORCE),
	.run = run,
};
