/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The points of check, for people and as JSON rows. */
#ifndef FERRY_SHOW_READINESS_H
#define FERRY_SHOW_READINESS_H

#include <stdio.h>

#include "analysis/readiness.h"
#include "show/style.h"

struct json_object;

void show_readiness(const struct readiness *r, const struct show_style *style, FILE *out);
/* One line: ready, or the first thing to do. */
void show_readiness_summary(const struct readiness *r, FILE *out);
/* Adds "ready" and "points". */
void readiness_add_json(const struct readiness *r, struct json_object *o);

#endif
