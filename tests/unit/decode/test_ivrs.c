// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * IVRS, byte by byte: every kind of device entry and memory block, and for each kind of damage the issue,
 * its offset, and what is kept.
 */
#include "../test.h"

#include "base/arena.h"
#include "decode/ivrs.h"
#include "acpi_bytes.h"

static struct bytes begin(uint32_t info)
{
	struct bytes b = {.size = IVRS_HEADER_SIZE};

	memcpy(b.data, "IVRS", 4);
	b.data[8] = 2;
	memcpy(b.data + 36, &info, 4); /* the tests run on little-endian machines */
	return b;
}

/* An IVHD whose length end_block() sets. */
static size_t begin_ivhd(struct bytes *b, uint8_t type)
{
	size_t at = b->size;

	ADD(b, type, 0xb0, 0, 0, 2, 0, 0x40, 0, 0, 0, 0xb8, 0xfe, 0, 0, 0, 0);
	ADD(b, 1, 0, 3, 4, 0x6e, 0x8f, 4, 0x80);
	if (type != IVRS_IVHD_10)
		ADD(b, 0xfe, 0x5a, 0x29, 0xa2, 0x2f, 0x73, 0xbf, 0x25, 0x3d, 5, 0, 0, 0, 0, 0, 0);
	return at;
}

static void end_block(struct bytes *b, size_t at)
{
	b->data[at + 2] = (uint8_t)(b->size - at);
	b->data[at + 3] = (uint8_t)((b->size - at) >> 8);
}

static void decode(struct arena *a, const struct bytes *b, struct ivrs *ret)
{
	ivrs_decode(a, arena_memdup(a, b->data, b->size), b->size, ret);
}

static void test_units(void **state)
{
	static const uint8_t types[] = {IVRS_IVHD_10, IVRS_IVHD_11, IVRS_IVHD_40};
	size_t i;

	for (i = 0; i < sizeof(types); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		struct bytes b = begin(0x203043);
		const struct ivrs_structure *s;
		struct ivrs ivrs;

		end_block(&b, begin_ivhd(&b, types[i]));
		seal(&b);
		decode(a, &b, &ivrs);
		assert_int_equal(ivrs.table.n_issues, 0);
		assert_int_equal(ivrs.iv_info, 0x203043);
		assert_int_equal(ivrs.n_structures, 1);
		s = &ivrs.structures[0];
		assert_string_equal(ivrs_type_name(s->type), "IVHD");
		assert_int_equal(s->flags, 0xb0);
		assert_int_equal(s->device_id, 2);
		assert_int_equal(s->capability_offset, 0x40);
		assert_true(s->address == 0xfeb80000);
		assert_int_equal(s->segment, 1);
		assert_int_equal(s->info, 0x0403);
		assert_true(s->features == 0x80048f6e);
		assert_true(s->efr == (i ? 0x25bf732fa2295afe : 0));
		assert_true(s->efr2 == (i ? 0x53d : 0));
	}
}

