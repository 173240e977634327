/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Block devices and who is built on whom, up to the mounts: what a disk's controller takes with it when
 * it leaves the host. Part of host/host.h, which is the header to include.
 */
#ifndef FERRY_HOST_STORAGE_H
#define FERRY_HOST_STORAGE_H

#include <stdbool.h>
#include <stddef.h>

/* What stands between a PCI device and a disk on it: "ata1", "1-4" (USB), "nvme0". */
struct block_way {
	const char **names;
	size_t n;
	bool is_live; /* of several ways to one NVMe namespace: this one carries it, or could */
};

/* A block device and what is built on it: partitions, device-mapper, md. */
struct block_device {
	const char *name;    /* "sda2", "dm-0" */
	const char *dm_name; /* "vg0-root"; NULL: not device-mapper */
	const char
		*dm_uuid; /* "LVM-...", "CRYPT-LUKS2-..."; NULL: not device-mapper, or not told */
	unsigned int major, minor;
	size_t *uppers; /* indexes into host.blocks: its partitions and holders */
	size_t n_uppers;
	size_t *devices; /* the PCI devices it hangs on itself; several with NVMe multipath */
	size_t n_devices;
	struct block_way *ways; /* beside each of devices; NULL: not known */
	/* A disk of the network: "iSCSI session1", and the server's address. NULL: none. */
	const char *remote, *remote_address;
};

struct host_mount {
	const char *source, *target, *type;
	int block; /* index into host.blocks, or -1 */
	bool read_only;
	bool is_swap; /* an active swap area: target is NULL */
	bool is_pool; /* ZFS or btrfs that is open with no mount seen: target is NULL, source its name */
	const char *
		server; /* a file system of the network: its server's address or name; NULL: none */
};

#endif
