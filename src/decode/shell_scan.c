// SPDX-License-Identifier: LGPL-2.1-or-later
/* See shell_scan.h. What is open is kept in a text of the closers, so that depth costs no C stack. */
#include "decode/shell_scan.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define NOT_CLOSED "a quote or substitution that is opened here is not closed"

/* At a "\r\n": the line's end, not a character of a word. */
static bool is_carriage(const struct shell_scan *s, size_t at)
{
	return s->text[at] == '\r' && (at + 1 == s->len || s->text[at + 1] == '\n');
}

static bool is_continued(const struct shell_scan *s)
{
	return s->pos + 1 < s->len && s->text[s->pos] == '\\' && s->text[s->pos + 1] == '\n';
}

void shell_scan_blanks(struct shell_scan *s)
{
	while (s->pos < s->len) {
		char c = s->text[s->pos];

		if (c == ' ' || c == '\t' || is_carriage(s, s->pos)) {
			s->pos++;
		} else if (is_continued(s)) {
			s->pos += 2;
			s->line++;
		} else {
			return;
		}
	}
}

void shell_scan_comment(struct shell_scan *s)
{
	const char *end = memchr(s->text + s->pos, '\n', s->len - s->pos);

	s->pos = end ? (size_t)(end - s->text) : s->len;
}

bool shell_scan_has(const struct shell_scan *s, const char *what)
{
	size_t n = strlen(what);

	return s->len - s->pos >= n && !memcmp(s->text + s->pos, what, n);
}

char shell_scan_peek(const struct shell_scan *s)
{
	return s->pos < s->len ? s->text[s->pos] : 0;
}

bool shell_scan_is_empty_parens(struct shell_scan *s)
{
	size_t at = s->pos + 1;

	while (at < s->len && (s->text[at] == ' ' || s->text[at] == '\t'))
		at++;
	if (at >= s->len || s->text[at] != ')')
		return false;
	s->pos = at + 1;
	return true;
}

/* One character forward, lines counted. */
static void step(struct shell_scan *s)
{
	if (s->text[s->pos] == '\n')
		s->line++;
	s->pos++;
}

/* Behind the next quote of that kind; false: there is none. */
static bool skip_single(struct shell_scan *s)
{
	s->pos++;
	while (s->pos < s->len && s->text[s->pos] != '\'')
		step(s);
	if (s->pos >= s->len)
		return false;
	s->pos++;
	return true;
}

/* $'...': a backslash keeps a quote in it. */
static bool skip_ansi(struct shell_scan *s)
{
	s->pos += 2;
	while (s->pos < s->len && s->text[s->pos] != '\'') {
		if (s->text[s->pos] == '\\' && s->pos + 1 < s->len)
			step(s);
		step(s);
	}
	if (s->pos >= s->len)
		return false;
	s->pos++;
	return true;
}

static void push(struct text *closers, char c)
{
	text_add_bytes(closers, &c, 1);
}

static void pop(struct text *closers)
{
	closers->s[--closers->len] = 0;
}

/* "$(", "${", a backquote: true where one begins, which is then passed over. */
static bool open_expansion(struct shell_scan *s, struct text *closers, bool quoted)
{
	if (shell_scan_has(s, "$(") || shell_scan_has(s, "${")) {
		/* In double quotes a ' in ${...} is itself. */
		push(closers, s->text[s->pos + 1] == '(' ? ')' : quoted ? ']' : '}');
		s->pos += 2;
		return true;
	}
	if (s->text[s->pos] != '`')
		return false;
	push(closers, '`');
	s->pos++;
	return true;
}

/* A '#' that begins a word inside $( ) begins a comment. */
static bool begins_comment(const struct shell_scan *s)
{
	return s->text[s->pos] == '#' && s->pos && strchr(" \t\n;(", s->text[s->pos - 1]);
}

/* One thing of what a $( ), ( ) or ${ } holds. False: a quote in it is not closed. */
static bool step_code(struct shell_scan *s, struct text *closers, char closer)
{
	char c = s->text[s->pos];

	if (c == '\'' && closer != ']')
		return skip_single(s);
	if (open_expansion(s, closers, closer == ']'))
		return true;
	if (closer == ')' && begins_comment(s)) {
		shell_scan_comment(s);
		return true;
	}
	if (c == '"')
		push(closers, '"');
	else if (c == '(' && closer == ')')
		push(closers, ')');
	step(s);
	return true;
}

