/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The address of one PCI function: domain, bus, device ("slot"), function. Domains have four hex digits
 * as a rule and up to eight: VMD invents 10000 and above (drivers/pci/controller/vmd.c).
 */
#ifndef FERRY_DECODE_PCI_ADDRESS_H
#define FERRY_DECODE_PCI_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct pci_address {
	uint32_t domain;
	uint8_t bus;
	uint8_t slot;     /* 0 to 31 */
	uint8_t function; /* 0 to 7 */
};

/* "ffffffff:ff:1f.7" and the NUL */
#define PCI_ADDRESS_SIZE 17

/*
 * Exactly the kernel's form "DDDD:BB:SS.F", the domain of 4 to 8 digits, as folders in sysfs are named.
 * -EINVAL for anything else.
 */
int pci_address_parse(const char *s, struct pci_address *ret);
/*
 * Any form that people paste: the kernel's, without the domain ("00:1f.2", domain 0), virsh's
 * "pci_0000_00_1f_2", a colon before the function ("0000:00:1f:2", "00:1f:2").
 */
int pci_address_parse_loose(const char *s, struct pci_address *ret);
/* Writes "0000:00:1f.2"; gives buffer back. */
char *pci_address_format(const struct pci_address *a, char buffer[static PCI_ADDRESS_SIZE]);
/* Orders by domain, bus, device, function: below, equal to or above 0. */
int pci_address_compare(const struct pci_address *a, const struct pci_address *b);
static inline bool pci_address_equal(const struct pci_address *a, const struct pci_address *b)
{
	return !pci_address_compare(a, b);
}

#endif
