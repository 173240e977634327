/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text that grows, and the few readings of text that every part needs. A struct text that is all zeros
 * is empty and valid; what it holds always ends in a NUL.
 */
#ifndef FERRY_BASE_TEXT_H
#define FERRY_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *s; /* NULL only while nothing was added; use text_str() */
	size_t len;
	size_t capacity;
};

void text_clear(struct text *t);
#define TEXT_AUTO __attribute__((cleanup(text_clear)))

void text_add_bytes(struct text *t, const void *data, size_t len);
void text_add(struct text *t, const char *s);
void text_addf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *text_str(const struct text *t);

/*
 * The whole of s as a number, in base 10 or 16 (with or without 0x); white space around it is allowed,
 * nothing else. -EINVAL: not a number; -ERANGE: larger than max.
 */
int text_parse_u64(const char *s, int base, uint64_t max, uint64_t *ret);

bool text_has_prefix(const char *s, const char *prefix);
bool text_has_suffix(const char *s, const char *suffix);
/* NULL-safe equality: two NULLs are equal. */
bool text_equal(const char *a, const char *b);
/* Cuts white space off the end, in place; gives s back. */
char *text_trim_end(char *s);

/*
 * Copies s so that a terminal can print it: control characters become '?', bytes
 * that are not UTF-8 become U+FFFD. The terminal never sees a sequence that somebody else wrote.
 */
struct arena;
char *text_printable(struct arena *a, const char *s);
/* As text_printable, but control characters stay: for JSON, which escapes them. */
char *text_utf8(struct arena *a, const char *s);

#endif
