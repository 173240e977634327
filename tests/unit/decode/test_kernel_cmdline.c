// SPDX-License-Identifier: LGPL-2.1-or-later
/* A command line is split as the kernel splits it. */
#include "../test.h"

#include "base/arena.h"
#include "decode/kernel_cmdline.h"

static void split(struct arena *a, const char *s, struct kernel_cmdline *ret)
{
	kernel_cmdline_split(a, s, strlen(s), ret);
}

static void words_are_split_as_the_kernel_does(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_cmdline c;

	split(a, "  ro\tquiet \"dyndbg=file drivers/pci/*.c +p\" x=\"a b\" y=1=2 z= -- init=no\n",
	      &c);
	assert_int_equal(c.count, 6);
	assert_string_equal(c.words[0].text, "ro");
	assert_null(c.words[0].value);
	assert_string_equal(c.words[2].name, "dyndbg");
	assert_string_equal(c.words[2].value, "file drivers/pci/*.c +p");
	assert_string_equal(c.words[2].text, "\"dyndbg=file drivers/pci/*.c +p\"");
	assert_string_equal(c.words[3].value, "a b");
	assert_string_equal(c.words[4].name, "y");
	assert_string_equal(c.words[4].value, "1=2");
	assert_string_equal(c.words[5].value, "");
	split(a, "a \"b c", &c);
	assert_int_equal(c.count, 2);
	assert_string_equal(c.words[1].name, "b c");
	split(a, "", &c);
	assert_int_equal(c.count, 0);
}

static void names_take_dash_for_underscore(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_cmdline c;

	assert_true(kernel_cmdline_name_equal("vfio-pci.ids", "vfio_pci.ids"));
	assert_false(kernel_cmdline_name_equal("vfio-pci.ids", "vfio_pci.id"));
	assert_false(kernel_cmdline_name_equal("iommu", "iommu.strict"));
	split(a, "iommu=pt intel-iommu=on,sm_on iommu=soft", &c);
	assert_string_equal(kernel_cmdline_last(&c, "iommu")->value, "soft");
	assert_null(kernel_cmdline_last(&c, "amd_iommu"));
	assert_true(kernel_cmdline_has(&c, "intel_iommu", "sm_on"));
	assert_true(kernel_cmdline_has(&c, "iommu", "pt"));
	assert_false(kernel_cmdline_has(&c, "intel_iommu", "sm"));
}

static void only_what_matters_is_listed(void **state)
{
	static const char *const listed[] = {
		"intel_iommu=on",
		"amd_iommu=on",
		"iommu=pt",
		"iommu.passthrough=0",
		"intremap=off",
		"nointremap",
		"nox2apic",
		"x2apic_phys",
		"vfio-pci.ids=10de:1201",
		"vfio_iommu_type1.allow_unsafe_interrupts=1",
		"kvm-amd.nested=1",
		"swiotlb=65536",
		"arm-smmu.disable_bypass=0",
		"arm_smmu.disable_bypass=0",
		"ivrs_ioapic[7]=00:14.0",
		"pcie_acs_override=downstream",
		"mem_encrypt=on",
		"acpi=off",
		"amd-iommu-dump",
		"\"kvm.ignore_msrs=1\"",
	};
	static const char *const others[] = {
		"acpi=on",
		"acpi_rsdp=0x1",
		"rd.driver.pre=vfio-pci",
		"pci=noacpi",
		"iommux=1",
		"intel_iommu_x=1",
		"quiet",
		"modprobe.blacklist=kvm",
		"x2apic",
		"",
	};

	for (size_t i = 0; i < sizeof(listed) / sizeof(*listed); i++)
		if (!kernel_cmdline_is_listed(listed[i], strlen(listed[i])))
			fail_msg("%s", listed[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (kernel_cmdline_is_listed(others[i], strlen(others[i])))
			fail_msg("%s", others[i]);
}

static void the_last_word_decides(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_cmdline_iommu asked;
	struct kernel_cmdline c;

	split(a, "intel_iommu=on intel_iommu=off", &c);
	kernel_cmdline_iommu(&c, &asked);
	assert_null(asked.intel_on);
	assert_string_equal(asked.intel_off->text, "intel_iommu=off");
	split(a, "intel_iommu=off intel-iommu=igfx_off,on", &c);
	kernel_cmdline_iommu(&c, &asked);
	assert_non_null(asked.intel_on);
	assert_null(asked.intel_off);
	/* igfx_off is no "off". */
	split(a, "intel_iommu=igfx_off", &c);
	kernel_cmdline_iommu(&c, &asked);
	assert_null(asked.intel_on);
	assert_null(asked.intel_off);
	/* These can't be taken back. */
	split(a, "iommu=off iommu=pt amd_iommu=off amd_iommu=fullflush nointremap", &c);
	kernel_cmdline_iommu(&c, &asked);
	assert_non_null(asked.all_off);
	assert_non_null(asked.amd_off);
	assert_non_null(asked.intremap_off);
	split(a, "iommu=pt amd_iommu=on intremap=no_x2apic_optout", &c);
	kernel_cmdline_iommu(&c, &asked);
	assert_null(asked.all_off);
	assert_null(asked.amd_off);
	assert_null(asked.intremap_off);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_split_as_the_kernel_does),
		cmocka_unit_test(names_take_dash_for_underscore),
		cmocka_unit_test(only_what_matters_is_listed),
		cmocka_unit_test(the_last_word_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
