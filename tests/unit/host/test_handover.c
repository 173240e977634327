// SPDX-License-Identifier: LGPL-2.1-or-later
/* What of a device and of the display matters while it changes hands. */
#include "tree.h"

#define NIC "pci0000:00/0000:00:03.0/0000:01:00.0"

static const struct host_handover *of(struct tree *t, const char *name)
{
	return &t->host.handovers[tree_device(t, name) - t->host.devices];
}

static void make(struct tree *t)
{
	tree_pci(t, "pci0000:00/0000:00:03.0", "60400", "8086:3420", "pcieport");
	tree_pci(t, NIC, "20000", "15B3:101E", "mlx5_core");
}

static void test_power_and_resets(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	make(&t);
	tree_read(&t, HOST_PART(HOST_HANDOVER));
	assert_null(of(&t, "0000:01:00.0")->power_control);
	assert_null(of(&t, "0000:01:00.0")->reset_methods);
	tree_put(&t, "sys/devices/" NIC "/power/control", "auto\n");
	tree_put(&t, "sys/devices/" NIC "/reset_method", "flr bus\n");
	tree_read(&t, HOST_PART(HOST_HANDOVER));
	assert_string_equal(of(&t, "0000:01:00.0")->power_control, "auto");
	assert_string_equal(of(&t, "0000:01:00.0")->reset_methods, "flr bus");
}

/* A kernel before 5.15, a capture: what the capabilities promise. */
static void test_resets_by_config(void **state)
{
	uint8_t config[256] = {0x86, 0x80, 0xd3, 0x10, [6] = 0x10, [0x34] = 0x40,
			       /* power management, no soft reset */
			       [0x40] = 0x01, 0x50, 3, 0, 8, 0,
			       /* PCI Express, function level reset */
			       [0x50] = 0x10, 0x00, 2, 0, 0, 0, 0, 0x10};
	TREE_AUTO struct tree t;

	tree_begin(&t);
	make(&t);
	tree_put_bytes(&t, "sys/devices/" NIC "/config", config, sizeof(config));
	tree_read(&t, HOST_PART(HOST_HANDOVER));
	assert_string_equal(of(&t, "0000:01:00.0")->reset_methods, "flr bus");
	config[0x44] = 0;
	config[0x57] = 0;
	tree_put_bytes(&t, "sys/devices/" NIC "/config", config, sizeof(config));
	tree_read(&t, HOST_PART(HOST_HANDOVER));
	assert_string_equal(of(&t, "0000:01:00.0")->reset_methods, "pm bus");
	/* Another function on its bus; and a header alone promises nothing. */
	tree_pci(&t, "pci0000:00/0000:00:03.0/0000:01:00.1", "40300", "10DE:10F0", NULL);
	tree_put_bytes(&t, "sys/devices/pci0000:00/0000:00:03.0/0000:01:00.1/config", config, 64);
	tree_read(&t, HOST_PART(HOST_HANDOVER));
	assert_string_equal(of(&t, "0000:01:00.0")->reset_methods, "pm");
	assert_null(of(&t, "0000:01:00.1")->reset_methods);
}

static void test_variants(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	make(&t);
	tree_put(&t, "proc/sys/kernel/osrelease", "6.12.0\n");
	tree_put(&t, "lib/modules/6.12.0/modules.alias",
		 "alias pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_core\n"
		 "alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n"
		 "alias vfio_pci:v000019E5d0000A251sv*sd*bc*sc*i* hisi_acc_vfio_pci\n"
		 "alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_vfio_pci\n"
		 "alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* ../evil\n"
		 "alias vfio_pci:v000015B3");
	tree_read(&t, HOST_PART(HOST_HANDOVER));
	assert_string_equal(of(&t, "0000:01:00.0")->variant, "mlx5_vfio_pci");
}

static void test_display(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	make(&t);
	tree_put(&t, "sys/class/vtconsole/vtcon0/name", "(S) dummy device\n");
	tree_put(&t, "sys/class/vtconsole/vtcon0/bind", "0\n");
	tree_put(&t, "sys/class/vtconsole/vtcon1/name", "(M) frame buffer device\n");
	tree_put(&t, "sys/class/vtconsole/vtcon1/bind", "1\n");
	tree_folder(&t, "sys/bus/platform/devices/efi-framebuffer.0");
	tree_link(&t, "sys/bus/platform/devices/efi-framebuffer.0/driver",
		  "../../../../bus/platform/drivers/efi-framebuffer");
	tree_folder(&t, "sys/bus/platform/devices/simple-framebuffer.0");
	tree_folder(&t, "sys/bus/platform/devices/serial8250");
	tree_read(&t, HOST_PART(HOST_HANDOVER));
	assert_int_equal(t.host.n_consoles, 2);
	assert_false(t.host.consoles[0].is_framebuffer || t.host.consoles[0].is_bound);
	assert_true(t.host.consoles[1].is_framebuffer && t.host.consoles[1].is_bound);
	assert_int_equal(t.host.n_screens, 2);
	assert_string_equal(t.host.screens[0].driver, "efi-framebuffer");
	assert_null(t.host.screens[1].driver);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_and_resets),
		cmocka_unit_test(test_resets_by_config),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_display),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
