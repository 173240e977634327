// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What AMD's and Arm's drivers say. AMD's prefix "AMD-Vi" stands in front of lines of a second driver too,
 * which speaks on every machine, and of the hypervisor's: those are told apart here.
 */
#include "decode/kernel_log_hit.h"

#include <ctype.h>
#include <string.h>

/* "0000:00:00.2" or "00:00.2" of an IOMMU, up to a blank, a colon behind it or the line's end. */
static void add_amd_unit(const struct hit *h, size_t begin, size_t end)
{
	char name[32] = "0000:";
	size_t n = end - begin, short_form = n == 7 ? 5 : 0;

	if (n < 7 || n + short_form >= sizeof(name))
		return;
	for (size_t i = begin; i < end; i++)
		if (!isxdigit((unsigned char)h->line->s[i]) && !strchr(":.", h->line->s[i]))
			return;
	memcpy(name + short_form, h->line->s + begin, n);
	log_unit(h->st, UNIT_AMD, name, n + short_form, h->line);
}

/* "pci 0000:00:00.2: AMD-Vi: …" of the IOMMU itself: gives its name to the unit. */
static void add_amd_device(const struct hit *h)
{
	size_t end = h->at;

	if (end < 3 || memcmp(h->line->s + end - 2, ": ", 2))
		return;
	end -= 2;
	add_amd_unit(h, line_word_before(h->line, end), end);
}

/* What the driver says once a unit works. */
static bool is_amd_work(const struct log_line *line, size_t pos)
{
	static const char *const work[] = {
		"Extended features", "Found IOMMU",       "Enabling IOMMU",     "Lazy IO/TLB",
		"IO/TLB flush",      "IOMMU performance", "Unable to read",     "Unable to write",
		"Virtual APIC",      "virtual APIC",      "AMD IOMMUv2 loaded", "X2APIC enabled",
		"Initialized for",
	};

	for (size_t i = 0; i < sizeof(work) / sizeof(*work); i++)
		if (line_at(line, pos, work[i]))
			return true;
	return false;
}

/* "AMD-Vi: …", the hypervisor's too. */
void log_read_amd(const struct hit *h)
{
	static const char *const echoes[] = {"AMD IOMMUv2 driver", "AMD IOMMUv2 functionality not",
					     "Unknown option"};
	size_t pos = line_skip_blanks(h->line, h->after);

	for (size_t i = 0; i < sizeof(echoes) / sizeof(*echoes); i++)
		if (line_at(h->line, pos, echoes[i]))
			return;
	log_mark(h->st, MARK_AMD, h->line);
	if (h->line->prefix.xen) {
		if (line_at(h->line, pos, "IOMMU ") && line_has(h->line, "nabled"))
			log_unit_index(h, UNIT_XEN, pos + 6);
		return;
	}
	if (is_amd_work(h->line, pos))
		log_mark(h->st, MARK_AMD_ON, h->line);
	/* A device that only complains is not the IOMMU. */
	if (is_amd_work(h->line, pos) || line_at(h->line, pos, "IOMMU ") ||
	    line_at(h->line, pos, "Applying"))
		add_amd_device(h);
	if (line_at(h->line, pos, "device: ") && line_has(h->line, " cap: "))
		add_amd_unit(h, pos + 8, pos + 8 + line_word(h->line, pos + 8));
}

/* "Found IOMMU at 0000:00:00.2 cap 0x40", "Enabling IOMMU at …", with any prefix. */
void log_read_amd_unit(const struct hit *h)
{
	log_mark(h->st, MARK_AMD, h->line);
	log_mark(h->st, MARK_AMD_ON, h->line);
	add_amd_unit(h, h->after, h->after + line_word(h->line, h->after));
}

void log_read_amd_index(const struct hit *h)
{
	log_mark(h->st, MARK_AMD, h->line);
	log_mark(h->st, MARK_AMD_ON, h->line);
	log_unit_index(h, UNIT_AMD_INDEX, h->after);
}

void log_read_ivhd(const struct hit *h)
{
	log_unit_index(h, UNIT_AMD_INDEX, h->after);
}

void log_read_passthrough(const struct hit *h)
{
	log_domain(h->st, DOMAIN_PASSTHROUGH, h->line);
}

void log_read_amd_remapping_off(const struct hit *h)
{
	log_problem(h->st, PROBLEM_INTERRUPT_REMAPPING_DISABLED, h->line);
	log_intremap(h->st, INTREMAP_OFF, h->line);
}

void log_read_page_fault(const struct hit *h)
{
	log_problem(h->st, PROBLEM_IO_PAGE_FAULT, h->line);
	log_mark(h->st, MARK_FAULT, h->line);
}

/* "arm-smmu-v3 arm-smmu-v3.0.auto: …", "arm-smmu 5000000.iommu: …"; its event counters are no unit. */
void log_read_smmu(const struct hit *h)
{
	size_t pos = h->after, n;

	if (h->at && !isspace((unsigned char)h->line->s[h->at - 1]))
		return;
	pos += line_at(h->line, pos, "-v3") ? 3 : 0;
	if (line_at(h->line, pos, ": probe of ")) {
		log_mark(h->st, MARK_ARM_BROKEN, h->line);
		return;
	}
	if (line_char(h->line, pos) != ' ')
		return;
	n = line_word(h->line, ++pos);
	if (n < 2 || h->line->s[pos + n - 1] != ':')
		return;
	log_unit(h->st, UNIT_SMMU, h->line->s + pos, n - 1, h->line);
	pos = line_skip_blanks(h->line, pos + n);
	log_mark(h->st, line_at(h->line, pos, "probe with driver") ? MARK_ARM_BROKEN : MARK_ARM_ON,
		 h->line);
}

/* "ACPI: IORT: SMMU-v3[33ffe0000000] Mapped to Proximity domain 0". */
void log_read_iort(const struct hit *h)
{
	size_t n = line_word(h->line, h->after);

	if (n)
		log_unit(h->st, UNIT_IORT, h->line->s + h->after, n, h->line);
}
