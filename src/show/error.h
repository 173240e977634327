/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An error for people and as JSON: the thing, what happened and why, what to do next. */
#ifndef FERRY_SHOW_ERROR_H
#define FERRY_SHOW_ERROR_H

#include <stdio.h>

struct error;

/* "ferry: SUBJECT: MESSAGE" and, where there is one, "  REMEDY" below. Nothing in it can steer a terminal. */
void show_error(const struct error *err, FILE *out);
/* One object: {"schema": 1, "error": {"subject", "message", "remedy"}}. */
void show_error_json(const struct error *err, FILE *out);

#endif
