/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Everything about one device, for a person and as JSON. */
#ifndef FERRY_SHOW_DETAIL_H
#define FERRY_SHOW_DETAIL_H

#include <stdio.h>

#include "host/detail.h"
#include "show/survey.h"

void show_detail(const struct survey *survey, size_t device, const struct device_detail *detail,
		 FILE *out);
/* {"device": a row of survey --losses and what the detail adds} */
void show_detail_json(const struct survey *survey, size_t device,
		      const struct device_detail *detail, FILE *out);

#endif
