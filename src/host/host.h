/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One machine as a value: what the readers of host/ found, and for each part whether it was read at
 * all. Nothing in it is a handle; it lives in one arena and references are indexes into its arrays.
 * A command declares the parts that it needs; parts that it did not ask for stay FACT_NOT_READ.
 */
#ifndef FERRY_HOST_HOST_H
#define FERRY_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fact.h"
#include "host/device.h"
#include "host/handover.h"
#include "host/lent.h"
#include "host/network.h"
#include "host/storage.h"
#include "host/use.h"

struct arena;
struct error;
struct ivrs;
struct root;
struct host_platform;

enum host_part {
	HOST_PCI,           /* devices with ids, class, driver, parent, NUMA node */
	HOST_ATTRIBUTES,    /* revision, and the NUMA node as its file has it: a file each */
	HOST_GROUP_NUMBERS, /* IOMMU groups and their members: what a list needs */
	HOST_GROUPS,        /* the same with types, reserved regions, units */
	HOST_OVERRIDE,      /* driver_override of each device */
	HOST_IDENTITY, /* serial numbers: opens config, which wakes nothing but costs 280 us a device */
	HOST_CONFIG,  /* what config space says of isolation, IVRS: opens config as well */
	HOST_UNDER,   /* what hangs under each device: USB, SCSI, block, net, drm, sound, input */
	HOST_DETAILS, /* the same with product names and sizes: a file or two each */
	HOST_STORAGE, /* block devices and who is built on whom, mounts, swap */
	HOST_NETWORK, /* interfaces, who is built on whom, addresses, default routes, the login */
	HOST_USES,    /* screens, keyboards, sound, consoles, watchdogs, virtual functions */
	HOST_OPENED,  /* processes with a device's files open, from every /proc/PID/fd */
	HOST_KERNEL,  /* release, command line, modules, vfio, boot id */
	HOST_NAMES,   /* vendor, device and class names */
	HOST_HOLDERS, /* who has a VFIO group or device open, from every /proc/PID/fd */
	HOST_LENT,    /* ferry's own table of what is lent */
	/* processor, firmware, the kernel's build and log, VFIO, virtualization */
	HOST_PLATFORM,
	HOST_HANDOVER, /* power, resets, variant drivers; consoles and the firmware's screen */
	HOST_PARTS     /* how many there are */
};
#define HOST_PART(part) (1U << (part))
#define HOST_ALL_PARTS  (HOST_PART(HOST_PARTS) - 1)

/*
 * Something that hangs under a device, as in virsh nodedev-list --tree. The nodes of one device stand
 * together, each after its parent.
 */
struct host_node {
	/*
	 * "ata", "block", "drm", "infiniband", "input", "mmc_host", "net", "nvme", "scsi" (a device),
	 * "scsi_host", "scsi_target", "sound", "usb"
	 */
	const char *kind;
	const char *name;   /* the kernel's name: "1-1", "sda", "enp1s0" */
	const char *detail; /* HOST_DETAILS: a product's name, a size; NULL: nothing */
	int parent;         /* index into host.nodes, or -1: directly under the device */
	size_t device;      /* index into host.devices */
};

/*
 * A process that has a VFIO group or a VFIO device open. The container (/dev/vfio/vfio) and /dev/iommu
 * alone hold no device.
 */
struct host_holder {
	unsigned int pid;
	const char *command; /* /proc/PID/comm */
	/* "/dev/vfio/13", "/dev/vfio/devices/vfio0", "anon_inode:[vfio-device]" */
	const char *path;
	int group; /* index into host.groups, or -1 where it can't be told */
};

struct host_kernel {
	const char *release;      /* "6.1.0-28-amd64"; NULL: not read */
	unsigned int version[3];  /* 6, 1, 0 */
	const char *build;        /* /proc/version, where distributions say more; NULL: not read */
	const char *command_line; /* NULL: not read */
	const char *boot_id;      /* of this boot; NULL: not read */
	bool has_vfio_pci;        /* loaded or built in: /sys/bus/pci/drivers/vfio-pci is there */
	/*
	 * Why the module must not be loaded: "/etc/modprobe.d/x.conf, line 3: blacklist vfio-pci";
	 * NULL: nothing is in its way.
	 */
	const char *vfio_pci_barred;
	enum fact kvm; /* /dev/kvm can be opened */
};

struct host {
	struct arena *arena;
	bool is_live; /* this machine, not a captured tree */
	enum fact parts[HOST_PARTS];
	struct pci_device *devices; /* ordered by address */
	size_t n_devices;
	struct iommu_group *groups; /* ordered by id */
	size_t n_groups;
	struct iommu_unit *units;
	size_t n_units;
	enum fact units_read; /* FACT_ABSENT: the tree has no class/iommu, so there may be some */
	const struct ivrs *ivrs; /* HOST_CONFIG; NULL: ivrs_read says why */
	enum fact ivrs_read;
	struct host_node *nodes;
	size_t n_nodes;
	struct block_device *blocks;
	size_t n_blocks;
	struct host_mount *mounts;
	size_t n_mounts;
	struct host_interface *interfaces;
	size_t n_interfaces;
	enum fact addresses_read; /* of the interfaces: addresses and routes */
	struct host_use *uses;
	size_t n_uses;
	struct host_handover *handovers; /* HOST_HANDOVER: beside each of devices; NULL: not read */
	struct host_console *consoles;
	size_t n_consoles;
	struct host_firmware_screen *screens;
	size_t n_screens;
	struct host_holder *holders;
	size_t n_holders;
	size_t n_unread_processes; /* whose /proc/PID/fd could not be read */
	struct host_kernel kernel;
	struct lent lent;
	const struct host_platform *platform; /* HOST_PLATFORM, host/platform.h; NULL: not read */
};

/* The device of that address, or NULL. */
const struct pci_device *host_find_device(const struct host *host,
					  const struct pci_address *address);

#endif
