// SPDX-License-Identifier: LGPL-2.1-or-later
/* The groups of real boards against the reports they come from; members and regions of hand-made ones. */
#include "tree.h"

static struct iommu_group *find_group(const struct host *host, unsigned int id)
{
	size_t i;

	for (i = 0; i < host->n_groups; i++) {
		if (host->groups[i].id == id)
			return &host->groups[i];
	}
	return NULL;
}

/* groups.tsv: what the public report says, one "number<TAB>address" a line. */
static size_t check_report(const struct host *host, const char *name)
{
	char path[8192], address[32];
	unsigned int id;
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/groups.tsv", captured_path(name));
	f = fopen(path, "r");
	if (!f)
		return 0;
	while (fscanf(f, "%u\t%31s", &id, address) == 2) {
		struct pci_address a;
		const struct pci_device *d;

		assert_non_null(find_group(host, id));
		n++;
		d = pci_address_parse(address, &a) ? NULL : host_find_device(host, &a);
		if (d)
			assert_int_equal(host->groups[d->group].id, id);
	}
	fclose(f);
	return n;
}

static void test_boards(void **state)
{
	size_t i, k, m, reported = 0, grouped;

	for (i = 0; i < N_CAPTURED; i++) {
		ARENA_AUTO struct arena *a = arena_new();
		ROOT_AUTO struct root r = ROOT_CLOSED;
		struct host host;
		size_t n;

		assert_int_equal(root_open(captured_path(captured[i]), &r), 0);
		assert_int_equal(host_read(&r, HOST_PART(HOST_GROUPS), a, &host, NULL), 0);
		n = check_report(&host, captured[i]);
		/* The two oldest machines had no IOMMU switched on. */
		assert_int_equal(host.parts[HOST_GROUPS], n ? FACT_READ : FACT_ABSENT);
		assert_int_equal(host.units_read, FACT_ABSENT);
		for (k = grouped = 0; k < host.n_groups; k++) {
			grouped += host.groups[k].n_devices + host.groups[k].n_others;
			for (m = 0; m < host.groups[k].n_devices; m++)
				assert_int_equal(host.devices[host.groups[k].devices[m]].group, k);
		}
		assert_int_equal(grouped, n);
		reported += n;
	}
	assert_true(reported > 300);
}

static void add_member(struct tree *t, unsigned int group, const char *below)
{
	char path[256], target[512];

	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%u/devices/%s", group,
		 strrchr(below, '/') + 1);
	snprintf(target, sizeof(target), "../../../../devices/%s", below);
	tree_link(t, path, target);
}

static void test_members_that_are_no_pci_devices(void **state)
{
	TREE_AUTO struct tree t;
	const struct iommu_group *g;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", NULL);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "20000", "8086:10D3", NULL);
	add_member(&t, 10, "pci0000:00/0000:00:01.0");
	add_member(&t, 2, "platform/axi:gpu");
	add_member(&t, 10, "platform/1000880000.pisp_be");
	tree_link(&t, "sys/devices/platform/1000880000.pisp_be/driver",
		  "../../../bus/platform/drivers/pispbe");
	tree_folder(&t, "sys/devices/platform/axi:gpu");
	tree_folder(&t, "sys/class/iommu");
	tree_read(&t, HOST_PART(HOST_GROUPS));
	assert_int_equal(t.host.n_groups, 2);
	assert_int_equal(t.host.groups[0].id, 2);
	assert_string_equal(t.host.groups[0].others[0], "axi:gpu");
	assert_null(t.host.groups[0].other_drivers[0]);
	g = &t.host.groups[1];
	assert_int_equal(g->id, 10);
	assert_int_equal(g->n_devices, 1);
	assert_int_equal(g->n_others, 1);
	assert_string_equal(g->others[0], "1000880000.pisp_be");
	assert_string_equal(g->other_drivers[0], "pispbe");
	assert_int_equal(tree_device(&t, "0000:00:02.0")->group, -1);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->unreadable, 0);
	assert_int_equal(t.host.units_read, FACT_READ);
	assert_int_equal(t.host.n_units, 0);
}

