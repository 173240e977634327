// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See pci_config.h. Both lists of capabilities are chains of offsets that the device names itself; a
 * chain has at most as many links as fit, so a loop is found by counting.
 */
#include "decode/pci_config.h"

#include <errno.h>

#define STATUS           0x06
#define STATUS_HAS_LIST  0x10
#define HEADER_TYPE      0x0e
#define LIST             0x34
#define LIST_CARDBUS     0x14
#define FIRST_CAPABILITY 0x40
#define LEGACY_SIZE      0x100

bool pci_config_u8(const struct pci_config *c, size_t offset, uint8_t *ret)
{
	if (offset >= c->size)
		return false;
	*ret = c->data[offset];
	return true;
}

bool pci_config_u16(const struct pci_config *c, size_t offset, uint16_t *ret)
{
	if (c->size < 2 || offset > c->size - 2)
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

bool pci_config_is_silent(const struct pci_config *c)
{
	uint32_t ids, class;

	/* A virtual function has no ids of its own either, but a class. */
	return pci_config_u32(c, 0, &ids) && pci_config_u32(c, 8, &class) && ids == UINT32_MAX &&
	       class == UINT32_MAX;
}

int pci_config_header(const struct pci_config *c, unsigned int *ret)
{
	uint8_t type;

	if (pci_config_is_silent(c) || !pci_config_u8(c, HEADER_TYPE, &type) || (type & 0x7f) > 2)
		return -EBADMSG;
	*ret = type & 0x7f;
	return 0;
}

bool pci_config_is_multifunction(const struct pci_config *c)
{
	uint8_t type;

	return !pci_config_is_silent(c) && pci_config_u8(c, HEADER_TYPE, &type) && type & 0x80;
}

int pci_config_find(const struct pci_config *c, uint8_t id, size_t *ret_offset)
{
	unsigned int header, links;
	uint16_t status;
	uint8_t at, found;

	if (pci_config_header(c, &header) || !pci_config_u16(c, STATUS, &status))
		return -EBADMSG;
	if (!(status & STATUS_HAS_LIST))
		return -ENOENT;
	if (!pci_config_u8(c, header == 2 ? LIST_CARDBUS : LIST, &at))
		return -EBADMSG;
	for (links = (LEGACY_SIZE - FIRST_CAPABILITY) / 4; links; links--) {
		at &= 0xfc;
		if (!at)
			return -ENOENT;
		if (at < FIRST_CAPABILITY)
			return -EBADMSG;
		if (!pci_config_u8(c, at, &found))
			return -ENODATA;
		if (found == 0xff)
			return -EBADMSG;
		if (found == id) {
			*ret_offset = at;
			return 0;
		}
		if (!pci_config_u8(c, at + 1U, &at))
			return -ENODATA;
	}
	return -EBADMSG;
}

int pci_config_find_extended(const struct pci_config *c, uint16_t id, size_t *ret_offset)
{
	size_t at = LEGACY_SIZE;
	unsigned int links;
	uint32_t word;
	int err;

	if (c->size <= LEGACY_SIZE) {
		/* Only the Express capability tells whether there would be more. */
		err = pci_config_find(c, PCI_CAPABILITY_EXPRESS, &at);
		return err ? err : -ENODATA;
	}
	for (links = (PCI_CONFIG_SIZE - LEGACY_SIZE) / 4; links; links--) {
		if (!pci_config_u32(c, at, &word))
			return -ENODATA;
		/* All zeros or all ones at 100h: there is no list. */
		if (at == LEGACY_SIZE && (!word || word == UINT32_MAX))
			return pci_config_is_silent(c) ? -EBADMSG : -ENOENT;
		if (word == UINT32_MAX)
			return -EBADMSG;
		if ((word & 0xffff) == id) {
			*ret_offset = at;
			return 0;
		}
		at = word >> 20 & 0xffc;
		if (!at)
			return -ENOENT;
		if (at < LEGACY_SIZE)
			return -EBADMSG;
	}
	return -EBADMSG;
}

int pci_config_serial(const struct pci_config *c, uint64_t *ret)
{
	uint32_t low, high;
	size_t at;
	int err = pci_config_find_extended(c, PCI_EXTENDED_SERIAL, &at);

	if (err)
		return err;
	if (!pci_config_u32(c, at + 4, &low) || !pci_config_u32(c, at + 8, &high))
		return -ENODATA;
	*ret = (uint64_t)high << 32 | low;
	return 0;
}
