// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as a failure text: read without a crash and without a leak, and the same whether they come at
 * once or in two pieces.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/diagnosis.h"
#include "base/arena.h"

#include "fuzz.h"

static void read_cut(struct arena *a, const char *data, size_t size, size_t cut,
		     struct diagnosis *ret)
{
	struct diagnosis_reader *r = diagnosis_reader_new(a);

	diagnosis_reader_add(r, data, cut);
	diagnosis_reader_add(r, data + cut, size - cut);
	diagnosis_reader_end(r, ret);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct diagnosis whole, cut;
	size_t i;

	diagnosis_of_text((const char *)data, size, a, &whole);
	read_cut(a, (const char *)data, size, size ? data[0] * size / 256 : 0, &cut);
	if (whole.n_findings != cut.n_findings || whole.n_unknown != cut.n_unknown ||
	    whole.lines != cut.lines)
		abort();
	for (i = 0; i < whole.n_findings; i++)
		if (strcmp(whole.findings[i].cause, cut.findings[i].cause) ||
		    whole.findings[i].line != cut.findings[i].line || !whole.findings[i].meaning ||
		    !whole.findings[i].remedy)
			abort();
	return 0;
}
