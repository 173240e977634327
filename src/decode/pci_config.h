/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration space of one PCI function, as the bytes of sysfs's "config": 64 (not root), 256 or
 * 4096 of them. The bytes are a device's and may be anything: every walk is bounded and ends where it
 * has been before. PCI 3.0, 6.1 and 6.7; PCI Express 7.5 and 7.6.
 */
#ifndef FERRY_DECODE_PCI_CONFIG_H
#define FERRY_DECODE_PCI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PCI_CONFIG_SIZE        4096
#define PCI_CONFIG_HEADER_SIZE 64 /* what everybody may read */
#define PCI_CONFIG_REVISION    8

struct pci_config {
	const uint8_t *data;
	size_t size;
};

enum pci_capability {
	PCI_CAPABILITY_POWER = 0x01,
	PCI_CAPABILITY_MSI = 0x05,
	PCI_CAPABILITY_VENDOR = 0x09,
	PCI_CAPABILITY_EXPRESS = 0x10,
	PCI_CAPABILITY_MSIX = 0x11,
	PCI_CAPABILITY_AF = 0x13,
};

enum pci_extended_capability {
	PCI_EXTENDED_AER = 0x0001,
	PCI_EXTENDED_SERIAL = 0x0003,
	PCI_EXTENDED_ACS = 0x000d,
	PCI_EXTENDED_ARI = 0x000e,
	PCI_EXTENDED_SRIOV = 0x0010,
};

/* Little-endian reads; false where they would run past the end. */
bool pci_config_u8(const struct pci_config *c, size_t offset, uint8_t *ret);
bool pci_config_u16(const struct pci_config *c, size_t offset, uint16_t *ret);
bool pci_config_u32(const struct pci_config *c, size_t offset, uint32_t *ret);

/* Nobody answered: the first bytes are all ones. It sleeps (D3cold) or is gone; all else is unknown. */
bool pci_config_is_silent(const struct pci_config *c);

/* The layout (0 endpoint, 1 bridge, 2 CardBus) without the bit for several functions; -EBADMSG. */
int pci_config_header(const struct pci_config *c, unsigned int *ret);
bool pci_config_is_multifunction(const struct pci_config *c);

/*
 * Where the capability of that id begins. -ENOENT: it has none; -ENODATA: that part of the space was not
 * read; -EBADMSG: silent, or the list is damaged before it was found.
 */
int pci_config_find(const struct pci_config *c, uint8_t id, size_t *ret_offset);
/* The same for extended capabilities, at 100h and above, which only PCI Express functions have. */
int pci_config_find_extended(const struct pci_config *c, uint16_t id, size_t *ret_offset);

/* Device Serial Number, PCI Express 7.9.3: an EUI-64. Errors as of the finders. */
int pci_config_serial(const struct pci_config *c, uint64_t *ret);

#endif
