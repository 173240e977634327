/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which devices can be given to a guest: at a glance, and with the reason. */
#ifndef FERRY_ANALYSIS_FITNESS_H
#define FERRY_ANALYSIS_FITNESS_H

#include "analysis/plan.h"

/* From the best to the worst: of several that hold the worst counts. */
enum fitness { FITNESS_FREE, FITNESS_WITH_MATES, FITNESS_LOSES, FITNESS_NEVER };
/* "free", "with-mates", "loses", "never" */
const char *fitness_name(enum fitness fitness);

struct fitness_of_device {
	enum fitness worst;
	/* false: what the host uses of it could not be read, so that it may be worse. */
	bool is_known;
	const char *reason; /* why never, where it is no loss: "a bridge"; NULL: see the losses */
	/* Of the whole group that leaves with it, its own among them. */
	struct plan_loss *losses;
	size_t n_losses;
};

struct fitness_table;
/* Judges each group once. host needs PCI, GROUPS, STORAGE, NETWORK, USES and KERNEL. */
struct fitness_table *fitness_table_new(const struct host *host, const struct guests *guests,
					struct arena *arena);
void fitness_judge(struct fitness_table *table, size_t device, struct fitness_of_device *ret);

/* The endpoint in whose domain of its own this device stands (VMD), or -1. */
int device_behind(const struct host *host, size_t device);

#endif
