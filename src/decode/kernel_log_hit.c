// SPDX-License-Identifier: LGPL-2.1-or-later
/* See kernel_log_hit.h. A line has no NUL at its end: everything here stays within its length. */
#include "decode/kernel_log_hit.h"

#include <ctype.h>
#include <string.h>

bool line_has(const struct log_line *line, const char *text)
{
	return memmem(line->s, line->len, text, strlen(text));
}

bool line_at(const struct log_line *line, size_t pos, const char *text)
{
	size_t n = strlen(text);

	return pos <= line->len && line->len - pos >= n && !memcmp(line->s + pos, text, n);
}

size_t line_word(const struct log_line *line, size_t pos)
{
	size_t n = 0;

	while (pos + n < line->len && line->s[pos + n] > ' ')
		n++;
	return n;
}

size_t line_skip_blanks(const struct log_line *line, size_t pos)
{
	while (line_char(line, pos) == ' ' || line_char(line, pos) == '\t')
		pos++;
	return pos;
}

size_t line_word_before(const struct log_line *line, size_t end)
{
	while (end && line->s[end - 1] > ' ')
		end--;
	return end;
}

bool line_begins_message(const struct log_line *line, size_t pos)
{
	return pos == line->prefix.message || (pos >= 2 && !memcmp(line->s + pos - 2, "] ", 2));
}

bool line_hex(const struct log_line *line, size_t pos, const char **ret, size_t *ret_len)
{
	size_t n;

	pos = line_skip_blanks(line, pos);
	pos += line_at(line, pos, "0x") ? 2 : 0;
	n = line_word(line, pos);
	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)line->s[pos + i]))
			return false;
	for (; n > 1 && line->s[pos] == '0'; n--)
		pos++;
	*ret = line->s + pos;
	*ret_len = n;
	return n > 0;
}

bool line_number(const struct log_line *line, size_t pos, uint32_t *ret)
{
	uint64_t value = 0;
	size_t i = pos;

	for (; i < line->len && is_digit(line->s[i]) && value <= UINT32_MAX; i++)
		value = value * 10 + (uint64_t)(line->s[i] - '0');
	if (i == pos || value > UINT32_MAX ||
	    (i < line->len && line->s[i] > ' ' && line->s[i] != '.'))
		return false;
	*ret = (uint32_t)value;
	return true;
}

void log_unit_index(const struct hit *h, enum log_unit kind, size_t pos)
{
	size_t n = 0;

	while (is_digit(line_char(h->line, pos + n)))
		n++;
	if (n)
		log_unit(h->st, kind, h->line->s + pos, n, h->line);
}
