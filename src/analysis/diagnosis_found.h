/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a text has shown so far: the same said again is counted, not listed; and at the end the lines are
 * weighed against each other, because some say their cause only together.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_FOUND_H
#define FERRY_ANALYSIS_DIAGNOSIS_FOUND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/diagnosis.h"

struct arena;
struct found;
struct pci_address;
struct words;

struct found_line {
	size_t row;
	const char *text; /* as it stands in the log */
	size_t length;
	uint64_t line;
	double seconds; /* the kernel's time stamp, below 0: none */
	const struct pci_address *device;
	int64_t group;
};

#define FOUND_NONE SIZE_MAX

struct found *found_new(struct arena *a);
/* What comes from now on is from there. */
void found_source(struct found *f, const char *name);
/* Gives the number of the finding, FOUND_NONE where it was left out. */
size_t found_row(struct found *f, const struct found_line *l);
/* A misspelt parameter, or one that the kernel does not know. */
size_t found_parameter(struct found *f, bool is_typo, const char *word, size_t len, uint64_t line);
size_t found_unknown(struct found *f, const struct words *w, bool is_aftermath, const char *text,
		     size_t len, uint64_t line);
/* The same line once more; false where the finding still depends on when it was said. */
bool found_again(struct found *f, bool is_unknown, size_t index);
/* Sorted and weighed; f is in the arena and needs no freeing. */
void found_end(struct found *f, struct diagnosis *ret);

#endif
