/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PCI functions and the IOMMU groups that they stand in, as values. Part of host/host.h, which is the
 * header to include.
 */
#ifndef FERRY_HOST_DEVICE_H
#define FERRY_HOST_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fact.h"
#include "decode/pci_address.h"
#include "decode/pci_function.h"

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
	int32_t vendor, device, subsystem_vendor, subsystem_device;
	int32_t revision; /* HOST_ATTRIBUTES */
	/* From the class, and from what stands below it: a list opens no config space. */
	enum pci_header header;
	const char *driver;   /* NULL: none */
	const char *override; /* HOST_OVERRIDE: "" where it holds nothing, else what it holds */
	const char *serial;   /* HOST_IDENTITY: PCIe 7.9.3, "00-11-22-33-44-55-66-77"; NULL: none */
	/*
	 * Below the root, where its folder lies: "sys/devices/pci0000:00". One text for all of a bus.
	 */
	const char *folder;
	int group; /* index into host.groups, or -1 */
	/*
	 * Index of the bridge above in host.devices, or -1. Of what stands in a domain of its own below
	 * another device (VMD), that device.
	 */
	int parent;
	int physical; /* HOST_USES: of a virtual function, its physical function's index; else -1 */
	int numa_node; /* -1: none. Without HOST_ATTRIBUTES also where only one node is online */
	uint32_t unreadable;                                /* bits: 1 << enum pci_attribute */
	const char *vendor_name, *device_name, *class_name; /* HOST_NAMES; NULL: unknown */
	size_t first_node, n_nodes;          /* HOST_UNDER: its slice of host.nodes */
	const struct pci_function *function; /* HOST_CONFIG; NULL: not asked for */
	size_t config_size; /* HOST_CONFIG: bytes that were given, 64, 256 or 4096 */
};

struct iommu_group {
	unsigned int id;
	const char *type; /* "DMA", "DMA-FQ", "identity", ...; NULL: not read or not there */
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

/* What does not change while a device stays the same card in the same slot (Rule 4). */
struct pci_identity {
	struct pci_address address;
	int32_t class, vendor, device, subsystem_vendor, subsystem_device;
	const char *serial; /* NULL: none, or it could not be read */
};

void pci_device_identity(const struct pci_device *device, struct pci_identity *ret);
/*
 * Whether the two are the same card: vendor, device, class and subsystem equal, and the serial numbers
 * equal where both are known. The address is not compared.
 */
bool pci_identity_matches(const struct pci_identity *a, const struct pci_identity *b);

#endif
