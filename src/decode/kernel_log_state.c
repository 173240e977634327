// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The notebook of kernel_log_state.h: what was seen in this boot, each with the line that shows it.
 * Notes reuse their memory, since a log may report the same fault a million times.
 */
#include "decode/kernel_log_state.h"

#include <string.h>

/* More of a line is no evidence that anybody reads. */
#define NOTE_MOST 512

void log_state_clear(struct log_state *st)
{
	log_new_boot(st);
	log_match_clear(&st->match);
}

static void note_clear(struct log_note *note)
{
	text_clear(&note->text);
	note->line = 0;
}

void log_new_boot(struct log_state *st)
{
	struct log_boot *b = &st->boot;
	size_t i;

	for (i = 0; i < LOG_MARKS; i++)
		note_clear(&b->marks[i]);
	for (i = 0; i < LOG_PROBLEMS; i++) {
		note_clear(&b->problems[i].first);
		note_clear(&b->problems[i].last);
	}
	for (i = 0; i < LOG_UNITS; i++) {
		note_clear(&b->units_line[i]);
		log_names_clear(&b->units[i]);
	}
	note_clear(&b->intremap_line);
	note_clear(&b->domain_line);
	note_clear(&b->groups_line);
	log_names_clear(&b->groups);
	log_names_clear(&b->parameters);
	text_clear(&b->cmdline);
	text_clear(&b->kernel);
	text_clear(&b->machine);
	text_clear(&b->cmdline_seen[0]);
	text_clear(&b->cmdline_seen[1]);
	*b = (struct log_boot){0};
}

void log_note_set(struct log_note *note, const struct log_line *line)
{
	size_t begin = line->prefix.message;
	size_t len = kernel_line_trim(line->s + begin, line->len - begin);

	note->text.len = 0;
	text_add_bytes(&note->text, line->s + begin, len < NOTE_MOST ? len : NOTE_MOST);
	note->line = line->number;
}

/* The hypervisor speaks before the kernel does: its lines are no sign of an earlier boot. */
static void hear(struct log_state *st, const struct log_line *line)
{
	st->boot.heard |= !line->prefix.xen;
}

void log_mark(struct log_state *st, enum log_mark mark, const struct log_line *line)
{
	hear(st, line);
	if (!st->boot.marks[mark].line)
		log_note_set(&st->boot.marks[mark], line);
}

void log_problem(struct log_state *st, enum log_problem problem, const struct log_line *line)
{
	struct log_problem_note *p = &st->boot.problems[problem];

	hear(st, line);
	/* Two patterns may see the same line. */
	if (p->last.line == line->number)
		return;
	p->last_seconds = kernel_line_prefix_seconds(line->s, line->len, &line->prefix);
	if (!p->count++) {
		log_note_set(&p->first, line);
		p->first_seconds = p->last_seconds;
	}
	log_note_set(&p->last, line);
}

void log_intremap(struct log_state *st, enum intremap_state s, const struct log_line *line)
{
	hear(st, line);
	if (st->boot.intremap != s)
		log_note_set(&st->boot.intremap_line, line);
	st->boot.intremap = s;
}

void log_domain(struct log_state *st, enum default_domain d, const struct log_line *line)
{
	hear(st, line);
	if (st->boot.domain != d)
		log_note_set(&st->boot.domain_line, line);
	st->boot.domain = d;
}

void log_unit(struct log_state *st, enum log_unit kind, const char *name, size_t len,
	      const struct log_line *line)
{
	hear(st, line);
	if (!st->boot.units_line[kind].line)
		log_note_set(&st->boot.units_line[kind], line);
	log_names_set(&st->boot.units[kind], name, len, 0, line->number);
}
