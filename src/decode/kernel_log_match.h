/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many words sought in one pass. A saved log can have 100 MB of which nothing matters, and more than a
 * hundred wordings to look for: one search after the other would cost a hundred passes. This one looks
 * at the four bytes from every fourth on; wherever a word stands, one such block falls into it.
 */
#ifndef FERRY_DECODE_KERNEL_LOG_MATCH_H
#define FERRY_DECODE_KERNEL_LOG_MATCH_H

#include <stddef.h>
#include <stdint.h>

/* No word may be shorter than this: it has to hold one whole block, wherever the blocks fall. */
#define MATCH_LEAST   7
#define MATCH_BLOCK   4
#define MATCH_STRIDE  (MATCH_LEAST - MATCH_BLOCK + 1)
#define MATCH_BUCKETS 2048

struct log_match_block;

struct log_match {
	uint8_t filter[65536 / 8];     /* a bit for each hash of a block that some word has */
	uint16_t first[MATCH_BUCKETS]; /* 1 + index in blocks; 0: none */
	struct log_match_block *blocks;
	const char **words;
	uint8_t *lengths;
};

/* Where a search stands; all zeros is its beginning. */
struct log_match_cursor {
	size_t at;
	uint16_t block;
};

/* The texts of words must outlive m; each has MATCH_LEAST to 255 bytes. */
void log_match_init(struct log_match *m, const char *const *words, size_t count);
void log_match_clear(struct log_match *m);

/*
 * The next word in s, as its index, or -1; *ret_at is where it begins. Each place where a word stands is
 * given once, nearly in the order of the text.
 */
int log_match_next(const struct log_match *m, const char *s, size_t len, struct log_match_cursor *c,
		   size_t *ret_at);

#endif
