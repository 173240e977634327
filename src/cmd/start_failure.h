/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a guest did not start, or did not take a device: the diagnosis that start and up run by themselves. */
#ifndef FERRY_CMD_START_FAILURE_H
#define FERRY_CMD_START_FAILURE_H

#include <stddef.h>

struct error;
struct invocation;
struct plan;
struct session;

/* What the logs held before the guest was touched. */
struct start_mark {
	double seconds;  /* since boot */
	size_t log_size; /* of the guest's log, in bytes */
};

void start_mark_set(const struct invocation *inv, const struct session *session,
		    const struct plan *plan, struct start_mark *ret);
/*
 * Where a step failed that starts a guest or gives it a device: puts the root cause into err's remedy and,
 * without --json, shows the findings on inv->err. Any other failure is left as it is.
 */
void start_failure_explain(const struct invocation *inv, const struct session *session,
			   const struct plan *plan, const struct start_mark *mark,
			   struct error *err);

#endif
