/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is lent, as a table with the drift below each row, and as JSON. */
#ifndef FERRY_SHOW_STATUS_H
#define FERRY_SHOW_STATUS_H

#include <stdio.h>

#include "analysis/status.h"
#include "show/style.h"

void show_status(const struct status *status, const struct host *host,
		 const struct show_style *style, FILE *out);
void show_status_json(const struct status *status, const struct host *host, FILE *out);

#endif
