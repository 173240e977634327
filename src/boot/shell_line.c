// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The command line in /etc/default/grub and its snippets: several files, one shell. Variables are followed
 * as far as they are plain, so that a word is known to be there wherever it was put, and an
 * intel_iommu=off that still counts is told from one that a later assignment has thrown away.
 */
#include "boot/words.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/shell_file.h"

#define DEEPEST 64
#define LONGEST (1 << 20)

const char *const boot_dracut_variables[1] = {"kernel_cmdline"};
const char *const boot_grub_variables[2] = {"GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"};

/* One assignment of all that are carried out, in their order. */
struct place {
	size_t file;
	const struct shell_assignment *assignment;
};

/* A character of a value, and where it was taken from. */
struct letter {
	char c; /* 0: something that is not known */
	size_t place, begin, end;
};

struct reader {
	struct arena *arena;
	const struct boot_file *files;
	struct shell_file *parsed;
	struct place *places;
	size_t n_places;
	struct letter *letters;
	size_t n_letters;
	struct boot_line *line;
};

static void add_letter(struct reader *r, char c, size_t place, size_t begin, size_t end)
{
	*arena_append(r->arena, r->letters, r->n_letters) = (struct letter){c, place, begin, end};
}

static bool is_known(const struct shell_assignment *a)
{
	return !a->condition && !a->stray && !a->is_array;
}

/* The last assignment of a name before the given one; n_places: none. */
static size_t last_place(const struct reader *r, const char *name, size_t before)
{
	while (before-- > 0) {
		if (!strcmp(r->places[before].assignment->name, name))
			return before;
	}
	return r->n_places;
}

/* What a name holds just before that place. Each step goes back in the text, and so ends. */
static void expand(struct reader *r, const char *name, size_t before, unsigned int depth)
{
	size_t at = last_place(r, name, before), n, i;
	const struct shell_assignment *a;
	struct shell_unit *units;

	if (at == r->n_places)
		return;
	a = r->places[at].assignment;
	if (!is_known(a) || depth == DEEPEST || r->n_letters > LONGEST) {
		add_letter(r, 0, at, 0, 0);
		return;
	}
	if (a->is_unset)
		return;
	if (a->adds)
		expand(r, name, at, depth + 1);
	shell_value_units(r->arena, r->files[r->places[at].file].text, a, &units, &n);
	for (i = 0; i < n; i++) {
		if (units[i].variable && r->n_letters <= LONGEST)
			expand(r, units[i].variable, at, depth + 1);
		else
			add_letter(r, units[i].c, at, units[i].begin, units[i].end);
	}
}

/* A word of known letters; it can be edited where they stand side by side, each as itself. */
static void add_word(struct reader *r, size_t first, size_t n)
{
	TEXT_AUTO struct text t = {0};
	struct boot_word word = {.file = r->places[r->letters[first].place].file};
	bool is_together = true;
	size_t i;

	for (i = first; i < first + n; i++) {
		const struct letter *l = &r->letters[i];

		if (!l->c)
			return;
		text_add_bytes(&t, &l->c, 1);
		is_together &= l->end == l->begin + 1 && l->place == r->letters[first].place &&
			       (i == first || l->begin == l[-1].end);
	}
	word.text = arena_strdup(r->arena, text_str(&t));
	word.begin = is_together ? r->letters[first].begin : 0;
	word.end = is_together ? r->letters[first + n - 1].end : 0;
	*arena_append(r->arena, r->line->words, r->line->n_words) = word;
}

static bool is_blank(char c)
{
	return c && isspace((unsigned char)c);
}

static void split_letters(struct reader *r)
{
	size_t i = 0, n;

	while (i < r->n_letters) {
		for (n = 0; i + n < r->n_letters && !is_blank(r->letters[i + n].c); n++)
			;
		if (n)
			add_word(r, i, n);
		i += n ? n : 1;
	}
}

static void refuse(struct reader *r, size_t file, size_t line, const char *why)
{
	r->line->why = why;
	r->line->why_file = file;
	r->line->why_line = line;
}

