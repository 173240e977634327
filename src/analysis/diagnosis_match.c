// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See diagnosis_match.h. An anchor of five letters or more holds four bytes that begin at an even place
 * of the block, whatever its own place: so a look at every second place, one load and one table of 32 KiB
 * in the processor's first cache, finds them all, and no look waits for the one before.
 */
#include "analysis/diagnosis_match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diagnosis_table.h"
#include "base/arena.h"

#define LEAST_ANCHOR 5
#define HASH_BITS    15
#define STRIDE       2

/* Words by which a line is taken for a failure, though no row may know it. */
static const char *const failing[] = {
	"error", "failed",    "failure",   "fails",     "unable",   "cannot",
	"can't", "could not", "denied",    "refused",   "rejected", "invalid",
	"fatal", "aborted",   "assertion", "timed out", "timeout",  "not permitted"};

struct alternative {
	const char *word;
	uint32_t length;
	bool is_prefix;
};

struct element {
	struct alternative *alternatives;
	size_t n;
	bool has_gap; /* anything may stand before it */
};

struct pattern {
	struct element *elements;
	size_t n;
};

struct anchor {
	char *text;
	size_t length;
	size_t live;               /* rows that still wait for it, and 1 for a word of failure */
	bool is_failing, is_whole; /* is_whole: nothing of the word may follow */
	size_t *rows;
	size_t n_rows;
};

/* An anchor and one of its places that a look may fall on. */
struct slot {
	uint64_t head,
		mask; /* the anchor's first eight letters, each with 0x20 set, and which of them count */
	uint32_t anchor, place;
	uint32_t next; /* index + 1; 0: none */
};

struct matcher {
	struct arena *arena;
	struct pattern *patterns;
	struct pattern **unless;
	size_t *n_unless;
	bool *is_retired;
	struct anchor *anchors;
	size_t n_anchors;
	struct slot *slots;
	size_t n_slots;
	uint32_t heads[1 << HASH_BITS];
	uint8_t is_set[1 << HASH_BITS];
};

/* Upper and lower case, and digits and letters, may share a value: what is found is compared. */
static uint32_t hash(const char *s)
{
	uint32_t bytes;

	memcpy(&bytes, s, sizeof(bytes));
	return ((bytes & 0x1f1f1f1fU) * 0x9e3779b1U) >> (32 - HASH_BITS);
}

static struct anchor *anchor_for(struct matcher *m, const char *text, size_t len, bool is_whole)
{
	struct anchor *a;
	size_t i;

	for (i = 0; i < m->n_anchors; i++) {
		a = &m->anchors[i];
		if (a->length == len && a->is_whole == is_whole && !memcmp(a->text, text, len))
			return a;
	}
	if (len < LEAST_ANCHOR)
		abort();
	a = arena_append(m->arena, m->anchors, m->n_anchors);
	a->text = arena_alloc(m->arena, len + 8); /* eight bytes are read at once */
	memcpy(a->text, text, len);
	a->length = len;
	a->is_whole = is_whole;
	return a;
}

static void anchor_add_row(struct matcher *m, const char *text, size_t len, bool is_whole,
			   size_t row)
{
	struct anchor *a = anchor_for(m, text, len, is_whole);
	size_t *slot;

	if (a->n_rows && a->rows[a->n_rows - 1] == row)
		return;
	slot = arena_append(m->arena, a->rows, a->n_rows);
	*slot = row;
	a->live++;
}

/* "/dev/vfio/n" stands for paths that differ behind "vfio/". */
static void anchor_add_word(struct matcher *m, const char *word, size_t len, size_t row)
{
	static const char node[] = "dev/vfio/", iommu[] = "dev/iommu";

	if (word[0] != '/')
		anchor_add_row(m, word, len, true, row);
	else if (len >= 10 && !memcmp(word, "/dev/vfio/", 10))
		anchor_add_row(m, node, sizeof(node) - 1, false, row);
	else
		anchor_add_row(m, iommu, sizeof(iommu) - 1, false, row);
}

static void element_read(struct matcher *m, struct element *e, const char *s, size_t len,
			 size_t row)
{
	bool is_anchor = false;

	while (len) {
		const char *bar = memchr(s, '|', len);
		size_t n = bar ? (size_t)(bar - s) : len;
		struct alternative *alternative;

		alternative = arena_append(m->arena, e->alternatives, e->n);
		*alternative = (struct alternative){.word = s, .length = (uint32_t)n};
		if (n && alternative->word[0] == '@') {
			is_anchor = true;
			alternative->word++;
			alternative->length--;
		}
		if (alternative->length && alternative->word[alternative->length - 1] == '*') {
			alternative->is_prefix = true;
			alternative->length--;
		}
		if (is_anchor)
			anchor_add_word(m, alternative->word, alternative->length, row);
		s += bar ? n + 1 : n;
		len -= bar ? n + 1 : n;
	}
}

