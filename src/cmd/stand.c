// SPDX-License-Identifier: LGPL-2.1-or-later
/* ferry alone: where this machine stands, and the command to type next. */
#include "cmd/commands.h"
#include "cmd/parse.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	command_print_help(inv->command, inv->out);
	return OUTCOME_DONE;
}

const struct command command_stand = {
	.name = "",
	.words = "",
	.summary = "where this machine stands, and what to do next",
	.options = OPTION(OPTION_FROM) | OPTION(OPTION_CONNECT) | OPTION(OPTION_VERSION),
	.run = run,
};
