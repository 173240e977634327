// SPDX-License-Identifier: LGPL-2.1-or-later
/* What assign put in, out of the guest again; the device stays detached. */
#include "cmd/commands.h"
#include "cmd/session.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_unassign,
		.takes_guest = true,
		.needs_libvirt = true,
	};

	return change_run(inv, &change, err);
}

const struct command command_unassign = {
	.name = "unassign",
	.words = "GUEST DEVICE...",
	.summary = "take a device out of a guest",
	.least_words = 2,
	.most_words = SIZE_MAX,
	.options = OPTIONS_CHANGING | OPTION(OPTION_CONNECT) | OPTION(OPTION_LIVE) |
		   OPTION(OPTION_BOTH) | OPTION(OPTION_TIMEOUT),
	.run = run,
};