/* One thing of what is open. False: a quote in it is not closed. */
static bool step_nested(struct shell_scan *s, struct text *closers)
{
	char closer = closers->s[closers->len - 1], c = s->text[s->pos];

	if (c == '\\') {
		s->pos++;
		if (s->pos < s->len)
			step(s);
		return true;
	}
	if (c == closer || (closer == ']' && c == '}')) {
		pop(closers);
		s->pos++;
		return true;
	}
	if (closer == '`') {
		step(s);
		return true;
	}
	if (closer != '"')
		return step_code(s, closers, closer);
	if (!open_expansion(s, closers, true))
		step(s);
	return true;
}

static char closer_of(char opener)
{
	return opener == '(' ? ')' : opener == '{' ? '}' : opener;
}

const char *shell_scan_nested(struct shell_scan *s)
{
	TEXT_AUTO struct text closers = {0};
	bool is_sound = true;

	push(&closers, closer_of(s->text[s->pos]));
	s->pos++;
	while (closers.len && s->pos < s->len && is_sound)
		is_sound = step_nested(s, &closers);
	if (!closers.len && is_sound)
		return NULL;
	s->pos = s->len;
	return NOT_CLOSED;
}

/* The first line in between, after a newline, that begins as GRUB_NAME=; 0: there is none. */
static size_t swallowed_line(const struct shell_scan *s, size_t begin, size_t end, size_t line)
{
	size_t i, n;

	for (i = begin; i < end; i++) {
		if (s->text[i] != '\n')
			continue;
		line++;
		if (end - i < 7 || memcmp(s->text + i + 1, "GRUB_", 5) != 0)
			continue;
		for (n = i + 6;
		     n < end && (isalnum((unsigned char)s->text[n]) || s->text[n] == '_'); n++)
			;
		if (n < end && (s->text[n] == '=' || s->text[n] == '+'))
			return line;
	}
	return 0;
}

/* A quoted string; w->insert and w->quote are set. */
static const char *scan_quoted(struct shell_scan *s, struct shell_word *w)
{
	size_t begin = s->pos, line = s->line, swallowed;
	const char *why = NULL;
	char c = s->text[s->pos];

	if (c == '\'')
		why = skip_single(s) ? NULL : NOT_CLOSED;
	else if (c == '$')
		why = skip_ansi(s) ? NULL : NOT_CLOSED;
	else
		why = shell_scan_nested(s);
	swallowed = swallowed_line(s, begin, s->pos, line);
	if (swallowed)
		why = arena_printf(
			s->arena,
			"the quote that is opened here is not closed on its line, and so takes in "
			"the assignment on line %zu",
			swallowed);
	if (why) {
		w->line = line;
		return why;
	}
	w->insert = s->pos - 1;
	w->quote = c == '$' ? '\'' : c;
	w->has_quoting = true;
	return NULL;
}

static bool ends_word(const struct shell_scan *s)
{
	char c = s->text[s->pos];

	return !c || strchr(" \t\n;&|<>()", c) || is_carriage(s, s->pos);
}

static const char *scan_piece(struct shell_scan *s, struct shell_word *w)
{
	size_t line = s->line;
	char c = s->text[s->pos];
	const char *why;

	if (c == '"' || c == '\'' || shell_scan_has(s, "$'"))
		return scan_quoted(s, w);
	if (shell_scan_has(s, "$\"")) {
		s->pos++;
		return scan_quoted(s, w);
	}
	w->quote = 0;
	if (c == '`' || shell_scan_has(s, "$(") || shell_scan_has(s, "${")) {
		/* Inside double quotes a backslash in backquotes means something else. */
		w->has_quoting |= c == '`';
		s->pos += c == '$';
		why = shell_scan_nested(s);
		if (why)
			w->line = line;
		return why;
	}
	w->has_quoting |= c == '\\' || c == '~';
	if (c == '\\' && s->pos + 1 < s->len)
		step(s);
	step(s);
	return NULL;
}

const char *shell_scan_word(struct shell_scan *s, struct shell_word *w)
{
	const char *why = NULL;

	*w = (struct shell_word){.begin = s->pos, .line = s->line};
	while (s->pos < s->len && !ends_word(s) && !why)
		why = scan_piece(s, w);
	w->end = s->pos;
	return why;
}

bool shell_scan_heredoc(struct shell_scan *s, const char *delimiter, bool strips_tabs)
{
	size_t len = strlen(delimiter);

	while (s->pos < s->len) {
		size_t begin = s->pos, n;

		shell_scan_comment(s); /* to the line's end, whatever it holds */
		n = s->pos;
		if (s->pos < s->len)
			step(s);
		while (strips_tabs && begin < n && s->text[begin] == '\t')
			begin++;
		if (n > begin && s->text[n - 1] == '\r')
			n--;
		if (n - begin == len && !memcmp(s->text + begin, delimiter, len))
			return true;
	}
	return false;
}
