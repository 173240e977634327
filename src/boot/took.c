// SPDX-License-Identifier: LGPL-2.1-or-later
/* See took.h. Where it did not take, the loader that this boot came through is found anew, and named. */
#include "boot/took.h"

#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "boot/boot.h"
#include "decode/kernel_cmdline.h"

const char *boot_took_name(enum boot_took took)
{
	static const char *const names[] = {
		[BOOT_TOOK_NOTHING] = "nothing", [BOOT_TOOK_PENDING] = "pending",
		[BOOT_TOOK] = "running",         [BOOT_TOOK_NOT] = "not-taken",
		[BOOT_TOOK_UNKNOWN] = "unknown",
	};

	return names[took];
}

static bool line_has(const struct kernel_cmdline *c, const char *word)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		if (!strcmp(c->words[i].text, word))
			return true;
	}
	return false;
}

static const char *place_of(const struct lent_boot *row)
{
	return row->path ? row->path : row->loader ? row->loader : "a boot file";
}

/* Through which loader this boot came, as far as it tells. */
static const char *this_boot(const struct root *root, const struct lent_boot *row,
			     struct arena *arena)
{
	struct boot_found found;

	boot_find(root, arena, &found);
	if (!found.n_evidence)
		return "which file this boot was read from could not be told";
	if (found.loader == LOADER_UNKNOWN)
		return arena_printf(arena, "this boot was read from elsewhere: %s",
				    found.evidence[0]);
	if (row->loader && boot_loader_parse(row->loader) != found.loader)
		return arena_printf(arena,
				    "this boot came through %s, which reads other files (%s)",
				    boot_loader_name(found.loader), found.evidence[0]);
	return arena_printf(arena,
			    "this boot came through %s (%s), perhaps by another of its entries",
			    boot_loader_name(found.loader), found.evidence[0]);
}

enum boot_took boot_took(const struct root *root, const struct lent *lent, const char *boot_id,
			 struct arena *arena, const char **ret_sentence)
{
	const struct lent_boot *missing = NULL;
	struct kernel_cmdline c;
	char *line;
	size_t i;

	*ret_sentence = NULL;
	if (!lent->n_boot)
		return BOOT_TOOK_NOTHING;
	if (root_read_line(root, arena, "proc/cmdline", &line)) {
		*ret_sentence = "Whether the kernel runs with what ferry wrote for it could not be "
				"told: /proc/cmdline was not read.";
		return BOOT_TOOK_UNKNOWN;
	}
	kernel_cmdline_split(arena, line, strlen(line), &c);
	for (i = 0; i < lent->n_boot && !missing; i++) {
		if (!line_has(&c, lent->boot[i].word))
			missing = &lent->boot[i];
	}
	if (!missing) {
		*ret_sentence = arena_printf(arena, "The kernel runs with %s, as ferry wrote it.",
					     lent->boot[0].word);
		return BOOT_TOOK;
	}
	if (text_equal(missing->boot_id, boot_id)) {
		*ret_sentence = arena_printf(
			arena, "%s is written to %s, but the kernel runs without it yet: reboot.",
			missing->word, place_of(missing));
		return BOOT_TOOK_PENDING;
	}
	*ret_sentence = arena_printf(
		arena,
		"%s was written to %s, but the kernel was booted without it since: %s. ferry "
		"iommu enable writes it where it counts.",
		missing->word, place_of(missing), this_boot(root, missing, arena));
	return BOOT_TOOK_NOT;
}
