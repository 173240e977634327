/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What why.c, why_reason.c and why_help.c have in common; nobody else includes it. */
#ifndef FERRY_ANALYSIS_WHY_PRIVATE_H
#define FERRY_ANALYSIS_WHY_PRIVATE_H

#include "analysis/why.h"

struct why_builder {
	const struct host *host;
	struct arena *arena;
	struct why *why;
	size_t *seen; /* of each device: the group that it was last named for, plus one */
	size_t *sets; /* of each device: room for why_split() */
	const char *free_slots, *taken_slots; /* as advice; NULL: there are none */
};

static inline const struct pci_device *why_device(const struct why_builder *b, size_t device)
{
	return &b->host->devices[device];
}

void why_set_add(struct why_set *set, struct arena *arena, size_t device);
/* Why the members of a group are together; number tells the groups apart. */
void why_add_reasons(const struct why_builder *b, struct why_group *g, size_t number);
/* "has no ACS capability": what was read of a function, as the end of a sentence. */
const char *why_acs_text(const struct why_builder *b, size_t device);
/* "root port", "conventional PCI bridge", "function" */
const char *why_role(const struct why_builder *b, size_t device);
/* A device that is in none of the machine's groups: the reason that is likely, and what to do. */
const char *why_ungrouped_text(const struct why_builder *b, size_t device, const char **ret_remedy);
/* The slots of the board, and what other rules would make of it: before why_add_help(). */
void why_prepare_help(struct why_builder *b);
void why_add_help(const struct why_builder *b, struct why_group *g);
/* The members, cut into what a prediction keeps together; what it has in no group stands alone. */
struct why_set *why_split(const struct why_builder *b, const struct isolation *i,
			  const struct why_set *members, size_t *ret_n);

#endif
