// SPDX-License-Identifier: LGPL-2.1-or-later
/* From the host to vfio-pci: the whole group of each device, in one transaction, or nothing. */
#include "cmd/commands.h"
#include "cmd/session.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_detach,
		.done = change_says_drivers,
	};

	return change_run(inv, &change, err);
}

const struct command command_detach = {
	.name = "detach",
	.words = "DEVICE...",
	.summary = "take the whole group of a device from the host",
	.least_words = 1,
	.most_words = SIZE_MAX,
	.options = OPTIONS_CHANGING | OPTION(OPTION_NO_REVERT),
	.run = run,
};
