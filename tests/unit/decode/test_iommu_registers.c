// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Registers of real units. For AMD the reference is what the kernel printed beside the number (reports of
 * boot logs); for Intel the fields of the specification, worked out by hand.
 */
#include "../test.h"

#include <errno.h>

#include "base/arena.h"
#include "decode/iommu_registers.h"

static const char *value(const struct iommu_features *f, const char *id)
{
	const struct iommu_feature *row = iommu_features_find(f, id);

	assert_non_null(row);
	return row->value;
}

static bool has(const struct iommu_features *f, const char *id)
{
	const struct iommu_feature *row = iommu_features_find(f, id);

	assert_non_null(row);
	return row->is_present;
}

/* Fedora 21, 2015: "dmar: IOMMU 0: reg_base_addr fed90000 ver 1:0 cap c0000020e60262 ecap f0101a" */
static void test_intel_old(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features f = {0};

	intel_capabilities_decode(a, 0xc0000020e60262, 0xf0101a, &f);
	assert_string_equal(value(&f, "address-width"), "39 bits");
	assert_string_equal(value(&f, "page-table-widths"), "39 bits (3 levels)");
	assert_string_equal(value(&f, "page-sizes"), "4 KiB");
	assert_string_equal(value(&f, "domains"), "256");
	assert_string_equal(value(&f, "fault-records"), "1");
	assert_false(has(&f, "caching-mode"));
	assert_true(has(&f, "protected-low-memory"));
	assert_true(has(&f, "protected-high-memory"));
	assert_true(has(&f, "read-drain") && has(&f, "write-drain"));
	assert_false(has(&f, "page-invalidation"));
	assert_true(has(&f, "queued-invalidation"));
	assert_true(has(&f, "interrupt-remapping"));
	assert_true(has(&f, "x2apic"));
	assert_false(has(&f, "coherency"));
	assert_false(has(&f, "ats"));
	assert_false(has(&f, "pass-through"));
	assert_false(has(&f, "snoop-control"));
	assert_false(has(&f, "pasid"));
	assert_null(iommu_features_find(&f, "pasid-width"));
}

/* Alder Lake's unit for graphics: "ver 4:0 cap 1c0000c40660462 ecap 29a00f0505e" */
static void test_intel_graphics(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features f = {0};

	intel_capabilities_decode(a, 0x1c0000c40660462, 0x29a00f0505e, &f);
	assert_string_equal(value(&f, "address-width"), "39 bits");
	assert_string_equal(value(&f, "page-sizes"), "4 KiB, 2 MiB, 1 GiB");
	assert_string_equal(value(&f, "domains"), "256");
	assert_true(has(&f, "first-stage-1g"));
	assert_false(has(&f, "posted-interrupts"));
	assert_true(has(&f, "pass-through"));
	assert_true(has(&f, "ats"));
	assert_false(has(&f, "snoop-control"));
	assert_false(has(&f, "scalable-mode"));
}

/* Kaby Lake's unit for graphics: "ver 1:0 cap 1c0000c40660462 ecap 19e2ff0505e" */
static void test_intel_pasid(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features f = {0};

	intel_capabilities_decode(a, 0x1c0000c40660462, 0x19e2ff0505e, &f);
	assert_true(has(&f, "pasid"));
	assert_string_equal(value(&f, "pasid-width"), "20 bits");
	assert_true(has(&f, "page-requests"));
	assert_true(has(&f, "nested-translation"));
	assert_false(has(&f, "scalable-mode"));
}

/* Sapphire Rapids: "ver 7:0 cap e9de008cee690462 ecap 1aca9a00f0ef5e" */
static void test_intel_server(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features f = {0};

	intel_capabilities_decode(a, 0xe9de008cee690462, 0x1aca9a00f0ef5e, &f);
	assert_string_equal(value(&f, "address-width"), "42 bits");
	assert_string_equal(value(&f, "page-table-widths"), "48 bits (4 levels)");
	assert_string_equal(value(&f, "domains"), "256");
	assert_true(has(&f, "posted-interrupts"));
	assert_true(has(&f, "enhanced-commands"));
	assert_true(has(&f, "scalable-mode"));
	assert_true(has(&f, "first-stage"));
	assert_true(has(&f, "second-stage"));
	assert_false(has(&f, "pasid"));
	assert_true(has(&f, "performance-monitoring"));
}

/* QEMU's intel-iommu with caching-mode=on sets bit 7; a host that offers it is itself a guest. */
static void test_intel_emulated(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features f = {0};

	intel_capabilities_decode(a, 0xd2008c222f0686 | 1 << 7, 0xf00f5e, &f);
	assert_true(has(&f, "caching-mode"));
	assert_string_equal(value(&f, "address-width"), "48 bits");
	assert_string_equal(value(&f, "page-table-widths"),
			    "39 bits (3 levels), 48 bits (4 levels)");
}

