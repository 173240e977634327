/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of `ferry check` that reads a saved log instead of a machine. */
#ifndef FERRY_CMD_CHECK_LOG_H
#define FERRY_CMD_CHECK_LOG_H

#include "cmd/command.h"

/* `check --log FILE`; "-" is standard input. */
enum outcome check_log(struct invocation *inv, struct error *err);

#endif
