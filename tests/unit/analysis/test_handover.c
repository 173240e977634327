// SPDX-License-Identifier: LGPL-2.1-or-later
/* What goes around a change of drivers: power, consoles, the firmware's screen, variants, resets. */
#include "../test.h"

#include "machine.h"

#define MOVE(name, driver)                                                           \
	"override " name " '' -> '" driver "'; unbind " name " 'e1000e'; bind " name \
	" -> '" driver "'"
#define NIC_NAME "0000:01:00.0"

static int make(void **state)
{
	struct machine *m = calloc(1, sizeof(*m));

	machine_make(m);
	m->host.handovers = arena_calloc(m->arena, m->host.n_devices, sizeof(*m->host.handovers));
	m->request.can_revert = true;
	m->request.yes = true;
	machine_name(m, NIC);
	*state = m;
	return 0;
}

static int drop(void **state)
{
	machine_free(*state);
	free(*state);
	return 0;
}

/* The card at NIC is the display that the machine began on. */
static void make_display(struct machine *m)
{
	struct host_use *use = arena_append(m->arena, m->host.uses, m->host.n_uses);
	struct host_console *c;
	struct host_firmware_screen *s;

	m->host.devices[NIC].class = 0x030000;
	use->kind = USE_BOOT_VGA;
	use->device = NIC;
	use->what = "boot VGA";
	c = arena_append(m->arena, m->host.consoles, m->host.n_consoles);
	*c = (struct host_console){.name = "vtcon0", .is_bound = true};
	c = arena_append(m->arena, m->host.consoles, m->host.n_consoles);
	*c = (struct host_console){.name = "vtcon1", .is_bound = true, .is_framebuffer = true};
	s = arena_append(m->arena, m->host.screens, m->host.n_screens);
	*s = (struct host_firmware_screen){.name = "efi-framebuffer.0",
					   .driver = "efi-framebuffer"};
}

static bool says(const struct machine *m, const char *text)
{
	size_t i;

	for (i = 0; i < m->plan.n_notes; i++) {
		if (strstr(m->plan.notes[i], text))
			return true;
	}
	return false;
}

static void test_a_sleeper_is_woken_and_may_sleep_again(void **state)
{
	struct machine *m = *state;

	m->host.handovers[NIC].power_control = "auto";
	machine_plan(m, plan_detach);
	assert_string_equal(machine_steps(m),
			    "power " NIC_NAME
			    " 'auto' -> 'on'; " MOVE(NIC_NAME, "vfio-pci") "; power " NIC_NAME
									   " 'on' -> 'auto'");
	assert_string_equal(m->plan.lent.devices[0].power_before, "auto");
	machine_act(m);
	machine_plan(m, plan_reattach);
	assert_non_null(strstr(machine_steps(m), "power " NIC_NAME " 'on' -> 'auto'"));
}

static void test_the_consoles_go_first_and_come_back(void **state)
{
	struct machine *m = *state;

	make_display(m);
	machine_plan(m, plan_detach);
	assert_string_equal(machine_refusal(m), "");
	assert_string_equal(machine_steps(m),
			    "console vtcon1 '1' -> '0'; console efi-framebuffer.0 "
			    "'efi-framebuffer'; " MOVE(NIC_NAME, "vfio-pci"));
	assert_string_equal(m->plan.lent.devices[0].consoles_before,
			    "vtcon1 efi-framebuffer.0=efi-framebuffer");
	assert_int_equal(m->plan.revert, REVERT_CONFIRM);
	machine_act(m);
	m->host.screens[0].driver = NULL;
	machine_plan(m, plan_reattach);
	assert_non_null(strstr(machine_steps(m), "bind " NIC_NAME " -> 'e1000e'; override " NIC_NAME
						 " 'e1000e' -> ''; console efi-framebuffer.0 -> "
						 "'efi-framebuffer'; console vtcon1 '0' -> '1'"));
}

