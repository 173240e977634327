// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See text.h. Names from devices, archives and guests are foreign bytes: text_printable() is the one
 * place that makes them fit to be shown.
 */
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void text_clear(struct text *t)
{
	free(t->s);
	*t = (struct text){0};
}

static void reserve(struct text *t, size_t more)
{
	size_t need;

	if (__builtin_add_overflow(t->len, more, &need) || need > SIZE_MAX / 2)
		abort();
	if (need < t->capacity)
		return;
	t->capacity = need < 120 ? 128 : need * 2;
	t->s = realloc(t->s, t->capacity);
	if (!t->s)
		abort();
}

void text_add_bytes(struct text *t, const void *data, size_t len)
{
	reserve(t, len + 1);
	if (len)
		memcpy(t->s + t->len, data, len);
	t->len += len;
	t->s[t->len] = 0;
}

void text_add(struct text *t, const char *s)
{
	text_add_bytes(t, s, strlen(s));
}

void text_addf(struct text *t, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int len;

	va_start(ap, fmt);
	len = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (len < 0)
		abort();
	text_add_bytes(t, s, (size_t)len);
	free(s);
}

const char *text_str(const struct text *t)
{
	return t->s ? t->s : "";
}

int text_parse_u64(const char *s, int base, uint64_t max, uint64_t *ret)
{
	unsigned long long value;
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	if (base == 16 ? !isxdigit((unsigned char)*s) : !isdigit((unsigned char)*s))
		return -EINVAL;
	errno = 0;
	value = strtoull(s, &end, base);
	if (errno)
		return -ERANGE;
	while (isspace((unsigned char)*end))
		end++;
	if (*end)
		return -EINVAL;
	if (value > max)
		return -ERANGE;
	*ret = value;
	return 0;
}

bool text_has_prefix(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool text_has_suffix(const char *s, const char *suffix)
{
	size_t len = strlen(s), n = strlen(suffix);

	return len >= n && !strcmp(s + len - n, suffix);
}

bool text_equal(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

char *text_trim_end(char *s)
{
	size_t len = strlen(s);

	while (len && isspace((unsigned char)s[len - 1]))
		s[--len] = 0;
	return s;
}

/* The length of the UTF-8 sequence at s, 0 where there is none (RFC 3629: no surrogates, no overlong). */
static size_t utf8_length(const unsigned char *s)
{
	size_t len, i;
	uint32_t c;

	if (s[0] < 0x80)
		return 1;
	len = s[0] >= 0xf0 && s[0] <= 0xf4  ? 4
	      : s[0] >= 0xe0 && s[0] < 0xf0 ? 3
	      : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
					    : 0;
	if (!len)
		return 0;
	c = s[0] & (0xffU >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3fU);
	}
	if ((len == 3 && c < 0x800) || (len == 4 && c < 0x10000) || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return 0;
	return len;
}

static bool is_control(const unsigned char *p, size_t n)
{
	return *p < 0x20 || *p == 0x7f || (n == 2 && *p == 0xc2 && p[1] < 0xa0);
}

static char *clean(struct arena *a, const char *s, bool keep_controls)
{
	const unsigned char *p = (const unsigned char *)s;
	TEXT_AUTO struct text t = {0};

	while (*p) {
		size_t n = utf8_length(p);

		if (!n) {
			text_add(&t, "\xef\xbf\xbd");
			n = 1;
		} else if (!keep_controls && is_control(p, n)) {
			text_add(&t, "?");
		} else {
			text_add_bytes(&t, p, n);
		}
		p += n;
	}
	return arena_strdup(a, text_str(&t));
}

char *text_printable(struct arena *a, const char *s)
{
	return clean(a, s, false);
}

char *text_utf8(struct arena *a, const char *s)
{
	return clean(a, s, true);
}
