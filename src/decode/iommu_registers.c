// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See iommu_registers.h. Each register is a table of fields; a field of one bit is a yes or a no, a wider
 * one has a function that puts its number into words.
 */
#include "decode/iommu_registers.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

struct field {
	const char *id, *name;
	uint8_t shift, width;
	/* NULL: a flag. Gives NULL where the number means "not supported". */
	char *(*words)(struct arena *arena, unsigned int number);
};

/* "a, b" from the names whose bits are set; NULL where none is. */
static char *list_bits(struct arena *arena, unsigned int bits, const char *const *names, size_t n)
{
	char *list = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!(bits & 1U << i))
			continue;
		list = list ? arena_printf(arena, "%s, %s", list, names[i])
			    : arena_strdup(arena, names[i]);
	}
	return list;
}

static char *words_sagaw(struct arena *arena, unsigned int number)
{
	static const char *const names[] = {
		"30 bits (2 levels)", "39 bits (3 levels)", "48 bits (4 levels)",
		"57 bits (5 levels)", "64 bits (6 levels)",
	};

	return list_bits(arena, number, names, sizeof(names) / sizeof(*names));
}

static char *words_large_pages(struct arena *arena, unsigned int number)
{
	static const char *const names[] = {"2 MiB", "1 GiB", "512 GiB", "1 TiB"};
	char *large = list_bits(arena, number, names, sizeof(names) / sizeof(*names));

	return large ? arena_printf(arena, "4 KiB, %s", large) : arena_strdup(arena, "4 KiB");
}

static char *words_width(struct arena *arena, unsigned int number)
{
	return arena_printf(arena, "%u bits", number + 1);
}

static char *words_count(struct arena *arena, unsigned int number)
{
	return arena_printf(arena, "%u", number + 1);
}

static char *words_domains(struct arena *arena, unsigned int number)
{
	return number == 7 ? arena_strdup(arena, "reserved value")
			   : arena_printf(arena, "%u", 1U << (4 + 2 * number));
}

static char *words_power(struct arena *arena, unsigned int number)
{
	return arena_printf(arena, "%u", 1U << number);
}

/* Page table levels in two bits: 4, 5, 6. */
static char *words_levels(struct arena *arena, unsigned int number)
{
	return number == 3 ? arena_strdup(arena, "reserved value")
			   : arena_printf(arena, "%u levels", number + 4);
}

static char *words_gcr3_levels(struct arena *arena, unsigned int number)
{
	return number == 3 ? arena_strdup(arena, "reserved value")
			   : arena_printf(arena, "%u level%s", number + 1, number ? "s" : "");
}

static char *words_number(struct arena *arena, unsigned int number)
{
	return number ? arena_printf(arena, "yes (%u)", number) : NULL;
}

static char *words_irtes(struct arena *arena, unsigned int number)
{
	return arena_strdup(arena, number == 0   ? "512 per device"
				   : number == 1 ? "2048 per device"
						 : "reserved value");
}

static const struct field intel_cap[] = {
	{"address-width", "guest address width, at most", 16, 6, words_width},
	{"page-table-widths", "address widths of page tables", 8, 5, words_sagaw},
	{"page-sizes", "page sizes", 34, 4, words_large_pages},
	{"domains", "domains", 0, 3, words_domains},
	{"caching-mode", "caching mode (an emulated IOMMU)", 7, 1, NULL},
	{"posted-interrupts", "posted interrupts", 59, 1, NULL},
	{"write-buffer-flush", "write buffer must be flushed", 4, 1, NULL},
	{"protected-low-memory", "protected low memory", 5, 1, NULL},
	{"protected-high-memory", "protected high memory", 6, 1, NULL},
	{"zero-length-read", "zero-length reads of write-only pages", 22, 1, NULL},
	{"page-invalidation", "invalidation of single pages", 39, 1, NULL},
	{"fault-records", "fault records", 40, 8, words_count},
	{"write-drain", "draining of writes", 54, 1, NULL},
	{"read-drain", "draining of reads", 55, 1, NULL},
	{"first-stage-1g", "1 GiB pages in the first stage", 56, 1, NULL},
	{"first-stage-5-level", "5 levels in the first stage", 60, 1, NULL},
	{"enhanced-commands", "enhanced commands", 61, 1, NULL},
};

