// SPDX-License-Identifier: LGPL-2.1-or-later
/* The list of all commands, in the order in which a person meets them. */
#include "cmd/commands.h"

#include <string.h>

const struct command *const command_list[] = {
	&command_stand,
	&command_acpi,
	&command_diagnose,
	NULL,
};

const struct command *command_find(const char *name)
{
	size_t i;

	for (i = 1; command_list[i]; i++) {
		if (!strcmp(command_list[i]->name, name))
			return command_list[i];
	}
	return NULL;
}
