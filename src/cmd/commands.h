/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line for each command: its struct stands at the end of cmd/NAME.c. */
#ifndef FERRY_CMD_COMMANDS_H
#define FERRY_CMD_COMMANDS_H

#include "cmd/command.h"

extern const struct command command_acpi;
extern const struct command command_diagnose;
extern const struct command command_stand; /* ferry alone */

#endif
