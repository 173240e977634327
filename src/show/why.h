/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why the groups are what they are, as text and as JSON. */
#ifndef FERRY_SHOW_WHY_H
#define FERRY_SHOW_WHY_H

#include <stdio.h>

#include "analysis/why.h"
#include "show/style.h"

/* Which groups are wanted. */
struct why_choice {
	bool wants_all;     /* else those with more than one member */
	bool *wants_device; /* beside host.devices, or NULL: no device was named */
};

void show_why(const struct host *host, const struct why *why, const struct why_choice *choice,
	      const struct show_style *style, FILE *out);
void show_why_json(const struct host *host, const struct why *why, const struct why_choice *choice,
		   FILE *out);

#endif
