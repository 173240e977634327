/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the chapters of readiness_of_host() share: the machine, its facts, and the way to add a point. Only
 * the files readiness*.c include it. HOST_PLATFORM was read wherever a chapter is called.
 */
#ifndef FERRY_ANALYSIS_READINESS_JUDGE_H
#define FERRY_ANALYSIS_READINESS_JUDGE_H

#include "analysis/readiness.h"
#include "decode/dmar.h"
#include "decode/ivrs.h"
#include "decode/kernel_cmdline.h"
#include "host/platform.h"

struct judge {
	const struct host *host;
	const struct host_platform *platform;
	const struct guests *guests;
	const struct kernel_log_facts *facts;
	struct arena *arena;
	struct readiness *points;
	const struct dmar *dmar; /* NULL: not there, or not readable */
	const struct ivrs *ivrs;
	struct kernel_cmdline words; /* of the running kernel; none where it was not read */
	struct kernel_cmdline_iommu asked;
};

/* A point that counts; remedy NULL where it is ok. */
void judge_add(const struct judge *j, const char *id, enum point_status status, const char *remedy,
	       const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* A point that decides nothing: where it can't be told, the machine may be ready all the same. */
void judge_aside(const struct judge *j, const char *id, enum point_status status,
		 const char *remedy, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The remedy for what could not be read: as root, or a capture that holds it. */
const char *judge_how_to_read(const struct judge *j, enum fact fact);
/* "switch the IOMMU on in the firmware's setup: …" in this maker's words. */
const char *judge_firmware_switch(const struct judge *j);

/* allow_unsafe_interrupts is in force, or will be once VFIO is loaded. */
bool judge_is_unsafe(const struct judge *j);

/* The chapters, in the order in which a person would mend what they find. */
void judge_cpu(const struct judge *j);
void judge_iommu(const struct judge *j);    /* iommu, interrupt-remapping, default-domain, groups */
void judge_units(const struct judge *j);    /* iommu-table, iommu-units, one for each unit */
void judge_regions(const struct judge *j);  /* rmrr-bound, firmware-regions */
void judge_firmware(const struct judge *j); /* x2apic-opt-out, pre-boot-dma-protection */
void judge_parameters(const struct judge *j); /* kernel-parameters, kernel-build */
void judge_problems(const struct judge *j);   /* what else the kernel said */
void judge_vfio(const struct judge *j);
void judge_virtualization(const struct judge *j);
void judge_libvirt(const struct judge *j);

#endif
