/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is lent, as a table with the drift below each row, and as JSON. */
#ifndef FERRY_SHOW_STATUS_H
#define FERRY_SHOW_STATUS_H

#include <stdio.h>

#include "analysis/status.h"
#include "show/style.h"

void show_status(const struct status *status, const struct host *host,
		 const struct show_style *style, FILE *out);
/* One line: how many devices are away, and how many not as ferry left them. */
void show_lent_count(const struct status *status, FILE *out);
void show_next(const char *command, FILE *out);
/* Nothing where they were read. */
void show_guests_unread(const struct guests *guests, FILE *out);
void show_status_json(const struct status *status, const struct host *host, FILE *out);

#endif
