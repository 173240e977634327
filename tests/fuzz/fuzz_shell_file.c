// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as a file that a shell sources: every offset stays in it, and a word that is added is there
 * when it is read again, with every other byte as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "boot/words.h"
#include "decode/shell_file.h"

#include "fuzz.h"

#define WORD "intel_iommu=on"

static void check_assignments(struct arena *a, const char *text, size_t size)
{
	struct shell_file file;
	struct shell_unit *units;
	size_t n, i, k;

	shell_file_parse(a, text, size, &file);
	for (i = 0; i < file.count; i++) {
		const struct shell_assignment *s = &file.list[i];

		if (s->begin > s->value_begin || s->value_begin > s->insert ||
		    s->insert > s->value_end || s->value_end > size)
			abort();
		shell_value_units(a, text, s, &units, &n);
		for (k = 0; k < n; k++) {
			if (units[k].begin < s->value_begin || units[k].end > s->value_end)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *text = arena_memdup(a, data, size);
	struct boot_file file = {"/etc/default/grub", text, size};
	struct boot_edit edit, again;
	const char *after;

	check_assignments(a, text, size);
	boot_add(a, BOOT_SHELL, &file, 1, WORD, false, &edit);
	if (!edit.n_changes)
		return 0;
	after = file.text;
	boot_add(a, BOOT_SHELL, &file, 1, WORD, false, &again);
	if (!edit.has_it || again.n_changes || file.text != after)
		abort();
	return 0;
}
