/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The assignments of a file that a shell sources, such as /etc/default/grub: where each stands to the
 * byte, how its value is quoted, and whether it is sure to be carried out. Nothing is run or expanded
 * but plain variables. Source: POSIX.1-2017, Shell Command Language, 2.2 to 2.10; bash's += and $'...'.
 */
#ifndef FERRY_DECODE_SHELL_FILE_H
#define FERRY_DECODE_SHELL_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct shell_assignment {
	const char *name;
	size_t line;                   /* of the name, from 1 */
	size_t begin;                  /* offset of the name */
	size_t value_begin, value_end; /* raw, quotes included */
	size_t insert;                 /* the value's closing quote, or value_end */
	char quote;                    /* the one that closes at insert: '"', '\'' or 0: none */
	bool is_plain; /* no quote or backslash in it: it may be put in double quotes */
	bool adds;     /* += */
	bool is_array; /* NAME=(...) */
	bool is_unset; /* unset NAME: it has no value */
	/*
	 * Words of its own behind it: NAME=quiet splash runs splash and sets nothing. NULL: none, else the
	 * first of them.
	 */
	const char *stray;
	const char *condition; /* "an if" and the like: what it depends on; NULL: nothing */
	size_t condition_line;
};

struct shell_file {
	struct shell_assignment *list; /* in the order of the text */
	size_t count;
	const char *error; /* why the text is no sound shell; NULL: it is. The list ends there. */
	size_t error_line;
	size_t sources; /* how many other files it reads ("." or "source") */
};

/* Never fails: what is not understood is in ret->error. */
void shell_file_parse(struct arena *arena, const char *text, size_t len, struct shell_file *ret);

/* A character of a value, without the quoting; or something that the shell puts in its place. */
struct shell_unit {
	size_t begin, end; /* the raw bytes that it was made from */
	char c;            /* 0: an expansion */
	const char *
		variable; /* "$NAME" or "${NAME}"; NULL: another expansion, whose value is not known */
};

/* The value of an assignment of that text. */
void shell_value_units(struct arena *arena, const char *text, const struct shell_assignment *a,
		       struct shell_unit **ret, size_t *ret_n);

#endif