static bool parse_all(struct reader *r, size_t n_files)
{
	size_t i, k;

	r->parsed = arena_calloc(r->arena, n_files, sizeof(*r->parsed));
	for (i = 0; i < n_files; i++) {
		struct shell_file *p = &r->parsed[i];

		shell_file_parse(r->arena, r->files[i].text, r->files[i].len, p);
		if (p->error) {
			refuse(r, i, p->error_line, p->error);
			return false;
		}
		for (k = 0; k < p->count; k++)
			*arena_append(r->arena, r->places, r->n_places) =
				(struct place){i, &p->list[k]};
		if (p->sources)
			r->line->note = arena_printf(
				r->arena,
				"%s reads another file, which ferry does not follow: see that it "
				"sets no command line.",
				r->files[i].path);
	}
	return true;
}

/* Does the value end so that a word can follow at once? */
static bool ends_open(struct reader *r, size_t place)
{
	const struct shell_assignment *a = r->places[place].assignment;
	struct shell_unit *units;
	size_t n;

	shell_value_units(r->arena, r->files[r->places[place].file].text, a, &units, &n);
	return n ? is_blank(units[n - 1].c) : !a->adds;
}

static void place_in(struct reader *r, size_t place)
{
	const struct shell_assignment *a = r->places[place].assignment;
	struct boot_line *line = r->line;
	const char *blank = ends_open(r, place) ? "" : " ";

	line->file = r->places[place].file;
	line->at = a->insert;
	line->front = blank;
	line->back = "";
	if (a->quote)
		return;
	line->back = "\"";
	if (a->is_plain)
		line->quote_at = a->value_begin;
	else
		line->front = *blank ? "\" " : "\"";
}

static bool check_place(struct reader *r, size_t place)
{
	const struct shell_assignment *a = r->places[place].assignment;
	const char *why = NULL;

	if (a->condition)
		why = arena_printf(r->arena,
				   "%s is set inside or behind %s (line %zu): whether that counts "
				   "is not known before it is run",
				   a->name, a->condition, a->condition_line);
	else if (a->stray)
		why = arena_printf(
			r->arena,
			"the value of %s is several words without quotes: the shell takes the "
			"next one, \"%s\", for something else than its value",
			a->name, a->stray);
	else if (a->is_array)
		why = arena_printf(r->arena, "%s is an array", a->name);
	else if (a->is_unset)
		why = arena_printf(r->arena, "%s is unset here", a->name);
	if (why)
		refuse(r, r->places[place].file, a->line, why);
	return !why;
}

/* A line of its own at the end of the first file. */
static void place_at_end(struct reader *r, const char *variable)
{
	const struct boot_file *f = &r->files[0];
	bool ends = !f->len || f->text[f->len - 1] == '\n';
	bool has_carriages = memmem(f->text, f->len, "\r\n", 2);
	const char *newline = has_carriages ? "\r\n" : "\n";

	r->line->file = 0;
	r->line->at = f->len;
	r->line->front = arena_printf(r->arena, "%s%s=\"", ends ? "" : newline, variable);
	r->line->back = arena_printf(r->arena, "\"%s", ends ? newline : "");
}

void boot_read_shell(struct arena *arena, const struct boot_file *files, size_t n_files,
		     const char *const *variables, size_t n_variables, struct boot_line *ret)
{
	struct reader r = {.arena = arena, .files = files, .line = ret};
	size_t i, place = 0;

	*ret = (struct boot_line){.quote_at = SIZE_MAX, .place = variables[n_variables - 1]};
	if (!parse_all(&r, n_files))
		return;
	for (i = 0; i < n_variables; i++) {
		expand(&r, variables[i], r.n_places, 0);
		add_letter(&r, ' ', 0, 0, 0);
	}
	split_letters(&r);
	/* The last variable that is set at all. */
	for (i = n_variables; i-- > 0;) {
		place = last_place(&r, variables[i], r.n_places);
		if (place < r.n_places)
			break;
	}
	if (place < r.n_places && r.n_places) {
		ret->place = r.places[place].assignment->name;
		if (check_place(&r, place))
			place_in(&r, place);
	} else {
		place_at_end(&r, variables[n_variables - 1]);
	}
}
