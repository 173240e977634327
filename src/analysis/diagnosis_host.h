/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A diagnosis in the names of the machine that it is about: mates, drivers, regions. */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_HOST_H
#define FERRY_ANALYSIS_DIAGNOSIS_HOST_H

#include "analysis/diagnosis.h"
#include "host/host.h"

/*
 * Adds to the meaning of each finding what this machine shows of it now, and to its group what the text
 * did not name. Needs HOST_PCI and HOST_GROUPS, uses HOST_NAMES where it was read; only for a text of this
 * very machine and boot.
 */
void diagnosis_name_devices(struct diagnosis *d, const struct host *host, struct arena *a);

#endif
