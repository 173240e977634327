// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A value as the shell would have it: the quoting taken off, each character with the bytes that it was
 * made from, so that whoever finds a word in it knows where that word stands in the file.
 */
#include "decode/shell_file.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "decode/shell_scan.h"

struct value {
	struct shell_scan scan; /* ends where the value ends */
	struct shell_unit *units;
	size_t n;
	bool in_double;
};

static void add(struct value *v, size_t begin, char c, const char *variable)
{
	*arena_append(v->scan.arena, v->units, v->n) =
		(struct shell_unit){begin, v->scan.pos, c, variable};
}

static bool is_name(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!isalnum((unsigned char)s[i]) && s[i] != '_')
			return false;
	}
	return n && !isdigit((unsigned char)s[0]);
}

/* "$NAME", "${NAME}", or any other expansion to its end. */
static void take_expansion(struct value *v)
{
	struct shell_scan *s = &v->scan;
	const char *name = s->text + s->pos + 1;
	size_t begin = s->pos, n = 0;

	if (s->text[begin] == '`' || shell_scan_has(s, "$(") || shell_scan_has(s, "${")) {
		s->pos += s->text[begin] == '$';
		shell_scan_nested(s);
		if (shell_scan_has(
			    &(struct shell_scan){.text = s->text, .len = s->len, .pos = begin},
			    "${") &&
		    s->pos - begin > 3 && is_name(name + 1, s->pos - begin - 3)) {
			add(v, begin, 0, arena_memdup(s->arena, name + 1, s->pos - begin - 3));
			return;
		}
		add(v, begin, 0, NULL);
		return;
	}
	while (begin + 1 + n < s->len && is_name(name, n + 1))
		n++;
	s->pos = begin + 1 + n;
	if (n) {
		add(v, begin, 0, arena_memdup(s->arena, name, n));
		return;
	}
	/* "$1", "$?" and the like; a '$' before a blank or the end is itself. */
	if (s->pos < s->len && strchr("0123456789@*#?$!-", s->text[s->pos])) {
		s->pos++;
		add(v, begin, 0, NULL);
	} else {
		add(v, begin, '$', NULL);
	}
}

static void take_backslash(struct value *v)
{
	struct shell_scan *s = &v->scan;
	size_t begin = s->pos;
	char next = begin + 1 < s->len ? s->text[begin + 1] : 0;

	if (next == '\n') {
		s->pos += 2;
	} else if (next && (!v->in_double || strchr("$`\"\\", next))) {
		s->pos += 2;
		add(v, begin, next, NULL);
	} else {
		s->pos++;
		add(v, begin, '\\', NULL);
	}
}

/* '...' and $'...'; the escapes of the latter are not followed: such a character is none that is known. */
static void take_single(struct value *v, bool is_ansi)
{
	struct shell_scan *s = &v->scan;

	s->pos += is_ansi ? 2 : 1;
	while (s->pos < s->len && s->text[s->pos] != '\'') {
		size_t begin = s->pos++;

		if (is_ansi && s->text[begin] == '\\' && s->pos < s->len) {
			s->pos++;
			add(v, begin, 0, NULL);
		} else {
			add(v, begin, s->text[begin], NULL);
		}
	}
	if (s->pos < s->len)
		s->pos++;
}

static void take(struct value *v)
{
	struct shell_scan *s = &v->scan;
	char c = s->text[s->pos];

	if (c == '"') {
		v->in_double = !v->in_double;
		s->pos++;
	} else if (c == '\\') {
		take_backslash(v);
	} else if (c == '\'' && !v->in_double) {
		take_single(v, false);
	} else if (c == '$' && !v->in_double && shell_scan_has(s, "$'")) {
		take_single(v, true);
	} else if (c == '$' && !v->in_double && shell_scan_has(s, "$\"")) {
		s->pos++;
	} else if (c == '$' || c == '`') {
		take_expansion(v);
	} else {
		s->pos++;
		add(v, s->pos - 1, c, NULL);
	}
}

void shell_value_units(struct arena *arena, const char *text, const struct shell_assignment *a,
		       struct shell_unit **ret, size_t *ret_n)
{
	struct value v = {.scan = {.text = text,
				   .len = a->value_end,
				   .pos = a->value_begin,
				   .line = a->line,
				   .arena = arena}};

	while (!a->is_array && v.scan.pos < v.scan.len)
		take(&v);
	*ret = v.units;
	*ret_n = v.n;
}
