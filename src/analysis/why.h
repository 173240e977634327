/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Why the groups are what they are: for each group of the machine what the rules would have made of its
 * members, who is at fault with the bits that were read, where kernel and rules differ, and what would
 * split it. A value made of a prediction; text and JSON show the same.
 */
#ifndef FERRY_ANALYSIS_WHY_H
#define FERRY_ANALYSIS_WHY_H

#include "analysis/isolation.h"

enum why_kind {
	WHY_ISOLATED,    /* it stands alone, and why it can */
	WHY_ACS_MISSING, /* no capability, or a kind of function that never has one */
	WHY_ACS_OFF,     /* offered, and not in force */
	WHY_BRIDGE,      /* a bridge's id stands for all behind it */
	WHY_ALIAS,       /* DMA under another function's id */
	WHY_REQUESTER,   /* another function does the DMA (VMD) */
	WHY_UNREAD,      /* what would decide could not be read */
	WHY_OTHERS,      /* members that are no PCI devices */
};
/* The slug in JSON. */
const char *why_kind_name(enum why_kind kind);

struct why_reason {
	enum why_kind kind;
	size_t device; /* whose fault it is; index into host.devices */
	const char *evidence;
};

enum why_help_kind {
	HELP_NOTHING_NEEDED, /* all other members are bridges */
	HELP_SLOT,           /* another slot of this board */
	HELP_ADD_IN,         /* part of the chipset: no slot changes it */
	HELP_FIRMWARE,       /* a setting of the firmware */
	HELP_COMMAND_LINE,   /* a word on the command line */
	HELP_KERNEL,         /* a newer kernel */
	HELP_OVERRIDE,       /* pcie_acs_override, with its danger */
};
/* The slug in JSON. */
const char *why_help_name(enum why_help_kind kind);

/* Devices that belong together, as indexes in order. */
struct why_set {
	size_t *devices;
	size_t n_devices;
};

struct why_help {
	enum why_help_kind kind;
	const char *text;
	struct why_set *would_be; /* the members, as they would be grouped then */
	size_t n_would_be;
};

struct why_group {
	int group; /* index into host.groups; -1: the kernel has none yet, this is what it will make */
	struct why_set members;
	struct why_set *predicted; /* the members as the rules group them */
	size_t n_predicted;
	struct why_reason *reasons;
	size_t n_reasons;
	struct why_help *help; /* what would split it, the harmless first */
	size_t n_help;
};

struct why_difference {
	struct why_set devices;
	const char *because;
};

/* In no group, though the machine has some or will. */
struct why_ungrouped {
	size_t device;
	bool is_expected; /* the rules say so too */
	const char *because;
	const char *remedy; /* NULL: nothing is known to help */
};

/* A port with a slot behind it. */
struct why_slot {
	size_t port;
	bool isolates; /* a card of one function there is alone in its group */
	int taken_by;  /* the device behind it, or -1: free */
};

struct why {
	struct isolation isolation;
	const char *kernel;     /* whose rules: "6.12" */
	bool is_kernel_assumed; /* neither asked for nor told by the tree: the newest known */
	bool is_on;             /* the machine has groups */
	const char *override;   /* pcie_acs_override= of the command line, or NULL */
	struct why_group *groups;
	size_t n_groups;
	struct why_difference *differs;
	size_t n_differs;
	struct why_ungrouped *ungrouped;
	size_t n_ungrouped;
	size_t n_agree; /* groups of the kernel that were predicted exactly */
	struct why_slot *slots;
	size_t n_slots;
	struct isolation with_override; /* what the patched kernel would make of it */
	struct isolation with_newest;   /* what the newest known rules would */
};

/* kernel NULL: the machine's, else the newest known. Needs HOST_CONFIG, HOST_GROUPS, HOST_KERNEL. */
void why_make(const struct host *host, const struct isolation_kernel *kernel, struct arena *arena,
	      struct why *ret);

/* The row of one of the machine's groups; NULL: it has no members. */
const struct why_group *why_group_of(const struct why *why, const struct host *host,
				     const struct iommu_group *group);

struct plan;
/*
 * Notes for a plan that takes more than the devices that were named: why each group's members go
 * together. Needs what why_make() needs.
 */
void why_note_mates(const struct host *host, struct arena *arena, struct plan *plan);

#endif
