// SPDX-License-Identifier: LGPL-2.1-or-later
/* A diagnosis names the mate, the driver and the region that this machine has. */
#include "../test.h"

#include "analysis/diagnosis_host.h"
#include "base/arena.h"

static size_t members[] = {0, 1};
static const char *regions[] = {"0x00000000a0f3b000 0x00000000a0f3bfff direct"};

static struct pci_device device(const char *name, const char *driver, uint8_t function)
{
	return (struct pci_device){
		.address = {.bus = 0x86, .function = function},
		.name = name,
		.class = 0x030000,
		.driver = driver,
		.group = 0,
		.parent = -1,
		.numa_node = -1,
	};
}

static struct diagnosis named(const char *text, const char *sound_driver, size_t n_regions,
			      struct arena *a)
{
	struct pci_device devices[] = {device("0000:86:00.0", "vfio-pci", 0),
				       device("0000:86:00.1", sound_driver, 1)};
	struct iommu_group group = {
		.id = 6,
		.devices = members,
		.n_devices = 2,
		.regions_read = FACT_READ,
		.direct_regions = regions,
		.n_direct_regions = n_regions,
	};
	struct host host = {
		.arena = a,
		.parts = {[HOST_PCI] = FACT_READ, [HOST_GROUPS] = FACT_READ},
		.devices = devices,
		.n_devices = 2,
		.groups = &group,
		.n_groups = 1,
		.kernel = {.version = {6, 1, 0}},
	};
	struct diagnosis d;

	diagnosis_of_text(text, strlen(text), a, &d);
	diagnosis_name_devices(&d, &host, a);
	return d;
}

static void test_names_the_culprit(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct diagnosis d =
		named("vfio 0000:86:00.0: group 6 is not viable", "snd_hda_intel", 0, a);

	assert_non_null(strstr(d.findings[0].meaning, "0000:86:00.1 (driver snd_hda_intel)"));
	assert_null(strstr(d.findings[0].meaning, "0000:86:00.0 ("));
	d = named("vfio 0000:86:00.0: group 6 is not viable", "vfio-pci", 0, a);
	assert_non_null(strstr(d.findings[0].meaning, "no member of group 6"));
}

static void test_names_regions_and_drivers(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct diagnosis d = named(
		"vfio-pci 0000:86:00.0: Device is ineligible for IOMMU domain attach", NULL, 1, a);

	assert_int_equal(d.findings[0].group, 6);
	assert_non_null(strstr(d.findings[0].meaning, "a0f3b000"));
	d = named("Unmanaged PCI device 0000:86:00.1 must be manually detached from the host",
		  "snd_hda_intel", 0, a);
	assert_non_null(strstr(d.findings[0].meaning, "driver snd_hda_intel"));
	d = named("Unmanaged PCI device 0000:99:00.1 must be manually detached from the host",
		  "snd_hda_intel", 0, a);
	assert_non_null(strstr(d.findings[0].meaning, "0000:99:00.1 is not on this machine"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_the_culprit),
		cmocka_unit_test(test_names_regions_and_drivers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
