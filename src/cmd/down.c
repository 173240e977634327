// SPDX-License-Identifier: LGPL-2.1-or-later
/* The way back: stop the guest (only if up started it), take the devices out, give them to the host. */
#include "cmd/commands.h"
#include "cmd/session.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_down,
		.takes_guest = true,
		.needs_libvirt = true,
		.guest_may_be_gone = true,
		.ends_pending = true,
		.done = change_says_drivers,
	};

	return change_run(inv, &change, err);
}

const struct command command_down = {
	.name = "down",
	.words = "GUEST",
	.summary = "stop a guest and give its devices back to the host",
	.least_words = 1,
	.most_words = 1,
	.options = OPTIONS_CHANGING | OPTION(OPTION_CONNECT) | OPTION(OPTION_TIMEOUT) |
		   OPTION(OPTION_FORCE),
	.run = run,
};