static const struct field intel_ecap[] = {
	{"interrupt-remapping", "interrupt remapping", 3, 1, NULL},
	{"x2apic", "x2APIC (extended interrupt mode)", 4, 1, NULL},
	{"queued-invalidation", "queued invalidation", 1, 1, NULL},
	{"pass-through", "pass-through", 6, 1, NULL},
	{"snoop-control", "snoop control", 7, 1, NULL},
	{"coherency", "coherent page walks", 0, 1, NULL},
	{"ats", "device TLBs (ATS)", 2, 1, NULL},
	{"page-requests", "page requests (PRI)", 29, 1, NULL},
	{"pasid", "PASID", 40, 1, NULL},
	{"scalable-mode", "scalable mode", 43, 1, NULL},
	{"first-stage", "first stage translation", 47, 1, NULL},
	{"second-stage", "second stage translation", 46, 1, NULL},
	{"nested-translation", "nested translation", 26, 1, NULL},
	{"dirty-tracking", "accessed and dirty bits in the second stage", 45, 1, NULL},
	{"scalable-coherency", "coherent page walks in scalable mode", 48, 1, NULL},
	{"rid-pasid", "PASID for requests without one", 49, 1, NULL},
	{"memory-type", "memory types", 25, 1, NULL},
	{"execute-requests", "execute requests", 30, 1, NULL},
	{"supervisor-requests", "supervisor requests", 31, 1, NULL},
	{"no-write-flag", "no-write flag", 33, 1, NULL},
	{"extended-accessed-flag", "extended accessed flag", 34, 1, NULL},
	{"ats-throttle", "device TLB invalidation throttle", 41, 1, NULL},
	{"page-request-drain", "draining of page requests", 42, 1, NULL},
	{"virtual-commands", "virtual commands", 44, 1, NULL},
	{"performance-monitoring", "performance monitoring", 51, 1, NULL},
};

/* Only where ECAP says that there are PASIDs. */
static const struct field intel_pasid[] = {
	{"pasid-width", "width of a PASID", 35, 5, words_width},
};

static const struct field amd_efr[] = {
	{"host-levels", "levels of host page tables, at most", 10, 2, words_levels},
	{"x2apic", "x2APIC", 2, 1, NULL},
	{"guest-apic", "guest virtual APIC", 7, 1, NULL},
	{"guest-apic-mode", "guest virtual APIC mode", 21, 3, words_number},
	{"page-requests", "page requests (PPR)", 1, 1, NULL},
	{"guest-translation", "guest translation", 4, 1, NULL},
	{"guest-levels", "levels of guest page tables, at most", 12, 2, words_levels},
	{"guest-cr3-levels", "levels of guest CR3 tables", 14, 2, words_gcr3_levels},
	{"pasid-width", "width of a PASID", 32, 5, words_width},
	{"prefetch", "prefetch commands", 0, 1, NULL},
	{"no-execute", "no-execute", 3, 1, NULL},
	{"invalidate-all", "invalidate-all command", 6, 1, NULL},
	{"hardware-errors", "hardware error registers", 8, 1, NULL},
	{"performance-counters", "performance counters", 9, 1, NULL},
	{"smi-filter", "SMI filter", 16, 2, words_number},
	{"dual-page-request-log", "two page request logs", 24, 2, words_number},
	{"dual-event-log", "two event logs", 28, 2, words_number},
	{"secure-ats", "secure ATS", 31, 1, NULL},
	{"user-supervisor", "user and supervisor protection", 37, 1, NULL},
	{"device-table-segments", "device table segments, at most", 38, 2, words_power},
	{"page-request-overflow", "early warning of page request overflow", 40, 1, NULL},
	{"page-request-auto", "automatic page responses", 41, 1, NULL},
	{"memory-routing", "memory access routing", 42, 2, words_number},
	{"block-stop-mark", "blocking of StopMark messages", 44, 1, NULL},
	{"performance-optimization", "performance optimization", 45, 1, NULL},
	{"msi-mmio", "MSI registers in MMIO", 46, 1, NULL},
	{"guest-io", "guest I/O protection", 48, 1, NULL},
	{"host-access", "accessed bits in host page tables", 49, 1, NULL},
	{"enhanced-page-requests", "enhanced page request handling", 50, 1, NULL},
	{"attribute-forward", "attribute forwarding", 51, 1, NULL},
	{"dirty-tracking", "dirty bits in host page tables", 52, 1, NULL},
	{"typed-invalidation", "invalidation of device TLBs by type", 54, 1, NULL},
	{"viommu", "hardware virtual IOMMU (vIOMMU)", 55, 1, NULL},
	{"guest-apic-update-disable", "guest APIC update disable", 61, 1, NULL},
	{"physical-destination", "forced physical destination", 62, 1, NULL},
	{"snp", "secure nested paging (SEV-SNP)", 63, 1, NULL},
};

