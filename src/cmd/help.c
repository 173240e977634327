// SPDX-License-Identifier: LGPL-2.1-or-later
/* --help, of one command or of the program: printed from the two tables, so that it can't fall behind. */
#include "base/text.h"
#include "cmd/parse.h"

static void print_options(const struct command *command, FILE *out)
{
	uint64_t shown = command->options | OPTIONS_EVERYWHERE;
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &option_table[i];
		TEXT_AUTO struct text t = {0};

		if (!(shown & OPTION(i)))
			continue;
		if (row->letter)
			text_addf(&t, "-%c, ", row->letter);
		else
			text_add(&t, "    ");
		text_addf(&t, "--%s", row->name);
		if (row->argument)
			text_addf(&t, " %s", row->argument);
		fprintf(out, "  %-24s %s\n", text_str(&t), row->help);
	}
}

void command_print_help(const struct command *command, FILE *out)
{
	size_t i;

	if (*command->name) {
		fprintf(out, "ferry %s%s%s [OPTIONS]\n%s\n\n", command->name,
			*command->words ? " " : "", command->words, command->summary);
		print_options(command, out);
		return;
	}
	fprintf(out, "ferry: carries PCI devices between this host and its guests, and back\n\n");
	for (i = 0; command_list[i]; i++) {
		const struct command *c = command_list[i];
		TEXT_AUTO struct text t = {0};

		text_addf(&t, "ferry%s%s%s%s", *c->name ? " " : "", c->name, *c->words ? " " : "",
			  c->words);
		fprintf(out, "  %-34s %s\n", text_str(&t), c->summary);
	}
	fputc('\n', out);
	print_options(command, out);
}
