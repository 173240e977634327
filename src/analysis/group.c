// SPDX-License-Identifier: LGPL-2.1-or-later
/* See group.h. A driver that is not in the list blocks: to be wrong that way costs a parked device only. */
#include "analysis/group.h"

#include <string.h>

/*
 * The drivers that manage no DMA for the host, by Linux 6.12: pci-stub (driver_managed_dma set in
 * drivers/pci/pci-stub.c) and pcieport (drivers/pci/pcie/portdrv.c).
 */
static const char *const harmless[] = {"pci-stub", "pcieport"};

/* Variants of vfio-pci in drivers/vfio/pci/ up to Linux 7.0. */
static const char *const vfio_drivers[] = {
	"vfio-pci",
	"mlx5_vfio_pci",
	"hisi-acc-vfio-pci",
	"hisi_acc_vfio_pci",
	"pds_vfio_pci",
	"pds-vfio-pci",
	"virtio-vfio-pci",
	"virtio_vfio_pci",
	"nvgrace-gpu-vfio-pci",
	"nvgrace_gpu_vfio_pci",
	"qat_vfio_pci",
	"xe-vfio-pci",
	"ism-vfio-pci",
};

static bool is_one_of(const char *driver, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(driver, list[i]))
			return true;
	}
	return false;
}

bool driver_is_vfio(const char *driver)
{
	return driver &&
	       is_one_of(driver, vfio_drivers, sizeof(vfio_drivers) / sizeof(*vfio_drivers));
}

bool group_member_is_endpoint(const struct pci_device *member)
{
	return member->header == PCI_HEADER_ENDPOINT;
}

static bool is_before(const struct host_kernel *kernel, unsigned int major, unsigned int minor)
{
	return kernel->version[0] < major ||
	       (kernel->version[0] == major && kernel->version[1] < minor);
}

bool group_member_blocks(const struct host *host, const struct pci_device *member)
{
	if (!member->driver || driver_is_vfio(member->driver))
		return false;
	if (is_one_of(member->driver, harmless, sizeof(harmless) / sizeof(*harmless)))
		return false;
	/* vfio_dev_viable() let every bridge pass, whatever drove it. */
	if (!group_member_is_endpoint(member) && host->kernel.release &&
	    is_before(&host->kernel, 5, 19))
		return false;
	return true;
}
