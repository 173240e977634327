// SPDX-License-Identifier: LGPL-2.1-or-later
/* See why.h. What the kernel did is compared with what its rules say; neither is corrected by the other. */
#include "analysis/why.h"

#include <string.h>

#include "analysis/why_private.h"
#include "base/arena.h"
#include "base/text.h"

#define OVERRIDE "pcie_acs_override="

const char *why_kind_name(enum why_kind kind)
{
	static const char *const names[] = {
		[WHY_ISOLATED] = "isolated", [WHY_ACS_MISSING] = "acs-missing",
		[WHY_ACS_OFF] = "acs-off",   [WHY_BRIDGE] = "conventional-bridge",
		[WHY_ALIAS] = "dma-alias",   [WHY_REQUESTER] = "dma-by-another",
		[WHY_UNREAD] = "not-read",   [WHY_OTHERS] = "no-pci-member",
	};

	return names[kind];
}

void why_set_add(struct why_set *set, struct arena *arena, size_t device)
{
	*arena_append(arena, set->devices, set->n_devices) = device;
}

/* A predicted group is known by its first device; there the number of its set is kept. */
struct why_set *why_split(const struct why_builder *b, const struct isolation *i,
			  const struct why_set *members, size_t *ret_n)
{
	struct why_set *sets = NULL;
	size_t n = 0, k;

	for (k = 0; k < members->n_devices; k++) {
		int group = i->devices[members->devices[k]].group;

		if (group >= 0)
			b->sets[i->groups[group].devices[0]] = SIZE_MAX;
	}
	for (k = 0; k < members->n_devices; k++) {
		size_t device = members->devices[k], *set = NULL;
		int group = i->devices[device].group;

		if (group >= 0)
			set = &b->sets[i->groups[group].devices[0]];
		if (!set || *set == SIZE_MAX) {
			arena_append(b->arena, sets, n);
			if (set)
				*set = n - 1;
		}
		why_set_add(&sets[set ? *set : n - 1], b->arena, device);
	}
	*ret_n = n;
	return sets;
}

static void add_group(const struct why_builder *b, int group, size_t *devices, size_t n)
{
	struct why_group *g = arena_append(b->arena, b->why->groups, b->why->n_groups);

	g->group = group;
	g->members = (struct why_set){devices, n};
}

/* The kernel's groups where it has any of PCI devices, else the predicted ones. */
static void add_groups(const struct why_builder *b)
{
	struct why *w = b->why;
	size_t i;

	for (i = 0; i < b->host->n_groups; i++) {
		const struct iommu_group *g = &b->host->groups[i];

		if (g->n_devices || g->n_others)
			add_group(b, (int)i, g->devices, g->n_devices);
		w->is_on |= g->n_devices > 0;
	}
	for (i = 0; !w->is_on && i < w->isolation.n_groups; i++)
		add_group(b, -1, w->isolation.groups[i].devices, w->isolation.groups[i].n_devices);
	for (i = 0; i < w->n_groups; i++) {
		struct why_group *g = &w->groups[i];

		g->predicted = why_split(b, &w->isolation, &g->members, &g->n_predicted);
		why_add_reasons(b, g, i);
		why_add_help(b, g);
	}
}

/* Groups of the kernel and predicted ones that share a device are one part; its number is the lowest. */
struct parts {
	size_t *up; /* of each group of the kernel, then of each predicted one */
	size_t n_kernel;
};

static size_t part_of(struct parts *p, size_t i)
{
	while (p->up[i] != i) {
		p->up[i] = p->up[p->up[i]];
		i = p->up[i];
	}
	return i;
}

static void connect(struct parts *p, size_t a, size_t b)
{
	a = part_of(p, a);
	b = part_of(p, b);
	if (a < b)
		p->up[b] = a;
	else
		p->up[a] = b;
}

static struct parts make_parts(const struct why_builder *b)
{
	const struct isolation *i = &b->why->isolation;
	size_t n = b->host->n_groups + i->n_groups, k;
	struct parts p = {arena_calloc(b->arena, n, sizeof(*p.up)), b->host->n_groups};

	for (k = 0; k < n; k++)
		p.up[k] = k;
	for (k = 0; k < b->host->n_devices; k++) {
		if (b->host->devices[k].group >= 0 && i->devices[k].group >= 0)
			connect(&p, (size_t)b->host->devices[k].group,
				p.n_kernel + (size_t)i->devices[k].group);
	}
	return p;
}

/* What a part is made of. */
struct part {
	struct why_set devices; /* those with a group of the kernel */
	size_t n_kernel, n_predicted;
	bool is_unsure, is_outside;
};

static const char *version_hint(const struct why_builder *b)
{
	if (b->why->override)
		return "; the command line has pcie_acs_override, and where the kernel has that "
		       "patch it calls isolated what is not";
	if (b->why->is_kernel_assumed)
		return "; the tree does not say which kernel made the groups, so the newest rules "
		       "were used (--kernel X.Y names another)";
	return "; this kernel may have rules that came later, as distributions do, or the "
	       "registers have changed since it made the groups";
}

