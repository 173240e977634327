// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Calls the readers of the parts in the order in which they need each other, and writes down how far
 * each came. Nothing here knows what a part is made of.
 */
#include "host/read.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "host/parts.h"

/* In this order; each stands behind what it needs. */
static const struct {
	enum host_part part;
	unsigned int needs;
	enum fact (*read)(struct host_reader *r); /* NULL: another part's reader does it */
} readers[] = {
	{HOST_PCI, 0, pci_read},
	{HOST_ATTRIBUTES, HOST_PART(HOST_PCI), NULL},
	{HOST_OVERRIDE, HOST_PART(HOST_PCI), NULL},
	{HOST_IDENTITY, HOST_PART(HOST_PCI), NULL},
	{HOST_GROUP_NUMBERS, HOST_PART(HOST_PCI), iommu_read},
	{HOST_GROUPS, HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUP_NUMBERS), NULL},
	{HOST_CONFIG, HOST_PART(HOST_PCI), config_read},
	{HOST_UNDER, HOST_PART(HOST_PCI), under_read},
	{HOST_DETAILS, HOST_PART(HOST_PCI) | HOST_PART(HOST_UNDER), NULL},
	{HOST_STORAGE, HOST_PART(HOST_PCI), storage_read},
	{HOST_NETWORK, HOST_PART(HOST_PCI), network_read},
	{HOST_USES, HOST_PART(HOST_PCI), use_read},
	{HOST_HANDOVER, HOST_PART(HOST_PCI), handover_read},
	{HOST_NAMES, HOST_PART(HOST_PCI), names_read},
	{HOST_KERNEL, 0, kernel_read},
	{HOST_PLATFORM,
	 HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUP_NUMBERS) | HOST_PART(HOST_GROUPS) |
		 HOST_PART(HOST_KERNEL),
	 platform_read},
	{HOST_HOLDERS, HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUP_NUMBERS), process_read},
	{HOST_OPENED, HOST_PART(HOST_PCI) | HOST_PART(HOST_HOLDERS) | HOST_PART(HOST_GROUP_NUMBERS),
	 NULL},
};

/* What a part's reader needs for itself goes with it: memory must not add up over the parts. */
static enum fact read_part(struct host_reader *r, enum fact (*read)(struct host_reader *r))
{
	ARENA_AUTO struct arena *scratch = arena_new();

	r->scratch = scratch;
	return read(r);
}

/* A part that another's reader reads came as far as that one. */
static void read_parts(struct host_reader *r)
{
	enum fact last = FACT_NOT_READ;
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		if (!reader_wants(r, readers[i].part))
			continue;
		if (readers[i].read)
			last = read_part(r, readers[i].read);
		r->host->parts[readers[i].part] = last;
	}
}

/* A part's own needs are listed whole: one pass is enough. */
static unsigned int with_needs(unsigned int parts)
{
	unsigned int all = parts;
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		if (parts & HOST_PART(readers[i].part))
			all |= readers[i].needs;
	}
	return all;
}

int host_read(const struct root *root, unsigned int parts, struct arena *arena,
	      struct host *ret_host, struct error *err)
{
	ARENA_AUTO struct arena *scratch = arena_new();
	struct host host = {.arena = arena, .is_live = root->live};
	struct host_reader r = {
		.root = root,
		.sys = ROOT_CLOSED,
		.arena = arena,
		.scratch = scratch,
		.host = &host,
		.parts = with_needs(parts),
	};
	int code = root_sub(root, "sys", &r.sys);

	if (code)
		return error_set(
			err, code, root->live ? "/sys" : "sys",
			root->live ? "mount sysfs there"
				   : "name the folder that holds sys/, and proc/ if there is one",
			"the machine can't be read: the folder can't be opened (%s)",
			strerror(-code));
	read_parts(&r);
	r.scratch = scratch;
	if (reader_wants(&r, HOST_LENT))
		code = lent_read(&r, &host.parts[HOST_LENT], err);
	root_close(&r.sys);
	if (code)
		return code;
	*ret_host = host;
	return 0;
}

const struct pci_device *host_find_device(const struct host *host,
					  const struct pci_address *address)
{
	int i = pci_find(host, address);

	return i < 0 ? NULL : &host->devices[i];
}

void pci_device_identity(const struct pci_device *device, struct pci_identity *ret)
{
	*ret = (struct pci_identity){
		.address = device->address,
		.class = device->class,
		.vendor = device->vendor,
		.device = device->device,
		.subsystem_vendor = device->subsystem_vendor,
		.subsystem_device = device->subsystem_device,
		.serial = device->serial,
	};
}

bool pci_identity_matches(const struct pci_identity *a, const struct pci_identity *b)
{
	return a->vendor == b->vendor && a->device == b->device && a->class == b->class &&
	       a->subsystem_vendor == b->subsystem_vendor &&
	       a->subsystem_device == b->subsystem_device &&
	       (!a->serial || !b->serial || text_equal(a->serial, b->serial));
}
