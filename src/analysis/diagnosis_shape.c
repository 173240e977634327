// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See diagnosis_shape.h. Short numbers stay, since they decide ("error -22", "type 7f"); numbers of three
 * digits and more, and runs of five and more letters and digits with a digit in them, count as one sign.
 */
#include "analysis/diagnosis_shape.h"

#include <string.h>

#define LONG_NUMBER 3
#define LONG_RUN    5
#define MULTIPLIER  0x9e3779b97f4a7c15U

/* 1: a digit, 2: a letter, 0: neither */
static const uint8_t kinds[256] = {
	['0' ... '9'] = 1,
	['a' ... 'z'] = 2,
	['A' ... 'Z'] = 2,
};

/* "[   12.345678]", 15 bytes of syslog, 27 of ISO. */
size_t shape_start(const char *s, size_t len)
{
	size_t within = len < 48 ? len : 48;
	const char *end;

	if (len && (s[0] == '[' || s[0] == '<') && (end = memchr(s, ']', within)))
		return (size_t)(end - s);
	within = kinds[len ? (unsigned char)s[0] : 0] == 1 ? 27 : 15;
	return within < len ? within : len;
}

uint64_t shape_hash(const char *s, size_t len)
{
	size_t i = shape_start(s, len);
	uint64_t h = i;

	while (i < len) {
		size_t start = i;
		unsigned has = 0;
		uint64_t run = 0;
		uint8_t kind;

		while (i < len && (kind = kinds[(unsigned char)s[i]])) {
			has |= kind;
			run = run * 31 + (unsigned char)s[i++];
		}
		if ((has & 1) && i - start >= (has == 1 ? LONG_NUMBER : LONG_RUN))
			run = '#';
		h = (h ^ run) * MULTIPLIER;
		h ^= h >> 29;
		if (i < len)
			h += (unsigned char)s[i++];
	}
	return h | 1;
}
