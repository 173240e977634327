// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * IOMMU groups from their own folders, never from a link in every device's; units from class/iommu.
 * Members that are no PCI devices are kept by name: they bar a group as PCI members do.
 */
#include "host/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "host/read.h"

#define GROUPS "sys/kernel/iommu_groups"

static void add_other(const struct root *root, struct host *host, struct iommu_group *g,
		      const char *folder, const char *name)
{
	size_t n = g->n_others;
	char *driver;

	*arena_append(host->arena, g->others, g->n_others) = name;
	*arena_append(host->arena, g->other_drivers, n) =
		root_readlink_name(root, host->arena,
				   arena_printf(host->arena, "%s/%s/driver", folder, name), &driver)
			? NULL
			: driver;
}

static int compare_indexes(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

static int read_members(const struct root *root, struct host *host, struct iommu_group *g,
			int index)
{
	const char *folder = arena_printf(host->arena, GROUPS "/%u/devices", g->id);
	char **names;
	size_t n, i;
	int code = root_list(root, host->arena, folder, &names, &n);

	if (code)
		return code;
	for (i = 0; i < n; i++) {
		struct pci_address address;
		struct pci_device *d = NULL;

		if (!pci_address_parse(names[i], &address))
			d = (struct pci_device *)host_find_device(host, &address);
		if (!d) {
			add_other(root, host, g, folder, names[i]);
			continue;
		}
		d->group = index;
		*arena_append(host->arena, g->devices, g->n_devices) = (size_t)(d - host->devices);
	}
	if (g->n_devices)
		qsort(g->devices, g->n_devices, sizeof(*g->devices), compare_indexes);
	return 0;
}

/* "0x00000000fee00000 0x00000000feefffff msi": the type is the third word. */
static void read_regions(const struct root *root, struct host *host, struct iommu_group *g)
{
	char *text, *line, *save, *type;
	int code = root_read(root, host->arena,
			     arena_printf(host->arena, GROUPS "/%u/reserved_regions", g->id), &text,
			     NULL);

	g->regions_read = fact_from_code(code);
	if (code)
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		type = strrchr(line, ' ');
		if (type && !strcmp(type, " direct"))
			*arena_append(host->arena, g->direct_regions, g->n_direct_regions) = line;
	}
}

static int compare_groups(const void *a, const void *b)
{
	unsigned int x = ((const struct iommu_group *)a)->id;
	unsigned int y = ((const struct iommu_group *)b)->id;

	return (x > y) - (x < y);
}

static void read_units(const struct root *root, struct host *host)
{
	char **names;
	size_t n, i;

	if (root_list(root, host->arena, "sys/class/iommu", &names, &n))
		return;
	for (i = 0; i < n; i++)
		arena_append(host->arena, host->units, host->n_units)->name = names[i];
}

int host_read_groups(const struct root *root, struct host *host)
{
	char **names;
	size_t n, i;
	int code;

	read_units(root, host);
	code = root_list(root, host->arena, GROUPS, &names, &n);
	if (code)
		return code;
	for (i = 0; i < n; i++) {
		uint64_t id;

		if (!text_parse_u64(names[i], 10, UINT32_MAX, &id))
			arena_append(host->arena, host->groups, host->n_groups)->id =
				(unsigned int)id;
	}
	if (host->n_groups)
		qsort(host->groups, host->n_groups, sizeof(*host->groups), compare_groups);
	for (i = 0; i < host->n_groups && !code; i++) {
		struct iommu_group *g = &host->groups[i];
		char *type;

		code = read_members(root, host, g, (int)i);
		read_regions(root, host, g);
		if (!root_read_line(root, host->arena,
				    arena_printf(host->arena, GROUPS "/%u/type", g->id), &type))
			g->type = type;
	}
	return code;
}
