// SPDX-License-Identifier: LGPL-2.1-or-later
/* See pci_config.h. Lists are bounded by the number of capabilities that the space has room for. */
#include "decode/pci_config.h"

#define STATUS           0x06
#define STATUS_HAS_LIST  0x10
#define FIRST_CAPABILITY 0x34
#define FIRST_EXTENDED   0x100

bool pci_config_u8(const struct pci_config *c, size_t offset, uint8_t *ret)
{
	if (offset >= c->len)
		return false;
	*ret = c->data[offset];
	return true;
}

bool pci_config_u16(const struct pci_config *c, size_t offset, uint16_t *ret)
{
	if (c->len < 2 || offset > c->len - 2)
		return false;
	*ret = (uint16_t)(c->data[offset] | c->data[offset + 1] << 8);
	return true;
}

bool pci_config_u32(const struct pci_config *c, size_t offset, uint32_t *ret)
{
	uint16_t low, high;

	if (!pci_config_u16(c, offset, &low) || !pci_config_u16(c, offset + 2, &high))
		return false;
	*ret = (uint32_t)high << 16 | low;
	return true;
}

bool pci_config_is_asleep(const struct pci_config *c)
{
	uint32_t ids;

	return pci_config_u32(c, 0, &ids) && ids == 0xffffffff;
}

size_t pci_config_find(const struct pci_config *c, uint8_t id)
{
	uint16_t status;
	uint8_t at, found, next;
	int left;

	if (pci_config_is_asleep(c) || !pci_config_u16(c, STATUS, &status) ||
	    !(status & STATUS_HAS_LIST) || !pci_config_u8(c, FIRST_CAPABILITY, &at))
		return 0;
	for (left = (256 - 64) / 4; left && at >= 64; left--) {
		at &= 0xfc;
		if (!pci_config_u8(c, at, &found) || !pci_config_u8(c, at + 1U, &next))
			return 0;
		if (found == id)
			return at;
		at = next;
	}
	return 0;
}

size_t pci_config_find_extended(const struct pci_config *c, uint16_t id)
{
	size_t at = FIRST_EXTENDED;
	uint32_t header;
	int left;

	if (pci_config_is_asleep(c))
		return 0;
	for (left = (4096 - 256) / 8; left && at >= FIRST_EXTENDED; left--) {
		if (!pci_config_u32(c, at, &header) || !header || header == 0xffffffff)
			return 0;
		if ((header & 0xffff) == id)
			return at;
		at = header >> 20 & 0xffc;
	}
	return 0;
}

bool pci_config_serial(const struct pci_config *c, uint64_t *ret)
{
	size_t at = pci_config_find_extended(c, PCI_EXTENDED_SERIAL);
	uint32_t low, high;

	if (!at || !pci_config_u32(c, at + 4, &low) || !pci_config_u32(c, at + 8, &high))
		return false;
	*ret = (uint64_t)high << 32 | low;
	return true;
}
