// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * HOST_CONFIG: what each function's configuration space says of isolation, and the AMD table that gives
 * devices other names towards the IOMMU. A list never asks for it: on a live bus a function costs 280 us,
 * and only root is given more than its first 64 bytes.
 */
#include <limits.h>
#include <stdio.h>

#include "base/arena.h"
#include "decode/ivrs.h"
#include "host/parts.h"

#define IVRS "firmware/acpi/tables/IVRS"

static void read_function(struct host_reader *r, struct pci_device *d)
{
	uint8_t buffer[PCI_CONFIG_SIZE + 1];
	struct pci_function *f = arena_alloc(r->arena, sizeof(*f));
	struct pci_config config = {.data = buffer};
	char path[PATH_MAX], *text;
	int err;

	d->function = f;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s/config", d->folder, d->name) >=
	    sizeof(path))
		return;
	err = root_read_attribute(r->root, path, (char *)buffer, sizeof(buffer), &config.size);
	if (err) {
		f->read = fact_from_code(err);
		return;
	}
	pci_function_decode(&config, f);
	d->config_size = config.size;
	snprintf(path, sizeof(path), "%s/%s/physfn", d->folder, d->name);
	/* The link itself: a capture keeps what was asked for. */
	if (!root_readlink(r->root, r->scratch, path, &text))
		f->is_virtual = true;
}

static enum fact read_ivrs(struct host_reader *r)
{
	struct ivrs *ivrs = arena_alloc(r->arena, sizeof(*ivrs));
	char *data;
	size_t size;
	int err = root_read(&r->sys, r->arena, IVRS, &data, &size);

	if (err)
		return fact_from_code(err);
	ivrs_decode(r->arena, data, size, ivrs);
	r->host->ivrs = ivrs;
	return FACT_READ;
}

enum fact config_read(struct host_reader *r)
{
	size_t i;

	for (i = 0; i < r->host->n_devices; i++)
		read_function(r, &r->host->devices[i]);
	r->host->ivrs_read = read_ivrs(r);
	return r->host->parts[HOST_PCI];
}
