// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a plan says of the mates that leave with a device: why they have to. One note for each group of
 * which more goes than was named; ferry why has the whole answer.
 */
#include "analysis/plan.h"
#include "analysis/why.h"
#include "base/arena.h"

static void note(struct plan *plan, struct arena *arena, const char *text)
{
	*arena_append(arena, plan->notes, plan->n_notes) = text;
}

static bool takes_mates(const struct host *host, const struct plan *plan, int group)
{
	size_t i;

	for (i = 0; i < plan->n_parked; i++) {
		if (host->devices[plan->parked[i]].group == group)
			return true;
	}
	for (i = 0; i < plan->n_unbound; i++) {
		if (host->devices[plan->unbound[i]].group == group)
			return true;
	}
	return false;
}

/* The first device that is named of a group speaks for it. */
static bool is_first_of_group(const struct host *host, const struct plan *plan, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++) {
		if (host->devices[plan->assigned[i]].group ==
		    host->devices[plan->assigned[at]].group)
			return false;
	}
	return true;
}

static void note_group(const struct host *host, const struct why *why,
		       const struct pci_device *device, struct arena *arena, struct plan *plan)
{
	const struct iommu_group *group = &host->groups[device->group];
	const struct why_group *g = why_group_of(why, host, group);

	if (!g || !g->n_reasons || !why->isolation.is_known) {
		note(plan, arena,
		     arena_printf(
			     arena,
			     "Why group %u goes as a whole could not be read; as root, ferry why "
			     "%s tells.",
			     group->id, device->name));
		return;
	}
	note(plan, arena,
	     arena_printf(arena, "Group %u goes as a whole: %s. What would split it: ferry why %s.",
			  group->id, g->reasons[0].evidence, device->name));
}

void why_note_mates(const struct host *host, struct arena *arena, struct plan *plan)
{
	struct why *why = NULL;
	size_t i;

	for (i = 0; i < plan->n_assigned; i++) {
		const struct pci_device *d = &host->devices[plan->assigned[i]];

		if (d->group < 0 || !is_first_of_group(host, plan, i) ||
		    !takes_mates(host, plan, d->group))
			continue;
		if (!why) {
			why = arena_alloc(arena, sizeof(*why));
			why_make(host, NULL, arena, why);
		}
		note_group(host, why, d, arena, plan);
	}
}
