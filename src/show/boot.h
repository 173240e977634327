/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A plan for boot files: which loader and why, the difference in each file, the commands. */
#ifndef FERRY_SHOW_BOOT_H
#define FERRY_SHOW_BOOT_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/plan.h"

struct error;
struct show_style;
struct transaction_report;

/* loader NULL: none was found, or a file was named. */
struct show_boot {
	const char *loader;
	const char *const *evidence;
	size_t n_evidence;
};

void show_boot_plan(const struct plan *plan, const struct show_boot *boot,
		    const struct show_style *style, FILE *out);
/* As show_plan_json, with "loader" and "evidence" beside. */
void show_boot_json(const struct plan *plan, const struct show_boot *boot, bool is_command,
		    const struct transaction_report *report, const struct error *err, FILE *out);

#endif
