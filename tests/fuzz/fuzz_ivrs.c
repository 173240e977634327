// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as an IVRS table: decoded and printed both ways, without a crash and without a leak. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "show/acpi.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct ivrs ivrs;
	size_t printed;
	char *text;
	FILE *out = open_memstream(&text, &printed);

	if (!out)
		abort();
	ivrs_decode(a, data, size, &ivrs);
	show_ivrs(&ivrs, NULL, out);
	show_ivrs_json(&ivrs, out);
	fclose(out);
	free(text);
	return 0;
}
