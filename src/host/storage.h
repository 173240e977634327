/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Block devices and who is built on whom, up to the mounts: what a disk's controller takes with it when
 * it leaves the host. Part of host/host.h, which is the header to include.
 */
#ifndef FERRY_HOST_STORAGE_H
#define FERRY_HOST_STORAGE_H

#include <stdbool.h>
#include <stddef.h>

/* A block device and what is built on it: partitions, device-mapper, md. */
struct block_device {
	const char *name;    /* "sda2", "dm-0" */
	const char *dm_name; /* "vg0-root"; NULL: not device-mapper */
	unsigned int major, minor;
	size_t *uppers; /* indexes into host.blocks: its partitions and holders */
	size_t n_uppers;
	size_t *devices; /* the PCI devices it hangs on itself; several with NVMe multipath */
	size_t n_devices;
};

struct host_mount {
	const char *source, *target, *type;
	int block; /* index into host.blocks, or -1 */
	bool read_only;
	bool is_swap; /* an active swap area: target is NULL */
};

#endif
