// SPDX-License-Identifier: LGPL-2.1-or-later
/* Starts a guest, after a look at what would keep it from starting. */
#include "cmd/commands.h"
#include "cmd/session.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_start,
		.takes_guest = true,
		.needs_libvirt = true,
	};

	return change_run(inv, &change, err);
}

const struct command command_start = {
	.name = "start",
	.words = "GUEST",
	.summary = "start a guest, with a diagnosis where it fails",
	.least_words = 1,
	.most_words = 1,
	.options = OPTIONS_CHANGING | OPTION(OPTION_CONNECT),
	.run = run,
};
