// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * DMAR, byte by byte: structures that the collected tables do not have (SATC, SIDP, unknown ones), and
 * for each kind of damage the issue, its offset, and what is kept.
 */
#include "../test.h"

#include "base/arena.h"
#include "decode/dmar.h"
#include "acpi_bytes.h"

static struct bytes begin(uint8_t width, uint8_t flags)
{
	struct bytes b = {.size = DMAR_HEADER_SIZE};

	memcpy(b.data, "DMAR", 4);
	b.data[8] = 1;
	b.data[36] = width;
	b.data[37] = flags;
	return b;
}

/* The copy has exactly the table's size, so that a read past its end is seen. */
static void decode(struct arena *a, const struct bytes *b, struct dmar *ret)
{
	dmar_decode(a, arena_memdup(a, b->data, b->size), b->size, ret);
}

#define DRHD_AT_FED90000 0, 0, 16, 0, 1, 0, 2, 0, 0, 0, 0xd9, 0xfe, 0, 0, 0, 0

static void test_new_structures(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(38, 5);
	struct dmar d;

	ADD(&b, 5, 0, 16, 0, 1, 0, 3, 0, 1, 8, 0, 0, 0, 4, 0x1f, 7);
	ADD(&b, 6, 0, 16, 0, 0, 0, 9, 0, 1, 8, 0x12, 0, 0, 0, 2, 0);
	ADD(&b, 0x34, 0x12, 6, 0, 0xaa, 0xbb);
	seal(&b);
	decode(a, &b, &d);
	assert_int_equal(d.table.n_issues, 0);
	assert_true(d.table.is_checksum_right);
	assert_int_equal(d.host_address_width, 39);
	assert_int_equal(d.flags, DMAR_FLAG_INTERRUPT_REMAPPING | DMAR_FLAG_DMA_CONTROL_OPT_IN);
	assert_int_equal(d.n_structures, 3);
	assert_string_equal(dmar_type_name(d.structures[0].type), "SATC");
	assert_true(d.structures[0].flags & DMAR_SATC_ATC_REQUIRED);
	assert_int_equal(d.structures[0].segment, 3);
	assert_int_equal(d.structures[0].scopes[0].bus, 4);
	assert_int_equal(d.structures[0].scopes[0].path[0].device, 0x1f);
	assert_int_equal(d.structures[0].scopes[0].path[0].function, 7);
	assert_string_equal(dmar_type_name(d.structures[1].type), "SIDP");
	assert_int_equal(d.structures[1].segment, 9);
	assert_int_equal(d.structures[1].scopes[0].flags, 0x12);
	assert_null(dmar_type_name(d.structures[2].type));
	assert_int_equal(d.structures[2].type, 0x1234);
	assert_int_equal(d.structures[2].length, 6);
}

static void test_bridges(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(45, 0);
	struct dmar d;

	ADD(&b, 2, 0, 22, 0, 0, 0, 1, 0, 2, 12, 0, 0, 0, 0x40, 0x1c, 4, 0, 1, 2, 3, 0, 0);
	b.size -= 2;
	b.data[48 + 2] = 20;
	seal(&b);
	decode(a, &b, &d);
	assert_int_equal(d.table.n_issues, 0);
	assert_int_equal(d.structures[0].scopes[0].type, DMAR_SCOPE_BRIDGE);
	assert_int_equal(d.structures[0].scopes[0].n_path, 3);
	assert_int_equal(d.structures[0].scopes[0].path[1].function, 1);
	assert_int_equal(d.structures[0].scopes[0].path[2].device, 2);
}

