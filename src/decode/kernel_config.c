// SPDX-License-Identifier: LGPL-2.1-or-later
/* See kernel_config.h. The name is searched for: a configuration has ten thousand lines, asked for ten. */
#include "decode/kernel_config.h"

#include <stdbool.h>
#include <string.h>

/* Whether the text at that place begins a line, "# " in front left out. */
static bool begins_line(const char *text, const char *at)
{
	if (at >= text + 2 && at[-1] == ' ' && at[-2] == '#')
		at -= 2;
	return at == text || at[-1] == '\n';
}

static enum config_value value_of(const char *behind)
{
	if (behind[0] == '=')
		return behind[1] == 'y' ? CONFIG_YES : behind[1] == 'm' ? CONFIG_MODULE : CONFIG_NO;
	return strncmp(behind, " is not set", 11) ? CONFIG_UNKNOWN : CONFIG_NO;
}

enum config_value kernel_config_value(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *at = text;

	while (at && (at = strstr(at, name))) {
		const char *front = at - text >= 7 ? at - 7 : NULL;

		at += len;
		if (!front || strncmp(front, "CONFIG_", 7) || !begins_line(text, front))
			continue;
		if (value_of(at) != CONFIG_UNKNOWN)
			return value_of(at);
	}
	return CONFIG_UNKNOWN;
}
