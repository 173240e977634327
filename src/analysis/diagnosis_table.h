/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table behind the diagnosis, open to its reader and to its tests. A pattern says what a text must
 * say, in words, so that numbers, addresses, paths, prefixes and line breaks do not matter:
 *
 *   group .. not @viable     words in this order; between two of them only what may be skipped
 *                            (numbers, addresses, paths) unless ".." allows anything
 *   irq|interrupt            one of several
 *   remap*                   any word that begins so
 *   @viable                  the word by which the line is found at all; at least five letters
 *
 * Words are runs of letters and digits, in lower case: "can't" is two, "vfio_dma_map(" three. A path is
 * skipped except for its last name; /dev/vfio/N, /dev/vfio/vfio, /dev/vfio/devices/N and /dev/iommu are words.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_TABLE_H
#define FERRY_ANALYSIS_DIAGNOSIS_TABLE_H

#include <stddef.h>

#include "analysis/diagnosis.h"

enum diagnosis_id {
	CAUSE_OK_IOMMU_ON,
	CAUSE_OK_INTREMAP,
	CAUSE_OK_HARMLESS,
	CAUSE_IOMMU_PARAM_ONLY,
	CAUSE_KVM_OFF_BIOS,
	CAUSE_DMAR_BROKEN,
	CAUSE_PARAM_TYPO,
	CAUSE_IVRS_IOAPIC_MISSING,
	CAUSE_IOMMU_OFF,
	CAUSE_RMRR_BOUND,
	CAUSE_INTREMAP_MISSING,
	CAUSE_VIOMMU_CACHING_MODE,
	CAUSE_ACS_MISSING,
	CAUSE_D3_STUCK,
	CAUSE_RESET_FAILED,
	CAUSE_DEVICE_GONE,
	CAUSE_IOTLB_TIMEOUT,
	CAUSE_BOOT_VGA_CLAIMED,
	CAUSE_DRIVER_BUSY,
	CAUSE_UNBIND_WAIT,
	CAUSE_NOT_DETACHED,
	CAUSE_IN_USE_BY_DOMAIN,
	CAUSE_DEVICE_BUSY,
	CAUSE_LIBVIRT_SANDBOX,
	CAUSE_LIBVIRT_BLIND,
	CAUSE_GROUP_NOT_VIABLE,
	CAUSE_GROUP_SPLIT_SPACES,
	CAUSE_NOT_BOUND_VFIO,
	CAUSE_CGROUP_DENIED,
	CAUSE_MEMLOCK_LIMIT,
	CAUSE_IOMMUFD_CDEV_MISSING,
	CAUSE_HOTPLUG_BUS,
	CAUSE_SRIOV_MMIO,
	CAUSE_SRIOV_BUSY,
	CAUSE_SRIOV_ARI,
	CAUSE_SRIOV_MSIX,
	CAUSE_APPARMOR_DENIED,
	CAUSE_SELINUX_DENIED,
	CAUSE_ROM_INVALID,
	CAUSE_DEVICE_OPEN_FAILED,
	CAUSE_CONTAINER_EPERM,
	CAUSE_RMRR_RELAXED,
	CAUSE_UNSAFE_INTERRUPTS,
	CAUSE_ACS_OVERRIDE_ON,
	CAUSE_DMA_MAP_APERTURE,
	CAUSE_NO_RESET,
	CAUSE_RESET_SCOPE,
	CAUSE_RMRR_FIRMWARE_BUG,
	CAUSE_X2APIC_OPTOUT,
	CAUSE_PARAM_IGNORED,
	CAUSE_DMA_FAULT,
	CAUSE_GUEST_CODE43,
	CAUSES
};

/* In the order of the enum, which is the rank: a root cause stands before what comes of it. */
struct diagnosis_cause {
	const char *slug;
	enum diagnosis_severity severity;
	const char *meaning; /* one sentence */
	/*
	 * {device}: the address, else "the device"; {DEVICE}: the address, else "DEVICE"; {group}: "group 6",
	 * else "its group"; {GROUP}: "group:6", else the address, else "DEVICE".
	 */
	const char *remedy;
};

extern const struct diagnosis_cause diagnosis_causes[CAUSES];

enum diagnosis_rule {
	RULE_PLAIN,
	RULE_AFTERMATH, /* says only that something failed: unknown where nothing else is found */
	RULE_X2APIC,    /* interrupt remapping is missing, unless another line shows it at work */
	RULE_HINT,      /* QEMU's advice below another line, which says why */
	RULE_VFIO_PROBE, /* refused by vfio-pci; a finding only where no better reason stands beside it */
	RULE_LIBVIRT /* no IOMMU, as libvirt sees it: it is blind where the kernel shows one at work */
};

struct diagnosis_row {
	enum diagnosis_id cause;
	const char *pattern;
	const char *
		unless; /* patterns separated by ", ": where one of them fits too, the row does not */
	const char *anchor; /* lower case, literally, instead of words with '@'; several: "a|b" */
	/* Where they differ from the cause's. */
	const char *meaning, *remedy;
	enum diagnosis_severity severity;
	bool has_severity;
	enum diagnosis_rule rule;
};

extern const struct diagnosis_row diagnosis_rows[];
extern const size_t diagnosis_n_rows;

#endif
