/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The word by which a person names a device, in any form that people paste, and the devices it means. */
#ifndef FERRY_ANALYSIS_TARGET_H
#define FERRY_ANALYSIS_TARGET_H

#include <stddef.h>

struct arena;
struct error;
struct host;

/*
 * An address in any form (pci_address_parse_loose), "8086:2922" (ids), "net:enp1s0", "block:sda" and
 * other kinds of host_node, "group:7" (all endpoints of it). Indexes into host.devices.
 * -ENODEV: no such device; -ENOTUNIQ: several, which err names; -EINVAL: no form of a device.
 * Needs HOST_PCI, HOST_GROUPS, HOST_UNDER and HOST_STORAGE.
 */
int target_resolve(const struct host *host, const char *word, struct arena *arena,
		   size_t **ret_devices, size_t *ret_n, struct error *err);

#endif
