// SPDX-License-Identifier: LGPL-2.1-or-later
/* Every form that people paste gives the same address; what is none is refused whole. */
#include "../test.h"

#include <errno.h>

#include "decode/pci_address.h"

static void test_forms(void **state)
{
	static const char *const forms[] = {"0000:00:1f.2", "00:1f.2", "pci_0000_00_1f_2",
					    "0000:00:1f:2", "00:1f:2", "0000:00:1F.2"};
	char buffer[PCI_ADDRESS_SIZE];
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct pci_address a;

		assert_int_equal(pci_address_parse_loose(forms[i], &a), 0);
		assert_string_equal(pci_address_format(&a, buffer), "0000:00:1f.2");
	}
}

static void test_wide_domain(void **state)
{
	char buffer[PCI_ADDRESS_SIZE];
	struct pci_address a;

	assert_int_equal(pci_address_parse("10000:e1:00.0", &a), 0);
	assert_int_equal(a.domain, 0x10000);
	assert_string_equal(pci_address_format(&a, buffer), "10000:e1:00.0");
	assert_int_equal(pci_address_parse("ffffffff:ff:1f.7", &a), 0);
	assert_string_equal(pci_address_format(&a, buffer), "ffffffff:ff:1f.7");
}

static void test_refused(void **state)
{
	static const char *const bad[] = {"",
					  "0000:00:1f",
					  "0000:00:20.0",
					  "00:1f.8",
					  "0000:00:1f.2 ",
					  "0:00:1f.2",
					  "123456789:00:00.0",
					  "8086:2922",
					  "pci_00_1f_2",
					  "0000:0:1f.2",
					  "0000:00:1f.22",
					  "net:eth0",
					  "0000-00-1f.2"};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct pci_address a;

		assert_int_equal(pci_address_parse_loose(bad[i], &a), -EINVAL);
	}
}

static void test_order(void **state)
{
	struct pci_address a, b;

	pci_address_parse("0000:02:00.0", &a);
	pci_address_parse("0000:10:00.0", &b);
	assert_true(pci_address_compare(&a, &b) < 0);
	pci_address_parse("10000:00:00.0", &b);
	assert_true(pci_address_compare(&b, &a) > 0);
	assert_true(pci_address_equal(&a, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_wide_domain),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
