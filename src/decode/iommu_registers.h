/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an IOMMU can do, from its capability registers, in words: people ask whether a guest may use
 * large pages or whether interrupts are remapped, not what bit 34 is. The values come from
 * /sys/class/iommu/UNIT/{intel-iommu,amd-iommu} or from lines of the kernel log.
 */
#ifndef FERRY_DECODE_IOMMU_REGISTERS_H
#define FERRY_DECODE_IOMMU_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct iommu_feature {
	const char *id;    /* "interrupt-remapping": stable, for programs */
	const char *name;  /* "interrupt remapping": for people */
	const char *value; /* "yes", "no", "39 and 48 bits", "4 KiB, 2 MiB" */
	bool is_present;   /* false: the unit cannot do it */
};

/* Starts as {0}; each decoder appends its rows. All that a register names is there, present or not. */
struct iommu_features {
	struct iommu_feature *rows;
	size_t n_rows;
};

/* Capability and Extended Capability Register (VT-d specification 4.1, 11.4.2 and 11.4.3). */
void intel_capabilities_decode(struct arena *arena, uint64_t cap, uint64_t ecap,
			       struct iommu_features *features);
/*
 * Extended Feature Register and its second half, MMIO 0030h and 01A0h (AMD specification 48882 rev. 3.09,
 * 3.4.2); has_efr2: older kernels do not tell the second.
 */
void amd_features_decode(struct arena *arena, uint64_t efr, uint64_t efr2, bool has_efr2,
			 struct iommu_features *features);
/* The head of AMD's PCI capability (3.2.1), as in amd-iommu/cap. */
void amd_capability_decode(struct arena *arena, uint32_t header, struct iommu_features *features);

/*
 * What amd-iommu/features says, in hex: "EFR", in later kernels "EFR2:EFR", from Linux 6.7 "EFR:EFR2".
 * Nothing in it tells the last two apart but the numbers: EFR is taken to be the larger one, for EFR2
 * defines no bit above its lowest 16 and no unit is known whose EFR is below its EFR2. -EINVAL: none of them.
 */
int amd_features_parse(const char *text, uint64_t *ret_efr, uint64_t *ret_efr2, bool *ret_has_efr2);

/* NULL: no row has that id. */
const struct iommu_feature *iommu_features_find(const struct iommu_features *features,
						const char *id);

#endif
