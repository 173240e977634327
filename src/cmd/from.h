/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --from takes a folder or an archive; behind this every command sees a folder. */
#ifndef FERRY_CMD_FROM_H
#define FERRY_CMD_FROM_H

#include "cmd/command.h"

/* Unpacks an archive for the time of the command. 0, or err says why it is not believed. */
int from_open(struct invocation *inv, struct error *err);
void from_close(struct invocation *inv);

#endif
