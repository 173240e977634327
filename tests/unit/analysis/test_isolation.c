// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The groups that the rules make, against those that real kernels made: every captured board, with and
 * without the groups in its tree. Then hand-made machines for each rule by itself, with the answer that
 * drivers/iommu/iommu.c and drivers/pci/ give.
 */
#include "made.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "analysis/isolation.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "decode/ivrs.h"
#include "host/read.h"

#define PARTS (HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_CONFIG))

static void read_host(const char *top, struct arena *a, struct host *host)
{
	ROOT_AUTO struct root root = ROOT_CLOSED;
	ERROR_AUTO struct error err = {0};

	assert_int_equal(root_open(top, &root), 0);
	assert_int_equal(host_read(&root, PARTS, a, host, &err), 0);
}

/* A group of the kernel's is a group of the prediction's: the same members, and no more. */
static bool is_predicted(const struct host *host, const struct isolation *i,
			 const struct iommu_group *g)
{
	int group = i->devices[g->devices[0]].group;
	size_t k;

	if (group < 0 || i->groups[group].n_devices != g->n_devices)
		return false;
	for (k = 0; k < g->n_devices; k++) {
		if (i->devices[g->devices[k]].group != group)
			return false;
	}
	return true;
}

static void forget_groups(struct host *host)
{
	size_t k;

	host->n_groups = host->n_units = 0;
	for (k = 0; k < host->n_devices; k++)
		host->devices[k].group = -1;
}

static void same_prediction(const struct isolation *a, const struct isolation *b, size_t n_devices)
{
	size_t k;

	assert_int_equal(a->n_groups, b->n_groups);
	for (k = 0; k < n_devices; k++)
		assert_int_equal(a->devices[k].group, b->devices[k].group);
}

/* "01-amd-raven-b450-5.9": the series stands at the end; "6.x" is some kernel of 2024. */
static struct isolation_kernel kernel_of(const char *board)
{
	struct isolation_kernel k;

	if (isolation_kernel_parse(strrchr(board, '-') + 1, &k))
		assert_int_equal(isolation_kernel_parse("6.8", &k), 0);
	return k;
}

static size_t check_board(const char *board)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct isolation_kernel kernel = kernel_of(board);
	struct isolation with, without;
	struct host host;
	size_t k;

	read_host(arena_printf(a, "%s/%s", getenv("FERRY_TREES"), board), a, &host);
	isolation_predict(&host, &kernel, a, &with);
	for (k = 0; k < host.n_groups; k++) {
		if (!is_predicted(&host, &with, &host.groups[k]))
			fail_msg("%s: group %u is not what was predicted", board,
				 host.groups[k].id);
	}
	/* Nobody who has a group of the kernel's is without one here, and the other way round. */
	for (k = 0; k < host.n_devices; k++)
		assert_int_equal(host.devices[k].group < 0, with.devices[k].group < 0);
	assert_int_equal(with.n_unsure, 0);
	k = host.n_groups;
	forget_groups(&host);
	isolation_predict(&host, &kernel, a, &without);
	same_prediction(&with, &without, host.n_devices);
	return k;
}

static void boards(void **state)
{
	DIR *dir = opendir(getenv("FERRY_TREES"));
	size_t n_boards = 0, n_groups = 0;
	struct dirent *e;

	assert_non_null(dir);
	while ((e = readdir(dir))) {
		if (e->d_name[0] < '0' || e->d_name[0] > '1')
			continue;
		n_groups += check_board(e->d_name);
		n_boards++;
	}
	closedir(dir);
	assert_int_equal(n_boards, 14);
	assert_int_equal(n_groups, 261);
}

/* Trees with the first 64 bytes alone: what decides is behind them. */
static void no_capabilities(void **state)
{
	static const char *const trees[] = {"32em64t-2n8c+1mic", "40intel64-2g2n4c+pci"};
	size_t i;

	for (i = 0; i < 2; i++) {
		ARENA_AUTO struct arena *a = arena_new();
		struct isolation isolation;
		struct host host;

		read_host(arena_printf(a, "%s/%s", getenv("FERRY_TREES"), trees[i]), a, &host);
		isolation_predict(&host, &isolation_kernel_newest, a, &isolation);
		assert_false(isolation.is_known);
		assert_true(isolation.n_unsure > 0);
	}
}

