// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See isolation.h. The kernel puts one device after the other into a group, in the order in which it
 * meets them, and looks for a group that stands already; so does this. Each step takes time by the
 * number of functions of a bus or the bridges above, so 65,536 functions are no square.
 */
#include "analysis/isolation.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/isolation_private.h"
#include "base/arena.h"

/* Of a search: the functions of one bus that were looked at, by their number on it. */
struct search {
	const struct isolation_view *v;
	uint64_t seen[4];
	size_t first, end; /* the bus */
	bool has_aliases;  /* anybody on it */
};

static const struct pci_device *device_at(const struct isolation_view *v, size_t i)
{
	return &v->host->devices[i];
}

static bool has_bit(const uint64_t bits[static 4], unsigned int n)
{
	return bits[n / 64] >> n % 64 & 1;
}

static void join(const struct isolation_view *v, size_t device, enum isolation_join how, int with,
		 int culprit)
{
	struct isolation_device *d = &v->i->devices[device];

	d->join = how;
	d->with = with;
	d->culprit = culprit;
	if (with >= 0)
		d->group = v->i->devices[with].group;
	else
		d->group = (int)v->i->n_groups++;
}

static bool aliases_reach(const struct isolation_view *v, size_t from, size_t to)
{
	const uint64_t *aliases = v->i->devices[from].aliases;

	return aliases && has_bit(aliases, pci_devfn(device_at(v, to)));
}

static void search_begin(struct search *s, const struct isolation_view *v, size_t device)
{
	size_t i;

	*s = (struct search){.v = v};
	isolation_bus(v->host, device, &s->first, &s->end);
	for (i = s->first; i < s->end; i++)
		s->has_aliases |= v->i->devices[i].aliases != NULL;
}

static int search_aliases(struct search *s, size_t device);

/* A function of the same slot that is not kept apart from this one, and has a group or shares one. */
static int search_slot(struct search *s, size_t device)
{
	const struct isolation_view *v = s->v;
	const struct isolation_device *d = &v->i->devices[device];
	size_t i;

	if (!d->is_multifunction || d->acs.isolates)
		return -1;
	for (i = s->first; i < s->end; i++) {
		int found;

		if (i == device ||
		    device_at(v, i)->address.slot != device_at(v, device)->address.slot ||
		    v->i->devices[i].acs.isolates)
			continue;
		found = search_aliases(s, i);
		if (found >= 0)
			return found;
	}
	return -1;
}

/* The device itself, if it has a group; else one that uses its ids or whose ids it uses. */
static int search_aliases(struct search *s, size_t device)
{
	const struct isolation_view *v = s->v;
	unsigned int number = pci_devfn(device_at(v, device));
	size_t i;
	int found;

	/* Each function is looked at once, so this goes no deeper than a bus has functions. */
	if (has_bit(s->seen, number))
		return -1;
	s->seen[number / 64] |= (uint64_t)1 << number % 64;
	if (v->i->devices[device].group >= 0)
		return (int)device;
	for (i = s->first; s->has_aliases && i < s->end; i++) {
		if (i == device || (!aliases_reach(v, device, i) && !aliases_reach(v, i, device)))
			continue;
		found = search_aliases(s, i);
		if (found < 0)
			found = search_slot(s, i);
		if (found >= 0)
			return found;
	}
	return -1;
}

/*
 * The bridges above that take requests over under an id of their own: everything below the topmost one
 * looks the same to the IOMMU. true: one of them has a group, and the device is in it.
 */
static bool join_bridge(const struct isolation_view *v, size_t device, size_t *ret_top)
{
	int bridge;

	*ret_top = device;
	for (bridge = v->i->devices[device].bridge; bridge >= 0;
	     bridge = v->i->devices[bridge].bridge) {
		if (alias_quirk_is_root(&v->i->kernel, device_at(v, (size_t)bridge)))
			break;
		if (!isolation_takes_over(v, (size_t)bridge))
			continue;
		*ret_top = (size_t)bridge;
		if (v->i->devices[bridge].group >= 0) {
			join(v, device, JOIN_BRIDGE, bridge, bridge);
			return true;
		}
	}
	return false;
}

/* The nearest port at or above that does not isolate: who makes the way unsafe. */
static int unsafe_port(const struct isolation_view *v, int bridge)
{
	while (bridge >= 0 && v->i->devices[bridge].acs.isolates)
		bridge = v->i->devices[bridge].bridge;
	return bridge;
}

/* Up to where ports isolate all the way. true: a port on the way has a group already. */
static bool join_port(const struct isolation_view *v, size_t device, size_t *top)
{
	int bridge;

	for (bridge = v->i->devices[*top].bridge; bridge >= 0;
	     bridge = v->i->devices[bridge].bridge) {
		if (!v->i->devices[bridge].is_path_unsafe)
			break;
		*top = (size_t)bridge;
		if (v->i->devices[bridge].group >= 0) {
			join(v, device, JOIN_PORT, bridge, unsafe_port(v, bridge));
			return true;
		}
	}
	return false;
}

/* Before 5.6 the children of a VMD were no IOMMU's devices at all. */
static bool join_requester(const struct isolation_view *v, size_t device)
{
	int requester = v->i->devices[device].requester;

	if (requester < 0)
		return false;
	if (isolation_kernel_is_before(&v->i->kernel, 5, 6))
		v->i->devices[device].is_outside = true;
	else if (v->i->devices[requester].group >= 0)
		join(v, device, JOIN_REQUESTER, requester, requester);
	else
		return false;
	return true;
}

