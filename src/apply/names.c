// SPDX-License-Identifier: LGPL-2.1-or-later
/* See names.h: names come from a journal, a kernel or a guest, and become paths below /sys. */
#include "apply/names.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>

bool name_is_plain(const char *s)
{
	size_t len = strlen(s), i;

	if (!len || len > NAME_MAX || !strcmp(s, ".") || !strcmp(s, ".."))
		return false;
	if (s[0] == ' ' || s[len - 1] == ' ')
		return false;
	for (i = 0; i < len; i++) {
		if (s[i] < 0x20 || s[i] > 0x7e || s[i] == '/')
			return false;
	}
	return true;
}

bool name_is_override(const char *s)
{
	/* drivers/base/driver.c, driver_set_override(): PAGE_SIZE - 1, the newline not counted. */
	return strlen(s) < 4095 && !strchr(s, '\n');
}

bool name_is_uuid(const char *s)
{
	size_t i;

	for (i = 0; i < 36; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash ? s[i] != '-' : !isxdigit((unsigned char)s[i]))
			return false;
	}
	return !s[36];
}

bool name_is_revert_id(const char *s)
{
	return strlen(s) == 16 && strspn(s, "0123456789abcdef") == 16;
}

bool name_is_path(const char *s)
{
	const char *part = s;

	if (*s != '/')
		return false;
	while (part) {
		size_t len;

		part++;
		len = strcspn(part, "/");
		if (!len || (len == 1 && part[0] == '.') || (len == 2 && !memcmp(part, "..", 2)))
			return false;
		part = strchr(part, '/');
	}
	for (; *s; s++) {
		if (iscntrl((unsigned char)*s))
			return false;
	}
	return true;
}

bool name_is_arguments(const char *s)
{
	size_t len = strcspn(s, "\n"), i;

	if (!len || len > NAME_MAX || s[strlen(s) - 1] != '\n')
		return false;
	for (i = 0; i < len; i++) {
		if (!isalnum((unsigned char)s[i]) && !strchr("-_.+", s[i]))
			return false;
	}
	return true;
}
