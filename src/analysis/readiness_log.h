/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The points of `check --log`: the facts of a saved kernel log, judged. The same words for ready as for a
 * machine, but nothing is known beyond the log: what it does not say is unknown, unless it begins where
 * a kernel begins, so that silence says something.
 */
#ifndef FERRY_ANALYSIS_READINESS_LOG_H
#define FERRY_ANALYSIS_READINESS_LOG_H

#include "analysis/readiness.h"
#include "decode/kernel_log.h"

/*
 * One point for each fact, in the order in which a person would mend them, and one for each problem, whose
 * id is its slug. Evidence names the line.
 */
void readiness_of_log(const struct kernel_log_facts *facts, struct arena *arena,
		      struct readiness *ret);
/* The one point of a problem; none where another point says it. For a machine's own log too. */
void readiness_of_problem(const struct kernel_log_facts *facts, enum log_problem problem,
			  struct arena *arena, struct readiness *r);
/* What frees a device that the firmware keeps memory for, in the order of what costs least. */
const char *readiness_region_remedy(enum iommu_vendor vendor, struct arena *arena);

#endif
