// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See diagnosis.h. The text goes through a buffer of fixed size; only lines with an anchor are taken
 * apart, together with the lines before and after that a mail program or a terminal broke off them.
 */
#include "analysis/diagnosis.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/diagnosis_cmdline.h"
#include "analysis/diagnosis_found.h"
#include "analysis/diagnosis_match.h"
#include "analysis/diagnosis_shape.h"
#include "analysis/diagnosis_table.h"
#include "analysis/diagnosis_words.h"
#include "base/arena.h"
#include "base/text.h"

#define BUFFER_SIZE (512U << 10)
#define AHEAD       (64U << 10) /* a line that is longer is read as several */
#define BEHIND      (16U << 10)
#define PAD         16 /* bytes that the search may read behind the end */
#define MOST_LINES  12
#define MOST_BEFORE 6
#define SEAM        24 /* as long as any anchor */

struct line {
	size_t start, length; /* without the end of line */
};

struct record {
	struct line lines[MOST_LINES];
	size_t n;
	size_t end; /* behind the last line's newline */
};

struct diagnosis_reader {
	struct matcher *matcher;
	struct found *found;
	struct words words, part;
	uint64_t *set;
	struct text joined;
	size_t joined_at[MOST_LINES]; /* where each line begins in it */
	char *buffer;
	size_t fill, at; /* up to at, every line is done */
	size_t taken;    /* lines before it belong to a record that was read */
	size_t counted;  /* newlines before it are in lines */
	struct shape *shapes;
	uint64_t lines;
	uint64_t left_out, done; /* lines before this text's first, and in the texts before it */
	bool is_long;            /* more than the buffer holds, or not the only text */
};

struct diagnosis_reader *diagnosis_reader_new(struct arena *a)
{
	struct diagnosis_reader *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	r->matcher = matcher_new();
	r->found = found_new(a);
	r->set = calloc(matcher_set_size(r->matcher), sizeof(*r->set));
	r->buffer = malloc(BUFFER_SIZE + PAD);
	r->shapes = calloc(SHAPES, sizeof(*r->shapes));
	if (!r->set || !r->buffer || !r->shapes)
		abort();
	return r;
}

static uint64_t line_number(struct diagnosis_reader *r, size_t offset)
{
	const char *s = r->buffer + r->counted, *end = r->buffer + offset;

	while (s < end && (s = memchr(s, '\n', (size_t)(end - s)))) {
		r->lines++;
		s++;
	}
	r->counted = offset;
	return r->lines + 1;
}

static struct line line_at(const struct diagnosis_reader *r, size_t start)
{
	const char *s = r->buffer + start, *end = memchr(s, '\n', r->fill - start);
	size_t len = end ? (size_t)(end - s) : r->fill - start;

	while (len && (s[len - 1] == '\r' || s[len - 1] == ' '))
		len--;
	return (struct line){.start = start, .length = len};
}

static size_t line_start(const struct diagnosis_reader *r, size_t from, size_t at)
{
	const char *s = memrchr(r->buffer + from, '\n', at - from);

	return s ? (size_t)(s - r->buffer) + 1 : from;
}

static size_t line_behind(const struct diagnosis_reader *r, size_t start)
{
	const char *end = memchr(r->buffer + start, '\n', r->fill - start);

	return end ? (size_t)(end - r->buffer) + 1 : r->fill;
}

static bool continues(const struct diagnosis_reader *r, const struct line *before,
		      const struct line *l)
{
	return log_line_continues(r->buffer + before->start, before->length, r->buffer + l->start,
				  l->length);
}

/* The line at the hit with what was broken off it; nothing before from, which belongs to another. */
static void record_around(const struct diagnosis_reader *r, size_t from, size_t hit,
			  struct record *ret)
{
	size_t start = line_start(r, from, hit), n;
	struct line before, l = line_at(r, start);

	for (n = 0; n < MOST_BEFORE && start > from; n++) {
		before = line_at(r, line_start(r, from, start - 1));
		if (!continues(r, &before, &l))
			break;
		start = before.start;
		l = before;
	}
	*ret = (struct record){.end = start};
	while (ret->n < MOST_LINES && ret->end < r->fill) {
		l = line_at(r, ret->end);
		if (ret->n && ret->end > hit && !continues(r, &ret->lines[ret->n - 1], &l))
			break;
		ret->lines[ret->n++] = l;
		ret->end = line_behind(r, l.start);
	}
}

