/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan for people and as JSON, before and after it was carried out: one value, the same names. */
#ifndef FERRY_SHOW_PLAN_H
#define FERRY_SHOW_PLAN_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/plan.h"

struct error;
struct json_object;
struct show_style;
struct transaction_report;

/* What a step does, in words: "0000:01:00.0: unbind from e1000e". */
char *show_step_text(struct arena *arena, const struct plan_step *step);
/* Steps, members that come along, losses, refusals, notes. */
void show_plan(const struct plan *plan, const struct host *host, const struct show_style *style,
	       FILE *out);
/* The refusals only, each with its evidence and remedy. */
void show_refusals(const struct plan *plan, const struct show_style *style, FILE *out);
void show_notes(const struct plan *plan, FILE *out);
/*
 * report NULL: it was not carried out (plan, --dry-run, refused): no outcome, unless the plan has
 * refusals and is_command is set. err: why it is not done; NULL: it is, or the refusals say so.
 */
void show_plan_json(const struct plan *plan, const struct host *host, bool is_command,
		    const struct transaction_report *report, const struct error *err, FILE *out);
/* The object that show_plan_json prints, for more to be added. host is not needed by plans without devices. */
struct json_object *show_plan_object(const struct plan *plan, const struct host *host,
				     bool is_command, const struct transaction_report *report,
				     const struct error *err);

#endif
