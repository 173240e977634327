/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Options are data in one table, which the parser, --help, the completions and the manual's test read.
 * A command names the options that it honours; any other is a usage error.
 */
#ifndef FERRY_CMD_OPTION_H
#define FERRY_CMD_OPTION_H

#include <stdint.h>

enum option_id {
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_JSON,
	OPTION_VERBOSE,
	OPTION_COLOR,
	OPTION_FROM,
	OPTION_CONNECT,
	OPTION_DRY_RUN,
	OPTION_YES,
	OPTION_FORCE,
	OPTION_LIVE,
	OPTION_BOTH,
	OPTION_WHOLE_GROUP,
	OPTION_TIMEOUT,
	OPTION_NO_WAIT,
	OPTION_NO_GUESTS,
	OPTION_NO_REVERT,
	OPTION_REVERT,
	OPTION_TREE,
	OPTION_GROUPS,
	OPTION_LIST,
	OPTION_LOSSES,
	OPTION_SVG,
	OPTION_DOT,
	OPTION_ANONYMOUS,
	OPTION_LOG,
	OPTION_ALL,
	OPTION_KERNEL,
	OPTION_ROOT,
	OPTION_LOADER,
	OPTION_FILE,
	OPTION_PARAMETER,
	OPTIONS
};
#define OPTION(id) ((uint64_t)1 << (id))

/* Honoured by every command, and by ferry alone. */
#define OPTIONS_EVERYWHERE \
	(OPTION(OPTION_HELP) | OPTION(OPTION_JSON) | OPTION(OPTION_VERBOSE) | OPTION(OPTION_COLOR))
/* What changes the machine or a guest. */
#define OPTIONS_CHANGING (OPTION(OPTION_DRY_RUN) | OPTION(OPTION_YES) | OPTION(OPTION_NO_WAIT))

struct option_row {
	const char *name;     /* without the two dashes */
	char letter;          /* 0: none */
	const char *argument; /* "DIR": what it is called in the help; NULL: takes none */
	const char *values;   /* "auto|always|never": all that is allowed; NULL: anything */
	const char *help;
};

extern const struct option_row option_table[OPTIONS];

#endif