static void test_entries(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(0);
	const struct ivhd_entry *e;
	struct ivrs ivrs;
	size_t at = begin_ivhd(&b, IVRS_IVHD_10);

	ADD(&b, 1, 0, 0, 0xd7, 0, 0, 0, 0, 2, 8, 0, 1, 3, 16, 0, 2, 4, 0xff, 0xff, 0);
	ADD(&b, 0x42, 1, 2, 5, 0, 3, 4, 0, 0x43, 0, 3, 0, 0, 0xa5, 0, 0);
	ADD(&b, 0x46, 1, 0, 0, 1, 2, 3, 0x80, 0x47, 2, 0, 0, 4, 3, 2, 1);
	ADD(&b, 0x48, 0, 0, 0xd7, 0x21, 0xa0, 0, 1);
	end_block(&b, at);
	seal(&b);
	decode(a, &b, &ivrs);
	assert_int_equal(ivrs.table.n_issues, 0);
	assert_int_equal(ivrs.structures[0].n_entries, 9); /* the padding is left out */
	e = ivrs.structures[0].entries;
	assert_int_equal(e[0].type, IVHD_ALL);
	assert_int_equal(e[0].data, 0xd7);
	assert_int_equal(e[1].device_id, 8);
	assert_int_equal(e[2].type, IVHD_RANGE_START);
	assert_int_equal(e[3].device_id, 0xffff);
	assert_int_equal(e[4].device_id, 0x0201);
	assert_int_equal(e[4].alias_id, 0x0403);
	assert_int_equal(e[5].type, IVHD_ALIAS_RANGE);
	assert_int_equal(e[5].alias_id, 0xa5);
	assert_true(e[6].extended_data == 0x80030201);
	assert_int_equal(e[7].extended_data, 0x01020304);
	assert_int_equal(e[8].handle, 0x21);
	assert_int_equal(e[8].special_device_id, 0xa0);
	assert_int_equal(e[8].variety, IVHD_IOAPIC);
}

static void add_field(struct bytes *b, const char *text)
{
	char field[8] = {0};

	memcpy(field, text, strlen(text));
	bytes_add(b, field, sizeof(field));
}

static void add_hid(struct bytes *b, const char *hid, const char *cid)
{
	ADD(b, 0xf0, 0xa5, 0, 0x40);
	add_field(b, hid);
	add_field(b, cid);
}

static void test_acpi_devices(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(0);
	const struct ivhd_entry *e;
	struct ivrs ivrs;
	size_t at = begin_ivhd(&b, IVRS_IVHD_40);

	add_hid(&b, "AMDI0020", "PNP0C0A");
	ADD(&b, 2, 4, 'F', 'U', 'R', '0');
	add_hid(&b, "PNP0C0A", "");
	ADD(&b, 1, 8, 8, 7, 6, 5, 4, 3, 2, 0xf1);
	add_hid(&b, "AMDI0040", "");
	ADD(&b, 0, 0);
	end_block(&b, at);
	seal(&b);
	decode(a, &b, &ivrs);
	assert_int_equal(ivrs.table.n_issues, 0);
	assert_int_equal(ivrs.structures[0].n_entries, 3);
	e = ivrs.structures[0].entries;
	assert_string_equal(e[0].hid, "AMDI0020");
	assert_string_equal(e[0].cid, "PNP0C0A");
	assert_string_equal(e[0].uid_text, "FUR0");
	assert_int_equal(e[0].length, 26);
	assert_string_equal(e[1].hid, "PNP0C0A");
	assert_string_equal(e[1].cid, "");
	assert_true(e[1].uid_number == 0xf102030405060708);
	assert_null(e[2].uid_text);
	assert_int_equal(e[2].uid_format, IVHD_UID_NONE);
}

