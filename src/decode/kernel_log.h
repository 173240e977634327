/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a saved kernel log says about DMA and interrupt remapping: dmesg in any of its forms, a journal,
 * syslog, a serial console's capture, a mail that quotes, wraps or encodes one. Bytes go in, in pieces
 * of any size; memory does not grow with the log, only with what is found. Of a log of several boots
 * the last counts. The wordings are those of Linux 2.6.32 to 7.x and of Xen.
 */
#ifndef FERRY_DECODE_KERNEL_LOG_H
#define FERRY_DECODE_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/kernel_cmdline.h"

struct arena;
struct kernel_log;

enum iommu_vendor { IOMMU_VENDOR_NONE, IOMMU_VENDOR_INTEL, IOMMU_VENDOR_AMD, IOMMU_VENDOR_ARM };
/* BROKEN: the kernel tried and rejected what the firmware says. */
enum iommu_state { IOMMU_UNKNOWN, IOMMU_ON, IOMMU_OFF, IOMMU_BROKEN };
enum intremap_state { INTREMAP_UNKNOWN, INTREMAP_ON, INTREMAP_OFF };
enum default_domain { DOMAIN_UNKNOWN, DOMAIN_TRANSLATED, DOMAIN_PASSTHROUGH };

/* "intel"; "on"; "off"; "translated": the words of the JSON and of the text alike. */
const char *iommu_vendor_name(enum iommu_vendor v);
const char *iommu_state_name(enum iommu_state s);
const char *intremap_state_name(enum intremap_state s);
const char *default_domain_name(enum default_domain d);

/* In the order in which they are listed. */
enum log_problem {
	PROBLEM_FIRMWARE_BUG_DMAR,
	PROBLEM_RMRR_NOT_RESERVED,
	PROBLEM_RMRR_ENTRY_BROKEN,
	PROBLEM_DRHD_AT_ZERO,
	PROBLEM_DMAR_PARSE_FAILURE,
	PROBLEM_X2APIC_OPT_OUT,
	PROBLEM_REMAPPING_CHIPSET_ERRATA,
	PROBLEM_IOAPIC_NOT_IN_IVRS,
	PROBLEM_NO_SOUTHBRIDGE_IOAPIC,
	PROBLEM_INTERRUPT_REMAPPING_DISABLED,
	PROBLEM_RMRR_BOUND,
	PROBLEM_DMA_FAULT,
	PROBLEM_IO_PAGE_FAULT,
	PROBLEM_COMPLETION_WAIT_TIMEOUT,
	PROBLEM_IOTLB_INV_TIMEOUT,
	PROBLEM_PERF_COUNTER_UNREADABLE,
	PROBLEM_REMAPPING_LEFT_ENABLED,
	PROBLEM_TRANSLATION_LEFT_ENABLED,
	PROBLEM_GRAPHICS_EXCLUDED,
	PROBLEM_FEATURE_INCONSISTENT,
	PROBLEM_EFR_MISMATCH,
	PROBLEM_ACS_OVERRIDE,
	PROBLEM_UNKNOWN_OPTION,
	PROBLEM_STREAM_BLOCKED,
	PROBLEM_KVM_DISABLED_BY_BIOS,
	PROBLEM_VFIO_PROBE_FAILED,
	PROBLEM_XEN_DOM0,
	PROBLEM_VIRTUAL_MACHINE,
	PROBLEM_ACPI_OFF,
	PROBLEM_IOMMU_DISABLED_BY_PARAMETER,
	LOG_PROBLEMS
};
/* "firmware-bug-dmar" */
const char *log_problem_slug(enum log_problem p);

/* The message that something was read from, without its time stamp, fit to be printed. */
struct log_evidence {
	const char *text; /* NULL: there is no such line */
	size_t line;      /* from 1; of the first line where it is wrapped */
};

struct log_group {
	const char *device; /* as printed: "0000:00:1f.2", a platform device's name */
	uint32_t group;
	size_t line;
};

struct log_problem_seen {
	size_t count; /* of lines; 0: not in this log */
	struct log_evidence first, last;
	double first_seconds,
		last_seconds; /* since boot; below 0: the line has no such time stamp */
};

struct kernel_log_facts {
	enum iommu_vendor vendor;
	enum iommu_state iommu;
	enum intremap_state interrupt_remapping;
	enum default_domain default_domain;
	bool has_units;
	size_t units; /* distinct DRHD units, AMD IOMMUs, SMMUs, Xen units */
	const struct log_group *groups;
	size_t group_count;
	struct kernel_cmdline parameters; /* the words that are listed, each once */
	struct log_problem_seen problems[LOG_PROBLEMS];

	/* What each was read from; for "off" the line that bars it or shows that there is no unit. */
	struct log_evidence vendor_line, iommu_line, interrupt_remapping_line, default_domain_line;
	struct log_evidence units_line, groups_line, parameters_line;

	size_t lines;
	size_t boots;        /* 0: no kernel spoke in it. Above 1: all else is of the last */
	const char *kernel;  /* "6.12.6", or NULL */
	const char *machine; /* "Dell Inc. OptiPlex 7040/0Y7WYT", or NULL */
	bool whole_boot;     /* it begins where a kernel begins: what is not in it did not happen */
	struct log_evidence table;         /* the firmware's DMAR or IVRS table is there */
	struct log_evidence x2apic_denied; /* "IRQ remapping doesn't support X2APIC mode" */
	struct log_evidence vfio, kvm;     /* a line that they wrote */
};

struct kernel_log *kernel_log_new(void);
void kernel_log_free(struct kernel_log *log);
void kernel_log_freep(struct kernel_log **log);
#define KERNEL_LOG_AUTO __attribute__((cleanup(kernel_log_freep)))

/* The next bytes; the result is the same however they are cut. */
void kernel_log_feed(struct kernel_log *log, const void *data, size_t len);
/* The same without a copy: room for *ret_size bytes (above 0), then how many were written there. */
void *kernel_log_space(struct kernel_log *log, size_t *ret_size);
void kernel_log_written(struct kernel_log *log, size_t len);
/* The end of the log. The facts live in the arena; the log can only be freed after it. */
void kernel_log_finish(struct kernel_log *log, struct arena *a, struct kernel_log_facts *ret);

#endif
