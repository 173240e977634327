/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is lent, as a table with the drift below each row, and as JSON. */
#ifndef FERRY_SHOW_STATUS_H
#define FERRY_SHOW_STATUS_H

#include <stdio.h>

#include "analysis/status.h"
#include "show/style.h"

struct error;
struct transaction_pending;

void show_status(const struct status *status, const struct host *host,
		 const struct show_style *style, FILE *out);
/* One line: how many devices are away, and how many not as ferry left them. */
void show_lent_count(const struct status *status, FILE *out);
void show_next(const char *command, FILE *out);
/* Nothing where they were read. */
void show_guests_unread(const struct guests *guests, FILE *out);
/* pending NULL: nothing awaits confirmation. */
void show_status_json(const struct status *status, const struct host *host,
		      const struct transaction_pending *pending, FILE *out);
/* What awaits confirmation, and for how long still. */
void show_pending(const struct transaction_pending *pending, const struct show_style *style,
		  FILE *out);
/* It could not be read whether anything does. */
void show_pending_unread(const struct error *err, FILE *out);

#endif
