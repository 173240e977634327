/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel knows of single devices: those that isolate without saying so, or say so in their own
 * way (drivers/pci/quirks.c, pci_dev_acs_enabled), and those whose DMA bears another function's id
 * (pci_add_dma_alias and its callers). Ids and conditions, with the version that each came in.
 */
#ifndef FERRY_ANALYSIS_ISOLATION_QUIRKS_H
#define FERRY_ANALYSIS_ISOLATION_QUIRKS_H

#include "analysis/isolation.h"

enum acs_rule_kind {
	ACS_RULE_ISOLATES,      /* whatever it says of itself */
	ACS_RULE_ROOT_PORT,     /* the same, a root port only */
	ACS_RULE_PORT,          /* the same, a root or downstream port only */
	ACS_RULE_PORT_NOT,      /* not, a root or downstream port only */
	ACS_RULE_INTEGRATED,    /* the same, a root complex integrated endpoint only */
	ACS_RULE_AMD_CHIPSET,   /* several functions on a root bus, on a machine with AMD's IOMMU */
	ACS_RULE_INTEL_CHIPSET, /* root ports that the kernel makes isolate by chipset registers */
	ACS_RULE_WIDE,          /* root ports with the control register at offset 8 */
	ACS_RULE_DOES_NOT,      /* not, whatever it says of itself */
};

#define ACS_RULE_ANY 0xffff

struct acs_rule {
	uint16_t vendor;
	uint16_t first, last; /* device ids; 0 and ACS_RULE_ANY: all */
	enum acs_rule_kind kind;
	const char *what; /* "Intel 82576": for the evidence */
	struct isolation_since since;
};

/* In the kernel's order; the first that applies decides. NULL behind the last. */
const struct acs_rule *acs_rule_next(const struct acs_rule *rule);
bool acs_rule_matches(const struct acs_rule *rule, const struct isolation_kernel *kernel,
		      const struct pci_device *device);

/* Sets the bits of the requester ids on its own bus that a device uses besides its own; false: none. */
bool alias_quirk_add(const struct isolation_kernel *kernel, const struct pci_device *device,
		     uint64_t aliases[static 4]);
/* Translation begins below this bridge: no id changes at it or above (ThunderX2). */
bool alias_quirk_is_root(const struct isolation_kernel *kernel, const struct pci_device *bridge);
/* A bridge to PCI that leaves the ids as they are (ASPEED AST1150). */
bool alias_quirk_is_transparent(const struct isolation_kernel *kernel,
				const struct pci_device *bridge);

#endif
