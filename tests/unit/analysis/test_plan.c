// SPDX-License-Identifier: LGPL-2.1-or-later
/* What up and down would do, and what they refuse, on a machine that is a value. */
#include "../test.h"

#include "machine.h"

static int make(void **state)
{
	struct machine *m = malloc(sizeof(*m));

	machine_make(m);
	*state = m;
	return 0;
}

static int drop(void **state)
{
	machine_free(*state);
	free(*state);
	return 0;
}

static void test_up_of_one(void **state)
{
	struct machine *m = *state;

	machine_name(m, NIC);
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "");
	assert_string_equal(machine_steps(m), "override 0000:01:00.0 '' -> 'vfio-pci'; "
					      "unbind 0000:01:00.0 'e1000e'; "
					      "bind 0000:01:00.0 -> 'vfio-pci'; "
					      "define guest; start guest 'shut off' -> 'running'");
	assert_int_equal(m->plan.n_assigned, 1);
	assert_int_equal(m->plan.n_parked, 0);
	assert_int_equal(m->plan.lent.n_devices, 1);
	assert_string_equal(m->plan.lent.devices[0].driver_before, "e1000e");
	assert_string_equal(m->plan.lent.devices[0].guest, "guest");
}

static void test_up_twice_finds_its_work_done(void **state)
{
	struct machine *m = *state;

	machine_name(m, NIC);
	machine_plan(m, plan_up);
	machine_act(m);
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "");
	assert_string_equal(machine_steps(m), "");
	assert_string_equal(m->plan.lent.devices[0].driver_before, "e1000e");
}

static void test_down_is_the_way_back(void **state)
{
	struct machine *m = *state;
	const char *xml = m->guest->xml;

	m->host.devices[NIC].override = "my_driver";
	machine_name(m, NIC);
	machine_plan(m, plan_up);
	machine_act(m);
	m->request.n_devices = 0;
	machine_plan(m, plan_down);
	assert_string_equal(machine_refusal(m), "");
	assert_string_equal(machine_steps(m), "shutdown guest 'running' -> 'shut off'; "
					      "define guest; module e1000e -> 'loaded'; "
					      "override 0000:01:00.0 'vfio-pci' -> 'e1000e'; "
					      "unbind 0000:01:00.0 'vfio-pci'; "
					      "bind 0000:01:00.0 -> 'e1000e'; "
					      "override 0000:01:00.0 'e1000e' -> 'my_driver'");
	machine_act(m);
	assert_string_equal(m->guest->xml, xml);
	assert_string_equal(m->host.devices[NIC].override, "my_driver");
	assert_int_equal(m->host.lent.n_devices, 0);
	assert_int_equal(m->host.lent.n_guests, 0);
}

static void test_a_running_guest_is_not_stopped(void **state)
{
	struct machine *m = *state;

	m->guest->state = GUEST_RUNNING;
	m->guest->free_live_ports = 1;
	m->guest->has_hotplug_bus = true;
	machine_name(m, NIC);
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "");
	assert_non_null(strstr(machine_steps(m), "attach guest -> '0000:01:00.0'"));
	assert_null(strstr(machine_steps(m), "define"));
	machine_act(m);
	arena_append(m->arena, m->guest->live.list, m->guest->live.count)->source =
		m->host.devices[NIC].address;
	m->request.n_devices = 0;
	machine_plan(m, plan_down);
	assert_null(strstr(machine_steps(m), "shutdown"));
	assert_non_null(strstr(machine_steps(m), "detach guest '0000:01:00.0'"));
}

static void test_no_free_port(void **state)
{
	struct machine *m = *state;

	m->guest->state = GUEST_RUNNING;
	machine_name(m, NIC);
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "no-port");
}

static void test_mates_are_parked(void **state)
{
	struct machine *m = *state;

	machine_name(m, SATA);
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "");
	assert_int_equal(m->plan.n_assigned, 1);
	assert_int_equal(m->plan.n_parked, 2);
	assert_int_equal(m->plan.n_steps, 9);
}

static void test_whole_group(void **state)
{
	struct machine *m = *state;

	m->request.whole_group = true;
	machine_name(m, SATA);
	machine_plan(m, plan_up);
	assert_int_equal(m->plan.n_assigned, 3);
	assert_int_equal(m->plan.n_parked, 0);
}

static void test_bridge_on_a_blocking_driver_is_unbound(void **state)
{
	struct machine *m = *state;

	machine_name(m, OLD_NIC);
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "");
	assert_int_equal(m->plan.n_unbound, 1);
	assert_int_equal(m->plan.unbound[0], CONVENTIONAL);
	assert_int_equal(m->plan.n_parked, 0);
	machine_act(m);
	assert_null(m->host.devices[CONVENTIONAL].driver);
	assert_null(m->host.devices[EDU].driver);
	machine_plan(m, plan_reattach);
	machine_act(m);
	assert_string_equal(m->host.devices[CONVENTIONAL].driver, "shpchp");
	assert_string_equal(m->host.devices[CONVENTIONAL].override, "");
	assert_string_equal(m->host.devices[OLD_NIC].driver, "e1000");
}