static const struct field amd_efr2[] = {
	{"snp-guest-apic", "guest virtual APIC with SEV-SNP", 5, 3, words_number},
	{"interrupts", "remapped interrupts", 8, 2, words_irtes},
	{"ht-range-ignore", "HyperTransport range usable as memory", 11, 1, NULL},
};

static const struct field amd_capability[] = {
	{"ats", "device TLBs (ATS)", 24, 1, NULL},
	{"ht-tunnel", "HyperTransport tunnel", 25, 1, NULL},
	{"caching-mode", "caches entries that are not present (an emulated IOMMU)", 26, 1, NULL},
	{"extended-features", "extended feature register", 27, 1, NULL},
};

static void decode(struct arena *arena, const struct field *fields, size_t n, uint64_t value,
		   struct iommu_features *features)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct field *f = &fields[i];
		unsigned int number = (unsigned int)(value >> f->shift & ((1U << f->width) - 1));
		struct iommu_feature *row = arena_append(arena, features->rows, features->n_rows);
		const char *words = f->words ? f->words(arena, number) : number ? "yes" : NULL;

		*row = (struct iommu_feature){f->id, f->name, words ? words : "no", words};
	}
}

#define DECODE(arena, fields, value, features) \
	decode(arena, fields, sizeof(fields) / sizeof(*(fields)), value, features)

void intel_capabilities_decode(struct arena *arena, uint64_t cap, uint64_t ecap,
			       struct iommu_features *features)
{
	DECODE(arena, intel_cap, cap, features);
	DECODE(arena, intel_ecap, ecap, features);
	if (ecap >> 40 & 1)
		DECODE(arena, intel_pasid, ecap, features);
}

void amd_features_decode(struct arena *arena, uint64_t efr, uint64_t efr2, bool has_efr2,
			 struct iommu_features *features)
{
	DECODE(arena, amd_efr, efr, features);
	if (has_efr2)
		DECODE(arena, amd_efr2, efr2, features);
}

void amd_capability_decode(struct arena *arena, uint32_t header, struct iommu_features *features)
{
	DECODE(arena, amd_capability, header, features);
}

int amd_features_parse(const char *text, uint64_t *ret_efr, uint64_t *ret_efr2, bool *ret_has_efr2)
{
	const char *colon = strchr(text, ':');
	TEXT_AUTO struct text first = {0};
	uint64_t a, b = 0;

	text_add_bytes(&first, text, colon ? (size_t)(colon - text) : strlen(text));
	if (text_parse_u64(text_str(&first), 16, UINT64_MAX, &a))
		return -EINVAL;
	if (colon && text_parse_u64(colon + 1, 16, UINT64_MAX, &b))
		return -EINVAL;
	*ret_efr = a > b ? a : b;
	*ret_efr2 = a > b ? b : a;
	*ret_has_efr2 = colon;
	return 0;
}

const struct iommu_feature *iommu_features_find(const struct iommu_features *features,
						const char *id)
{
	size_t i;

	for (i = 0; i < features->n_rows; i++) {
		if (!strcmp(features->rows[i].id, id))
			return &features->rows[i];
	}
	return NULL;
}