static void judge(struct made *m, const char *version)
{
	struct isolation_kernel kernel;

	assert_int_equal(isolation_kernel_parse(version, &kernel), 0);
	arena_free(m->arena);
	m->arena = arena_new();
	isolation_predict(&m->host, &kernel, m->arena, &m->isolation);
}

static bool together(const struct made *m, size_t a, size_t b)
{
	return m->isolation.devices[a].group == m->isolation.devices[b].group;
}

/* A root port keeps its card apart only if it has ACS; before 3.11 nobody asked. */
static void root_port(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, NO_ACS);
	size_t card = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);

	judge(&m, "6.12");
	assert_true(together(&m, port, card));
	assert_int_equal(m.isolation.devices[card].join, JOIN_PORT);
	assert_int_equal(m.isolation.devices[card].culprit, port);
	judge(&m, "3.10");
	assert_false(together(&m, port, card));
	m.functions[port].acs = FACT_READ;
	m.functions[port].acs_capability = m.functions[port].acs_control = ALL_ACS;
	judge(&m, "6.12");
	assert_false(together(&m, port, card));
}

/* A capability that offers nothing has nothing to redirect. */
static void empty_capability(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, 0);
	size_t card = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);

	judge(&m, "6.12");
	assert_false(together(&m, port, card));
}

/* Offered and not in force: with the IOMMU on it counts as it stands, else the kernel will set it. */
static void control_off(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t card = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);

	m.functions[port].acs_control = 0;
	judge(&m, "6.12");
	assert_int_equal(m.isolation.acs_state, ISOLATION_ACS_EXPECTED);
	assert_false(together(&m, port, card));
	m.host.n_units = 1;
	judge(&m, "6.12");
	assert_true(together(&m, port, card));
	assert_int_equal(m.isolation.devices[port].acs.lacks, ISOLATION_ACS_FLAGS);
}

/* A switch is no better than the worst port on the way up. */
static void switches(void **state)
{
	MADE m = {0};
	size_t root = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t up = add(&m, 1, 0, 0, (int)root, PCI_PORT_UPSTREAM, NO_ACS);
	size_t a = add(&m, 2, 0, 0, (int)up, PCI_PORT_DOWNSTREAM, ALL_ACS);
	size_t b = add(&m, 2, 1, 0, (int)up, PCI_PORT_DOWNSTREAM, ALL_ACS);
	size_t card_a = add(&m, 3, 0, 0, (int)a, PCI_PORT_ENDPOINT, NO_ACS);
	size_t card_b = add(&m, 4, 0, 0, (int)b, PCI_PORT_ENDPOINT, NO_ACS);

	judge(&m, "6.12");
	assert_int_equal(m.isolation.n_groups, 6);
	m.functions[b].acs = FACT_ABSENT;
	judge(&m, "6.12");
	assert_true(together(&m, b, card_b));
	assert_false(together(&m, a, card_a));
	assert_false(together(&m, up, b));
	m.functions[root].acs = FACT_ABSENT;
	judge(&m, "6.12");
	assert_int_equal(m.isolation.n_groups, 1);
	assert_true(together(&m, card_a, card_b));
	/* The AMD chipsets: the upstream port is one of several functions. */
	m.functions[root].acs = m.functions[b].acs = FACT_READ;
	m.functions[up].is_multifunction = true;
	judge(&m, "6.12");
	assert_true(together(&m, card_a, card_b));
	assert_false(together(&m, root, up));
}

/* Functions of a slot: those that isolate stand alone, the others together. */
static void slots(void **state)
{
	MADE m = {0};
	size_t f0 = add(&m, 0, 0x14, 0, -1, IS_PCI, NO_ACS);
	size_t f2 = add(&m, 0, 0x14, 2, -1, IS_PCI, NO_ACS);
	size_t f3 = add(&m, 0, 0x14, 3, -1, PCI_PORT_INTEGRATED_ENDPOINT, NO_ACS);

	m.functions[f0].is_multifunction = true;
	judge(&m, "6.12");
	assert_int_equal(m.isolation.n_groups, 1);
	m.devices[f3].vendor = 0x8086;
	judge(&m, "6.12");
	assert_true(together(&m, f0, f2));
	assert_false(together(&m, f0, f3));
	/* The rule for Intel's came with 5.8, and into older series with their stable releases. */
	judge(&m, "5.7.4");
	assert_true(together(&m, f0, f3));
	judge(&m, "5.7.5");
	assert_false(together(&m, f0, f3));
	judge(&m, "5.4");
	assert_false(together(&m, f0, f3));
	judge(&m, "5.4.47");
	assert_true(together(&m, f0, f3));
	/* Function 0 does not say that there are others: then it is asked nothing. */
	m.functions[f0].is_multifunction = false;
	judge(&m, "6.12");
	assert_true(together(&m, f0, f2));
}

