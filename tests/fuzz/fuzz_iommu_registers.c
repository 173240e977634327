// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as the text of amd-iommu/features, and as the numbers of both vendors' registers. Each row
 * has its words whatever the register holds.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "decode/iommu_registers.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features features = {0};
	uint64_t numbers[2] = {0}, efr, efr2;
	bool has_efr2;
	size_t i;

	memcpy(numbers, size ? data : (const void *)"",
	       size < sizeof(numbers) ? size : sizeof(numbers));
	intel_capabilities_decode(a, numbers[0], numbers[1], &features);
	amd_features_decode(a, numbers[0], numbers[1], true, &features);
	amd_capability_decode(a, (uint32_t)numbers[0], &features);
	if (!amd_features_parse(arena_memdup(a, data, size), &efr, &efr2, &has_efr2))
		amd_features_decode(a, efr, efr2, has_efr2, &features);
	for (i = 0; i < features.n_rows; i++) {
		if (!features.rows[i].id || !features.rows[i].name || !features.rows[i].value)
			abort();
	}
	return 0;
}