static const char *because(const struct why_builder *b, const struct part *p)
{
	if (p->is_unsure)
		return arena_printf(b->arena,
				    "what decides could not be read of some of them, and what was "
				    "not seen counts as not isolated%s",
				    version_hint(b));
	if (p->is_outside)
		return "by the rules no IOMMU serves some of them, and the kernel has them in a "
		       "group";
	if (p->n_kernel > p->n_predicted)
		return arena_printf(
			b->arena,
			"the kernel keeps apart, in %zu groups, what the rules of Linux "
			"%s put into %zu%s",
			p->n_kernel, b->why->kernel, p->n_predicted, version_hint(b));
	if (p->n_kernel < p->n_predicted)
		return arena_printf(b->arena,
				    "the kernel keeps together, in %zu, what the rules of Linux %s "
				    "part into %zu groups%s",
				    p->n_kernel, b->why->kernel, p->n_predicted, version_hint(b));
	return arena_printf(b->arena, "the rules of Linux %s cut them otherwise%s", b->why->kernel,
			    version_hint(b));
}

static void fill_parts(const struct why_builder *b, struct parts *p, struct part *parts)
{
	size_t k;

	for (k = 0; k < b->host->n_devices; k++) {
		int kernel = b->host->devices[k].group;
		const struct isolation_device *d = &b->why->isolation.devices[k];
		struct part *part;

		if (kernel < 0)
			continue;
		part = &parts[part_of(p, (size_t)kernel)];
		why_set_add(&part->devices, b->arena, k);
		part->is_unsure |= d->is_unsure;
		part->is_outside |= d->group < 0;
	}
}

/* How many groups of either side a part has, and whether a predicted one has ungrouped members. */
static void count_parts(const struct why_builder *b, struct parts *p, struct part *parts)
{
	const struct isolation *i = &b->why->isolation;
	size_t k;

	for (k = 0; k < b->host->n_groups; k++)
		parts[part_of(p, k)].n_kernel += b->host->groups[k].n_devices > 0;
	for (k = 0; k < i->n_groups; k++)
		parts[part_of(p, p->n_kernel + k)].n_predicted++;
}

static void compare(const struct why_builder *b)
{
	struct parts p = make_parts(b);
	struct part *parts = arena_calloc(b->arena, b->host->n_groups + b->why->isolation.n_groups,
					  sizeof(*parts));
	size_t k;

	fill_parts(b, &p, parts);
	count_parts(b, &p, parts);
	for (k = 0; k < b->host->n_groups; k++) {
		struct part *part = &parts[k];
		struct why_difference *d;

		if (part_of(&p, k) != k || !part->devices.n_devices)
			continue;
		if (part->n_kernel == 1 && part->n_predicted == 1 && !part->is_outside) {
			b->why->n_agree++;
			continue;
		}
		d = arena_append(b->arena, b->why->differs, b->why->n_differs);
		d->devices = part->devices;
		d->because = because(b, part);
	}
}

/* Devices without a group: told each with its reason; where the rules gave them one, a difference. */
static void add_ungrouped(const struct why_builder *b)
{
	size_t k;

	for (k = 0; k < b->host->n_devices; k++) {
		bool is_outside = b->why->isolation.devices[k].group < 0;
		struct why_ungrouped *u;
		struct why_difference *d;

		if (b->why->is_on ? b->host->devices[k].group >= 0 : !is_outside)
			continue;
		u = arena_append(b->arena, b->why->ungrouped, b->why->n_ungrouped);
		u->device = k;
		u->is_expected = is_outside;
		u->because = why_ungrouped_text(b, k, &u->remedy);
		if (is_outside)
			continue;
		d = arena_append(b->arena, b->why->differs, b->why->n_differs);
		why_set_add(&d->devices, b->arena, k);
		d->because = u->because;
	}
}

/* The last one counts, as the kernel reads it. */
static const char *override_of(const struct host *host, struct arena *arena)
{
	const char *at = host->kernel.command_line, *found = NULL;

	while (at && (at = strstr(at, OVERRIDE))) {
		if (at == host->kernel.command_line || at[-1] == ' ')
			found = at;
		at += strlen(OVERRIDE);
	}
	if (!found)
		return NULL;
	found += strlen(OVERRIDE);
	return arena_memdup(arena, found, strcspn(found, " \t\n"));
}

void why_make(const struct host *host, const struct isolation_kernel *kernel, struct arena *arena,
	      struct why *ret)
{
	struct isolation_kernel machine = isolation_kernel_newest;
	struct why_builder b = {.host = host, .arena = arena, .why = ret};

	*ret = (struct why){0};
	if (!kernel) {
		ret->is_kernel_assumed = !isolation_kernel_of_host(&host->kernel, &machine);
		kernel = &machine;
	}
	ret->kernel = isolation_kernel_name(kernel, arena);
	ret->override = override_of(host, arena);
	isolation_predict(host, kernel, arena, &ret->isolation);
	b.seen = arena_calloc(arena, host->n_devices, sizeof(*b.seen));
	b.sets = arena_calloc(arena, host->n_devices, sizeof(*b.sets));
	why_prepare_help(&b);
	add_groups(&b);
	if (ret->is_on)
		compare(&b);
	add_ungrouped(&b);
}

/* The rows are in the order of the groups. */
const struct why_group *why_group_of(const struct why *why, const struct host *host,
				     const struct iommu_group *group)
{
	int wanted = (int)(group - host->groups);
	size_t low = 0, high = why->n_groups;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (why->groups[middle].group < wanted)
			low = middle + 1;
		else
			high = middle;
	}
	return low < why->n_groups && why->groups[low].group == wanted ? &why->groups[low] : NULL;
}
