/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line for each command: its struct stands at the end of cmd/NAME.c. */
#ifndef FERRY_CMD_COMMANDS_H
#define FERRY_CMD_COMMANDS_H

#include "cmd/command.h"

extern const struct command command_acpi;
extern const struct command command_diagnose;
extern const struct command command_iommu_disable;
extern const struct command command_iommu_enable;
extern const struct command command_stand; /* ferry alone */
extern const struct command command_check;
extern const struct command command_survey;
extern const struct command command_show;
extern const struct command command_why;
extern const struct command command_capture;
extern const struct command command_plan;
extern const struct command command_detach;
extern const struct command command_reattach;
extern const struct command command_assign;
extern const struct command command_unassign;
extern const struct command command_start;
extern const struct command command_up;
extern const struct command command_down;
extern const struct command command_status;
extern const struct command command_confirm;
extern const struct command command_recover;

#endif
