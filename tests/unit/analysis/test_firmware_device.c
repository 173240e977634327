// SPDX-License-Identifier: LGPL-2.1-or-later
/* A path in a table leads to the device below the bridges, whatever bus numbers the kernel gave. */
#include "../test.h"

#include "analysis/firmware_device.h"

/* Two bridges in a row, the second on a bus that firmware could not know; the same again in domain 1. */
static struct pci_device devices[] = {
	{.address = {0, 0, 2, 0}, .parent = -1},    {.address = {0, 0, 0x1c, 4}, .parent = -1},
	{.address = {0, 5, 0, 0}, .parent = 1},     {.address = {0, 9, 0, 0}, .parent = 2},
	{.address = {0, 9, 0, 1}, .parent = 2},     {.address = {1, 0, 2, 0}, .parent = -1},
	{.address = {0, 0x80, 2, 0}, .parent = -1},
};
static const struct host host = {
	.devices = devices,
	.n_devices = sizeof(devices) / sizeof(*devices),
};

static void test_one_step(void **state)
{
	static const struct dmar_path path[] = {{2, 0}};

	assert_ptr_equal(firmware_device_find(&host, 0, 0, path, 1), &devices[0]);
	assert_ptr_equal(firmware_device_find(&host, 1, 0, path, 1), &devices[5]);
	assert_ptr_equal(firmware_device_find(&host, 0, 0x80, path, 1), &devices[6]);
	assert_null(firmware_device_find(&host, 2, 0, path, 1));
	assert_null(firmware_device_find(&host, 0, 1, path, 1));
}

static void test_through_bridges(void **state)
{
	static const struct dmar_path path[] = {{0x1c, 4}, {0, 0}, {0, 1}, {3, 3}};

	assert_ptr_equal(firmware_device_find(&host, 0, 0, path, 2), &devices[2]);
	assert_ptr_equal(firmware_device_find(&host, 0, 0, path, 3), &devices[4]);
	assert_null(firmware_device_find(&host, 0, 0, path, 4));
	assert_null(firmware_device_find(&host, 0, 0, path, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_step),
		cmocka_unit_test(test_through_bridges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
