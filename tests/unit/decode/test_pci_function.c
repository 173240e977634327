// SPDX-License-Identifier: LGPL-2.1-or-later
/* Config spaces made byte by byte: what is read of them, and what damage, silence and short files give. */
#include "../test.h"

#include "decode/pci_function.h"

static uint8_t bytes[4096];

static void put16(size_t at, unsigned int value)
{
	bytes[at] = value & 0xff;
	bytes[at + 1] = value >> 8 & 0xff;
}

static void put32(size_t at, uint32_t value)
{
	put16(at, value & 0xffff);
	put16(at + 2, value >> 16);
}

/* A root port in slot 5 with a card, ACS at 140h behind AER. */
static void make_port(void)
{
	memset(bytes, 0, sizeof(bytes));
	put16(0x00, 0x8086);
	put16(0x02, 0xa33c);
	put16(0x06, 0x0010);
	bytes[0x0e] = 0x81;
	bytes[0x19] = 3;
	bytes[0x1a] = 7;
	bytes[0x34] = 0x40;
	bytes[0x40] = 0x10;
	put16(0x42, 0x0142);
	put32(0x54, 5U << 19);
	put16(0x5a, 0x0040);
	put32(0x100, 0x14010001);
	put32(0x140, 0x0001000d);
	put16(0x144, 0x001f);
	put16(0x146, 0x001d);
}

static struct pci_function decode(size_t size)
{
	const struct pci_config c = {.data = bytes, .size = size};
	struct pci_function f;

	pci_function_decode(&c, &f);
	return f;
}

static void whole(void **state)
{
	struct pci_function f;

	make_port();
	f = decode(4096);
	assert_int_equal(f.read, FACT_READ);
	assert_true(f.is_multifunction);
	assert_int_equal(f.header, 1);
	assert_int_equal(f.secondary, 3);
	assert_int_equal(f.subordinate, 7);
	assert_int_equal(f.express, FACT_READ);
	assert_int_equal(f.port_type, PCI_PORT_ROOT);
	assert_true(f.has_slot && f.is_slot_taken);
	assert_int_equal(f.slot, 5);
	assert_int_equal(f.acs, FACT_READ);
	assert_int_equal(f.acs_capability, 0x1f);
	assert_int_equal(f.acs_control, 0x1d);
}

static void short_files(void **state)
{
	struct pci_function f;

	make_port();
	f = decode(0);
	assert_int_equal(f.read, FACT_NOT_READ);
	f = decode(64);
	assert_int_equal(f.read, FACT_READ);
	assert_int_equal(f.express, FACT_NOT_READ);
	assert_int_equal(f.acs, FACT_NOT_READ);
	f = decode(256);
	assert_int_equal(f.express, FACT_READ);
	assert_int_equal(f.acs, FACT_NOT_READ);
	f = decode(0x145);
	assert_int_equal(f.acs, FACT_NOT_READ);
}

static void silent(void **state)
{
	struct pci_function f;

	memset(bytes, 0xff, sizeof(bytes));
	f = decode(256);
	assert_true(f.is_silent);
	assert_int_equal(f.read, FACT_UNREADABLE);
	assert_false(f.is_multifunction);
}

static void conventional(void **state)
{
	struct pci_function f;

	make_port();
	put16(0x06, 0);
	f = decode(4096);
	assert_int_equal(f.express, FACT_ABSENT);
	assert_int_equal(f.acs, FACT_ABSENT);
}

static void virtual_function(void **state)
{
	make_port();
	bytes[0x0e] = 0;
	put32(0x00, 0xffffffff);
	put32(0x08, 0x02000001);
	assert_true(decode(4096).is_virtual);
}

/* Lists that go round end, and hold nothing. */
static void rings(void **state)
{
	struct pci_function f;

	make_port();
	put32(0x100, 0x10010001);
	f = decode(4096);
	assert_int_equal(f.acs, FACT_UNREADABLE);
	bytes[0x40] = 0x01;
	bytes[0x41] = 0x40;
	f = decode(4096);
	assert_int_equal(f.express, FACT_UNREADABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(short_files),
		cmocka_unit_test(silent),
		cmocka_unit_test(conventional),
		cmocka_unit_test(virtual_function),
		cmocka_unit_test(rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
