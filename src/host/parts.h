/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The readers of one part each, which only host/read.c calls. Each says how far it came: a part that
 * can't be read is a state of the snapshot, not an error.
 */
#ifndef FERRY_HOST_PARTS_H
#define FERRY_HOST_PARTS_H

#include "base/root.h"
#include "host/host.h"

struct host_reader {
	const struct root *root;
	struct root sys;       /* "sys" below the root */
	struct arena *arena;   /* what the host keeps */
	struct arena *scratch; /* what only the reading needs */
	struct host *host;
	unsigned int parts; /* bits: those wanted and those that they need */
	int *group_ids; /* of each device, -1: none. NULL: not read from the devices' own links */
};

static inline bool reader_wants(const struct host_reader *r, enum host_part part)
{
	return r->parts & HOST_PART(part);
}

/* HOST_PCI with what stands in the device's own files: ATTRIBUTES, OVERRIDE, IDENTITY. */
enum fact pci_read(struct host_reader *r);
/* HOST_GROUP_NUMBERS; HOST_GROUPS where it is wanted. */
enum fact iommu_read(struct host_reader *r);
/* HOST_CONFIG */
enum fact config_read(struct host_reader *r);
/* HOST_UNDER; HOST_DETAILS where it is wanted. */
enum fact under_read(struct host_reader *r);
enum fact storage_read(struct host_reader *r);
enum fact kernel_read(struct host_reader *r);
enum fact names_read(struct host_reader *r);
enum fact handover_read(struct host_reader *r);
enum fact process_read(struct host_reader *r);
enum fact network_read(struct host_reader *r);
/* HOST_USES: each family of uses in a file of its own. */
enum fact use_read(struct host_reader *r);
enum fact platform_read(struct host_reader *r);
/* HOST_LENT; no table is an empty one. Errors, err filled: the table is there and can't be believed. */
int lent_read(struct host_reader *r, enum fact *ret, struct error *err);

/*
 * Where a link of sysfs leads, from its text ("../../devices/pci0000:00/0000:00:1f.2/ata1/host0/..."):
 * the last PCI device on the way, and what stands behind it ("ata1/host0/...", "" where nothing does).
 * false: no device that the host has.
 */
bool pci_path_device(const struct host *host, const char *path, size_t *ret_device,
		     const char **ret_rest);
/* The index of the device of that address, or -1. */
int pci_find(const struct host *host, const struct pci_address *address);

#endif