static void pattern_read(struct matcher *m, struct pattern *p, const char *s, size_t len,
			 size_t row)
{
	bool has_gap = true;

	while (len) {
		const char *blank = memchr(s, ' ', len);
		size_t n = blank ? (size_t)(blank - s) : len;
		struct element *e;

		if (n == 2 && !memcmp(s, "..", 2)) {
			has_gap = true;
		} else if (n) {
			e = arena_append(m->arena, p->elements, p->n);
			e->has_gap = has_gap;
			element_read(m, e, s, n, row);
			has_gap = false;
		}
		s += blank ? n + 1 : n;
		len -= blank ? n + 1 : n;
	}
}

static void row_read(struct matcher *m, size_t i)
{
	const struct diagnosis_row *row = &diagnosis_rows[i];
	const char *s = row->unless, *anchor;

	pattern_read(m, &m->patterns[i], row->pattern, strlen(row->pattern), i);
	for (anchor = row->anchor; anchor && *anchor; anchor += strspn(anchor, "|")) {
		anchor_add_row(m, anchor, strcspn(anchor, "|"), false, i);
		anchor += strcspn(anchor, "|");
	}
	while (s && *s) {
		size_t n = strcspn(s, ",");

		pattern_read(m, arena_append(m->arena, m->unless[i], m->n_unless[i]), s, n, i);
		s += n;
		s += strspn(s, ", ");
	}
}

/* Eight bytes at s with 0x20 set, so that the case of a letter does not matter. */
static uint64_t head_of(const char *s)
{
	uint64_t bytes;

	memcpy(&bytes, s, sizeof(bytes));
	return bytes | 0x2020202020202020U;
}

static uint64_t mask_of(size_t length)
{
	char bytes[8] = {0};
	uint64_t mask;

	memset(bytes, 0xff, length < 8 ? length : 8);
	memcpy(&mask, bytes, sizeof(mask));
	return mask;
}

static void slots_build(struct matcher *m)
{
	size_t i, place;

	for (i = 0; i < m->n_anchors; i++) {
		uint64_t mask = mask_of(m->anchors[i].length);

		for (place = 0; place < STRIDE; place++) {
			uint32_t h = hash(m->anchors[i].text + place);
			struct slot *slot = arena_append(m->arena, m->slots, m->n_slots);

			*slot = (struct slot){
				.head = head_of(m->anchors[i].text) & mask,
				.mask = mask,
				.anchor = (uint32_t)i,
				.place = (uint32_t)place,
				.next = m->heads[h],
			};
			m->heads[h] = (uint32_t)m->n_slots;
			m->is_set[h] = 1;
		}
	}
}

struct matcher *matcher_new(void)
{
	struct arena *arena = arena_new();
	struct matcher *m = arena_alloc(arena, sizeof(*m));
	size_t i;

	m->arena = arena;
	m->patterns = arena_calloc(arena, diagnosis_n_rows, sizeof(*m->patterns));
	m->unless = arena_calloc(arena, diagnosis_n_rows, sizeof(*m->unless));
	m->n_unless = arena_calloc(arena, diagnosis_n_rows, sizeof(*m->n_unless));
	m->is_retired = arena_calloc(arena, diagnosis_n_rows, sizeof(*m->is_retired));
	for (i = 0; i < diagnosis_n_rows; i++)
		row_read(m, i);
	for (i = 0; i < sizeof(failing) / sizeof(failing[0]); i++) {
		struct anchor *a = anchor_for(m, failing[i], strlen(failing[i]), true);

		a->is_failing = true;
		a->live++;
	}
	slots_build(m);
	return m;
}

void matcher_free(struct matcher *m)
{
	if (m)
		arena_free(m->arena);
}

static bool is_word_byte(char c)
{
	return isalnum((unsigned char)c) && (unsigned char)c < 0x80;
}

static bool anchor_stands(const struct anchor *a, const char *s, size_t at, size_t len)
{
	size_t i;

	if (a->length > len - at || (at && is_word_byte(s[at - 1])))
		return false;
	for (i = 0; i < a->length; i++)
		if (tolower((unsigned char)s[at + i]) != a->text[i])
			return false;
	return !a->is_whole || a->length == len - at || !is_word_byte(s[at + a->length]);
}

/* The anchors that have one of their places here; fn gives false to stop. */
#define for_each_slot(m, slot, h)                                                              \
	for (uint32_t next_ = (m)->heads[h]; next_ && ((slot) = &(m)->slots[next_ - 1], true); \
	     next_ = (slot)->next)

