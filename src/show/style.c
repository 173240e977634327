// SPDX-License-Identifier: LGPL-2.1-or-later
/* See style.h. */
#include "show/style.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

const char *style_on(const struct show_style *style, enum show_color color)
{
	static const char *const sequences[] = {
		[SHOW_PLAIN] = "",       [SHOW_GOOD] = "\033[32m", [SHOW_CAUTION] = "\033[33m",
		[SHOW_BAD] = "\033[31m", [SHOW_DIM] = "\033[2m",   [SHOW_STRONG] = "\033[1m",
	};

	return style->color ? sequences[color] : "";
}

const char *style_off(const struct show_style *style)
{
	return style->color ? "\033[0m" : "";
}

const char *style_arrow(const struct show_style *style)
{
	return style->utf8 ? "\xe2\x86\x92" : "->";
}

/* POSIX's order of precedence; no setlocale(3), which would cost a start more than all of this. */
static bool locale_is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

void style_init(struct show_style *style, int fd, bool color)
{
	struct winsize size;

	style->color = color;
	style->utf8 = locale_is_utf8();
	style->width = 0;
	if (isatty(fd) && !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col)
		style->width = size.ws_col;
}