/* Virtual functions are never part of a multifunction device. */
static void virtual_functions(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t pf = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	size_t pf1 = add(&m, 1, 0, 1, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	size_t vf = add(&m, 1, 0, 2, (int)port, PCI_PORT_ENDPOINT, NO_ACS);

	m.functions[pf].is_multifunction = true;
	m.functions[vf].is_virtual = true;
	judge(&m, "6.12");
	assert_true(together(&m, pf, pf1));
	assert_false(together(&m, pf, vf));
	m.functions[port].acs = FACT_ABSENT;
	judge(&m, "6.12");
	assert_int_equal(m.isolation.n_groups, 1);
}

/* Behind a bridge to conventional PCI all bear one id; ASPEED's leaves them alone since 7.0. */
static void conventional_bridge(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t bridge = add(&m, 1, 0, 0, (int)port, PCI_PORT_TO_PCI, NO_ACS);
	size_t a = add(&m, 2, 1, 0, (int)bridge, IS_PCI, NO_ACS);
	size_t b = add(&m, 2, 2, 0, (int)bridge, IS_PCI, NO_ACS);

	judge(&m, "6.12");
	assert_false(together(&m, port, bridge));
	assert_true(together(&m, bridge, a));
	assert_true(together(&m, a, b));
	assert_int_equal(m.isolation.devices[a].join, JOIN_BRIDGE);
	/* On the root bus, as Intel's 00:1e.0. */
	m.devices[bridge].parent = -1;
	m.devices[bridge].address = (struct pci_address){0, 0, 0x1e, 0};
	m.functions[bridge].express = FACT_ABSENT;
	judge(&m, "6.12");
	assert_true(together(&m, bridge, a) && together(&m, a, b));
}

/* DMA under function 1 of the slot, which a neighbour may be. */
static void aliases(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t sata = add(&m, 1, 0, 0, (int)port, PCI_PORT_LEGACY_ENDPOINT, ALL_ACS);
	size_t ide = add(&m, 1, 0, 1, (int)port, PCI_PORT_LEGACY_ENDPOINT, ALL_ACS);

	judge(&m, "6.12");
	assert_false(together(&m, sata, ide));
	m.devices[sata].vendor = 0x1b4b;
	m.devices[sata].device = 0x9123;
	judge(&m, "6.12");
	assert_true(together(&m, sata, ide));
	assert_int_equal(m.isolation.devices[ide].join, JOIN_ALIAS);
}

/* Ports of chipsets that isolate by registers of their own, but for a mistake in 5.9. */
static void intel_chipset(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 0x1c, 0, -1, PCI_PORT_ROOT, NO_ACS);
	size_t card = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);

	m.devices[port].vendor = 0x8086;
	m.devices[port].device = 0x8d10;
	judge(&m, "5.8");
	assert_false(together(&m, port, card));
	judge(&m, "5.9.0");
	assert_true(together(&m, port, card));
	judge(&m, "5.9.9");
	assert_false(together(&m, port, card));
	judge(&m, "5.10");
	assert_false(together(&m, port, card));
	judge(&m, "3.13");
	assert_true(together(&m, port, card));
}

/* 100 series: the control stands at offset 8, and lspci shows it as off. */
static void wide_control(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 0x1c, 0, -1, PCI_PORT_ROOT, 0x0f);
	size_t card = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);

	m.host.n_units = 1;
	m.devices[port].vendor = 0x8086;
	m.devices[port].device = 0xa110;
	m.functions[port].acs_control = 0;
	m.functions[port].acs_wide_capability = 0x0f;
	m.functions[port].acs_wide_control = 0x0f;
	judge(&m, "6.18");
	assert_false(together(&m, port, card));
	judge(&m, "4.4");
	assert_true(together(&m, port, card));
}

