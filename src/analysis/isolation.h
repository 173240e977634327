/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The IOMMU groups that a kernel makes, from config space, ids and topology alone, and who is at fault
 * where a group has more than one member. The rules are the kernel's: drivers/iommu/iommu.c
 * (pci_device_group), drivers/pci/pci.c (pci_acs_enabled, pci_acs_path_enabled), drivers/pci/search.c
 * (pci_for_each_dma_alias), drivers/pci/quirks.c; before 3.17 each IOMMU driver had them for itself.
 */
#ifndef FERRY_ANALYSIS_ISOLATION_H
#define FERRY_ANALYSIS_ISOLATION_H

#include "analysis/isolation_kernel.h"
#include "host/host.h"

struct acs_rule;

/* What the kernel wants from everything that a group may end at: PCIe 6.12, REQ_ACS_FLAGS. */
#define ISOLATION_ACS_FLAGS                                                                   \
	(PCI_ACS_SOURCE_VALIDATION | PCI_ACS_REQUEST_REDIRECT | PCI_ACS_COMPLETION_REDIRECT | \
	 PCI_ACS_UPSTREAM_FORWARDING)

enum acs_basis {
	ACS_UNREAD,       /* what would decide could not be read */
	ACS_RULE,         /* a rule of the kernel for this device decides, not its registers */
	ACS_CONVENTIONAL, /* PCI and PCI-X know no such thing */
	ACS_NEVER,        /* bridges between PCI and PCI Express, event collectors */
	ACS_SINGLE,       /* one function alone in its slot: nothing to keep apart */
	ACS_NO_CAPABILITY,
	ACS_REGISTERS, /* capability and control decide */
};

struct acs_verdict {
	bool isolates; /* where basis is ACS_UNREAD: false, as the kernel takes what it does not see */
	enum acs_basis basis;
	const struct acs_rule *rule; /* ACS_RULE */
	unsigned int lacks;          /* ACS_REGISTERS: bits that are offered and not in force */
	unsigned int control;        /* ACS_REGISTERS: what is in force, or will be */
	bool is_expected; /* the control is what the kernel will write once its IOMMU is on */
};

enum isolation_join {
	JOIN_NONE,      /* the first of its group */
	JOIN_REQUESTER, /* another function does its DMA (VMD) */
	JOIN_BRIDGE,    /* a bridge above takes its requests over */
	JOIN_PORT,      /* a port above does not isolate */
	JOIN_ALIAS,     /* the two use the same requester id */
	JOIN_SLOT,      /* functions of one slot that are not kept apart */
};

struct isolation_device {
	int group; /* index into isolation.groups; -1: behind no IOMMU */
	enum isolation_join join;
	int with;        /* the device whose group it joined, or -1 */
	int culprit;     /* the bridge, port or function that is at fault, or -1 */
	int bridge;      /* the bridge above in its own hierarchy, or -1: it is on a root bus */
	int requester;   /* the function that does its DMA (VMD), or -1 */
	bool is_outside; /* no IOMMU serves it */
	bool is_multifunction, is_virtual;
	bool is_unsure; /* it depends on what could not be read */
	unsigned int port_type;
	enum fact express;
	struct acs_verdict acs;
	uint64_t *aliases;   /* 256 bits: requester ids on its bus that it uses; NULL: its own */
	bool is_path_unsafe; /* it or a port above it does not isolate */
};

struct isolation_group {
	size_t *devices; /* indexes into host.devices, in order */
	size_t n_devices;
};

/* How much of the control registers is the kernel's doing. */
enum isolation_acs_state {
	ISOLATION_ACS_AS_READ,  /* an IOMMU is on: the kernel has asked for ACS */
	ISOLATION_ACS_EXPECTED, /* it is not: what the kernel would set counts */
};

struct isolation {
	struct isolation_kernel kernel;
	enum isolation_acs_state acs_state;
	struct isolation_device *devices; /* beside host.devices */
	struct isolation_group *groups;   /* ordered by their first device */
	size_t n_groups;
	size_t most_config; /* bytes of the longest config space */
	size_t n_unread;    /* functions whose capabilities could not be read */
	bool is_known;      /* false: nobody's could */
	size_t n_unsure;
};

/* Needs HOST_CONFIG. Never fails; what it could not know stands in the devices. */
void isolation_predict(const struct host *host, const struct isolation_kernel *kernel,
		       struct arena *arena, struct isolation *ret);

/*
 * As isolation_predict, with the ACS override patch for these kinds of devices in force
 * (pcie_acs_override=downstream,multifunction), which no mainline kernel has.
 */
void isolation_predict_override(const struct host *host, const struct isolation_kernel *kernel,
				struct arena *arena, struct isolation *ret);

#endif
