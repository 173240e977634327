/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's command line, split as the kernel splits it (lib/cmdline.c, next_arg): white space
 * between words, double quotes keep it inside a word, '-' and '_' in a name are the same, and what
 * stands behind "--" belongs to init. Whoever asks "is intel_iommu=on set" asks here, be it for
 * /proc/cmdline, a saved log or a boot loader's file.
 */
#ifndef FERRY_DECODE_KERNEL_CMDLINE_H
#define FERRY_DECODE_KERNEL_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct kernel_cmdline_word {
	const char *text;  /* as typed, quotes included */
	const char *name;  /* up to the first '=', without the quotes */
	const char *value; /* behind it, without the quotes around it; NULL: there is no '=' */
};

struct kernel_cmdline {
	struct kernel_cmdline_word *words;
	size_t count;
};

/*
 * One step of the split: the word that begins at or behind *pos, as offset and length in s. False
 * where there is none left; "--" is given as a word like any other.
 */
bool kernel_cmdline_next(const char *s, size_t len, size_t *pos, size_t *ret_begin,
			 size_t *ret_len);
/* All words before "--". Never fails; a quote that is not closed reaches to the end, as in the kernel. */
void kernel_cmdline_split(struct arena *a, const char *s, size_t len, struct kernel_cmdline *ret);

/* '-' and '_' compare equal, as in the kernel's parameq(). */
bool kernel_cmdline_name_equal(const char *a, const char *b);
/* The last word of that name (for most parameters the last one wins), or NULL. */
const struct kernel_cmdline_word *kernel_cmdline_last(const struct kernel_cmdline *c,
						      const char *name);
/* Some word of that name has this value, or it as one item of a list with commas. */
bool kernel_cmdline_has(const struct kernel_cmdline *c, const char *name, const char *item);

/*
 * Whether a word (as typed) is about IOMMU, interrupt remapping, VFIO or KVM: the words that `check`
 * lists. The list is in the .c file; acpi=off is the only one that is listed with one value alone.
 */
bool kernel_cmdline_is_listed(const char *word, size_t len);

/*
 * What the words together ask of translation. The words of one parameter are obeyed in their order,
 * the last wins (drivers/iommu/intel/iommu.c, intel_iommu_setup); "off" in iommu= or amd_iommu= cannot
 * be taken back by a later word (arch/x86/kernel/pci-dma.c; drivers/iommu/amd/init.c).
 */
struct kernel_cmdline_iommu {
	const struct kernel_cmdline_word *intel_on; /* NULL: not asked for */
	const struct kernel_cmdline_word
		*intel_off; /* the word that switches it off in the end, or NULL */
	const struct kernel_cmdline_word *amd_off;
	const struct kernel_cmdline_word *all_off;      /* iommu=off */
	const struct kernel_cmdline_word *intremap_off; /* intremap=off or nointremap */
};
void kernel_cmdline_iommu(const struct kernel_cmdline *c, struct kernel_cmdline_iommu *ret);

#endif
