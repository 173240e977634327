// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Reads the parts that a command declares, each after those that it builds on. What can't be read is a
 * state of the part; only a folder that is no machine, and a table of lent devices that can't be
 * believed, are errors.
 */
#include "host/read.h"

#include <errno.h>

#include "base/error.h"
#include "base/root.h"
#include "base/text.h"
#include "host/parts.h"

struct part_reader {
	enum host_part part;
	unsigned int needs;
	int (*read)(const struct root *root, struct host *host);
};

/* In the order of reading. */
static const struct part_reader readers[] = {
	{HOST_KERNEL, 0, host_read_kernel},
	{HOST_PCI, 0, host_read_pci},
	{HOST_GROUPS, HOST_PART(HOST_PCI), host_read_groups},
	{HOST_OVERRIDE, HOST_PART(HOST_PCI), host_read_overrides},
	{HOST_IDENTITY, HOST_PART(HOST_PCI), host_read_serials},
	{HOST_UNDER, HOST_PART(HOST_PCI), host_read_under},
	{HOST_STORAGE, HOST_PART(HOST_PCI), host_read_storage},
	{HOST_NAMES, HOST_PART(HOST_PCI), host_read_names},
	{HOST_HOLDERS, HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS), host_read_holders},
};

static unsigned int with_needs(unsigned int parts)
{
	size_t i;

	for (i = sizeof(readers) / sizeof(*readers); i-- > 0;) {
		if (parts & HOST_PART(readers[i].part))
			parts |= readers[i].needs;
	}
	return parts;
}

int host_read(const struct root *root, unsigned int parts, struct arena *arena,
	      struct host *ret_host, struct error *err)
{
	struct host host = {.arena = arena, .is_live = root->live};
	size_t i;
	int code = root_exists(root, "sys");

	if (code)
		return error_set(err, code, NULL, "name the folder that holds sys/ (and proc/)",
				 "there is no sys/ in it: it is no captured machine");
	parts = with_needs(parts);
	for (i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		const struct part_reader *r = &readers[i];

		if (parts & HOST_PART(r->part))
			host.parts[r->part] = fact_from_code(r->read(root, &host));
	}
	if (parts & HOST_PART(HOST_LENT)) {
		code = host_read_lent(root, &host, err);
		host.parts[HOST_LENT] = fact_from_code(code);
		if (code && host.parts[HOST_LENT] == FACT_UNREADABLE)
			return code;
	}
	*ret_host = host;
	return 0;
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
	if (a->class != b->class || a->vendor != b->vendor || a->device != b->device ||
	    a->subsystem_vendor != b->subsystem_vendor ||
	    a->subsystem_device != b->subsystem_device)
		return false;
	return !a->serial || !b->serial || text_equal(a->serial, b->serial);
}
