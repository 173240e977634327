// SPDX-License-Identifier: LGPL-2.1-or-later
/* Each maker's own words for the switch in its setup. */
#include "../test.h"

#include "analysis/firmware_words.h"

static void assert_says(const char *machine, enum firmware_maker maker, const char *words)
{
	if (!strstr(firmware_words(machine, maker), words))
		fail_msg("%s: %s", machine ? machine : "NULL", firmware_words(machine, maker));
}

static void makers_have_their_words(void **state)
{
	assert_says("To Be Filled By O.E.M. To Be Filled By O.E.M./X570D4U ASRock", FIRMWARE_AMD,
		    "NBIO");
	assert_says("ASRock Z77 Extreme4", FIRMWARE_INTEL, "North Bridge");
	assert_says("ASUSTeK COMPUTER INC. ROG Strix G513QY", FIRMWARE_AMD, "AMD CBS");
	assert_says("Dell Inc. OptiPlex 7040/0Y7WYT", FIRMWARE_INTEL, "VT for Direct I/O");
	/* A server is no desktop of the same maker. */
	assert_says("HP ProLiant MicroServer Gen8", FIRMWARE_INTEL, "BIOS/Platform");
	assert_says("HP HP 286 Pro G2 MT", FIRMWARE_INTEL, "VTd");
	assert_says("LENOVO 20287/VIUU4", FIRMWARE_INTEL, "VT-d");
	assert_says("Micro-Star International Co., Ltd. Alpha 15", FIRMWARE_AMD, "IOMMU");
}

static void others_get_the_general_ones(void **state)
{
	assert_says(NULL, FIRMWARE_ANY, "SVM");
	assert_says("HUANANZHI /X99-QD4", FIRMWARE_INTEL, "VT-d");
	assert_says("HUANANZHI /X99-QD4", FIRMWARE_AMD, "IOMMU");
	/* Whose processor it has decides first. */
	assert_says("Dell Inc. OptiPlex", FIRMWARE_ANY, "Intel board");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makers_have_their_words),
		cmocka_unit_test(others_get_the_general_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