/* What stands in a domain of its own below VMD does its DMA. */
static void vmd(void **state)
{
	MADE m = {0};
	size_t device = add(&m, 0, 0x0e, 0, -1, PCI_PORT_INTEGRATED_ENDPOINT, NO_ACS);
	size_t port = add(&m, 0xe0, 6, 0, (int)device, PCI_PORT_ROOT, ALL_ACS);
	size_t disk = add(&m, 0xe1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);

	m.devices[device].vendor = 0x8086;
	m.devices[port].address.domain = m.devices[disk].address.domain = 0x10000;
	judge(&m, "6.12");
	assert_true(together(&m, device, port) && together(&m, device, disk));
	assert_int_equal(m.isolation.devices[disk].join, JOIN_REQUESTER);
	/* Before 5.6 no driver served them. */
	judge(&m, "5.5");
	assert_int_equal(m.isolation.devices[disk].group, -1);
}

/* AMD's table says who is served, and under whose id; never the IOMMU itself, whatever it says. */
static void amd_table(void **state)
{
	struct ivhd_entry entries[] = {
		{.type = IVHD_RANGE_START, .device_id = 0x0002},
		{.type = IVHD_RANGE_END, .device_id = 0x00ff},
		{.type = IVHD_ALIAS_SELECT, .device_id = 0x00a4, .alias_id = 0x00a0},
	};
	struct ivrs_structure block = {
		.type = IVRS_IVHD_10, .device_id = 0x0002, .entries = entries, .n_entries = 3};
	const struct ivrs ivrs = {.structures = &block, .n_structures = 1};
	MADE m = {0};
	size_t host = add(&m, 0, 0, 0, -1, IS_PCI, NO_ACS);
	size_t iommu = add(&m, 0, 0, 2, -1, IS_PCI, NO_ACS);
	size_t smbus = add(&m, 0, 0x14, 0, -1, PCI_PORT_INTEGRATED_ENDPOINT, ALL_ACS);
	size_t bridge = add(&m, 0, 0x14, 4, -1, PCI_PORT_INTEGRATED_ENDPOINT, ALL_ACS);

	m.devices[iommu].class = 0x080600;
	m.devices[iommu].vendor = 0x1022;
	/* Without it, by the usual order of things. */
	judge(&m, "6.12");
	assert_int_equal(m.isolation.devices[host].group, -1);
	assert_int_equal(m.isolation.devices[iommu].group, -1);
	assert_false(together(&m, smbus, bridge));
	m.devices[iommu].vendor = 0x1002;
	judge(&m, "6.12");
	assert_true(m.isolation.devices[host].group >= 0);
	assert_int_equal(m.isolation.devices[iommu].group, -1);
	m.host.ivrs = &ivrs;
	judge(&m, "6.12");
	assert_int_equal(m.isolation.devices[host].group, -1);
	assert_int_equal(m.isolation.devices[iommu].group, -1);
	assert_true(together(&m, smbus, bridge));
	entries[0].device_id = 0;
	judge(&m, "6.12");
	assert_true(m.isolation.devices[host].group >= 0);
}

/* A card that sleeps shows nothing; its neighbours tell that there are several functions. */
static void sleeping(void **state)
{
	MADE m = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t vga = add(&m, 1, 0, 0, (int)port, IS_PCI, NO_ACS);
	size_t audio = add(&m, 1, 0, 1, (int)port, IS_PCI, NO_ACS);

	m.functions[vga] = m.functions[audio] =
		(struct pci_function){.read = FACT_UNREADABLE, .is_silent = true};
	judge(&m, "6.12");
	assert_false(together(&m, port, vga));
	assert_true(together(&m, vga, audio));
	assert_true(m.isolation.devices[vga].is_unsure && m.isolation.devices[audio].is_unsure);
	assert_false(m.isolation.devices[port].is_unsure);
	assert_true(m.isolation.is_known);
}

/* Links that go round: the walk up ends. */
static void ring(void **state)
{
	MADE m = {0};
	size_t a = add(&m, 1, 0, 0, -1, PCI_PORT_DOWNSTREAM, NO_ACS);
	size_t b = add(&m, 2, 0, 0, (int)a, PCI_PORT_DOWNSTREAM, NO_ACS);
	size_t c = add(&m, 3, 0, 0, (int)b, PCI_PORT_DOWNSTREAM, NO_ACS);

	m.devices[a].parent = (int)c;
	judge(&m, "6.12");
	assert_true(m.isolation.devices[a].group >= 0 && m.isolation.devices[c].group >= 0);
	m.devices[a].parent = (int)a;
	judge(&m, "6.12");
	assert_true(m.isolation.devices[a].group >= 0);
}

