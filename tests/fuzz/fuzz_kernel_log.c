// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as a kernel log: read without a crash and without a leak, and the same whether they come at
 * once or in two pieces.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "decode/kernel_log.h"

#include "fuzz.h"

static void read_cut(struct arena *a, const uint8_t *data, size_t size, size_t cut,
		     struct kernel_log_facts *ret)
{
	KERNEL_LOG_AUTO struct kernel_log *log = kernel_log_new();

	kernel_log_feed(log, data, cut);
	kernel_log_feed(log, data + cut, size - cut);
	kernel_log_finish(log, a, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts whole, cut;

	read_cut(a, data, size, size, &whole);
	read_cut(a, data, size, size ? data[0] * size / 256 : 0, &cut);
	if (whole.vendor != cut.vendor || whole.iommu != cut.iommu || whole.boots != cut.boots ||
	    whole.interrupt_remapping != cut.interrupt_remapping || whole.units != cut.units ||
	    whole.group_count != cut.group_count || whole.lines != cut.lines ||
	    whole.parameters.count != cut.parameters.count)
		abort();
	for (int i = 0; i < LOG_PROBLEMS; i++)
		if (whole.problems[i].count != cut.problems[i].count)
			abort();
	return 0;
}
