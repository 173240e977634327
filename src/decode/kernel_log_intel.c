// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What Intel's driver says, and what both vendors' drivers say alike. Addresses of units are the only
 * names that all generations of the driver print, so units are counted by them.
 */
#include "decode/kernel_log_hit.h"

#include <ctype.h>
#include <string.h>

void log_read_remapping_on(const struct hit *h)
{
	log_intremap(h->st, INTREMAP_ON, h->line);
}

void log_read_remapping_off(const struct hit *h)
{
	log_intremap(h->st, INTREMAP_OFF, h->line);
}

void log_read_bound(const struct hit *h)
{
	log_problem(h->st, PROBLEM_RMRR_BOUND, h->line);
	log_mark(h->st, MARK_FAULT, h->line);
	if (line_has(h->line, "RMRR"))
		log_mark(h->st, MARK_INTEL, h->line);
}

/* A table's line of the ACPI core: an address follows, then its length. */
void log_read_table(const struct hit *h)
{
	bool amd = line_at(h->line, h->at, "ACPI: IVRS");

	if (isxdigit((unsigned char)line_char(h->line, line_skip_blanks(h->line, h->after))))
		log_mark(h->st, amd ? MARK_IVRS_TABLE : MARK_DMAR_TABLE, h->line);
}

static void add_drhd(const struct hit *h, size_t pos)
{
	const char *name;
	size_t len;

	if (!line_hex(h->line, pos, &name, &len))
		return;
	log_unit(h->st, UNIT_DRHD, name, len, h->line);
	log_mark(h->st, MARK_INTEL, h->line);
}

/* "DRHD base: 0xfed90000 flags: 0x0"; "IOAPIC id 2 under DRHD base  0xfed91000 IOMMU 1". */
void log_read_drhd(const struct hit *h)
{
	bool walked = line_char(h->line, h->after) == ':';

	if (walked)
		log_mark(h->st, MARK_DMAR_WALKED, h->line);
	add_drhd(h, h->after + walked);
}

/* 2.6: "DRHD (flags: 0x00000001)base: 0x00000000fed91000". */
void log_read_old_drhd(const struct hit *h)
{
	const char *base = memmem(h->line->s + h->after, h->line->len - h->after, "base: ", 6);

	log_mark(h->st, MARK_DMAR_WALKED, h->line);
	if (base)
		add_drhd(h, (size_t)(base - h->line->s) + 6);
}

void log_read_reg_base(const struct hit *h)
{
	add_drhd(h, h->after);
}

/* 2.6: "IOMMU feb03000: ver 1:0 cap c9008020e30260 ecap 1000". */
void log_read_old_unit(const struct hit *h)
{
	size_t begin = line_word_before(h->line, h->at);

	if (begin < 6 || memcmp(h->line->s + begin - 6, "IOMMU ", 6) || h->at == begin)
		return;
	for (size_t i = begin; i < h->at; i++)
		if (!isxdigit((unsigned char)h->line->s[i]))
			return;
	log_unit(h->st, UNIT_DRHD, h->line->s + begin, h->at - begin, h->line);
	log_mark(h->st, MARK_INTEL, h->line);
}

/* "dmar0: Using Queued invalidation", "IOMMU: dmar0 using Queued …", "IOMMU 0 0xfed90000: using …". */
void log_read_invalidation(const struct hit *h)
{
	size_t end = h->at, begin;

	/* h->at is the 's' of "using" or "Using". */
	if (end < 3 || h->line->s[end - 2] != ' ')
		return;
	end -= 2;
	end -= h->line->s[end - 1] == ':';
	begin = line_word_before(h->line, end);
	log_mark(h->st, MARK_INTEL, h->line);
	log_mark(h->st, MARK_INTEL_STARTED, h->line);
	if (end - begin > 4 && !memcmp(h->line->s + begin, "dmar", 4))
		log_unit(h->st, UNIT_DMAR, h->line->s + begin, end - begin, h->line);
}

/* "DMAR reported at address 0!", "… zero!", "… fed90000 returns all ones!": the table is thrown away. */
void log_read_bad_unit(const struct hit *h)
{
	size_t pos = line_skip_blanks(h->line, h->after);

	log_mark(h->st, MARK_INTEL, h->line);
	log_mark(h->st, MARK_INTEL_BROKEN, h->line);
	if (line_at(h->line, pos, "0!") || line_at(h->line, pos, "zero"))
		log_problem(h->st, PROBLEM_DRHD_AT_ZERO, h->line);
}

void log_read_parse_failure(const struct hit *h)
{
	log_problem(h->st, PROBLEM_DMAR_PARSE_FAILURE, h->line);
	log_mark(h->st, MARK_INTEL, h->line);
	log_mark(h->st, MARK_INTEL_BROKEN, h->line);
}

void log_read_chipset_errata(const struct hit *h)
{
	log_problem(h->st, PROBLEM_REMAPPING_CHIPSET_ERRATA, h->line);
	log_intremap(h->st, INTREMAP_OFF, h->line);
}

/* "[DMA Read NO_PASID] Request device [00:02.0] fault addr …". */
void log_read_dma_fault(const struct hit *h)
{
	if (!line_has(h->line, "equest"))
		return;
	log_problem(h->st, PROBLEM_DMA_FAULT, h->line);
	log_mark(h->st, MARK_INTEL, h->line);
	log_mark(h->st, MARK_FAULT, h->line);
}
