/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which kernel parameter a machine needs for its IOMMU, and which words the kernel would understand. Two
 * parameters that guides tell people to write are none: amd_iommu=on, and on most kernels of today
 * intel_iommu=on does nothing that the kernel does not do by itself.
 */
#ifndef FERRY_ANALYSIS_IOMMU_NEED_H
#define FERRY_ANALYSIS_IOMMU_NEED_H

#include <stdbool.h>

#include "host/iommu_facts.h"

struct arena;

struct iommu_need {
	const char *word;  /* NULL: none */
	bool only_replace; /* the word is needed only where its opposite was written */
	const char *why;   /* a whole sentence: why it is needed, or needless */
	/* It could not be told, or no parameter helps; then word is NULL. */
	const char *refusal, *remedy;
};

void iommu_need(const struct iommu_facts *facts, struct arena *arena, struct iommu_need *ret);

/*
 * Is the word one that can be written, and that the kernel knows? 0; 1: ferry does not know that name, but
 * the kernel may; -EINVAL: it does not, *ret_why says why (it is set for 1 too).
 */
int iommu_word_check(const char *word, struct arena *arena, const char **ret_why);

#endif