static void test_before_5_19_a_bridge_may_keep_its_driver(void **state)
{
	struct machine *m = *state;

	m->host.kernel.version[0] = 5;
	m->host.kernel.version[1] = 18;
	machine_name(m, OLD_NIC);
	machine_plan(m, plan_detach);
	assert_int_equal(m->plan.n_unbound, 0);
}

static void add_mount(struct machine *m, const char *target, bool read_only, bool is_swap)
{
	struct host_mount *mount = arena_append(m->arena, m->host.mounts, m->host.n_mounts);

	mount->source = "/dev/sda2";
	mount->target = target;
	mount->block = 1;
	mount->read_only = read_only;
	mount->is_swap = is_swap;
}

static void test_losses(void **state)
{
	static const struct {
		const char *target;
		bool read_only, is_swap, yes;
		const char *refusal;
	} cases[] = {
		{"/", false, false, true, "fatal-loss"},
		{"/", true, false, true, "fatal-loss"},
		{"/srv", false, false, true, "fatal-loss"},
		{"/srv", true, false, false, "needs-yes"},
		{"/srv", true, false, true, ""},
		{NULL, false, true, true, "fatal-loss"},
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct machine m;

		machine_make(&m);
		add_mount(&m, cases[i].target, cases[i].read_only, cases[i].is_swap);
		m.request.yes = cases[i].yes;
		/* Named is the mate: the loss is the group's all the same. */
		machine_name(&m, SMBUS);
		machine_plan(&m, plan_detach);
		assert_string_equal(machine_refusal(&m), cases[i].refusal);
		assert_int_equal(m.plan.n_losses, 1);
		assert_string_equal(m.plan.losses[0].chain[0], "0000:00:1f.2");
		assert_string_equal(m.plan.losses[0].chain[1], "sda");
		assert_string_equal(m.plan.losses[0].chain[2], "sda2");
		machine_free(&m);
	}
}

static void test_unread_storage_is_not_nothing_lost(void **state)
{
	struct machine *m = *state;

	m->host.parts[HOST_STORAGE] = FACT_DENIED;
	machine_name(m, NIC);
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "losses-unreadable");
}

static void test_refusals(void **state)
{
	struct machine *m = *state;

	machine_name(m, PORT);
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "bridge");

	m->named[0] = NIC;
	m->host.groups[1].n_direct_regions = 1;
	m->host.groups[1].direct_regions = (const char *[]){"0x7fff0000 0x7fffffff direct"};
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "firmware-region");
	assert_non_null(strstr(m->plan.refusals[0].evidence, "0x7fff0000"));
	m->host.groups[1].n_direct_regions = 0;

	m->host.kernel.has_vfio_pci = false;
	m->host.kernel.vfio_pci_barred = "/etc/modprobe.d/no.conf, line 2: blacklist vfio-pci";
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "module-barred");
	assert_non_null(strstr(m->plan.refusals[0].evidence, "no.conf, line 2"));
	m->host.kernel.vfio_pci_barred = NULL;
	machine_plan(m, plan_detach);
	assert_string_equal(m->plan.steps[0].subject, "vfio-pci");
	assert_int_equal(m->plan.steps[0].kind, STEP_MODULE);

	m->host.devices[NIC].group = -1;
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "no-group");
	m->host.n_groups = 0;
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "no-iommu");
}

static void test_a_member_that_is_no_pci_device(void **state)
{
	struct machine *m = *state;
	struct iommu_group *g = &m->host.groups[1];

	g->others = (const char *[]){"snd-codec.0"};
	g->other_drivers = (const char *[]){NULL};
	g->n_others = 1;
	machine_name(m, NIC);
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "");
	g->other_drivers = (const char *[]){"codec"};
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "other-member");
}

static void test_guest_states(void **state)
{
	static const struct {
		enum guest_state state;
		const char *refusal;
	} cases[] = {
		{GUEST_PAUSED, "guest-state"},
		{GUEST_CRASHED, "guest-state"},
		{GUEST_MIGRATING, "guest-state"},
		{GUEST_SHUTTING_DOWN, "guest-state"},
		{GUEST_SHUT_OFF, ""},
	};
	struct machine *m = *state;
	size_t i;

	machine_name(m, NIC);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		m->guest->state = cases[i].state;
		machine_plan(m, plan_up);
		assert_string_equal(machine_refusal(m), cases[i].refusal);
	}
	m->guest->has_managed_save = true;
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "managed-save");
	assert_null(strstr(m->plan.refusals[0].remedy, "force-boot"));
	m->guest->has_managed_save = false;
	m->guests.is_remote = true;
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "remote-libvirt");
}

