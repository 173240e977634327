// SPDX-License-Identifier: LGPL-2.1-or-later
/* Every way in which a person names a device, on a machine that is a value. */
#include "../test.h"

#include <errno.h>

#include "analysis/target.h"
#include "base/arena.h"
#include "base/error.h"
#include "host/host.h"

/* 0: bridge, 1: SATA, 2 and 3: two alike network cards, 4: a card behind VMD, 5 and 6: NVMe paths */
static struct pci_device devices[] = {
	{.address = {0, 0, 0x1c, 0}, .name = "0000:00:1c.0", .header = PCI_HEADER_BRIDGE},
	{.address = {0, 0, 0x1f, 2}, .name = "0000:00:1f.2", .vendor = 0x8086, .device = 0x2922},
	{.address = {0, 1, 0, 0}, .name = "0000:01:00.0", .vendor = 0x8086, .device = 0x10d3},
	{.address = {0, 1, 0, 1}, .name = "0000:01:00.1", .vendor = 0x8086, .device = 0x10d3},
	{.address = {0, 2, 0, 0}, .name = "0000:02:00.0", .vendor = 0x144d, .device = 0xa808},
	{.address = {0, 3, 0, 0}, .name = "0000:03:00.0", .vendor = 0x144d, .device = 0xa808},
	{.address = {0x10000, 0xe1, 0, 0}, .name = "10000:e1:00.0", .vendor = 0x15b7},
};
static size_t members[] = {0, 2, 3};
static struct iommu_group groups[] = {
	{.id = 3},
	{.id = 7, .devices = members, .n_devices = 3},
};
static struct host_node nodes[] = {
	{.kind = "block", .name = "sda", .device = 1},
	{.kind = "block", .name = "sda1", .device = 1, .parent = 0},
	{.kind = "net", .name = "enp1s0", .device = 2},
	{.kind = "net", .name = "sda", .device = 3},
	{.kind = "block", .name = "nvme0n1", .device = 4},
	{.kind = "block", .name = "nvme0n1", .device = 5},
};
/* sda and its partition; dm-0 over the partition and, in a ring that no kernel makes, under sda */
static size_t sda_devices[] = {1}, sda_uppers[] = {1}, part_uppers[] = {2}, ring[] = {0};
static struct block_device blocks[] = {
	{.name = "sda",
	 .uppers = sda_uppers,
	 .n_uppers = 1,
	 .devices = sda_devices,
	 .n_devices = 1},
	{.name = "sda1", .uppers = part_uppers, .n_uppers = 1},
	{.name = "dm-0", .dm_name = "vg0-root", .uppers = ring, .n_uppers = 1},
	{.name = "loop0"},
};
static const struct host host = {
	.devices = devices,
	.n_devices = 7,
	.groups = groups,
	.n_groups = 2,
	.nodes = nodes,
	.n_nodes = 6,
	.blocks = blocks,
	.n_blocks = 4,
};

static void finds(const char *word, size_t expected)
{
	ARENA_AUTO struct arena *a = arena_new();
	ERROR_AUTO struct error err = {0};
	size_t *found, n;

	assert_int_equal(target_resolve(&host, word, a, &found, &n, &err), 0);
	assert_int_equal(n, 1);
	assert_int_equal(found[0], expected);
}

/* told: what the message or its remedy must name. */
static void refuses(const char *word, int code, const char *told)
{
	ARENA_AUTO struct arena *a = arena_new();
	ERROR_AUTO struct error err = {0};
	size_t *found, n;

	assert_int_equal(target_resolve(&host, word, a, &found, &n, &err), code);
	assert_string_equal(err.subject, word);
	assert_non_null(err.remedy);
	assert_true(strstr(err.remedy, told) || strstr(err.message, told));
}

static void test_addresses(void **state)
{
	finds("0000:00:1f.2", 1);
	finds("00:1f.2", 1);
	finds("pci_0000_00_1f_2", 1);
	finds("0000:00:1f:2", 1);
	finds("10000:e1:00.0", 6);
	finds("pci_10000_e1_00_0", 6);
	refuses("00:1f.3", -ENODEV, "ferry survey");
}

static void test_ids(void **state)
{
	finds("8086:2922", 1);
	finds("8086:2922", 1);
	refuses("8086:10d3", -ENOTUNIQ, "0000:01:00.0");
	refuses("8086:10D3", -ENOTUNIQ, "0000:01:00.1");
	refuses("8086:ffff", -ENODEV, "ferry survey");
}

static void test_what_hangs_under_it(void **state)
{
	finds("net:enp1s0", 2);
	finds("net:sda", 3);
	finds("block:sda", 1);
	finds("block:sda1", 1);
	finds("block:dm-0", 1);
	finds("block:vg0-root", 1);
	refuses("net:eth9", -ENODEV, "ferry survey");
	refuses("block:loop0", -ENODEV, "ferry survey");
	/* One disk by two controllers: which one is meant can't be guessed. */
	refuses("block:nvme0n1", -ENOTUNIQ, "0000:03:00.0");
}

/* A bridge of the group can't be lent, so it is not meant. */
static void test_groups(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t *found, n;

	assert_int_equal(target_resolve(&host, "group:7", a, &found, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(found[0], 2);
	assert_int_equal(found[1], 3);
	refuses("group:3", -ENODEV, "ferry survey");
	refuses("group:8", -ENODEV, "ferry survey");
}

static void test_nonsense(void **state)
{
	static const char *const words[] = {"", "sda", ":", "net:", ":sda", "pci_", "0000:00:1f"};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		ERROR_AUTO struct error err = {0};
		size_t *found, n;

		assert_true(target_resolve(&host, words[i], a, &found, &n, &err) < 0);
		assert_non_null(err.remedy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_what_hangs_under_it),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
