// SPDX-License-Identifier: LGPL-2.1-or-later
/* See pci_function.h. The bytes are a device's: nothing of them is believed to be whole. */
#include "decode/pci_function.h"

#include <errno.h>

#define SECONDARY          0x19
#define SUBORDINATE        0x1a
#define EXPRESS_FLAGS      0x02
#define EXPRESS_HAS_SLOT   0x0100
#define EXPRESS_SLOT       0x14
#define EXPRESS_SLOT_STATE 0x1a
#define SLOT_IS_TAKEN      0x0040
#define ACS_CAPABILITY     0x04
#define ACS_CONTROL        0x06
#define ACS_WIDE_CONTROL   0x08

const char *pci_port_type_name(unsigned int type)
{
	static const char *const names[] = {
		[PCI_PORT_ENDPOINT] = "endpoint",
		[PCI_PORT_LEGACY_ENDPOINT] = "legacy endpoint",
		[PCI_PORT_ROOT] = "root port",
		[PCI_PORT_UPSTREAM] = "switch upstream port",
		[PCI_PORT_DOWNSTREAM] = "switch downstream port",
		[PCI_PORT_TO_PCI] = "PCI Express to PCI bridge",
		[PCI_PORT_FROM_PCI] = "PCI to PCI Express bridge",
		[PCI_PORT_INTEGRATED_ENDPOINT] = "root complex integrated endpoint",
		[PCI_PORT_EVENT_COLLECTOR] = "root complex event collector",
	};

	return type < sizeof(names) / sizeof(*names) && names[type] ? names[type]
								    : "PCI Express function";
}

static enum fact fact_of_find(int code)
{
	switch (code) {
	case 0:
		return FACT_READ;
	case -ENOENT:
		return FACT_ABSENT;
	case -ENODATA:
		return FACT_NOT_READ;
	default:
		return FACT_UNREADABLE;
	}
}

static void decode_header(const struct pci_config *c, struct pci_function *f)
{
	uint8_t secondary = 0, subordinate = 0;
	uint32_t ids;

	f->is_silent = pci_config_is_silent(c);
	if (pci_config_header(c, &f->header)) {
		f->read = FACT_UNREADABLE;
		return;
	}
	f->read = FACT_READ;
	f->is_multifunction = pci_config_is_multifunction(c);
	f->is_virtual = pci_config_u32(c, 0, &ids) && ids == UINT32_MAX;
	if (f->header && pci_config_u8(c, SECONDARY, &secondary) &&
	    pci_config_u8(c, SUBORDINATE, &subordinate)) {
		f->secondary = secondary;
		f->subordinate = subordinate;
	}
}

static void decode_express(const struct pci_config *c, struct pci_function *f)
{
	uint16_t flags, state;
	uint32_t slot;
	size_t at;

	f->express = fact_of_find(pci_config_find(c, PCI_CAPABILITY_EXPRESS, &at));
	if (f->express != FACT_READ)
		return;
	if (!pci_config_u16(c, at + EXPRESS_FLAGS, &flags)) {
		f->express = FACT_NOT_READ;
		return;
	}
	f->port_type = flags >> 4 & 0xf;
	if (!(flags & EXPRESS_HAS_SLOT) || !pci_config_u32(c, at + EXPRESS_SLOT, &slot) ||
	    !pci_config_u16(c, at + EXPRESS_SLOT_STATE, &state))
		return;
	f->has_slot = f->port_type == PCI_PORT_ROOT || f->port_type == PCI_PORT_DOWNSTREAM;
	f->slot = slot >> 19;
	f->is_slot_taken = state & SLOT_IS_TAKEN;
}

static void decode_acs(const struct pci_config *c, struct pci_function *f)
{
	size_t at;

	f->acs = fact_of_find(pci_config_find_extended(c, PCI_EXTENDED_ACS, &at));
	if (f->acs != FACT_READ)
		return;
	if (!pci_config_u16(c, at + ACS_CAPABILITY, &f->acs_capability) ||
	    !pci_config_u16(c, at + ACS_CONTROL, &f->acs_control) ||
	    !pci_config_u32(c, at + ACS_CAPABILITY, &f->acs_wide_capability))
		f->acs = FACT_NOT_READ;
	/* A capability of the usual form may end before. */
	pci_config_u32(c, at + ACS_WIDE_CONTROL, &f->acs_wide_control);
}

void pci_function_decode(const struct pci_config *c, struct pci_function *ret)
{
	*ret = (struct pci_function){.read = FACT_NOT_READ};
	if (c->size < PCI_CONFIG_HEADER_SIZE)
		return;
	decode_header(c, ret);
	if (ret->read != FACT_READ)
		return;
	decode_express(c, ret);
	ret->acs = ret->express; /* conventional functions have none, of the others it is seen */
	if (ret->express == FACT_READ)
		decode_acs(c, ret);
}