/* It serves the text of the other card, too. */
static void test_a_console_on_two_cards_stays(void **state)
{
	struct machine *m = *state;
	struct host_use *use;

	make_display(m);
	use = arena_append(m->arena, m->host.uses, m->host.n_uses);
	use->kind = USE_CONSOLE;
	use->device = EDU;
	machine_plan(m, plan_detach);
	assert_null(strstr(machine_steps(m), "vtcon"));
	assert_non_null(strstr(machine_steps(m), "console efi-framebuffer.0"));
}

static size_t count_dark(const struct machine *m)
{
	size_t i, n = 0;

	for (i = 0; i < m->plan.n_losses; i++) {
		const struct plan_loss *loss = &m->plan.losses[i];

		if (strstr(loss->chain[loss->n_chain - 1], "until the host is rebooted"))
			n += loss->severity == LOSS_SERIOUS && loss->kind == LOSS_DISPLAY;
	}
	return n;
}

/* Linux 6.0 and later: the firmware's framebuffer is gone for good. */
static void test_the_aperture(void **state)
{
	struct machine *m = *state;

	make_display(m);
	machine_plan(m, plan_detach);
	assert_int_equal(count_dark(m), 0);
	m->host.devices[NIC].driver = NULL;
	machine_plan(m, plan_detach);
	assert_int_equal(count_dark(m), 1);
	m->host.kernel.version[0] = 5;
	m->host.kernel.version[1] = 15;
	machine_plan(m, plan_detach);
	assert_int_equal(count_dark(m), 0);
	/* And the way back says so. */
	m->host.kernel.version[0] = 6;
	machine_plan(m, plan_detach);
	machine_act(m);
	m->host.n_screens = 0;
	machine_plan(m, plan_reattach);
	assert_true(says(m, "stays dark until the host is rebooted"));
}

static void test_variants(void **state)
{
	struct machine *m = *state;

	m->host.handovers[NIC].variant = "mlx5_vfio_pci";
	m->guests.version = 9000000;
	machine_plan(m, plan_detach);
	assert_string_equal(machine_steps(m), MOVE(NIC_NAME, "vfio-pci"));
	assert_true(says(m, "mlx5_vfio_pci"));
	assert_true(says(m, "this is 9.0"));
	m->guests.version = 0;
	machine_plan(m, plan_detach);
	assert_true(says(m, "was not asked"));
	m->guests.version = 10000000;
	machine_plan(m, plan_detach);
	assert_string_equal(machine_steps(m),
			    "module mlx5_vfio_pci -> 'loaded'; " MOVE(NIC_NAME, "mlx5_vfio_pci"));
	assert_int_equal(m->plan.n_notes, 0);
	machine_act(m);
	machine_plan(m, plan_reattach);
	assert_string_equal(machine_refusal(m), "");
	assert_non_null(strstr(machine_steps(m), "unbind " NIC_NAME " 'mlx5_vfio_pci'"));
}

static void test_resets(void **state)
{
	struct machine *m = *state;

	machine_plan(m, plan_detach);
	assert_int_equal(m->plan.n_notes, 0);
	m->host.handovers[NIC].reset_methods = "flr bus";
	machine_plan(m, plan_detach);
	assert_int_equal(m->plan.n_notes, 0);
	m->host.handovers[NIC].reset_methods = "";
	machine_plan(m, plan_detach);
	assert_true(says(m, NIC_NAME " can't be reset"));
	m->request.n_devices = 0;
	machine_name(m, OLD_NIC);
	m->host.handovers[OLD_NIC].reset_methods = "";
	machine_plan(m, plan_detach);
	assert_true(says(m, "which hits 0000:07:01.0"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_a_sleeper_is_woken_and_may_sleep_again),
		TEST(test_the_consoles_go_first_and_come_back),
		TEST(test_a_console_on_two_cards_stays),
		TEST(test_the_aperture),
		TEST(test_variants),
		TEST(test_resets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
