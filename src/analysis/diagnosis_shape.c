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

static uint64_t mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * MULTIPLIER;
	return h ^ h >> 32;
}

/* The bytes of a run, eight at a time; up to seven behind its end are read and left out. */
static uint64_t run_hash(uint64_t h, const char *s, size_t len)
{
	uint64_t bytes;

	for (; len >= 8; s += 8, len -= 8) {
		memcpy(&bytes, s, 8);
		h = mix(h, bytes);
	}
	memcpy(&bytes, s, 8);
	return mix(h, len ? bytes << (64 - 8 * len) : 0);
}

uint64_t shape_hash(const char *s, size_t len)
{
	size_t i = shape_start(s, len);
	uint64_t h = i;

	while (i < len) {
		size_t start = i;
		unsigned has = 0;

		for (; i < len && kinds[(unsigned char)s[i]]; i++)
			has |= kinds[(unsigned char)s[i]];
		if ((has & 1) && i - start >= (has == 1 ? LONG_NUMBER : LONG_RUN))
			h = mix(h, '#');
		else if (i > start)
			h = run_hash(h, s + start, i - start);
		for (; i < len && !kinds[(unsigned char)s[i]]; i++)
			h += (unsigned char)s[i] + (h << 5);
	}
	return h | 1;
}
