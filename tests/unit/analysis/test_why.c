// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who is named for a group, what would split it, and how a difference is told: on machines made after
 * reports from the field, each with the answer that a person who knows gave there.
 */
#include "made.h"

#include "analysis/plan.h"
#include "analysis/why.h"

/* The machine's own groups: of each device its number, -1 for none. */
struct kernel_groups {
	struct iommu_group groups[24];
	size_t members[24][24];
};

static void group(struct made *m, struct kernel_groups *k, const int *numbers)
{
	size_t i;

	memset(k, 0, sizeof(*k));
	m->host.groups = k->groups;
	m->host.n_groups = 0;
	for (i = 0; i < m->host.n_devices; i++) {
		struct iommu_group *g;
		int number = numbers[i];

		m->devices[i].group = number;
		if (number < 0)
			continue;
		if ((size_t)number >= m->host.n_groups)
			m->host.n_groups = (size_t)number + 1;
		g = &k->groups[number];
		g->id = (unsigned int)number;
		g->devices = k->members[number];
		g->devices[g->n_devices++] = i;
	}
}

static void ask(struct made *m, const char *version, struct why *why)
{
	struct isolation_kernel kernel;

	assert_int_equal(isolation_kernel_parse(version, &kernel), 0);
	arena_free(m->arena);
	m->arena = arena_new();
	why_make(&m->host, &kernel, m->arena, why);
}

static const struct why_reason *reason_for(const struct why_group *g, size_t device)
{
	size_t i;

	for (i = 0; i < g->n_reasons; i++) {
		if (g->reasons[i].device == device)
			return &g->reasons[i];
	}
	return NULL;
}

static const struct why_help *help_of(const struct why_group *g, enum why_help_kind kind)
{
	size_t i;

	for (i = 0; i < g->n_help; i++) {
		if (g->help[i].kind == kind)
			return &g->help[i];
	}
	return NULL;
}

static void blames(const struct why_group *g, size_t device, enum why_kind kind, const char *says)
{
	const struct why_reason *r = reason_for(g, device);

	assert_non_null(r);
	assert_int_equal(r->kind, kind);
	if (!strstr(r->evidence, says))
		fail_msg("\"%s\" does not say \"%s\"", r->evidence, says);
}

