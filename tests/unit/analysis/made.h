/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine of a few functions as a value, each made by a line, for the tests of isolation. */
#ifndef FERRY_TEST_MADE_H
#define FERRY_TEST_MADE_H

#include "../test.h"

#include "analysis/isolation.h"
#include "base/arena.h"

struct made {
	struct pci_device devices[24];
	struct pci_function functions[24];
	char names[24][PCI_ADDRESS_SIZE];
	struct host host;
	struct arena *arena;
	struct isolation isolation;
};

#define NO_ACS  -1
#define IS_PCI  -1 /* a port type: none */
#define ALL_ACS 0x1f

static inline size_t add(struct made *m, unsigned int bus, unsigned int slot, unsigned int function,
			 int parent, int port_type, int acs)
{
	size_t n = m->host.n_devices++;
	struct pci_device *d = &m->devices[n];
	struct pci_function *f = &m->functions[n];

	*d = (struct pci_device){
		.address = {0, (uint8_t)bus, (uint8_t)slot, (uint8_t)function},
		.name = m->names[n],
		.folder = "",
		.class = 0x020000,
		.vendor = 0x1af4,
		.device = 0x1000,
		.group = -1,
		.parent = parent,
		.function = f,
		.config_size = 4096,
	};
	*f = (struct pci_function){
		.read = FACT_READ,
		.express = port_type < 0 ? FACT_ABSENT : FACT_READ,
		.port_type = port_type < 0 ? 0 : (unsigned int)port_type,
		.acs = acs < 0 ? FACT_ABSENT : FACT_READ,
	};
	if (acs >= 0)
		f->acs_capability = f->acs_control = (uint16_t)acs;
	if (parent >= 0)
		m->devices[parent].header = PCI_HEADER_BRIDGE;
	m->host.devices = m->devices;
	pci_address_format(&d->address, m->names[n]);
	return n;
}

#define MADE __attribute__((cleanup(made_free))) struct made
static inline void made_free(struct made *m)
{
	arena_free(m->arena);
}

#endif