static void test_regions(void **state)
{
	TREE_AUTO struct tree t;
	const struct iommu_group *g;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", NULL);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "20000", "8086:10D3", NULL);
	add_member(&t, 0, "pci0000:00/0000:00:01.0");
	add_member(&t, 1, "pci0000:00/0000:00:02.0");
	tree_put(&t, "sys/kernel/iommu_groups/0/type", "DMA-FQ\n");
	tree_put(&t, "sys/kernel/iommu_groups/0/reserved_regions",
		 "0x000000007fff0000 0x000000007fffffff direct\n"
		 "0x00000000a0000000 0x00000000a0ffffff direct-relaxable\n"
		 "0x00000000fee00000 0x00000000feefffff msi\n");
	tree_link(&t, "sys/class/iommu/dmar1", "../../devices/virtual/iommu/dmar1");
	tree_link(&t, "sys/class/iommu/dmar0", "../../devices/virtual/iommu/dmar0");
	tree_read(&t, HOST_PART(HOST_GROUPS));
	g = &t.host.groups[0];
	assert_string_equal(g->type, "DMA-FQ");
	assert_int_equal(g->regions_read, FACT_READ);
	assert_int_equal(g->n_direct_regions, 1);
	assert_string_equal(g->direct_regions[0], "0x000000007fff0000 0x000000007fffffff direct");
	assert_int_equal(t.host.groups[1].regions_read, FACT_ABSENT);
	assert_null(t.host.groups[1].type);
	assert_int_equal(t.host.n_units, 2);
	assert_string_equal(t.host.units[0].name, "dmar0");
	/* A list asks for the numbers only. */
	tree_read(&t, HOST_PART(HOST_GROUP_NUMBERS));
	assert_int_equal(t.host.n_groups, 2);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->group, 1);
	assert_int_equal(t.host.groups[0].regions_read, FACT_NOT_READ);
	assert_int_equal(t.host.parts[HOST_GROUPS], FACT_NOT_READ);
}

/* A tree whose folder of groups was left out still has each device's link. */
static void test_links_alone(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", NULL);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "20000", "8086:10D3", NULL);
	tree_pci(&t, "pci0000:00/0000:00:03.0", "20000", "8086:10D3", NULL);
	tree_pci(&t, "pci0000:00/0000:00:04.0", "20000", "8086:10D3", NULL);
	tree_link(&t, "sys/devices/pci0000:00/0000:00:01.0/iommu_group",
		  "../../../kernel/iommu_groups/11");
	tree_link(&t, "sys/devices/pci0000:00/0000:00:02.0/iommu_group",
		  "../../../kernel/iommu_groups/3");
	tree_link(&t, "sys/devices/pci0000:00/0000:00:03.0/iommu_group",
		  "../../../kernel/iommu_groups/11");
	tree_link(&t, "sys/devices/pci0000:00/0000:00:04.0/iommu_group", "nonsense");
	tree_read(&t, HOST_PART(HOST_GROUPS));
	assert_int_equal(t.host.parts[HOST_GROUPS], FACT_READ);
	assert_int_equal(t.host.n_groups, 2);
	assert_int_equal(t.host.groups[0].id, 3);
	assert_int_equal(t.host.groups[1].id, 11);
	assert_int_equal(t.host.groups[1].n_devices, 2);
	assert_int_equal(tree_device(&t, "0000:00:04.0")->group, -1);
	assert_int_equal(tree_device(&t, "0000:00:04.0")->unreadable, 1U << PCI_ATTRIBUTE_GROUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boards),
		cmocka_unit_test(test_members_that_are_no_pci_devices),
		cmocka_unit_test(test_regions),
		cmocka_unit_test(test_links_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
