/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rule 1: a whole group or nothing. Which members of a group keep it from being handed over, by the
 * driver that they are on (drivers/vfio/group.c before Linux 5.19: vfio_dev_viable; since then
 * iommu_device_claim_dma_owner and each driver's driver_managed_dma).
 */
#ifndef FERRY_ANALYSIS_GROUP_H
#define FERRY_ANALYSIS_GROUP_H

#include "host/host.h"

/* vfio-pci or a driver made of it for one kind of device ("mlx5_vfio_pci"). */
bool driver_is_vfio(const char *driver);
/* Must this member leave its driver before the group can go? */
bool group_member_blocks(const struct host *host, const struct pci_device *member);
/* A member that can be assigned: no bridge by its header. */
bool group_member_is_endpoint(const struct pci_device *member);

#endif
