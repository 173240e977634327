// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * IOMMU groups from sys/kernel/iommu_groups, which alone tells of members that are no PCI devices, and
 * the units from sys/class/iommu. A captured tree may lack that folder: then the groups are those that
 * the devices' own links name.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/parts.h"

#define GROUPS "kernel/iommu_groups"

static int compare_groups(const void *a, const void *b)
{
	const struct iommu_group *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* What is no group number in that folder is no group. */
static int list_groups(struct host_reader *r)
{
	struct host *host = r->host;
	char **names;
	size_t n, i;
	uint64_t id;
	int err = root_names(&r->sys, r->scratch, GROUPS, &names, &n);

	if (err)
		return err;
	host->groups = arena_calloc(r->arena, n, sizeof(*host->groups));
	for (i = 0; i < n; i++) {
		if (!text_parse_u64(names[i], 10, INT_MAX, &id))
			host->groups[host->n_groups++].id = (unsigned int)id;
	}
	if (host->n_groups)
		qsort(host->groups, host->n_groups, sizeof(*host->groups), compare_groups);
	return 0;
}

static void add_other(struct host_reader *r, struct iommu_group *g, const char *name)
{
	size_t n = g->n_others;
	char *driver, *path = arena_printf(r->scratch, GROUPS "/%u/devices/%s/driver", g->id, name);
	int err = root_readlink_name(&r->sys, r->arena, path, &driver);

	*arena_append(r->arena, g->others, g->n_others) = arena_strdup(r->arena, name);
	/* A driver that can't be read must not look like none. */
	*arena_append(r->arena, g->other_drivers, n) = !err                                 ? driver
						       : fact_from_code(err) == FACT_ABSENT ? NULL
											    : "?";
}

static int compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static int read_members(struct host_reader *r, struct iommu_group *g)
{
	char path[sizeof(GROUPS "/4294967295/devices")];
	struct pci_address address;
	char **names;
	size_t n, i;
	int device, err;

	snprintf(path, sizeof(path), GROUPS "/%u/devices", g->id);
	err = root_names(&r->sys, r->scratch, path, &names, &n);
	if (err)
		return err;
	if (n > 1)
		qsort(names, n, sizeof(*names), compare_names);
	for (i = 0; i < n; i++) {
		device = pci_address_parse(names[i], &address) ? -1 : pci_find(r->host, &address);
		if (device < 0)
			add_other(r, g, names[i]);
		else
			r->host->devices[device].group = (int)(g - r->host->groups);
	}
	return 0;
}

/* The members in the order of the devices, each list of its exact size. */
static void collect_members(struct host_reader *r)
{
	struct host *host = r->host;
	struct iommu_group *g;
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].group >= 0)
			host->groups[host->devices[i].group].n_devices++;
	}
	for (i = 0; i < host->n_groups; i++) {
		g = &host->groups[i];
		g->devices = arena_calloc(r->arena, g->n_devices, sizeof(*g->devices));
		g->n_devices = 0;
	}
	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].group < 0)
			continue;
		g = &host->groups[host->devices[i].group];
		g->devices[g->n_devices++] = i;
	}
}

/* Lines of "0x… 0x… type"; "direct-relaxable" bars nothing. */
static void read_regions(struct host_reader *r, struct iommu_group *g)
{
	char *text, *line, *save = NULL;
	char *path = arena_printf(r->scratch, GROUPS "/%u/reserved_regions", g->id);
	int err = root_read(&r->sys, r->scratch, path, &text, NULL);

	g->regions_read = fact_from_code(err);
	if (err)
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (text_has_suffix(text_trim_end(line), " direct"))
			*arena_append(r->arena, g->direct_regions, g->n_direct_regions) =
				arena_strdup(r->arena, line);
	}
}

static void read_type(struct host_reader *r, struct iommu_group *g)
{
	char buffer[64], path[sizeof(GROUPS "/4294967295/type")];

	snprintf(path, sizeof(path), GROUPS "/%u/type", g->id);
	if (!root_read_attribute(&r->sys, path, buffer, sizeof(buffer), NULL))
		g->type = arena_strdup(r->arena, text_trim_end(buffer));
}

