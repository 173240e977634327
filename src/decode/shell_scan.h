/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The characters of a shell's text: blanks, words with all their quoting, substitutions to their end,
 * here-documents. Only for shell_file.c and shell_value.c, which know what the words mean.
 */
#ifndef FERRY_DECODE_SHELL_SCAN_H
#define FERRY_DECODE_SHELL_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct shell_scan {
	const char *text;
	size_t len, pos;
	size_t line; /* of pos, from 1 */
	struct arena *arena;
};

struct shell_word {
	size_t begin, end, line;
	size_t insert; /* the closing quote where the word ends with one */
	char quote;    /* that quote; 0: it ends with none */
	bool has_quoting; /* a quote or backslash stands in it, or what only is itself outside quotes */
};

/* Blanks, a '\r' before a newline, and lines continued with a backslash. */
void shell_scan_blanks(struct shell_scan *s);
/* Up to the newline, which stays. */
void shell_scan_comment(struct shell_scan *s);
bool shell_scan_has(const struct shell_scan *s, const char *what);
/* The next character, 0 at the end. */
char shell_scan_peek(const struct shell_scan *s);
/* "()" with blanks in it: passes it over and gives true, else stays. */
bool shell_scan_is_empty_parens(struct shell_scan *s);

/*
 * From what opens ('(', '"', '`', or '{' of a "${") to behind what closes it. NULL, or why it does not
 * end; pos is then at the end.
 */
const char *shell_scan_nested(struct shell_scan *s);
/*
 * A word. NULL, or why it is none: w->line is then the line where what is wrong begins. A quoted string
 * that runs over a line's end and holds a line that sets a variable of GRUB's is taken for one that was
 * never closed: that is what it is, whatever the shell makes of it.
 */
const char *shell_scan_word(struct shell_scan *s, struct shell_word *w);
/* The lines up to that of the delimiter, and it; pos must be at a line's beginning. False: it is not there. */
bool shell_scan_heredoc(struct shell_scan *s, const char *delimiter, bool strips_tabs);

#endif
