/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table made ready for use: a search for the rows' anchors that runs over whole blocks of a log, and
 * the comparison of a row with the words of a message. Most lines of a log are never looked at twice.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_MATCH_H
#define FERRY_ANALYSIS_DIAGNOSIS_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/diagnosis_words.h"

struct matcher;

/* For the rows of diagnosis_table.h. */
struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);

/*
 * The first place at or after from where an anchor or a word of failure begins; len: none. The bytes up
 * to s[len + 7] must be readable.
 */
size_t matcher_find(const struct matcher *m, const char *s, size_t from, size_t len);

/* A bit for each row of the table whose anchor stands in the text; rows must have matcher_set_size() words. */
size_t matcher_set_size(const struct matcher *m);
/* Adds to the set; *ret_failing becomes true where a word of failure stands in it. Readable as above. */
void matcher_collect(const struct matcher *m, const char *s, size_t len, uint64_t *set,
		     bool *ret_failing);

/* Whether the row fits; the first and the last word that it took. */
bool matcher_fits(const struct matcher *m, size_t row, const struct words *w, size_t *ret_first,
		  size_t *ret_last);

/* The row has said all that it can say: lines that only it would take are no longer found. */
void matcher_retire(struct matcher *m, size_t row);

#endif