/* An AMD 400-series chipset: three functions without ACS, ports without ACS, a card below. */
static void amd_chipset(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t root = add(&m, 0, 1, 3, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t usb = add(&m, 1, 0, 0, (int)root, PCI_PORT_LEGACY_ENDPOINT, NO_ACS);
	size_t sata = add(&m, 1, 0, 1, (int)root, PCI_PORT_LEGACY_ENDPOINT, NO_ACS);
	size_t up = add(&m, 1, 0, 2, (int)root, PCI_PORT_UPSTREAM, NO_ACS);
	size_t a = add(&m, 2, 0, 0, (int)up, PCI_PORT_DOWNSTREAM, NO_ACS);
	size_t b = add(&m, 2, 4, 0, (int)up, PCI_PORT_DOWNSTREAM, NO_ACS);
	size_t nic = add(&m, 3, 0, 0, (int)a, PCI_PORT_ENDPOINT, NO_ACS);
	size_t vga = add(&m, 6, 0, 0, (int)b, PCI_PORT_LEGACY_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 1, 1, 1, 1, 1, 1, 1};

	m.functions[usb].is_multifunction = true;
	m.functions[root].has_slot = false;
	group(&m, &k, numbers);
	ask(&m, "5.10", &why);
	assert_int_equal(why.n_differs, 0);
	assert_int_equal(why.n_agree, 2);
	assert_int_equal(why.groups[1].n_predicted, 1);
	blames(&why.groups[1], usb, WHY_ACS_MISSING, "functions 0, 1 and 2 of one multifunction");
	blames(&why.groups[1], sata, WHY_ACS_MISSING, "no ACS capability");
	blames(&why.groups[1], up, WHY_ACS_MISSING, "switch upstream port");
	blames(&why.groups[1], b, WHY_ACS_MISSING, "above");
	assert_null(reason_for(&why.groups[1], nic));
	assert_null(reason_for(&why.groups[1], root));
	assert_non_null(help_of(&why.groups[1], HELP_SLOT));
	assert_true(help_of(&why.groups[1], HELP_OVERRIDE)->n_would_be > 1);
	assert_non_null(
		strstr(help_of(&why.groups[1], HELP_OVERRIDE)->text, "only patched kernels"));
	assert_true(vga);
}

/* 00:1f of a chipset: no slot changes that, the patch would. */
static void chipset_functions(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t lpc = add(&m, 0, 0x1f, 0, -1, IS_PCI, NO_ACS);
	size_t nic = add(&m, 0, 0x1f, 6, -1, PCI_PORT_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 0};

	m.functions[lpc].is_multifunction = true;
	group(&m, &k, numbers);
	ask(&m, "6.1", &why);
	blames(&why.groups[0], lpc, WHY_ACS_MISSING, "conventional PCI");
	blames(&why.groups[0], nic, WHY_ACS_MISSING, "no ACS capability");
	assert_non_null(help_of(&why.groups[0], HELP_ADD_IN));
	assert_null(help_of(&why.groups[0], HELP_SLOT));
}

/* A host bridge and a port beside one card: nothing needs to be split. */
static void bridges_only(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t dummy = add(&m, 0x40, 3, 0, -1, IS_PCI, NO_ACS);
	size_t port = add(&m, 0x40, 3, 1, -1, PCI_PORT_ROOT, NO_ACS);
	size_t card = add(&m, 0x41, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 0, 0};

	m.devices[dummy].class = 0x060000;
	m.functions[dummy].is_multifunction = true;
	group(&m, &k, numbers);
	ask(&m, "6.1", &why);
	assert_int_equal(why.n_differs, 0);
	assert_int_equal(why.groups[0].n_help, 1);
	assert_int_equal(why.groups[0].help[0].kind, HELP_NOTHING_NEEDED);
	assert_true(card);
}

/* A client CPU's port without ACS, and a chipset port that has it: free, and named. */
static void another_slot(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, NO_ACS);
	size_t good = add(&m, 0, 0x1b, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t pf0 = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	size_t pf1 = add(&m, 1, 0, 1, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	size_t vf = add(&m, 1, 0, 2, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 1, 0, 0, 0};

	m.functions[pf0].is_multifunction = true;
	m.functions[vf].is_virtual = true;
	m.functions[port].has_slot = m.functions[good].has_slot = true;
	m.functions[port].slot = 1;
	m.functions[good].slot = 21;
	group(&m, &k, numbers);
	ask(&m, "4.15", &why);
	blames(&why.groups[0], port, WHY_ACS_MISSING, "the root port above");
	assert_non_null(help_of(&why.groups[0], HELP_SLOT));
	assert_non_null(
		strstr(help_of(&why.groups[0], HELP_SLOT)->text, "free: below 0000:00:1b.0"));
	assert_int_equal(why.n_slots, 2);
	assert_false(why.slots[0].isolates);
	assert_true(why.slots[1].isolates);
	assert_int_equal(why.slots[1].taken_by, -1);
	/* Even the patch keeps the two ports' functions together only where they have no ACS. */
	assert_true(help_of(&why.groups[0], HELP_OVERRIDE)->n_would_be > 2);
	assert_true(pf1);
}

/* Offered and switched off on the command line. */
static void switched_off(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	size_t card = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	size_t other = add(&m, 1, 0, 1, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 0, 0};

	m.functions[card].is_multifunction = true;
	m.functions[port].acs_control = 0x11;
	m.host.kernel.command_line = "quiet pci=disable_acs_redir=00:01.0";
	group(&m, &k, numbers);
	ask(&m, "6.12", &why);
	blames(&why.groups[0], port, WHY_ACS_OFF,
	       "offers ACS 0x001f and has 0x0011 in force: not request redirect, completion redirect");
	assert_non_null(help_of(&why.groups[0], HELP_COMMAND_LINE));
	assert_true(other);
}

/* The kernel parts what the rules keep together: the patch is on the command line. */
static void override_in_force(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, NO_ACS);
	const int numbers[] = {0, 1};

	add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	m.host.kernel.command_line = "intel_iommu=on pcie_acs_override=downstream";
	group(&m, &k, numbers);
	ask(&m, "6.2.16", &why);
	assert_int_equal(why.n_agree, 0);
	assert_int_equal(why.n_differs, 1);
	assert_int_equal(why.differs[0].devices.n_devices, 2);
	assert_non_null(strstr(why.differs[0].because, "pcie_acs_override"));
	assert_string_equal(why.override, "downstream");
}

/* The kernel keeps together what the rules part: both stand there, the members as the rules have them. */
static void kernel_is_wider(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	const int numbers[] = {0, 0};

	add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	group(&m, &k, numbers);
	ask(&m, "6.12", &why);
	assert_int_equal(why.groups[0].n_predicted, 2);
	assert_int_equal(why.n_differs, 1);
	assert_non_null(strstr(why.differs[0].because, "keeps together"));
}

/* Intel graphics without a group while the others have theirs. */
static void graphics(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t vga = add(&m, 0, 2, 0, -1, PCI_PORT_INTEGRATED_ENDPOINT, NO_ACS);
	const int numbers[] = {-1, 0};

	add(&m, 0, 0x14, 0, -1, IS_PCI, NO_ACS);
	m.devices[vga].vendor = 0x8086;
	m.devices[vga].class = 0x030000;
	group(&m, &k, numbers);
	ask(&m, "6.12", &why);
	assert_int_equal(why.n_ungrouped, 1);
	assert_int_equal(why.ungrouped[0].device, vga);
	assert_non_null(strstr(why.ungrouped[0].remedy, "intel_iommu=on"));
	assert_int_equal(why.n_differs, 1);
	m.host.kernel.command_line = "intel_iommu=on,igfx_off";
	ask(&m, "6.12", &why);
	assert_non_null(strstr(why.ungrouped[0].remedy, "take igfx_off out"));
}

/* No groups of PCI devices, though there are groups: nothing is on, and the rules say what will be. */
static void platform_groups(void **state)
{
	MADE m = {0};
	struct why why;
	const char *others[] = {"1000800000.codec"};
	struct iommu_group groups[] = {{.id = 0, .others = others, .n_others = 1}};

	add(&m, 0, 0, 0, -1, PCI_PORT_ROOT, ALL_ACS);
	m.host.groups = groups;
	m.host.n_groups = 1;
	ask(&m, "6.12", &why);
	assert_false(why.is_on);
	assert_int_equal(why.isolation.n_groups, 1);
	assert_int_equal(why.n_differs, 0);
}

/* VMD: off in the firmware is the way. */
static void vmd(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t device = add(&m, 0, 0x0e, 0, -1, PCI_PORT_INTEGRATED_ENDPOINT, NO_ACS);
	size_t port = add(&m, 0xe0, 6, 0, (int)device, PCI_PORT_ROOT, ALL_ACS);
	size_t disk = add(&m, 0xe1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 0, 0};

	m.devices[device].vendor = 0x8086;
	m.devices[device].header = PCI_HEADER_ENDPOINT;
	m.devices[port].address.domain = m.devices[disk].address.domain = 0x10000;
	group(&m, &k, numbers);
	ask(&m, "6.12", &why);
	assert_int_equal(why.n_differs, 0);
	blames(&why.groups[0], device, WHY_REQUESTER, "Volume Management Device");
	assert_non_null(strstr(help_of(&why.groups[0], HELP_FIRMWARE)->text, "VMD off"));
}

/* A newer kernel knows that these functions isolate. */
static void newer_kernel(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct why why;
	size_t xhci = add(&m, 0, 0x14, 0, -1, IS_PCI, NO_ACS);
	size_t wifi = add(&m, 0, 0x14, 3, -1, PCI_PORT_INTEGRATED_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 0};

	m.functions[xhci].is_multifunction = true;
	m.devices[wifi].vendor = 0x8086;
	group(&m, &k, numbers);
	ask(&m, "5.3", &why);
	assert_int_equal(why.n_differs, 0);
	assert_non_null(help_of(&why.groups[0], HELP_KERNEL));
	assert_int_equal(help_of(&why.groups[0], HELP_KERNEL)->n_would_be, 2);
}

/* A plan that parks a mate says why it has to. */
static void plan_note(void **state)
{
	MADE m = {0};
	struct kernel_groups k;
	struct plan plan = {0};
	size_t port = add(&m, 0, 1, 0, -1, PCI_PORT_ROOT, NO_ACS);
	size_t vga = add(&m, 1, 0, 0, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	size_t audio = add(&m, 1, 0, 1, (int)port, PCI_PORT_ENDPOINT, NO_ACS);
	const int numbers[] = {0, 0, 0};

	m.functions[vga].is_multifunction = true;
	group(&m, &k, numbers);
	m.arena = arena_new();
	plan.assigned = &vga;
	plan.n_assigned = 1;
	why_note_mates(&m.host, m.arena, &plan);
	assert_int_equal(plan.n_notes, 0);
	plan.parked = &audio;
	plan.n_parked = 1;
	why_note_mates(&m.host, m.arena, &plan);
	assert_int_equal(plan.n_notes, 1);
	assert_non_null(strstr(plan.notes[0], "has no ACS capability"));
	assert_non_null(strstr(plan.notes[0], "ferry why 0000:01:00.0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amd_chipset),     cmocka_unit_test(chipset_functions),
		cmocka_unit_test(bridges_only),    cmocka_unit_test(another_slot),
		cmocka_unit_test(switched_off),    cmocka_unit_test(override_in_force),
		cmocka_unit_test(kernel_is_wider), cmocka_unit_test(graphics),
		cmocka_unit_test(platform_groups), cmocka_unit_test(vmd),
		cmocka_unit_test(newer_kernel),    cmocka_unit_test(plan_note),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