/* What the kernel prints for each bit, in its order. */
static const struct {
	const char *word, *id;
} kernel_words[] = {
	{"PreF", "prefetch"},
	{"PPR", "page-requests"},
	{"X2APIC", "x2apic"},
	{"NX", "no-execute"},
	{"GT", "guest-translation"},
	{"IA", "invalidate-all"},
	{"GA", "guest-apic"},
	{"HE", "hardware-errors"},
	{"PC", "performance-counters"},
	{"GA_vAPIC", "guest-apic-mode"},
	{"SNP", "snp"},
};

static bool has_word(const char *line, const char *word)
{
	size_t len = strlen(word);
	const char *p;

	for (p = strstr(line, word); p; p = strstr(p + 1, word)) {
		if ((p == line || p[-1] == ' ') && (!p[len] || p[len] == ' '))
			return true;
	}
	return false;
}

static void test_amd_as_the_kernel_says(void **state)
{
	static const struct {
		uint64_t efr;
		const char *line;
	} cases[] = {
		{0xa5bf7320a2294aee, "PPR X2APIC NX [5] IA GA PC GA_vAPIC SNP"},
		{0x25bf732fa2295afe, "PPR X2APIC NX GT [5] IA GA PC GA_vAPIC"},
		{0x246577efa2254afa, "PPR NX GT [5] IA GA PC GA_vAPIC"},
		{0x206d73ef22254ade, "PPR X2APIC NX GT IA GA PC GA_vAPIC"},
		{0x58f77ef22294ade, "PPR X2APIC NX GT IA GA PC GA_vAPIC"},
		{0x58f77ef22294a5a, "PPR NX GT IA PC GA_vAPIC"},
		{0x29d3, "PreF PPR GT IA GA HE"},
	};
	size_t i, j;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		struct iommu_features f = {0};

		amd_features_decode(a, cases[i].efr, 0, false, &f);
		for (j = 0; j < sizeof(kernel_words) / sizeof(*kernel_words); j++)
			assert_int_equal(has(&f, kernel_words[j].id),
					 has_word(cases[i].line, kernel_words[j].word));
	}
}

static void test_amd_numbers(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features f = {0};

	amd_features_decode(a, 0x25bf732fa2295afe, 0x53d, true, &f);
	assert_string_equal(value(&f, "host-levels"), "6 levels");
	assert_string_equal(value(&f, "guest-levels"), "5 levels");
	assert_string_equal(value(&f, "guest-cr3-levels"), "2 levels");
	assert_string_equal(value(&f, "pasid-width"), "16 bits");
	assert_true(has(&f, "dirty-tracking"));
	assert_string_equal(value(&f, "interrupts"), "2048 per device");
}

static void test_amd_capability(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features f = {0};

	amd_capability_decode(a, 0x190b640f, &f);
	assert_true(has(&f, "ats"));
	assert_true(has(&f, "extended-features"));
	assert_false(has(&f, "caching-mode"));
}

/* The order of the two changed between kernels; a value has one or two. */
static void test_amd_parse(void **state)
{
	static const char *const bad[] = {"",   ":", "x", "1:2:3", "0x1:", "12345678901234567",
					  "1 2"};
	uint64_t efr, efr2;
	bool has_efr2;
	size_t i;

	assert_int_equal(amd_features_parse("58f77ef22294ade\n", &efr, &efr2, &has_efr2), 0);
	assert_true(efr == 0x58f77ef22294ade && !has_efr2);
	assert_int_equal(amd_features_parse("1d:25bf732fa2295afe\n", &efr, &efr2, &has_efr2), 0);
	assert_true(efr == 0x25bf732fa2295afe && efr2 == 0x1d && has_efr2);
	assert_int_equal(amd_features_parse("246577efa2254afa:0\n", &efr, &efr2, &has_efr2), 0);
	assert_true(efr == 0x246577efa2254afa && efr2 == 0 && has_efr2);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(amd_features_parse(bad[i], &efr, &efr2, &has_efr2), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intel_old),
		cmocka_unit_test(test_intel_graphics),
		cmocka_unit_test(test_intel_pasid),
		cmocka_unit_test(test_intel_server),
		cmocka_unit_test(test_intel_emulated),
		cmocka_unit_test(test_amd_as_the_kernel_says),
		cmocka_unit_test(test_amd_numbers),
		cmocka_unit_test(test_amd_capability),
		cmocka_unit_test(test_amd_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