static void put_into_group(const struct isolation_view *v, size_t device)
{
	struct search s;
	size_t top;
	int found;

	if (v->i->devices[device].is_outside || join_requester(v, device) ||
	    join_bridge(v, device, &top) || join_port(v, device, &top))
		return;
	search_begin(&s, v, top);
	found = search_aliases(&s, top);
	if (found >= 0) {
		join(v, device, JOIN_ALIAS, found, (int)top);
		return;
	}
	found = search_slot(&s, top);
	join(v, device, found >= 0 ? JOIN_SLOT : JOIN_NONE, found, found >= 0 ? (int)top : -1);
}

/* The groups by number, in the order of their first device. */
static void collect(const struct isolation_view *v)
{
	struct isolation *all = v->i;
	int *number = arena_calloc(v->arena, all->n_groups, sizeof(*number));
	size_t i, n = 0, k;

	memset(number, 0xff, all->n_groups * sizeof(*number));
	all->groups = arena_calloc(v->arena, all->n_groups, sizeof(*all->groups));
	for (i = 0; i < v->host->n_devices; i++) {
		struct isolation_device *d = &all->devices[i];

		if (d->group < 0)
			continue;
		if (number[d->group] < 0)
			number[d->group] = (int)n++;
		d->group = number[d->group];
		all->groups[d->group].n_devices++;
	}
	for (k = 0; k < n; k++) {
		all->groups[k].devices =
			arena_calloc(v->arena, all->groups[k].n_devices, sizeof(size_t));
		all->groups[k].n_devices = 0;
	}
	for (i = 0; i < v->host->n_devices; i++) {
		int group = all->devices[i].group;

		if (group >= 0)
			all->groups[group].devices[all->groups[group].n_devices++] = i;
	}
	all->n_groups = n;
}

/* The bridges come before what is below them, so one pass knows the way up. */
static void mark_paths(const struct isolation_view *v, const size_t *order)
{
	size_t i;

	for (i = 0; i < v->host->n_devices; i++) {
		struct isolation_device *d = &v->i->devices[order[i]];

		d->is_path_unsafe = !d->acs.isolates ||
				    (d->bridge >= 0 && v->i->devices[d->bridge].is_path_unsafe);
	}
}

static void run(const struct isolation_view *v)
{
	size_t *order, i;

	v->i->devices = arena_calloc(v->arena, v->host->n_devices, sizeof(*v->i->devices));
	order = isolation_prepare(v);
	for (i = 0; i < v->host->n_devices; i++)
		isolation_acs(v, i);
	mark_paths(v, order);
	for (i = 0; i < v->host->n_devices; i++)
		put_into_group(v, order[i]);
	collect(v);
}

static bool is_same_group(const struct isolation_group *g, const struct isolation *hopeful)
{
	int other = hopeful->devices[g->devices[0]].group;
	const struct isolation_group *o = other >= 0 ? &hopeful->groups[other] : NULL;

	return o && o->n_devices == g->n_devices &&
	       !memcmp(o->devices, g->devices, g->n_devices * sizeof(*g->devices));
}

/* Where what was not read would change a group, its members are unsure. */
static void compare(struct isolation *i, const struct isolation *hopeful)
{
	size_t g, k;

	for (g = 0; g < i->n_groups; g++) {
		const struct isolation_group *group = &i->groups[g];

		if (is_same_group(group, hopeful))
			continue;
		for (k = 0; k < group->n_devices; k++)
			i->devices[group->devices[k]].is_unsure = true;
		i->n_unsure += group->n_devices;
	}
}

/* Whose capabilities could not be read, and whether anybody's could. */
static void count_unread(const struct host *host, struct isolation *ret)
{
	size_t i, *most = &ret->most_config;

	for (i = 0; i < host->n_devices; i++) {
		const struct pci_function *f = host->devices[i].function;

		ret->n_unread += !f || (f->express != FACT_READ && f->express != FACT_ABSENT);
		if (host->devices[i].config_size > *most)
			*most = host->devices[i].config_size;
	}
	ret->is_known = *most > 256 || (host->is_live && *most > 64);
}

static void predict(const struct host *host, const struct isolation_kernel *kernel,
		    bool has_override, struct arena *arena, struct isolation *ret)
{
	struct isolation hopeful;
	struct isolation_view v = {
		.host = host, .i = ret, .arena = arena, .has_override = has_override};

	*ret = (struct isolation){.kernel = *kernel, .acs_state = isolation_acs_state(host)};
	count_unread(host, ret);
	hopeful = *ret;
	run(&v);
	v.i = &hopeful;
	v.is_hopeful = true;
	run(&v);
	compare(ret, &hopeful);
	ret->is_known |= !ret->n_unsure;
}

void isolation_predict(const struct host *host, const struct isolation_kernel *kernel,
		       struct arena *arena, struct isolation *ret)
{
	predict(host, kernel, false, arena, ret);
}

void isolation_predict_override(const struct host *host, const struct isolation_kernel *kernel,
				struct arena *arena, struct isolation *ret)
{
	predict(host, kernel, true, arena, ret);
}