static void test_lent_to_another_guest(void **state)
{
	struct machine *m = *state;

	machine_name(m, SATA);
	machine_plan(m, plan_up);
	machine_act(m);
	m->request.guest = m->other;
	m->request.guest_name = "other";
	m->named[0] = SMBUS; /* a mate: the group is one */
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "lent");
	assert_non_null(strstr(m->plan.refusals[0].evidence, "guest"));
	assert_string_equal(m->plan.refusals[0].remedy, "ferry down guest");
}

static void test_reattach_of_what_is_not_ours(void **state)
{
	struct machine *m = *state;

	m->host.devices[NIC].driver = "vfio-pci";
	machine_name(m, NIC);
	machine_plan(m, plan_reattach);
	assert_string_equal(machine_refusal(m), "not-ours");
	m->request.force = true;
	machine_plan(m, plan_reattach);
	assert_string_equal(machine_refusal(m), "");
	assert_string_equal(machine_steps(m), "unbind 0000:01:00.0 'vfio-pci'; bind 0000:01:00.0");
}

static void test_a_held_group_stays(void **state)
{
	struct machine *m = *state;
	struct host_holder holder = {4711, "qemu-system-x86", "/dev/vfio/13", 1};

	machine_name(m, NIC);
	machine_plan(m, plan_detach);
	machine_act(m);
	m->host.holders = &holder;
	m->host.n_holders = 1;
	machine_plan(m, plan_reattach);
	assert_string_equal(machine_refusal(m), "held");
	assert_non_null(strstr(m->plan.refusals[0].evidence, "4711"));
	m->host.n_holders = 0;
	m->host.n_unread_processes = 3;
	machine_plan(m, plan_reattach);
	assert_string_equal(machine_refusal(m), "holders-unreadable");
}

static void test_what_detach_made_stays_after_down(void **state)
{
	struct machine *m = *state;

	machine_name(m, NIC);
	machine_plan(m, plan_detach);
	machine_act(m);
	machine_plan(m, plan_up);
	assert_string_equal(machine_steps(m), "define guest; start guest 'shut off' -> 'running'");
	machine_act(m);
	m->request.n_devices = 0;
	machine_plan(m, plan_down);
	machine_act(m);
	assert_string_equal(m->host.devices[NIC].driver, "vfio-pci");
	assert_int_equal(m->host.lent.n_devices, 1);
	assert_null(m->host.lent.devices[0].guest);
}

static void test_after_a_reboot(void **state)
{
	struct machine *m = *state;

	machine_name(m, NIC);
	machine_plan(m, plan_up);
	machine_act(m);
	m->host.kernel.boot_id = "boot-2";
	m->host.devices[NIC].driver = "e1000e";
	m->host.devices[NIC].override = "";
	m->guest->state = GUEST_SHUT_OFF;
	m->guest->live.count = 0;
	machine_plan(m, plan_up);
	assert_string_equal(machine_steps(m), "override 0000:01:00.0 '' -> 'vfio-pci'; "
					      "unbind 0000:01:00.0 'e1000e'; "
					      "bind 0000:01:00.0 -> 'vfio-pci'; "
					      "start guest 'shut off' -> 'running'");
	machine_plan(m, plan_down);
	assert_string_equal(machine_steps(m), "define guest");
	/* Another card at the address is not taken for the one that was lent. */
	m->host.devices[NIC].device = 0xa80a;
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "identity");
}

static void test_managed_hostdev_is_libvirts(void **state)
{
	struct machine *m = *state;
	struct guest_hostdev h = {.source = m->host.devices[SATA].address, .is_managed = true};

	m->guest->stored.list = &h;
	m->guest->stored.count = 1;
	machine_name(m, SATA);
	machine_plan(m, plan_up);
	assert_string_equal(machine_refusal(m), "");
	assert_null(strstr(machine_steps(m), "0000:00:1f.2"));
	assert_non_null(strstr(machine_steps(m), "bind 0000:00:1f.3 -> 'vfio-pci'"));
	assert_null(strstr(machine_steps(m), "define"));
	assert_int_equal(m->plan.n_parked, 2);
	assert_true(m->plan.n_notes > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_up_of_one),
		TEST(test_up_twice_finds_its_work_done),
		TEST(test_down_is_the_way_back),
		TEST(test_a_running_guest_is_not_stopped),
		TEST(test_no_free_port),
		TEST(test_mates_are_parked),
		TEST(test_whole_group),
		TEST(test_bridge_on_a_blocking_driver_is_unbound),
		TEST(test_before_5_19_a_bridge_may_keep_its_driver),
		TEST(test_losses),
		TEST(test_unread_storage_is_not_nothing_lost),
		TEST(test_refusals),
		TEST(test_a_member_that_is_no_pci_device),
		TEST(test_guest_states),
		TEST(test_lent_to_another_guest),
		TEST(test_reattach_of_what_is_not_ours),
		TEST(test_a_held_group_stays),
		TEST(test_what_detach_made_stays_after_down),
		TEST(test_after_a_reboot),
		TEST(test_managed_hostdev_is_libvirts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
