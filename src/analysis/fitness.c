// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A device leaves with its group, so its fitness is the group's: what the mates lose counts, and a group
 * is judged once however many ask. Where the machine has no groups at all each device is judged by
 * itself: what the groups would be is another question.
 */
#include "analysis/fitness.h"

#include "analysis/group.h"
#include "analysis/loss.h"
#include "base/arena.h"

struct group_losses {
	bool is_judged;
	struct plan_loss *losses;
	size_t n;
};

struct fitness_table {
	const struct host *host;
	struct arena *arena;
	struct loss_table *losses;
	struct group_losses *groups;
	bool is_known;
};

const char *fitness_name(enum fitness fitness)
{
	static const char *const names[] = {
		[FITNESS_FREE] = "free",
		[FITNESS_WITH_MATES] = "with-mates",
		[FITNESS_LOSES] = "loses",
		[FITNESS_NEVER] = "never",
	};

	return names[fitness];
}

struct fitness_table *fitness_table_new(const struct host *host, const struct guests *guests,
					struct arena *arena)
{
	struct fitness_table *t = arena_alloc(arena, sizeof(*t));

	*t = (struct fitness_table){
		.host = host,
		.arena = arena,
		.losses = loss_table_new(host, guests, NULL, arena),
		.groups = arena_calloc(arena, host->n_groups, sizeof(struct group_losses)),
		.is_known = losses_are_known(host),
	};
	return t;
}

int device_behind(const struct host *host, size_t device)
{
	size_t steps;
	int above = host->devices[device].parent;

	for (steps = 0; above >= 0 && steps < host->n_devices; steps++) {
		if (host->devices[above].header == PCI_HEADER_ENDPOINT)
			return above;
		above = host->devices[above].parent;
	}
	return -1;
}

static bool must_leave(const struct host *host, const struct pci_device *d)
{
	return group_member_is_endpoint(d) && group_member_blocks(host, d);
}

static const struct group_losses *losses_of_group(struct fitness_table *t, int group)
{
	struct group_losses *g = &t->groups[group];
	const struct iommu_group *members = &t->host->groups[group];
	size_t *leaving, n = 0, i;

	if (g->is_judged)
		return g;
	g->is_judged = true;
	leaving = arena_calloc(t->arena, members->n_devices, sizeof(*leaving));
	for (i = 0; i < members->n_devices; i++) {
		if (must_leave(t->host, &t->host->devices[members->devices[i]]))
			leaving[n++] = members->devices[i];
	}
	losses_of(t->losses, leaving, n, &g->losses, &g->n);
	return g;
}

static bool has_mate(const struct host *host, size_t device)
{
	const struct iommu_group *g;
	size_t i;

	if (host->devices[device].group < 0)
		return false;
	g = &host->groups[host->devices[device].group];
	for (i = 0; i < g->n_devices; i++) {
		if (g->devices[i] != device &&
		    group_member_is_endpoint(&host->devices[g->devices[i]]))
			return true;
	}
	return g->n_others;
}

/* NULL: nothing but losses bars it. */
static const char *bar(struct fitness_table *t, size_t device)
{
	const struct pci_device *d = &t->host->devices[device];
	const struct iommu_group *g = d->group >= 0 ? &t->host->groups[d->group] : NULL;
	int behind = device_behind(t->host, device);
	size_t i;

	if (!group_member_is_endpoint(d))
		return "a bridge: only what hangs below one can be given to a guest";
	if (behind >= 0)
		return arena_printf(t->arena,
				    "it stands behind %s, in whose name it does its DMA: only that "
				    "one can be given away, with all that is behind it",
				    t->host->devices[behind].name);
	if (!g && t->host->n_groups)
		return "it is in no IOMMU group, though other devices are";
	for (i = 0; g && i < g->n_others; i++) {
		if (g->other_drivers[i])
			return arena_printf(t->arena, "%s, no PCI device, is in its group",
					    g->others[i]);
	}
	if (g && g->n_direct_regions)
		return arena_printf(
			t->arena, "the firmware keeps memory for its group (reserved_regions: %s)",
			g->direct_regions[0]);
	return NULL;
}

/* The group's losses, and the device's own where it is a member that need not have left. */
static void collect(struct fitness_table *t, size_t device, struct fitness_of_device *ret)
{
	const struct pci_device *d = &t->host->devices[device];
	const struct group_losses *g = d->group >= 0 ? losses_of_group(t, d->group) : NULL;
	size_t i;

	if (g && must_leave(t->host, d)) {
		ret->losses = g->losses;
		ret->n_losses = g->n;
		return;
	}
	losses_of(t->losses, &device, 1, &ret->losses, &ret->n_losses);
	for (i = 0; g && i < g->n; i++)
		*arena_append(t->arena, ret->losses, ret->n_losses) = g->losses[i];
}

void fitness_judge(struct fitness_table *t, size_t device, struct fitness_of_device *ret)
{
	size_t i;

	*ret = (struct fitness_of_device){.worst = FITNESS_FREE, .is_known = true};
	if (has_mate(t->host, device))
		ret->worst = FITNESS_WITH_MATES;
	ret->reason = bar(t, device);
	if (group_member_is_endpoint(&t->host->devices[device])) {
		ret->is_known = t->is_known;
		collect(t, device, ret);
	}
	if (ret->n_losses)
		ret->worst = FITNESS_LOSES;
	for (i = 0; i < ret->n_losses; i++) {
		if (ret->losses[i].severity == LOSS_FATAL)
			ret->worst = FITNESS_NEVER;
	}
	if (ret->reason)
		ret->worst = FITNESS_NEVER;
}
