// SPDX-License-Identifier: LGPL-2.1-or-later
/* Capability lists as devices have them, and as no sane device would: rings, ends cut off, all ones. */
#include "../test.h"

#include <errno.h>

#include "decode/pci_config.h"

/* A PCI Express function: power management, MSI, Express; AER, serial number, ACS. */
static void fill(uint8_t *c)
{
	memset(c, 0, PCI_CONFIG_SIZE);
	memcpy(c, (const uint8_t[]){0x86, 0x80, 0xd3, 0x10}, 4);
	c[0x06] = 0x10;
	c[0x0e] = 0x80;
	c[0x34] = 0xc8;
	memcpy(c + 0xc8, (const uint8_t[]){0x01, 0xd0}, 2);
	memcpy(c + 0xd0, (const uint8_t[]){0x05, 0xe0}, 2);
	memcpy(c + 0xe0, (const uint8_t[]){0x10, 0x00}, 2);
	memcpy(c + 0x100, (const uint8_t[]){0x01, 0x00, 0x02, 0x14}, 4);
	memcpy(c + 0x140, (const uint8_t[]){0x03, 0x00, 0x01, 0x20}, 4);
	memcpy(c + 0x144, (const uint8_t[]){0x2c, 0x00, 0x00, 0xff, 0xff, 0x21, 0x1b, 0x00}, 8);
	memcpy(c + 0x200, (const uint8_t[]){0x0d, 0x00, 0x01, 0x00}, 4);
}

static void test_finds(void **state)
{
	uint8_t data[PCI_CONFIG_SIZE];
	const struct pci_config c = {data, sizeof(data)};
	unsigned int header;
	uint64_t serial;
	uint32_t word;
	size_t at;

	fill(data);
	assert_false(pci_config_is_silent(&c));
	assert_int_equal(pci_config_header(&c, &header), 0);
	assert_int_equal(header, 0);
	assert_true(pci_config_is_multifunction(&c));
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_POWER, &at), 0);
	assert_int_equal(at, 0xc8);
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_EXPRESS, &at), 0);
	assert_int_equal(at, 0xe0);
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_MSIX, &at), -ENOENT);
	assert_int_equal(pci_config_find_extended(&c, PCI_EXTENDED_ACS, &at), 0);
	assert_int_equal(at, 0x200);
	assert_int_equal(pci_config_find_extended(&c, PCI_EXTENDED_SRIOV, &at), -ENOENT);
	/* lspci would show 00-1b-21-ff-ff-00-00-2c. */
	assert_int_equal(pci_config_serial(&c, &serial), 0);
	assert_true(serial == 0x001b21ffff00002c);
	assert_true(pci_config_u32(&c, 0xffc, &word));
	assert_false(pci_config_u32(&c, 0xffd, &word));
	assert_false(pci_config_u32(&c, SIZE_MAX, &word));
}

/* What was not read is not what is not there. */
static void test_parts_of_the_space(void **state)
{
	uint8_t data[PCI_CONFIG_SIZE];
	struct pci_config c = {data, 64};
	uint64_t serial;
	size_t at;

	fill(data);
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_EXPRESS, &at), -ENODATA);
	assert_int_equal(pci_config_serial(&c, &serial), -ENODATA);
	c.size = 256;
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_EXPRESS, &at), 0);
	assert_int_equal(pci_config_serial(&c, &serial), -ENODATA);
	c.size = 0x148; /* the serial number's second half is missing */
	assert_int_equal(pci_config_serial(&c, &serial), -ENODATA);
	data[0xd1] =
		0; /* the list ends before Express: a conventional function, no serial number */
	c.size = 256;
	assert_int_equal(pci_config_serial(&c, &serial), -ENOENT);
	data[0x06] = 0;
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_POWER, &at), -ENOENT);
	c.size = 0;
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_POWER, &at), -EBADMSG);
}

static void test_rings_end(void **state)
{
	uint8_t data[PCI_CONFIG_SIZE];
	const struct pci_config c = {data, sizeof(data)};
	size_t at;

	fill(data);
	data[0xe1] = 0xc8;
	data[0x203] = 0x10; /* back to 100h */
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_MSIX, &at), -EBADMSG);
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_EXPRESS, &at), 0);
	assert_int_equal(pci_config_find_extended(&c, PCI_EXTENDED_SRIOV, &at), -EBADMSG);
	data[0xe1] = 0x10; /* into the header */
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_MSIX, &at), -EBADMSG);
	data[0x203] = 0x08; /* below 100h */
	assert_int_equal(pci_config_find_extended(&c, PCI_EXTENDED_SRIOV, &at), -EBADMSG);
}

static void test_silence(void **state)
{
	uint8_t data[PCI_CONFIG_SIZE];
	const struct pci_config c = {data, sizeof(data)};
	unsigned int header;
	uint64_t serial;
	size_t at;

	memset(data, 0xff, sizeof(data));
	assert_true(pci_config_is_silent(&c));
	assert_false(pci_config_is_multifunction(&c));
	assert_int_equal(pci_config_header(&c, &header), -EBADMSG);
	assert_int_equal(pci_config_find(&c, PCI_CAPABILITY_EXPRESS, &at), -EBADMSG);
	assert_int_equal(pci_config_find_extended(&c, PCI_EXTENDED_ACS, &at), -EBADMSG);
	assert_int_equal(pci_config_serial(&c, &serial), -EBADMSG);
	/* A virtual function's ids read as ones, but it answers. */
	fill(data);
	memset(data, 0xff, 4);
	assert_false(pci_config_is_silent(&c));
	assert_int_equal(pci_config_find_extended(&c, PCI_EXTENDED_ACS, &at), 0);
}

/* Every size and every byte as an offset: the sanitizers watch that nothing is read beside it. */
static void test_bounds(void **state)
{
	size_t size, at;
	uint64_t serial;

	for (size = 0; size < 0x220; size++) {
		uint8_t *data = malloc(size ? size : 1), whole[PCI_CONFIG_SIZE];
		const struct pci_config c = {data, size};

		fill(whole);
		memcpy(data, whole, size);
		if (size > 0x34)
			data[0x34] = (uint8_t)size;
		pci_config_find(&c, 0xfe, &at);
		assert_int_not_equal(pci_config_find_extended(&c, 0xfffe, &at), 0);
		if (!pci_config_serial(&c, &serial))
			assert_true(size >= 0x14c);
		free(data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finds),     cmocka_unit_test(test_parts_of_the_space),
		cmocka_unit_test(test_rings_end), cmocka_unit_test(test_silence),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