/* Their length is in the two upper bits of the type: what follows them is found. */
static void test_unknown_entries(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(0);
	static const uint16_t lengths[] = {4, 8, 16, 32, 4};
	struct ivrs ivrs;
	size_t i, at = begin_ivhd(&b, IVRS_IVHD_11);

	ADD(&b, 0x3f, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0, 0, 0);
	ADD(&b, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	ADD(&b, 0xef, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	ADD(&b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 8, 0, 0);
	end_block(&b, at);
	ADD(&b, 0x77, 1, 5, 0, 9);
	seal(&b);
	decode(a, &b, &ivrs);
	assert_int_equal(ivrs.table.n_issues, 0);
	assert_int_equal(ivrs.structures[0].n_entries, 5);
	for (i = 0; i < 5; i++)
		assert_int_equal(ivrs.structures[0].entries[i].length, lengths[i]);
	assert_int_equal(ivrs.structures[0].entries[4].device_id, 8);
	assert_null(ivrs_type_name(ivrs.structures[1].type));
	assert_int_equal(ivrs.structures[1].length, 5);
}

static void test_memory(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(0);
	struct ivrs ivrs;
	uint8_t type;

	for (type = 0x20; type <= 0x22; type++) {
		ADD(&b, type, 0x07, 32, 0, 0x10, 0, 0x18, 0, 1, 0, 9, 9, 9, 9, 9, 9);
		ADD(&b, 0, 0xf0, 0x7d, 0xdf, 0, 0, 0, 0, 0, 0x60, 0, 0, 0, 0, 0, 0);
	}
	seal(&b);
	decode(a, &b, &ivrs);
	assert_int_equal(ivrs.table.n_issues, 0);
	assert_int_equal(ivrs.n_structures, 3);
	for (type = 0; type < 3; type++) {
		const struct ivrs_structure *s = &ivrs.structures[type];

		assert_string_equal(ivrs_type_name(s->type), "IVMD");
		assert_int_equal(s->type, 0x20 + type);
		assert_int_equal(s->flags, IVMD_FLAG_UNITY | IVMD_FLAG_READ | IVMD_FLAG_WRITE);
		assert_int_equal(s->device_id, 0x10);
		assert_int_equal(s->auxiliary, 0x18);
		assert_int_equal(s->segment, 1);
		assert_true(s->start == 0xdf7df000 && s->size == 0x6000);
	}
}

/* An entry that does not fit ends its block; the entries before it and the next block are listed. */
static void test_entry_too_long(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(0);
	struct ivrs ivrs;
	size_t at = begin_ivhd(&b, IVRS_IVHD_10);

	ADD(&b, 2, 8, 0, 0, 0x48, 0, 0, 0xd7);
	end_block(&b, at);
	end_block(&b, begin_ivhd(&b, IVRS_IVHD_11));
	seal(&b);
	decode(a, &b, &ivrs);
	assert_int_equal(ivrs.table.n_issues, 1);
	assert_int_equal(ivrs.table.issues[0].offset, 48 + 24 + 4);
	assert_int_equal(ivrs.n_structures, 2);
	assert_int_equal(ivrs.structures[0].n_entries, 1);
	assert_int_equal(ivrs.structures[0].entries[0].device_id, 8);
	assert_int_equal(ivrs.structures[1].type, IVRS_IVHD_11);
}

/* The UID's length is inside the entry: one that goes past the block is damage. */
static void test_uid_too_long(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct bytes b = begin(0);
	struct ivrs ivrs;
	size_t at = begin_ivhd(&b, IVRS_IVHD_40);

	add_hid(&b, "AMDI0020", "");
	ADD(&b, 2, 5, 'F', 'U', 'R', '0');
	end_block(&b, at);
	seal(&b);
	decode(a, &b, &ivrs);
	assert_int_equal(ivrs.table.n_issues, 1);
	assert_int_equal(ivrs.structures[0].n_entries, 0);
}

static void test_block_length(void **state)
{
	static const struct {
		uint8_t length;
		size_t offset, kept;
	} cases[] = {{0, 74, 1}, {3, 74, 1}, {23, 74, 1}, {25, 72, 2}, {200, 72, 2}};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		struct bytes b = begin(0);
		struct ivrs ivrs;

		end_block(&b, begin_ivhd(&b, IVRS_IVHD_10));
		b.data[begin_ivhd(&b, IVRS_IVHD_10) + 2] = cases[i].length;
		seal(&b);
		decode(a, &b, &ivrs);
		assert_int_equal(ivrs.table.n_issues, 1);
		assert_int_equal(ivrs.table.issues[0].offset, cases[i].offset);
		assert_int_equal(ivrs.n_structures, cases[i].kept);
		assert_true(ivrs.structures[0].address == 0xfeb80000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),        cmocka_unit_test(test_entries),
		cmocka_unit_test(test_acpi_devices), cmocka_unit_test(test_unknown_entries),
		cmocka_unit_test(test_memory),       cmocka_unit_test(test_entry_too_long),
		cmocka_unit_test(test_uid_too_long), cmocka_unit_test(test_block_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
