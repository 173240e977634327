// SPDX-License-Identifier: LGPL-2.1-or-later
/* A detached device into a guest: its stored definition, or the running guest, or both. */
#include "cmd/commands.h"
#include "cmd/session.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_assign,
		.takes_guest = true,
		.needs_libvirt = true,
	};

	return change_run(inv, &change, err);
}

const struct command command_assign = {
	.name = "assign",
	.words = "GUEST DEVICE...",
	.summary = "put a detached device into a guest",
	.least_words = 2,
	.most_words = SIZE_MAX,
	.options = OPTIONS_CHANGING | OPTION(OPTION_CONNECT) | OPTION(OPTION_LIVE) |
		   OPTION(OPTION_BOTH),
	.run = run,
};
