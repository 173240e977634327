// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds the command, runs it, turns the outcome into the exit code. The only place that shows an error. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "cmd/from.h"
#include "cmd/parse.h"
#include "show/error.h"

static void show(const struct invocation *inv, const struct error *err)
{
	if (invocation_has(inv, OPTION_JSON) && !inv->has_printed_json)
		show_error_json(err, inv->out);
	show_error(err, inv->err);
}

static enum outcome usage_error(const struct invocation *inv, const struct error *err)
{
	const char *name = inv->command ? inv->command->name : "";

	show(inv, err);
	fprintf(inv->err, "  ferry%s%s --help says how it is used\n", *name ? " " : "", name);
	return OUTCOME_USAGE;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	enum outcome outcome;

	if (invocation_has(inv, OPTION_HELP)) {
		command_print_help(inv->command, inv->out);
		return OUTCOME_DONE;
	}
	if (invocation_has(inv, OPTION_VERSION)) {
		fputs("ferry " FERRY_VERSION "\n", inv->out);
		return OUTCOME_DONE;
	}
	if (from_open(inv, err)) {
		show(inv, err);
		return OUTCOME_REFUSED;
	}
	outcome = inv->command->run(inv, err);
	from_close(inv);
	if (outcome == OUTCOME_USAGE)
		return usage_error(inv, err);
	if (outcome != OUTCOME_DONE && err->message)
		show(inv, err);
	return outcome;
}

int main(int argc, char **argv)
{
	ARENA_AUTO struct arena *arena = arena_new();
	ERROR_AUTO struct error err = {0};
	struct invocation inv = {.arena = arena, .out = stdout, .err = stderr};
	enum outcome outcome;

	if (invocation_parse(argc, argv, &inv, &err))
		return usage_error(&inv, &err);
	outcome = run(&inv, &err);
	/* A result that did not reach its reader is no success: a full disk, a closed pipe. */
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "ferry: standard output: %s\n", strerror(errno));
		return outcome == OUTCOME_DONE ? OUTCOME_PUT_BACK : (int)outcome;
	}
	return (int)outcome;
}
