// SPDX-License-Identifier: LGPL-2.1-or-later
/* See grub_menu.h. Generated files have a command a line; anything cleverer gives no line at all. */
#include "decode/grub_menu.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static const char *behind_command(const char *line, size_t len)
{
	static const char *const commands[] = {"linux", "linuxefi", "linux16"};
	size_t i, n;

	for (i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		n = strlen(commands[i]);
		if (len > n && !memcmp(line, commands[i], n) && (line[n] == ' ' || line[n] == '\t'))
			return line + n;
	}
	return NULL;
}

const char *grub_menu_default(struct arena *arena, const char *text)
{
	size_t len;

	for (; *text; text += len + (text[len] == '\n')) {
		size_t blank = strspn(text, " \t");
		const char *words;

		len = strcspn(text, "\n");
		words = behind_command(text + blank, len > blank ? len - blank : 0);
		if (!words)
			continue;
		words += strspn(words, " \t");
		words += strcspn(words, " \t\n");
		return text_trim_end(arena_memdup(arena, words, (size_t)(text + len - words)));
	}
	return NULL;
}
