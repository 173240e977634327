/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps of a plan as they happen: on a terminal the running one is seen to be running (its seconds
 * count), elsewhere each is one line when it has ended.
 */
#ifndef FERRY_SHOW_PROGRESS_H
#define FERRY_SHOW_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "show/style.h"

struct plan;
struct show_progress;

/* out NULL: nothing is shown (JSON). */
struct show_progress *progress_new(FILE *out, const struct show_style *style);
void progress_free(struct show_progress *progress);
/* For actor.progress. */
void progress_step(void *progress, const struct plan *plan, size_t step, bool begins);

#endif
