/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The configuration space of a PCI function, as the kernel's `config` file gives it: 64 bytes for
 * ordinary users, 256 or 4096 for root. Every read is bounded by what was read.
 */
#ifndef FERRY_DECODE_PCI_CONFIG_H
#define FERRY_DECODE_PCI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pci_config {
	const uint8_t *data;
	size_t len;
};

/* Extended capability ids, PCIe 7.9 */
#define PCI_EXTENDED_SERIAL 0x0003

/* false: it lies outside of what was read. */
bool pci_config_u8(const struct pci_config *c, size_t offset, uint8_t *ret);
bool pci_config_u16(const struct pci_config *c, size_t offset, uint16_t *ret);
bool pci_config_u32(const struct pci_config *c, size_t offset, uint32_t *ret);

/* All ones: the function sleeps in D3cold, or is gone. Nothing in it can be believed. */
bool pci_config_is_asleep(const struct pci_config *c);

/*
 * Offset of a capability (PCI 3.0 6.7) or an extended one (PCIe 7.6.3); 0: it is not there, or lies
 * outside of what was read. A list that runs in a ring ends.
 */
size_t pci_config_find(const struct pci_config *c, uint8_t id);
size_t pci_config_find_extended(const struct pci_config *c, uint16_t id);

/* PCIe 7.9.3. false: the function has none, or it can't be read. */
bool pci_config_serial(const struct pci_config *c, uint64_t *ret);

#endif
