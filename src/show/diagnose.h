/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A diagnosis for people and as JSON (json.md: findings, unknown), from the same value. */
#ifndef FERRY_SHOW_DIAGNOSE_H
#define FERRY_SHOW_DIAGNOSE_H

#include <stdbool.h>
#include <stdio.h>

struct diagnosis;
struct show_style;

struct diagnose_view {
	const struct diagnosis *diagnosis;
	const char *what; /* what was read: "guest vm-a", "dmesg.txt" */
	const char *
		unreadable; /* a part that could not be read, with the reason; NULL: all was read */
	bool is_verbose;    /* good news too */
};

void show_diagnosis(const struct diagnose_view *view, const struct show_style *style, FILE *out);
void show_diagnosis_json(const struct diagnose_view *view, FILE *out);

#endif