static void read_units(struct host_reader *r)
{
	struct host *host = r->host;
	char **names;
	size_t n, i;
	int err = root_list(&r->sys, r->scratch, "class/iommu", &names, &n);

	host->units_read = fact_from_code(err);
	if (err)
		return;
	host->units = arena_calloc(r->arena, n, sizeof(*host->units));
	for (i = 0; i < n; i++)
		host->units[i].name = arena_strdup(r->arena, names[i]);
	host->n_units = n;
}

static int link_of_device(struct host_reader *r, struct pci_device *d)
{
	char *name, *path = arena_printf(r->scratch, "%s/%s/iommu_group", d->folder, d->name);
	int err = root_readlink_name(r->root, r->scratch, path, &name);
	uint64_t id;

	if (!err && !text_parse_u64(name, 10, INT_MAX, &id))
		return (int)id;
	if (!err || fact_from_code(err) != FACT_ABSENT)
		d->unreadable |= 1U << PCI_ATTRIBUTE_GROUP;
	return -1;
}

static int compare_ids(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void read_ids(struct host_reader *r)
{
	size_t i;

	r->group_ids = arena_calloc(r->scratch, r->host->n_devices, sizeof(*r->group_ids));
	for (i = 0; i < r->host->n_devices; i++)
		r->group_ids[i] = link_of_device(r, &r->host->devices[i]);
}

/* The groups that the devices' own links name. */
static void groups_of_ids(struct host_reader *r)
{
	struct host *host = r->host;
	int *sorted = arena_calloc(r->scratch, host->n_devices, sizeof(*sorted));
	const struct iommu_group *g;
	size_t i, n = 0;

	memcpy(sorted, r->group_ids, host->n_devices * sizeof(*sorted));
	qsort(sorted, host->n_devices, sizeof(*sorted), compare_ids);
	for (i = 0; i < host->n_devices; i++) {
		if (sorted[i] >= 0 && (!n || sorted[i] != sorted[n - 1]))
			sorted[n++] = sorted[i];
	}
	host->groups = arena_calloc(r->arena, n, sizeof(*host->groups));
	host->n_groups = n;
	for (i = 0; i < n; i++)
		host->groups[i].id = (unsigned int)sorted[i];
	for (i = 0; i < host->n_devices; i++) {
		const struct iommu_group key = {.id = (unsigned int)r->group_ids[i]};

		if (r->group_ids[i] < 0)
			continue;
		g = bsearch(&key, host->groups, n, sizeof(key), compare_groups);
		host->devices[i].group = (int)(g - host->groups);
	}
}

static int read_all_members(struct host_reader *r)
{
	size_t i;
	int err = 0, one;

	for (i = 0; i < r->host->n_groups; i++) {
		one = read_members(r, &r->host->groups[i]);
		/* A group may go while it is looked at: its last device was unplugged. */
		if (one && one != -ENOENT)
			err = -EIO;
	}
	return err;
}

static bool has_ids(const struct host_reader *r)
{
	size_t i;

	for (i = 0; r->group_ids && i < r->host->n_devices; i++) {
		if (r->group_ids[i] >= 0)
			return true;
	}
	return false;
}

/*
 * By the devices' links where only numbers are wanted, or where those are all there is; else by the
 * groups' own folders.
 */
static int read_groups(struct host_reader *r)
{
	int err = 0;

	if (!has_ids(r)) {
		err = list_groups(r);
		if (!err)
			return read_all_members(r);
		if (err != -ENOENT)
			return err;
	}
	if (!r->group_ids)
		read_ids(r);
	if (has_ids(r)) {
		groups_of_ids(r);
		err = 0;
	}
	return err;
}

enum fact iommu_read(struct host_reader *r)
{
	struct host *host = r->host;
	size_t i;
	int err = read_groups(r);

	collect_members(r);
	if (!reader_wants(r, HOST_GROUPS))
		return fact_from_code(err);
	for (i = 0; i < host->n_groups; i++) {
		read_type(r, &host->groups[i]);
		read_regions(r, &host->groups[i]);
	}
	read_units(r);
	return fact_from_code(err);
}
