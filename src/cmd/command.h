/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A command is one const struct at the end of its file: what it is called, what it takes, which options
 * it honours, and the function that runs it.
 */
#ifndef FERRY_CMD_COMMAND_H
#define FERRY_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cmd/option.h"

struct arena;
struct error;

/* The exit code. */
enum outcome {
	OUTCOME_DONE = 0,
	OUTCOME_REFUSED = 1, /* not ready, or refused: nothing changed */
	OUTCOME_USAGE = 2,
	OUTCOME_PUT_BACK = 3, /* failed, everything put back */
	OUTCOME_LEFT = 4      /* failed, something could not be put back and was named */
};

struct command;

struct invocation {
	const struct command *command;
	struct arena *arena;
	const char *const *words; /* what stands behind the command's name, options taken out */
	size_t n_words;
	const char *options[OPTIONS]; /* NULL: not given; "" where the option takes no argument */
	FILE *out, *err;              /* the result; all else */
	char *unpacked;        /* the folder that --from's archive was unpacked in; NULL: none */
	bool use_color;        /* on out */
	bool has_printed_json; /* the one object is out: main says the error on err only */
};

static inline bool invocation_has(const struct invocation *inv, enum option_id id)
{
	return inv->options[id];
}

struct command {
	const char *name;               /* "up"; "iommu enable" would be two words */
	const char *words;              /* "GUEST DEVICE..." for the help; "" where it takes none */
	const char *summary;            /* one line */
	size_t least_words, most_words; /* most_words SIZE_MAX: any number */
	uint64_t options;               /* OPTION() bits besides OPTIONS_EVERYWHERE */
	/*
	 * Prints its result. Where it gives REFUSED, PUT_BACK or LEFT with err.message set, main shows
	 * err; with --json the command leaves the printing of the object to main in that case.
	 */
	enum outcome (*run)(struct invocation *inv, struct error *err);
};

/* All commands in the order of the help, NULL at the end. The first is "ferry" alone, named "". */
extern const struct command *const command_list[];

const struct command *command_find(const char *name);

#endif
