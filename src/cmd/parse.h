/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From argv to an invocation; usage and help from the two tables. */
#ifndef FERRY_CMD_PARSE_H
#define FERRY_CMD_PARSE_H

#include "cmd/command.h"

/*
 * Fills inv (arena, out and err must be set). Options may stand anywhere; "--" ends them. -EINVAL: a
 * usage error, err says which. --help and --version are found set in inv->options, the words unchecked.
 */
int invocation_parse(int argc, char **argv, struct invocation *inv, struct error *err);

/* Of one command, or of the program where command is the first of the list. */
void command_print_help(const struct command *command, FILE *out);

#endif
