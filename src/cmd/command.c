// SPDX-License-Identifier: LGPL-2.1-or-later
/* The list of all commands, in the order in which a person meets them. */
#include "cmd/commands.h"

#include <string.h>

const struct command *const command_list[] = {
	/* A line each, so that two new commands do not meet in one. */
	/* clang-format off */
	&command_stand,
	&command_check,
	&command_acpi,
	&command_diagnose,
	&command_iommu_enable,
	&command_iommu_disable,
	&command_survey,
	&command_show,
	&command_why,
	&command_plan,
	&command_detach,
	&command_reattach,
	&command_assign,
	&command_unassign,
	&command_start,
	&command_up,
	&command_down,
	&command_confirm,
	&command_status,
	&command_recover,
	&command_capture,
	NULL,
	/* clang-format on */
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
