// SPDX-License-Identifier: LGPL-2.1-or-later
/* See outcome.h. */
#include "show/outcome.h"

#include "apply/transaction.h"
#include "base/arena.h"
#include "base/text.h"

static void put(const char *front, const char *text, const char *back, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fprintf(out, "%s%s%s\n", front, text_printable(a, text), back);
}

void show_waiting(const char *holder, FILE *out)
{
	put("ferry: waiting for another one: ", holder ? holder : "it does not say which", "", out);
}

void show_recovering(const char *command, FILE *out)
{
	put("ferry: undoing what an interrupted run left (",
	    command ? command : "it does not say which", ")", out);
}

void show_question(const char *question, FILE *out)
{
	fprintf(out, "%s [y/N] ", question);
	fflush(out);
}

void show_left(const struct transaction_report *report, FILE *out)
{
	size_t i;

	for (i = 0; i < report->n_left; i++)
		put("ferry: left: ", report->left[i], "", out);
}

void show_awaits(const struct transaction_report *report, FILE *out)
{
	if (report->revert_id)
		fprintf(out, "All of it is put back in %u s, unless you run: ferry confirm\n",
			report->revert_seconds);
}

void show_watching(const char *guest, unsigned int seconds, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fprintf(out, "ferry: looking on for %u s whether %s runs\n", seconds,
		text_printable(a, guest));
}

void show_ending(const char *command, FILE *out)
{
	put("ferry: putting back what awaits confirmation (ferry ", command, ")", out);
}

void show_sentence(const char *sentence, FILE *out)
{
	if (*sentence)
		put("", sentence, "", out);
}