static size_t look(const struct matcher *m, const char *s, size_t from, size_t at, size_t len)
{
	const struct slot *slot;
	size_t first = len;

	for_each_slot(m, slot, hash(s + at))
	{
		const struct anchor *a = &m->anchors[slot->anchor];

		if (at >= from + slot->place &&
		    (head_of(s + at - slot->place) & slot->mask) == slot->head && a->live &&
		    at - slot->place < first && anchor_stands(a, s, at - slot->place, len))
			first = at - slot->place;
	}
	return first;
}

size_t matcher_find(const struct matcher *m, const char *s, size_t from, size_t len)
{
	const uint8_t *is_set = m->is_set;
	size_t at = from, found;

	while (at < len) {
		if (at + 4 * STRIDE <= len &&
		    !(is_set[hash(s + at)] | is_set[hash(s + at + STRIDE)] |
		      is_set[hash(s + at + 2 * STRIDE)] | is_set[hash(s + at + 3 * STRIDE)])) {
			at += 4 * STRIDE;
			continue;
		}
		for (size_t end = at + 4 * STRIDE; at < end && at < len; at += STRIDE) {
			if (!is_set[hash(s + at)])
				continue;
			found = look(m, s, from, at, len);
			if (found < len)
				return found;
		}
	}
	return len;
}

size_t matcher_set_size(const struct matcher *m)
{
	return (diagnosis_n_rows + 63) / 64;
}

void matcher_collect(const struct matcher *m, const char *s, size_t len, uint64_t *set,
		     bool *ret_failing)
{
	const struct slot *slot;
	size_t at, i;

	for (at = 0; at < len; at++) {
		if (!m->is_set[hash(s + at)])
			continue;
		for_each_slot(m, slot, hash(s + at))
		{
			const struct anchor *a = &m->anchors[slot->anchor];

			if (slot->place || (head_of(s + at) & slot->mask) != slot->head ||
			    !anchor_stands(a, s, at, len))
				continue;
			*ret_failing |= a->is_failing;
			for (i = 0; i < a->n_rows; i++)
				set[a->rows[i] / 64] |= (uint64_t)1 << a->rows[i] % 64;
		}
	}
}

static bool element_fits(const struct element *e, const struct words *w, size_t at)
{
	const struct word *word = &w->list[at];
	const char *letters = w->letters + word->start;
	size_t i;

	for (i = 0; i < e->n; i++) {
		const struct alternative *a = &e->alternatives[i];

		if ((a->is_prefix ? word->length >= a->length : word->length == a->length) &&
		    !memcmp(letters, a->word, a->length))
			return true;
	}
	return false;
}

/* The elements from first up to the next gap, beginning at word at; ends behind the last that was taken. */
static bool phrase_fits(const struct pattern *p, size_t first, size_t end, const struct words *w,
			size_t at, size_t *ret_end)
{
	size_t i;

	for (i = first; i < end; i++) {
		while (at < w->n && !element_fits(&p->elements[i], w, at)) {
			if (i == first || !w->list[at].is_skippable)
				return false;
			at++;
		}
		if (at == w->n)
			return false;
		at++;
	}
	*ret_end = at;
	return true;
}

static bool pattern_fits(const struct pattern *p, const struct words *w, size_t *ret_first,
			 size_t *ret_last)
{
	size_t first = 0, end, at = 0;

	while (first < p->n) {
		for (end = first + 1; end < p->n && !p->elements[end].has_gap;)
			end++;
		while (at < w->n && !phrase_fits(p, first, end, w, at, ret_last))
			at++;
		if (at == w->n)
			return false;
		if (!first)
			*ret_first = at;
		at = *ret_last;
		first = end;
	}
	*ret_last -= *ret_last > 0;
	return p->n > 0;
}

bool matcher_fits(const struct matcher *m, size_t row, const struct words *w, size_t *ret_first,
		  size_t *ret_last)
{
	size_t i, first = 0, last = 0;

	if (!pattern_fits(&m->patterns[row], w, ret_first, ret_last))
		return false;
	for (i = 0; i < m->n_unless[row]; i++)
		if (pattern_fits(&m->unless[row][i], w, &first, &last))
			return false;
	return true;
}

void matcher_retire(struct matcher *m, size_t row)
{
	size_t i, j;

	if (m->is_retired[row])
		return;
	m->is_retired[row] = true;
	for (i = 0; i < m->n_anchors; i++)
		for (j = 0; j < m->anchors[i].n_rows; j++)
			m->anchors[i].live -= m->anchors[i].rows[j] == row;
}