/* Reserved bits, unknown scopes, a region that ends before it begins: firmware is like that. */
static void test_odd_is_no_damage(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(0xff, 0xff);
	struct dmar d;

	memset(b.data + 38, 0xff, 10);
	ADD(&b, 0, 0, 24, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8);
	ADD(&b, 0x99, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
	ADD(&b, 1, 0, 24, 0, 0xff, 0xff, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0);
	ADD(&b, 3, 0, 22, 0, 9, 9, 9, 9, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 8, 8);
	seal(&b);
	decode(a, &b, &d);
	assert_int_equal(d.table.n_issues, 0);
	assert_int_equal(d.host_address_width, 256);
	assert_int_equal(d.n_structures, 3);
	assert_true(d.structures[0].address == 0x0807060504030201);
	assert_null(dmar_scope_type_name(d.structures[0].scopes[0].type));
	assert_true(d.structures[1].base == 9 && d.structures[1].limit == 8);
	assert_int_equal(d.structures[2].proximity_domain, 2);
}

static void test_checksum(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(38, 1);
	struct dmar d;

	ADD(&b, DRHD_AT_FED90000);
	seal(&b);
	b.data[9]++;
	decode(a, &b, &d);
	assert_false(d.table.is_checksum_right);
	assert_int_equal(d.table.n_issues, 1);
	assert_int_equal(d.table.issues[0].offset, 9);
	assert_non_null(strstr(d.table.issues[0].message, "checksum"));
	assert_int_equal(d.n_structures, 1);
	assert_int_equal(d.structures[0].address, 0xfed90000);
}

/* A DRHD whose length goes past the table's: its fields and the one before it are kept. */
static void test_structure_too_long(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(38, 1);
	struct dmar d;

	ADD(&b, 3, 0, 20, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0);
	ADD(&b, DRHD_AT_FED90000);
	b.data[48 + 20 + 2] = 0x60;
	seal(&b);
	decode(a, &b, &d);
	assert_int_equal(d.table.n_issues, 1);
	assert_int_equal(d.table.issues[0].offset, 68);
	assert_non_null(strstr(d.table.issues[0].message, "DRHD"));
	assert_int_equal(d.n_structures, 2);
	assert_int_equal(d.structures[1].address, 0xfed90000);
	assert_int_equal(d.structures[1].length, 0x60);
}

static void test_structure_too_short(void **state)
{
	static const uint8_t lengths[] = {0, 3, 15};
	size_t i;

	for (i = 0; i < sizeof(lengths); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		struct bytes b = begin(38, 1);
		struct dmar d;

		ADD(&b, DRHD_AT_FED90000);
		ADD(&b, DRHD_AT_FED90000);
		b.data[48 + 16 + 2] = lengths[i];
		seal(&b);
		decode(a, &b, &d);
		assert_int_equal(d.table.n_issues, 1);
		assert_int_equal(d.table.issues[0].offset, 66);
		assert_int_equal(d.n_structures, 1);
	}
}

/* A scope that is wrong ends its structure; what stands before and after it is listed. */
static void test_scope_damage(void **state)
{
	static const uint8_t lengths[] = {0, 5, 6, 9, 200};
	size_t i;

	for (i = 0; i < sizeof(lengths); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		struct bytes b = begin(38, 1);
		struct dmar d;

		ADD(&b, 2, 0, 24, 0, 0, 0, 0, 0, 2, 8, 0, 0, 0, 0, 1, 0, 2, 8, 0, 0, 0, 0, 2, 0);
		ADD(&b, DRHD_AT_FED90000);
		b.data[48 + 16 + 1] = lengths[i];
		seal(&b);
		decode(a, &b, &d);
		assert_int_equal(d.table.n_issues, 1);
		assert_in_range(d.table.issues[0].offset, 64, 65);
		assert_int_equal(d.n_structures, 2);
		assert_int_equal(d.structures[0].n_scopes, 1);
		assert_int_equal(d.structures[1].address, 0xfed90000);
	}
}

static void test_name_without_end(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(38, 1);
	struct dmar d;

	ADD(&b, 4, 0, 12, 0, 0, 0, 0, 7, '\\', '_', 'S', 'B');
	seal(&b);
	decode(a, &b, &d);
	assert_int_equal(d.table.n_issues, 1);
	assert_int_equal(d.table.issues[0].offset, 56);
	assert_int_equal(d.structures[0].acpi_device, 7);
	assert_string_equal(d.structures[0].name, "\\_SB");
}

static void test_length_field(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(38, 1);
	struct dmar d;

	ADD(&b, DRHD_AT_FED90000);
	seal(&b);
	ADD(&b, 0, 0, 0);
	decode(a, &b, &d);
	assert_int_equal(d.table.n_issues, 1);
	assert_int_equal(d.table.issues[0].offset, 64);
	assert_int_equal(d.n_structures, 1);
	assert_true(d.table.is_checksum_right);
	b.data[4] = 40;
	decode(a, &b, &d);
	assert_int_equal(d.table.issues[0].offset, 4);
	assert_int_equal(d.n_structures, 0);
}

static void test_too_short_for_a_header(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(38, 1);
	struct dmar d;

	seal(&b);
	for (b.size = 0; b.size < DMAR_HEADER_SIZE; b.size++) {
		decode(a, &b, &d);
		assert_int_equal(d.table.n_issues, 1);
		assert_int_equal(d.table.issues[0].offset, b.size);
		assert_int_equal(d.n_structures, 0);
		assert_int_equal(d.host_address_width, b.size > 36 ? 39 : 0);
	}
	dmar_decode(a, NULL, 0, &d);
	assert_int_equal(d.table.n_issues, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_structures),
		cmocka_unit_test(test_bridges),
		cmocka_unit_test(test_odd_is_no_damage),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_structure_too_long),
		cmocka_unit_test(test_structure_too_short),
		cmocka_unit_test(test_scope_damage),
		cmocka_unit_test(test_name_without_end),
		cmocka_unit_test(test_length_field),
		cmocka_unit_test(test_too_short_for_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