/* What the record says, its prefix left out; a line ending in '=' is quoted-printable. */
static void join(struct diagnosis_reader *r, const struct record *record, const char *between)
{
	struct log_prefix prefix;
	size_t i;

	r->joined.len = 0;
	for (i = 0; i < record->n; i++) {
		const struct line *l = &record->lines[i];
		const char *s = r->buffer + l->start;

		log_prefix_read(s, l->length, &prefix);
		if (i && r->joined.len && r->joined.s[r->joined.len - 1] == '=')
			r->joined.len--;
		else if (i && r->joined.len && r->joined.s[r->joined.len - 1] != '-')
			text_add(&r->joined, between);
		r->joined_at[i] = r->joined.len;
		text_add_bytes(&r->joined, s + prefix.length, l->length - prefix.length);
	}
	/* The search reads a little further. */
	text_add_bytes(&r->joined, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", PAD - 1);
	r->joined.len -= PAD - 1;
}

static size_t joined_line(const struct diagnosis_reader *r, size_t n, size_t offset)
{
	size_t i = n - 1;

	while (i && r->joined_at[i] > offset)
		i--;
	return i;
}

struct sight {
	const struct record *record;
	uint64_t number; /* of its first line */
	double seconds;
	bool is_failing, has_row, has_aftermath;
	/* For the shape: what was found, and the place of the device in the message. */
	size_t n, index[SHAPE_FINDINGS];
	bool has_loose_end; /* something that a shape cannot stand for */
	size_t device_offset, device_length;
};

static void sight_add(struct sight *sight, size_t index)
{
	if (sight->n < SHAPE_FINDINGS)
		sight->index[sight->n] = index;
	sight->has_loose_end |= sight->n >= SHAPE_FINDINGS || index >= UINT16_MAX;
	sight->n++;
}

/* The words of these lines alone: a neighbour that was joined to them names other devices. */
static const struct words *words_between(struct diagnosis_reader *r, const struct record *record,
					 size_t from, size_t to)
{
	size_t end = to + 1 < record->n ? r->joined_at[to + 1] : r->joined.len;

	if (!from && to + 1 == record->n)
		return &r->words;
	words_read(&r->part, r->joined.s + r->joined_at[from], end - r->joined_at[from]);
	return &r->part;
}

static void row_found(struct diagnosis_reader *r, struct sight *sight, size_t row, size_t first,
		      size_t last)
{
	const struct record *record = sight->record;
	size_t from = joined_line(r, record->n, r->words.list[first].offset);
	size_t to = joined_line(r, record->n, r->words.list[last].offset);
	size_t start = record->lines[from].start, index;
	const struct words *w = words_between(r, record, from, to);

	index = found_row(r->found, &(struct found_line){
					    .row = row,
					    .text = r->buffer + start,
					    .length = record->lines[to].start +
						      record->lines[to].length - start,
					    .line = sight->number + from,
					    .seconds = sight->seconds,
					    .device = w->has_device ? &w->device : NULL,
					    .group = w->group,
				    });
	sight_add(sight, index);
	sight->has_row = true;
	sight->device_length = w->has_device ? w->device_length : 0;
	sight->device_offset = w->device_offset;
	if (diagnosis_rows[row].rule == RULE_PLAIN &&
	    diagnosis_causes[diagnosis_rows[row].cause].severity == DIAGNOSIS_PASS)
		matcher_retire(r->matcher, row);
}

/* All rows that the joined text fits. */
static void rows_try(struct diagnosis_reader *r, struct sight *sight)
{
	size_t n = matcher_set_size(r->matcher), i, first, last;

	memset(r->set, 0, n * sizeof(*r->set));
	matcher_collect(r->matcher, r->joined.s, r->joined.len, r->set, &sight->is_failing);
	words_read(&r->words, r->joined.s, r->joined.len);
	for (i = 0; i < n * 64; i++) {
		if (!r->set[i / 64]) {
			i |= 63;
			continue;
		}
		if (!(r->set[i / 64] & (uint64_t)1 << i % 64) ||
		    !matcher_fits(r->matcher, i, &r->words, &first, &last))
			continue;
		if (diagnosis_rows[i].rule == RULE_AFTERMATH)
			sight->has_aftermath = true;
		else
			row_found(r, sight, i, first, last);
	}
}

/* Lines that only looked like one, each by itself. */
static void lines_try(struct diagnosis_reader *r, struct sight *sight)
{
	const struct record *record = sight->record;
	struct sight alone = *sight;
	struct record line;
	size_t i;

	for (i = 0; i < record->n; i++) {
		line = (struct record){.n = 1, .lines = {record->lines[i]}};
		alone.record = &line;
		alone.number = sight->number + i;
		join(r, &line, " ");
		rows_try(r, &alone);
	}
	sight->has_row = alone.has_row;
	sight->has_aftermath = alone.has_aftermath;
}

static bool is_shell_failure(const struct diagnosis_reader *r, const struct record *record)
{
	const struct line *l = &record->lines[1];

	return record->n > 1 && memmem(r->buffer + l->start, l->length, "write error", 11);
}

static void parameters_try(struct diagnosis_reader *r, struct sight *sight)
{
	const char *word, *text = r->joined.s;
	size_t len;
	enum cmdline_fault fault = cmdline_fault_find(text, r->joined.len, &word, &len);

	if (fault == CMDLINE_FINE || (fault == CMDLINE_TYPO && sight->record->n > 1 &&
				      cmdline_word_is_broken(text, r->joined.len, word, len)))
		return;
	sight_add(sight,
		  found_parameter(r->found, fault == CMDLINE_TYPO, word, len, sight->number));
	sight->has_row = true;
}

/* Words that say that it is about passing devices through, or about the programs that do. */
static bool is_subject(const struct words *w)
{
	static const char *const subjects[] = {"vfio",   "iommu",   "iommufd",     "dmar",
					       "vi",     "hostdev", "passthrough", "qemu",
					       "kvm",    "libvirt", "libvirtd",    "virtqemud",
					       "viommu", "sriov",   "domain",      "nodedev"};
	size_t i, j;

	for (i = 0; i < w->n; i++)
		for (j = 0; j < sizeof(subjects) / sizeof(subjects[0]); j++)
			if (w->list[i].length == strlen(subjects[j]) &&
			    !memcmp(w->letters + w->list[i].start, subjects[j], w->list[i].length))
				return true;
	return false;
}

static struct shape *shape_at(struct diagnosis_reader *r, uint64_t hash)
{
	return &r->shapes[hash >> 8 & (SHAPES - 1)];
}

/* Remembers what a line of its own has said. */
static void shape_keep(struct diagnosis_reader *r, const struct line *l,
		       const struct log_prefix *prefix, enum shape_verdict verdict,
		       const struct sight *sight)
{
	uint64_t hash = shape_hash(r->buffer + l->start, l->length);
	struct shape *shape = shape_at(r, hash);
	size_t start = shape_start(r->buffer + l->start, l->length), i;
	size_t at = prefix->length + sight->device_offset;

	if (sight->device_length > SHAPE_DEVICE || l->length > UINT16_MAX || sight->has_loose_end ||
	    (sight->device_length && at < start))
		return;
	*shape = (struct shape){
		.hash = hash,
		.n = (uint8_t)sight->n,
		.verdict = (uint8_t)verdict,
		.has_stamp = prefix->has_stamp,
		.device_length = (uint8_t)sight->device_length,
	};
	for (i = 0; i < sight->n; i++)
		shape->index[i] = (uint16_t)sight->index[i];
	if (!sight->device_length)
		return;
	shape->device_at = (uint16_t)(at - start);
	memcpy(shape->device, r->buffer + l->start + at, sight->device_length);
}

/* Whether nothing was broken off the line. */
static bool stands_alone(const struct diagnosis_reader *r, const struct line *l, bool has_stamp)
{
	size_t next = line_behind(r, l->start);
	const char *s = r->buffer + next;
	struct line beside;

	if (next < r->fill &&
	    !(has_stamp && (s[0] == r->buffer[l->start] || s[0] == '[' || s[0] == '<'))) {
		beside = line_at(r, next);
		if (continues(r, l, &beside))
			return false;
	}
	if (has_stamp || l->start <= r->taken)
		return true;
	beside = line_at(r, line_start(r, r->taken, l->start - 1));
	return !continues(r, &beside, l);
}

/* Whether the line at the hit has been read before; then it is counted, and r->at is behind it. */
static bool shape_repeats(struct diagnosis_reader *r, size_t hit)
{
	struct line l = line_at(r, line_start(r, r->taken, hit));
	uint64_t hash = shape_hash(r->buffer + l.start, l.length);
	const struct shape *shape = shape_at(r, hash);
	size_t i, at;

	if (shape->hash != hash || !stands_alone(r, &l, shape->has_stamp))
		return false;
	at = shape_start(r->buffer + l.start, l.length) + shape->device_at;
	if (shape->device_length &&
	    (at + shape->device_length > l.length ||
	     memcmp(r->buffer + l.start + at, shape->device, shape->device_length)))
		return false;
	for (i = 0; i < shape->n; i++)
		if (!found_again(r->found, shape->verdict == SHAPE_UNKNOWN, shape->index[i]))
			return false;
	r->taken = r->at = line_behind(r, l.start);
	return true;
}

static void record_try(struct diagnosis_reader *r, struct sight *sight)
{
	const struct record *record = sight->record;

	join(r, record, " ");
	rows_try(r, sight);
	parameters_try(r, sight);
	if (record->n == 1)
		return;
	if (!sight->has_row)
		lines_try(r, sight);
	if (!sight->has_row) {
		join(r, record, "");
		rows_try(r, sight);
	}
}

/* Whether it looks like a failure of something that is of interest here. */
static bool is_unknown(struct diagnosis_reader *r, const struct sight *sight,
		       const struct log_prefix *prefix)
{
	if (sight->has_aftermath)
		return true;
	return sight->is_failing &&
	       (is_subject(&r->words) || (prefix->program && prefix->program_length > 4 &&
					  !memcmp(prefix->program, "qemu", 4)));
}

static void record_read(struct diagnosis_reader *r, const struct record *record)
{
	const struct line *line = &record->lines[0], *last = &record->lines[record->n - 1];
	enum shape_verdict verdict = SHAPE_FINDING;
	struct log_prefix prefix;
	struct sight sight = {.record = record};

	log_prefix_read(r->buffer + line->start, line->length, &prefix);
	if (log_line_quotes(r->buffer + line->start, line->length, &prefix) &&
	    !is_shell_failure(r, record)) {
		if (record->n == 1)
			shape_keep(r, line, &prefix, SHAPE_NOTHING, &sight);
		return;
	}
	sight.number = line_number(r, line->start);
	sight.seconds = prefix.seconds;
	record_try(r, &sight);
	if (!sight.has_row) {
		join(r, record, " ");
		words_read(&r->words, r->joined.s, r->joined.len);
		verdict = SHAPE_NOTHING;
		if (is_unknown(r, &sight, &prefix)) {
			verdict = SHAPE_UNKNOWN;
			sight_add(&sight, found_unknown(r->found, &r->words, sight.has_aftermath,
							r->buffer + line->start,
							last->start + last->length - line->start,
							sight.number));
		}
	}
	if (record->n == 1)
		shape_keep(r, line, &prefix, verdict, &sight);
}

/* Reads lines up to the limit, which is the beginning of one or the end. */
static void lines_read(struct diagnosis_reader *r, size_t limit)
{
	struct record record;
	size_t hit;

	memset(r->buffer + r->fill, 0, PAD);
	while (r->at < limit) {
		hit = matcher_find(r->matcher, r->buffer, r->at, r->fill);
		if (hit >= limit)
			break;
		if (shape_repeats(r, hit))
			continue;
		record_around(r, r->taken, hit, &record);
		record_read(r, &record);
		r->taken = r->at = record.end;
	}
	if (r->at < limit)
		r->at = limit;
}

/* Whether a word that counts is broken by the end of the line. */
static bool is_broken(const struct diagnosis_reader *r, const struct line *l,
		      const struct line *next)
{
	char seam[2 * SEAM + PAD] = {0};
	size_t before = l->length < SEAM ? l->length : SEAM,
	       behind = next->length < SEAM ? next->length : SEAM;
	size_t at = 0;

	memcpy(seam, r->buffer + l->start + l->length - before, before);
	memcpy(seam + before, r->buffer + next->start, behind);
	while ((at = matcher_find(r->matcher, seam, at, before + behind)) < before) {
		if (matcher_find(r->matcher, seam, at, before) != at)
			return true;
		at++;
	}
	return false;
}

/*
 * What a terminal broke at its right edge, in the middle of words: looked for in a text that fits into
 * the buffer, because nobody copies more than that from a terminal.
 */
static void folds_read(struct diagnosis_reader *r)
{
	struct record record;
	struct sight sight;
	struct line l, next;
	size_t start = 0, behind, first;

	for (; start < r->fill; start = behind) {
		behind = line_behind(r, start);
		if (behind >= r->fill)
			break;
		l = line_at(r, start);
		next = line_at(r, behind);
		if (!is_broken(r, &l, &next) || !continues(r, &l, &next))
			continue;
		record_around(r, 0, start, &record);
		first = record.lines[0].start;
		if (matcher_find(r->matcher, r->buffer, first, record.end) < record.end)
			continue; /* it is found as it stands */
		sight = (struct sight){
			.record = &record, .number = line_number(r, first), .seconds = -1};
		join(r, &record, "");
		rows_try(r, &sight);
		behind = record.end;
	}
	r->counted = 0;
	r->lines = 0;
}

/* Makes room; keeps some lines that are done, for what may have been broken off them. */
static void compact(struct diagnosis_reader *r)
{
	size_t keep = r->at > BEHIND ? r->at - BEHIND : 0, start = line_start(r, 0, keep);

	if (keep - start < BEHIND)
		keep = start;
	line_number(r, keep);
	memmove(r->buffer, r->buffer + keep, r->fill - keep);
	r->fill -= keep;
	r->at -= keep;
	r->taken = r->taken > keep ? r->taken - keep : 0;
	r->counted = 0;
}

char *diagnosis_reader_room(struct diagnosis_reader *r, size_t *ret_size)
{
	*ret_size = BUFFER_SIZE - r->fill;
	return r->buffer + r->fill;
}

void diagnosis_reader_take(struct diagnosis_reader *r, size_t len)
{
	r->fill += len;
	if (r->fill < BUFFER_SIZE)
		return;
	r->is_long = true;
	if (r->at < r->fill - AHEAD)
		lines_read(r, line_start(r, r->at, r->fill - AHEAD));
	if (r->at <= BEHIND)
		lines_read(r, r->fill); /* one line fills it all: it is read in parts */
	compact(r);
}

void diagnosis_reader_source(struct diagnosis_reader *r, const char *name, uint64_t lines_before)
{
	memset(r->buffer + r->fill, 0, PAD);
	lines_read(r, r->fill);
	line_number(r, r->fill);
	r->done += r->lines - r->left_out;
	r->fill = r->at = r->taken = r->counted = 0;
	r->lines = r->left_out = lines_before;
	r->is_long = true;
	found_source(r->found, name);
}

void diagnosis_reader_add(struct diagnosis_reader *r, const char *text, size_t len)
{
	while (len) {
		size_t size;
		char *room = diagnosis_reader_room(r, &size);

		if (size > len)
			size = len;
		memcpy(room, text, size);
		diagnosis_reader_take(r, size);
		text += size;
		len -= size;
	}
}

void diagnosis_reader_end(struct diagnosis_reader *r, struct diagnosis *ret)
{
	memset(r->buffer + r->fill, 0, PAD);
	if (!r->is_long)
		folds_read(r);
	lines_read(r, r->fill);
	line_number(r, r->fill);
	if (r->fill && r->buffer[r->fill - 1] != '\n')
		r->lines++;
	found_end(r->found, ret);
	ret->lines = r->done + r->lines - r->left_out;
	matcher_free(r->matcher);
	words_free(&r->words);
	words_free(&r->part);
	text_clear(&r->joined);
	free(r->buffer);
	free(r->shapes);
	free(r->set);
	free(r);
}

void diagnosis_of_text(const char *text, size_t len, struct arena *a, struct diagnosis *ret)
{
	struct diagnosis_reader *r = diagnosis_reader_new(a);

	diagnosis_reader_add(r, text, len);
	diagnosis_reader_end(r, ret);
}
