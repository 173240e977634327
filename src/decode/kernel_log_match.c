// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See kernel_log_match.h. The stride is fixed, so no look waits for the one before it, and the filter
 * fits the nearest cache: what is no block of any word costs two cycles. In each word the seven bytes
 * that are rarest in a log stand for it.
 */
#include "decode/kernel_log_match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct log_match_block {
	uint32_t bytes;
	uint16_t word;
	uint16_t next;  /* as first[] */
	uint8_t offset; /* in the word */
	char last;      /* byte of the word */
};

static inline uint32_t block_at(const char *s)
{
	uint32_t block;

	memcpy(&block, s, sizeof(block));
	return block;
}

static inline uint32_t hash(uint32_t block)
{
	return (block * 2654435761U) >> 16;
}

/* How often each hash of a block occurs in all words. */
static void count_blocks(uint16_t *counts, const char *word)
{
	for (size_t i = 0; word[i + MATCH_BLOCK - 1]; i++)
		counts[hash(block_at(word + i))]++;
}

/* What every line has: small letters, blanks, the digits of addresses. */
static unsigned common_byte(char c)
{
	return islower((unsigned char)c) || strchr(" 0:", c);
}

/* Where the seven bytes begin that few other words and few lines have. */
static size_t anchor(const uint16_t *counts, const char *word, size_t len)
{
	unsigned least = UINT16_MAX;
	size_t best = 0;

	for (size_t i = 0; i + MATCH_LEAST <= len; i++) {
		unsigned cost = 0;

		for (size_t j = i; j < i + MATCH_LEAST; j++)
			cost += common_byte(word[j]);
		for (size_t j = i; j < i + MATCH_STRIDE; j++)
			cost += 2U * counts[hash(block_at(word + j))];
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

static void add_block(struct log_match *m, uint16_t at, uint16_t word, size_t offset)
{
	struct log_match_block *b = &m->blocks[at];
	uint32_t h;

	b->bytes = block_at(m->words[word] + offset);
	b->word = word;
	b->offset = (uint8_t)offset;
	b->last = m->words[word][m->lengths[word] - 1];
	h = hash(b->bytes);
	m->filter[h / 8] |= (uint8_t)(1U << h % 8);
	b->next = m->first[h % MATCH_BUCKETS];
	m->first[h % MATCH_BUCKETS] = (uint16_t)(at + 1);
}

void log_match_init(struct log_match *m, const char *const *words, size_t count)
{
	uint16_t *counts = calloc(UINT16_MAX + 1, sizeof(*counts)), at = 0;

	memset(m->filter, 0, sizeof(m->filter));
	memset(m->first, 0, sizeof(m->first));
	m->blocks = calloc(count * MATCH_STRIDE, sizeof(*m->blocks));
	m->words = calloc(count, sizeof(*m->words));
	m->lengths = calloc(count, sizeof(*m->lengths));
	if (!counts || !m->blocks || !m->words || !m->lengths)
		abort();
	memcpy(m->words, words, count * sizeof(*words));
	for (size_t i = 0; i < count; i++)
		count_blocks(counts, words[i]);
	for (size_t i = 0; i < count; i++) {
		size_t begin;

		m->lengths[i] = (uint8_t)strlen(words[i]);
		begin = anchor(counts, words[i], m->lengths[i]);
		for (size_t j = 0; j < MATCH_STRIDE; j++)
			add_block(m, at++, (uint16_t)i, begin + j);
	}
	free(counts);
}

void log_match_clear(struct log_match *m)
{
	free(m->blocks);
	free(m->words);
	free(m->lengths);
	*m = (struct log_match){0};
}

static inline unsigned is_candidate(const struct log_match *m, const char *s)
{
	uint32_t h = hash(block_at(s));

	return m->filter[h / 8] >> h % 8 & 1U;
}

/* The next place at or behind i whose block may be one of a word's; at least len where there is none. */
static size_t next_candidate(const struct log_match *m, const char *s, size_t len, size_t i)
{
	/* Four at a time: nearly always none is one. */
	for (; i + 3 * MATCH_STRIDE + MATCH_BLOCK <= len; i += 4 * MATCH_STRIDE)
		if (is_candidate(m, s + i) | is_candidate(m, s + i + MATCH_STRIDE) |
		    is_candidate(m, s + i + 2 * MATCH_STRIDE) |
		    is_candidate(m, s + i + 3 * MATCH_STRIDE))
			break;
	for (; i + MATCH_BLOCK <= len; i += MATCH_STRIDE)
		if (is_candidate(m, s + i))
			return i;
	return len;
}

int log_match_next(const struct log_match *m, const char *s, size_t len, struct log_match_cursor *c,
		   size_t *ret_at)
{
	uint16_t next = c->block ? m->blocks[c->block - 1].next : 0;
	size_t i = c->block && !next ? c->at + MATCH_STRIDE : c->at;

	for (;; i += MATCH_STRIDE, next = 0) {
		uint32_t bytes;

		if (!next) {
			i = next_candidate(m, s, len, i);
			if (i >= len)
				break;
			next = m->first[hash(block_at(s + i)) % MATCH_BUCKETS];
		}
		bytes = block_at(s + i);
		for (; next; next = m->blocks[next - 1].next) {
			const struct log_match_block *b = &m->blocks[next - 1];
			size_t n = m->lengths[b->word];

			if (b->bytes != bytes || b->offset > i || n > len - (i - b->offset) ||
			    s[i - b->offset + n - 1] != b->last ||
			    memcmp(s + i - b->offset, m->words[b->word], n - 1))
				continue;
			*c = (struct log_match_cursor){i, next};
			*ret_at = i - b->offset;
			return b->word;
		}
	}
	*c = (struct log_match_cursor){len, 0};
	return -1;
}
