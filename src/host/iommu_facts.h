/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What decides whether a machine needs a kernel parameter for its IOMMU: whose processor it is, what the
 * firmware's tables say, what its kernel does by itself, and what is up. Read from any root, so that a
 * system that lies in a folder is judged by what lies there, never by the machine that ferry runs on.
 */
#ifndef FERRY_HOST_IOMMU_FACTS_H
#define FERRY_HOST_IOMMU_FACTS_H

#include <stdbool.h>

#include "base/fact.h"

struct arena;
struct root;

enum cpu_vendor {
	CPU_UNKNOWN,
	CPU_INTEL, /* and those that have Intel's IOMMU: Centaur, Zhaoxin */
	CPU_AMD,   /* and Hygon */
	CPU_ARM
};

enum iommu_default {
	IOMMU_DEFAULT_UNKNOWN,
	IOMMU_DEFAULT_OFF,
	IOMMU_DEFAULT_ON_BUT_GRAPHICS, /* CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF, since Linux 5.12 */
	IOMMU_DEFAULT_ON
};

struct iommu_facts {
	enum cpu_vendor vendor;
	const char *vendor_evidence;
	enum fact dmar; /* FACT_ABSENT: the firmware's tables could be listed and there is none */
	/* Of the running kernel, else the least that one of the kernels there does. */
	enum iommu_default by_itself;
	const char *default_evidence; /* "/boot/config-6.1.0-28-amd64: CONFIG_..."; NULL: unknown */
	bool has_units, has_groups;
	const char *display;      /* an Intel display device without a group; NULL: none */
	const char *command_line; /* of the running kernel; NULL: not read */
	bool is_xen;
};

void iommu_facts_read(const struct root *root, struct arena *arena, struct iommu_facts *ret);

#endif
