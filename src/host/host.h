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
#include "decode/pci_address.h"

struct arena;
struct error;
struct root;

enum host_part {
	HOST_PCI,      /* devices with ids, class, driver, parent */
	HOST_GROUPS,   /* IOMMU groups, their members, reserved regions, units */
	HOST_OVERRIDE, /* driver_override of each device */
	HOST_IDENTITY, /* serial numbers: opens config, which wakes nothing but costs 280 us a device */
	HOST_UNDER,   /* what hangs under each device: USB, SCSI, block, net, drm, sound, input */
	HOST_STORAGE, /* block devices and who is built on whom, mounts, swap */
	HOST_KERNEL,  /* release, command line, modules, vfio, boot id */
	HOST_NAMES,   /* vendor, device and class names */
	HOST_HOLDERS, /* who has a VFIO group or device open, from every /proc/PID/fd */
	HOST_LENT,    /* ferry's own table of what is lent */
	HOST_PARTS    /* how many there are */
};
#define HOST_PART(part) (1U << (part))

enum pci_header { PCI_HEADER_ENDPOINT, PCI_HEADER_BRIDGE, PCI_HEADER_CARDBUS };

/* Bits for pci_device.unreadable: attributes that are there but could not be read or made no sense. */
enum pci_attribute {
	PCI_ATTRIBUTE_CLASS,
	PCI_ATTRIBUTE_VENDOR,
	PCI_ATTRIBUTE_DEVICE,
	PCI_ATTRIBUTE_SUBSYSTEM_VENDOR,
	PCI_ATTRIBUTE_SUBSYSTEM_DEVICE,
	PCI_ATTRIBUTE_REVISION,
	PCI_ATTRIBUTE_DRIVER,
	PCI_ATTRIBUTE_GROUP,
	PCI_ATTRIBUTE_NUMA_NODE,
	PCI_ATTRIBUTE_OVERRIDE,
	PCI_ATTRIBUTE_SERIAL,
	PCI_ATTRIBUTES
};
/* The names of json.md: "class", "vendor", ..., "driver_override", "serial". */
const char *pci_attribute_name(enum pci_attribute attribute);

/*
 * One PCI function. A number that is not there is -1, a text that is not there NULL; whether it was
 * unreadable instead stands in unreadable.
 */
struct pci_device {
	struct pci_address address;
	const char *name; /* of its folder, "0000:00:1f.2": what sysfs calls it */
	int32_t class;    /* 24 bits: base class, subclass, interface */
	int32_t vendor, device, subsystem_vendor, subsystem_device, revision;
	enum pci_header header; /* from the class: a list opens no config space */
	const char *driver;     /* NULL: none */
	const char *override;   /* HOST_OVERRIDE: "" where it holds nothing, else what it holds */
	const char *serial;  /* HOST_IDENTITY: PCIe 7.9.3, "00-11-22-33-44-55-66-77"; NULL: none */
	const char *path;    /* below the root: "sys/devices/pci0000:00/0000:00:1f.2" */
	int group;           /* index into host.groups, or -1 */
	int parent;          /* index of the bridge above in host.devices, or -1 */
	int numa_node;       /* -1: none */
	uint32_t unreadable; /* bits: 1 << enum pci_attribute */
	const char *vendor_name, *device_name, *class_name; /* HOST_NAMES; NULL: unknown */
	size_t first_node, n_nodes; /* HOST_UNDER: its slice of host.nodes */
};

struct iommu_group {
	unsigned int id;
	const char *type; /* "DMA", "DMA-FQ", "identity", ...; NULL: not readable */
	size_t *devices;  /* indexes into host.devices, in order */
	size_t n_devices;
	const char **others;        /* members that are no PCI devices, by name */
	const char **other_drivers; /* beside each of others: its driver, NULL where it has none */
	size_t n_others;
	enum fact regions_read;
	/* Lines of type "direct" in reserved_regions: each bars the whole group from assignment. */
	const char **direct_regions;
	size_t n_direct_regions;
};

/* An IOMMU that the kernel brought up: a folder in /sys/class/iommu ("dmar0", "ivhd0"). */
struct iommu_unit {
	const char *name;
};

/*
 * Something that hangs under a device, as in virsh nodedev-list --tree. The nodes of one device stand
 * together, each after its parent.
 */
struct host_node {
	const char *
		kind; /* the subsystem: "usb", "scsi", "block", "net", "drm", "sound", "input", ... */
	const char *name;   /* the kernel's name: "1-1", "sda", "enp1s0" */
	const char *detail; /* what a person would add: a product's name, a size; NULL: nothing */
	int parent;         /* index into host.nodes, or -1: directly under the device */
	size_t device;      /* index into host.devices */
};

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

/* A process that has a VFIO group, a VFIO device or /dev/iommu open. */
struct host_holder {
	unsigned int pid;
	const char *command; /* /proc/PID/comm */
	const char *path;    /* "/dev/vfio/13", "/dev/vfio/devices/vfio0" */
	int group;           /* index into host.groups, or -1 where it can't be told */
};

struct host_kernel {
	const char *release;      /* "6.1.0-28-amd64"; NULL: not read */
	unsigned int version[3];  /* 6, 1, 0 */
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

enum lent_role { LENT_ASSIGNED, LENT_PARKED, LENT_UNBOUND };
const char *lent_role_name(enum lent_role role);

/* What does not change while a device stays the same card in the same slot (Rule 4). */
struct pci_identity {
	struct pci_address address;
	int32_t class, vendor, device, subsystem_vendor, subsystem_device;
	const char *serial; /* NULL: none, or it could not be read */
};

/* A row of ferry's table of what is lent. */
struct lent_device {
	struct pci_identity identity;
	enum lent_role role;
	const char *guest;           /* NULL: detached for nobody yet */
	const char *since;           /* "2026-11-25T14:06:29Z" */
	const char *boot_id;         /* the boot in which it was detached */
	const char *driver_before;   /* NULL: it had none */
	const char *override_before; /* "": it held nothing */
	bool is_kept_detached;       /* by `ferry detach`: `down` leaves it detached */
	bool is_detached_by_ferry;   /* false: it was on vfio-pci already, or libvirt manages it */
	bool is_assigned_by_ferry;   /* its hostdev is ferry's */
};

/* What ferry did to a guest: enough to undo it exactly. */
struct lent_guest {
	const char *name, *uuid;
	const char *boot_id;    /* the boot in which ferry started it */
	const char *xml_before; /* inactive XML before the first edit; NULL: no exact way back */
	const char *xml_after;  /* as ferry left it */
	bool is_started_by_ferry;
};

struct lent {
	uint64_t sequence; /* of the last transaction that was sealed */
	struct lent_device *devices;
	size_t n_devices;
	struct lent_guest *guests;
	size_t n_guests;
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
	struct host_node *nodes;
	size_t n_nodes;
	struct block_device *blocks;
	size_t n_blocks;
	struct host_mount *mounts;
	size_t n_mounts;
	struct host_holder *holders;
	size_t n_holders;
	size_t n_unread_processes; /* whose /proc/PID/fd could not be read */
	struct host_kernel kernel;
	struct lent lent;
};

#endif
