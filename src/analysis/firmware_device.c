// SPDX-License-Identifier: LGPL-2.1-or-later
/* See firmware_device.h. The tree of the snapshot is walked: no config space is read for bus numbers. */
#include "analysis/firmware_device.h"

static bool is_at(const struct pci_device *d, uint16_t segment, const struct dmar_path *hop)
{
	return d->address.domain == segment && d->address.slot == hop->device &&
	       d->address.function == hop->function;
}

static int find_first(const struct host *host, uint16_t segment, uint8_t bus,
		      const struct dmar_path *hop)
{
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].address.bus == bus && is_at(&host->devices[i], segment, hop))
			return (int)i;
	}
	return -1;
}

static int find_below(const struct host *host, uint16_t segment, int bridge,
		      const struct dmar_path *hop)
{
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].parent == bridge && is_at(&host->devices[i], segment, hop))
			return (int)i;
	}
	return -1;
}

const struct pci_device *firmware_device_find(const struct host *host, uint16_t segment,
					      uint8_t bus, const struct dmar_path *path,
					      size_t n_path)
{
	int found = n_path ? find_first(host, segment, bus, path) : -1;
	size_t i;

	for (i = 1; i < n_path && found >= 0; i++)
		found = find_below(host, segment, found, &path[i]);
	return found < 0 ? NULL : &host->devices[found];
}