/*
 * 256 buses in a row, each full and below the last function of the one before, none isolating: the way up
 * is as long as it gets. Anything that grows with the square of it takes minutes.
 */
static void wide_and_deep(void **state)
{
	enum { N = 65536 };
	struct pci_device *devices = calloc(N, sizeof(*devices));
	struct pci_function *functions = calloc(N, sizeof(*functions));
	ARENA_AUTO struct arena *a = arena_new();
	struct host host = {.devices = devices, .n_devices = N};
	struct isolation isolation;
	struct timespec from, to;
	size_t i;

	for (i = 0; i < N; i++) {
		functions[i] = (struct pci_function){
			.read = FACT_READ,
			.express = FACT_READ,
			.acs = FACT_ABSENT,
			.is_multifunction = true,
			.port_type = i % 256 == 255 ? PCI_PORT_DOWNSTREAM : PCI_PORT_ENDPOINT};
		devices[i] = (struct pci_device){
			.address = {0, (uint8_t)(i / 256), (uint8_t)(i / 8 % 32), (uint8_t)(i % 8)},
			.name = "",
			.folder = "",
			.vendor = 0x1b4b,
			.device = 0x9230,
			.group = -1,
			.parent = i < 256 ? -1 : (int)(i / 256 * 256) - 1,
			.function = &functions[i],
			.config_size = 4096};
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	isolation_predict(&host, &isolation_kernel_newest, a, &isolation);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	assert_true(to.tv_sec - from.tv_sec < 20);
	/* The slots of the root bus; all else hangs on the last. */
	assert_int_equal(isolation.n_groups, 32);
	assert_int_equal(isolation.groups[31].n_devices, N - 31 * 8);
	free(devices);
	free(functions);
}

static void versions(void **state)
{
	static const char *const bad[] = {"",         "6",    "6.",      "6.12.",    "six",
					  "6.12-rc1", "-6.1", "6.1.2.3", "9999999.1"};
	struct isolation_kernel k;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(isolation_kernel_parse(bad[i], &k), -EINVAL);
	assert_int_equal(isolation_kernel_parse("v5.15.44", &k), 0);
	assert_int_equal(k.major, 5);
	assert_int_equal(k.minor, 15);
	assert_int_equal(k.patch, 44);
}

static void version_of(const char *release, const char *build, int major, int minor, int patch)
{
	const struct host_kernel kernel = {.release = release, .build = build};
	struct isolation_kernel k;

	assert_true(isolation_kernel_of_host(&kernel, &k));
	assert_int_equal(k.major, major);
	assert_int_equal(k.minor, minor);
	assert_int_equal(k.patch, patch);
}

static void machine_versions(void **state)
{
	const struct host_kernel none = {0};
	struct isolation_kernel k;

	version_of("6.12.9", NULL, 6, 12, 9);
	version_of("5.9.0", NULL, 5, 9, 0);
	version_of("6.18.0-rc7", NULL, 6, 18, 0);
	/* Which stable patches a distribution took stands elsewhere, or nowhere. */
	version_of("6.1.0-28-amd64", "Linux version 6.1.0-28-amd64 (x) #1 SMP Debian 6.1.119-1 (x)",
		   6, 1, 119);
	version_of("6.8.0-45-generic", "Linux version 6.8.0-45-generic (x) #45-Ubuntu SMP", 6, 8,
		   -1);
	version_of("6.2.16-3-pve", NULL, 6, 2, 16);
	assert_false(isolation_kernel_of_host(&none, &k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(boards),
		cmocka_unit_test(no_capabilities),
		cmocka_unit_test(root_port),
		cmocka_unit_test(empty_capability),
		cmocka_unit_test(control_off),
		cmocka_unit_test(switches),
		cmocka_unit_test(slots),
		cmocka_unit_test(virtual_functions),
		cmocka_unit_test(conventional_bridge),
		cmocka_unit_test(aliases),
		cmocka_unit_test(intel_chipset),
		cmocka_unit_test(wide_control),
		cmocka_unit_test(vmd),
		cmocka_unit_test(amd_table),
		cmocka_unit_test(sleeping),
		cmocka_unit_test(ring),
		cmocka_unit_test(wide_and_deep),
		cmocka_unit_test(versions),
		cmocka_unit_test(machine_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
