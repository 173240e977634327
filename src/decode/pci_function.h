/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What one function's configuration space says of isolation and topology: which kind of port it is, the
 * buses behind it, and its Access Control Services. The few facts are kept instead of the 4096 bytes:
 * a machine may have 65,536 functions. PCI Express 5.0, 7.5.3 and 7.7.8 (ACS); PCI 3.0, 6.2.
 */
#ifndef FERRY_DECODE_PCI_FUNCTION_H
#define FERRY_DECODE_PCI_FUNCTION_H

#include "base/fact.h"
#include "decode/pci_config.h"

/* Device/Port Type, PCI Express 7.5.3.2. */
enum pci_port_type {
	PCI_PORT_ENDPOINT = 0x0,
	PCI_PORT_LEGACY_ENDPOINT = 0x1,
	PCI_PORT_ROOT = 0x4,
	PCI_PORT_UPSTREAM = 0x5,
	PCI_PORT_DOWNSTREAM = 0x6,
	PCI_PORT_TO_PCI = 0x7,   /* PCI Express above, PCI below */
	PCI_PORT_FROM_PCI = 0x8, /* PCI above, PCI Express below */
	PCI_PORT_INTEGRATED_ENDPOINT = 0x9,
	PCI_PORT_EVENT_COLLECTOR = 0xa,
};
/* "root port", "switch downstream port", ...; "PCI Express function" for a type that has no name. */
const char *pci_port_type_name(unsigned int type);

#define PCI_ACS_SOURCE_VALIDATION    0x01
#define PCI_ACS_TRANSLATION_BLOCKING 0x02
#define PCI_ACS_REQUEST_REDIRECT     0x04
#define PCI_ACS_COMPLETION_REDIRECT  0x08
#define PCI_ACS_UPSTREAM_FORWARDING  0x10
#define PCI_ACS_EGRESS_CONTROL       0x20
#define PCI_ACS_DIRECT_TRANSLATED    0x40

struct pci_function {
	/* The header; UNREADABLE also where nobody answers (D3cold, or gone). */
	enum fact read;
	bool is_silent; /* all ones */
	bool is_multifunction;
	bool is_virtual;          /* an SR-IOV virtual function: it has no ids of its own */
	unsigned int header;      /* 0 endpoint, 1 bridge, 2 CardBus */
	unsigned int secondary;   /* headers 1 and 2: the buses behind it */
	unsigned int subordinate; /* 0: no number was given */

	/* The Express capability: READ, ABSENT (conventional PCI), else it could not be told. */
	enum fact express;
	unsigned int port_type; /* enum pci_port_type, or unknown */
	bool has_slot;          /* a port whose link ends in a slot */
	unsigned int slot;      /* its number on the board */
	bool is_slot_taken;     /* Presence Detect State */

	/*
	 * Access Control Services. NOT_READ: the file ends before extended capabilities begin.
	 * UNREADABLE: the list is damaged before it was found; the kernel finds none then.
	 */
	enum fact acs;
	uint16_t acs_capability, acs_control;
	/* The same where a chipset keeps them as double words: the control stands at offset 8. */
	uint32_t acs_wide_capability, acs_wide_control;
};

/* Never fails: what could not be read says so. */
void pci_function_decode(const struct pci_config *c, struct pci_function *ret);

#endif
