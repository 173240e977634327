// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The topology as the kernel sees it: which bridge is above, which kind of port each is (with the port
 * types that hardware gets wrong, set_pcie_port_type() in drivers/pci/probe.c), whose ids stand for
 * whom, and in which order all are met.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/isolation_private.h"
#include "base/arena.h"
#include "decode/ivrs.h"

#define CLASS_IOMMU 0x0806
#define AMD         0x1022
#define ATI         0x1002
#define HYGON       0x1d94
#define INTEL       0x8086

void isolation_bus(const struct host *host, size_t device, size_t *ret_first, size_t *ret_end)
{
	const struct pci_address *a = &host->devices[device].address;
	struct pci_address at = {.domain = a->domain, .bus = a->bus};
	size_t low = 0, high = device;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pci_address_compare(&host->devices[middle].address, &at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_first = low;
	for (high = device + 1; high < host->n_devices; high++) {
		if (host->devices[high].address.domain != a->domain ||
		    host->devices[high].address.bus != a->bus)
			break;
	}
	*ret_end = high;
}

/* The bridges by the bus behind them, for trees that have no folders to say so. */
struct behind {
	uint32_t domain;
	unsigned int bus;
	size_t bridge;
};

static int compare_behind(const void *a, const void *b)
{
	const struct behind *x = a, *y = b;

	if (x->domain != y->domain)
		return x->domain < y->domain ? -1 : 1;
	if (x->bus != y->bus)
		return x->bus < y->bus ? -1 : 1;
	return x->bridge < y->bridge ? -1 : x->bridge > y->bridge;
}

struct bridges {
	struct behind *list;
	size_t n;
};

static void list_bridges(const struct isolation_view *v, struct bridges *ret)
{
	size_t i;

	*ret = (struct bridges){0};
	for (i = 0; i < v->host->n_devices; i++) {
		const struct pci_device *d = &v->host->devices[i];

		if (d->function->secondary > d->address.bus)
			*arena_append(v->arena, ret->list, ret->n) =
				(struct behind){d->address.domain, d->function->secondary, i};
	}
	if (ret->n)
		qsort(ret->list, ret->n, sizeof(*ret->list), compare_behind);
}

static int bridge_by_number(const struct bridges *bridges, const struct pci_device *d)
{
	const struct behind key = {d->address.domain, d->address.bus, 0};
	size_t low = 0, high = bridges->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_behind(&bridges->list[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < bridges->n && bridges->list[low].domain == key.domain &&
			       bridges->list[low].bus == key.bus
		       ? (int)bridges->list[low].bridge
		       : -1;
}

static int bridge_above(const struct isolation_view *v, const struct bridges *bridges,
			size_t device)
{
	const struct pci_device *d = &v->host->devices[device];

	if (d->parent >= 0)
		return v->host->devices[d->parent].address.domain == d->address.domain ? d->parent
										       : -1;
	if (!d->address.bus || !d->folder || strcmp(d->folder, "sys/bus/pci/devices"))
		return -1;
	return bridge_by_number(bridges, d);
}

/* A link has Express on both ends; without that, what was not read stays unknown. */
static void set_port_type(const struct isolation_view *v, size_t device)
{
	struct isolation_device *d = &v->i->devices[device];
	const struct isolation_device *up = d->bridge >= 0 ? &v->i->devices[d->bridge] : NULL;
	const struct pci_function *f = v->host->devices[device].function;
	bool is_link = up && up->express == FACT_READ &&
		       (up->port_type == PCI_PORT_ROOT || up->port_type == PCI_PORT_DOWNSTREAM);

	d->express = f->read == FACT_READ ? f->express : f->read;
	d->port_type = f->port_type;
	if (d->express != FACT_READ && d->express != FACT_ABSENT && is_link &&
	    v->host->devices[device].header == PCI_HEADER_ENDPOINT) {
		d->express = FACT_READ;
		d->port_type = PCI_PORT_ENDPOINT;
	}
	if (d->express != FACT_READ || !up || up->express != FACT_READ ||
	    isolation_kernel_is_before(&v->i->kernel, 5, 4))
		return;
	/* Some switches call their ports by each other's names. */
	if (d->port_type == PCI_PORT_DOWNSTREAM && (is_link || up->port_type == PCI_PORT_FROM_PCI))
		d->port_type = PCI_PORT_UPSTREAM;
	else if (d->port_type == PCI_PORT_UPSTREAM && up->port_type == PCI_PORT_UPSTREAM)
		d->port_type = PCI_PORT_DOWNSTREAM;
}

/* A second function can only be there if the first is one of several, whatever its header says. */
static void set_multifunction(const struct isolation_view *v, size_t device)
{
	const struct pci_device *p = &v->host->devices[device];
	struct isolation_device *d = &v->i->devices[device];

	d->is_virtual = p->function->is_virtual;
	d->is_multifunction =
		!d->is_virtual && (p->address.function > 0 || p->function->is_multifunction);
	/* Silent: its neighbours tell. */
	if (p->function->read != FACT_READ && !p->address.function &&
	    device + 1 < v->host->n_devices) {
		const struct pci_device *next = p + 1;

		d->is_multifunction |= next->address.domain == p->address.domain &&
				       next->address.bus == p->address.bus &&
				       next->address.slot == p->address.slot;
	}
}

static uint64_t *aliases_of(const struct isolation_view *v, size_t device)
{
	struct isolation_device *d = &v->i->devices[device];

	if (!d->aliases)
		d->aliases = arena_calloc(v->arena, 4, sizeof(*d->aliases));
	return d->aliases;
}

static void set_quirk_aliases(const struct isolation_view *v, size_t device)
{
	uint64_t aliases[4] = {0};

	if (alias_quirk_add(&v->i->kernel, &v->host->devices[device], aliases))
		memcpy(aliases_of(v, device), aliases, sizeof(aliases));
}

/* AMD's table names the id that a device's requests bear; on its own bus it becomes an alias. */
struct ivrs_row {
	bool is_covered;
	uint16_t alias;
};

static void cover(struct ivrs_row *rows, unsigned int first, unsigned int last, int alias)
{
	unsigned int id;

	for (id = first; id <= last; id++) {
		rows[id].is_covered = true;
		rows[id].alias = (uint16_t)(alias < 0 ? (int)id : alias);
	}
}

static void read_block(const struct ivrs_structure *s, struct ivrs_row *rows)
{
	unsigned int start = 0;
	int alias = -1;
	size_t i;

	for (i = 0; i < s->n_entries; i++) {
		const struct ivhd_entry *e = &s->entries[i];

		switch (e->type) {
		case IVHD_ALL:
			cover(rows, 0, 0xffff, -1);
			break;
		case IVHD_SELECT:
		case IVHD_EXTENDED_SELECT:
			cover(rows, e->device_id, e->device_id, -1);
			break;
		case IVHD_ALIAS_SELECT:
			cover(rows, e->device_id, e->device_id, e->alias_id);
			rows[e->alias_id].is_covered = true;
			break;
		case IVHD_RANGE_START:
		case IVHD_EXTENDED_RANGE:
			start = e->device_id;
			alias = -1;
			break;
		case IVHD_ALIAS_RANGE:
			start = e->device_id;
			alias = e->alias_id;
			rows[e->alias_id].is_covered = true;
			break;
		case IVHD_RANGE_END:
			cover(rows, start, e->device_id, alias);
			break;
		default:
			break;
		}
	}
	/* Tables name the IOMMU among its devices; the kernel knows better. */
	rows[s->device_id].is_covered = false;
}

static void apply_table(const struct isolation_view *v)
{
	const struct ivrs *ivrs = v->host->ivrs;
	struct ivrs_row *rows = arena_calloc(v->arena, 0x10000, sizeof(*rows));
	size_t i;

	for (i = 0; i < 0x10000; i++)
		rows[i].alias = (uint16_t)i;
	for (i = 0; i < ivrs->n_structures; i++) {
		if (ivrs_type_is_ivhd(ivrs->structures[i].type) && !ivrs->structures[i].segment)
			read_block(&ivrs->structures[i], rows);
	}
	for (i = 0; i < v->host->n_devices; i++) {
		const struct pci_device *d = &v->host->devices[i];
		unsigned int id = (unsigned int)d->address.bus << 8 | pci_devfn(d);

		if (d->address.domain)
			continue;
		v->i->devices[i].is_outside = !rows[id].is_covered;
		if (rows[id].alias != id && rows[id].alias >> 8 == d->address.bus) {
			unsigned int bit = rows[id].alias & 0xff;

			aliases_of(v, i)[bit / 64] |= (uint64_t)1 << bit % 64;
		}
	}
}

static bool is_same_slot(const struct pci_device *a, const struct pci_device *b)
{
	return a->address.domain == b->address.domain && a->address.bus == b->address.bus &&
	       a->address.slot == b->address.slot;
}

/*
 * Without the table: an AMD IOMMU is a function itself, and none of its own devices. Since it stands
 * beside AMD's own host bridges, firmware lets the devices begin behind it: what comes before it in its
 * slot is in no group either. The older chipsets (vendor ATI) have their host bridge in one.
 */
static void guess_outside(const struct isolation_view *v)
{
	size_t i, k;

	for (i = 0; i < v->host->n_devices; i++) {
		const struct pci_device *d = &v->host->devices[i];

		if (d->class >> 8 != CLASS_IOMMU ||
		    (d->vendor != AMD && d->vendor != HYGON && d->vendor != ATI))
			continue;
		v->i->devices[i].is_outside = true;
		for (k = i; d->vendor != ATI && k-- && is_same_slot(&v->host->devices[k], d);)
			v->i->devices[k].is_outside = true;
	}
}

bool isolation_takes_over(const struct isolation_view *v, size_t bridge)
{
	const struct isolation_device *d = &v->i->devices[bridge];

	if (d->express == FACT_ABSENT)
		return true;
	if (d->express != FACT_READ)
		return !v->is_hopeful;
	if (d->port_type == PCI_PORT_TO_PCI)
		return !alias_quirk_is_transparent(&v->i->kernel, &v->host->devices[bridge]);
	return d->port_type == PCI_PORT_FROM_PCI;
}

/* A tree of links that somebody wrote may be a ring; there the way up ends. */
static void cut_rings(const struct isolation_view *v)
{
	size_t n = v->host->n_devices, i;
	size_t *walk = arena_calloc(v->arena, n, sizeof(*walk)); /* who came by first, plus one */
	int at;

	for (i = 0; i < n; i++) {
		for (at = (int)i; at >= 0 && !walk[at]; at = v->i->devices[at].bridge) {
			int up = v->i->devices[at].bridge;

			walk[at] = i + 1;
			if (up >= 0 && walk[up] == i + 1)
				v->i->devices[at].bridge = -1;
		}
	}
}

/* Whoever stands in a domain of its own below an Intel device is a VMD's. */
static void set_requester(const struct isolation_view *v, size_t device)
{
	const struct pci_device *d = &v->host->devices[device], *up;
	struct isolation_device *i = &v->i->devices[device];

	i->requester = i->bridge >= 0 ? v->i->devices[i->bridge].requester : -1;
	if (i->bridge >= 0 || d->parent < 0)
		return;
	up = &v->host->devices[d->parent];
	if (up->vendor == INTEL && up->address.domain != d->address.domain)
		i->requester = d->parent;
}

/* The children of each device as a chain, so that a walk down needs no search. */
struct chain {
	int *first, *next; /* of a bridge, of a device on the same bus or a further root bus */
	int root;
};

static void build_chain(const struct isolation_view *v, struct chain *c)
{
	size_t n = v->host->n_devices, i;

	c->first = arena_calloc(v->arena, n, sizeof(*c->first));
	c->next = arena_calloc(v->arena, n, sizeof(*c->next));
	memset(c->first, 0xff, n * sizeof(*c->first));
	c->root = -1;
	for (i = n; i--;) {
		int bridge = v->i->devices[i].bridge;
		int *head = bridge >= 0 ? &c->first[bridge] : &c->root;

		c->next[i] = *head;
		*head = (int)i;
	}
}

/* All of a bus, then what is below its bridges, one after the other. */
static size_t *meet(const struct isolation_view *v, const struct chain *c)
{
	size_t n = v->host->n_devices, n_order = 0, n_stack = 0, from, i;
	size_t *order = arena_calloc(v->arena, n, sizeof(*order));
	int *stack = arena_calloc(v->arena, n + 1, sizeof(*stack)), at;

	stack[n_stack++] = c->root;
	while (n_stack) {
		from = n_order;
		for (at = stack[--n_stack]; at >= 0; at = c->next[at])
			order[n_order++] = (size_t)at;
		for (i = n_order; i-- > from;) {
			if (c->first[order[i]] >= 0)
				stack[n_stack++] = c->first[order[i]];
		}
	}
	return order;
}

size_t *isolation_prepare(const struct isolation_view *v)
{
	struct bridges bridges;
	struct chain chain;
	size_t *order, i;

	list_bridges(v, &bridges);
	for (i = 0; i < v->host->n_devices; i++) {
		v->i->devices[i].group = v->i->devices[i].with = v->i->devices[i].culprit = -1;
		v->i->devices[i].bridge = bridge_above(v, &bridges, i);
	}
	cut_rings(v);
	build_chain(v, &chain);
	order = meet(v, &chain);
	for (i = 0; i < v->host->n_devices; i++) {
		set_port_type(v, order[i]);
		set_requester(v, order[i]);
		set_multifunction(v, i);
		set_quirk_aliases(v, i);
	}
	if (v->host->ivrs)
		apply_table(v);
	else
		guess_outside(v);
	return order;
}
