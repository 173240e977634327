// SPDX-License-Identifier: LGPL-2.1-or-later
/* What hangs under a device, in the shape of virsh nodedev-list --tree. */
#include "tree.h"

#include "base/text.h"

/* One line a node: as many dots as it is deep, kind, name, detail in brackets. */
static const char *draw(const struct tree *t, const char *device)
{
	const struct pci_device *d = tree_device(t, device);
	TEXT_AUTO struct text text = {0};
	size_t i;

	for (i = d->first_node; i < d->first_node + d->n_nodes; i++) {
		const struct host_node *node = &t->host.nodes[i];
		int above;

		assert_ptr_equal(&t->host.devices[node->device], d);
		for (above = node->parent; above >= 0; above = t->host.nodes[above].parent) {
			assert_true((size_t)above >= d->first_node && (size_t)above < i);
			text_add(&text, ".");
		}
		text_addf(&text, "%s %s", node->kind, node->name);
		if (node->detail)
			text_addf(&text, " [%s]", node->detail);
		text_add(&text, "\n");
	}
	return arena_strdup(t->arena, text_str(&text));
}

#define SATA "pci0000:00/0000:00:1f.2"
#define DISK SATA "/ata1/host0/target0:0:0/0:0:0:0"

static void add_sata(struct tree *t)
{
	tree_pci(t, SATA, "10601", "8086:2922", "ahci");
	tree_link(t, "sys/class/block/sda", "../../devices/" DISK "/block/sda");
	tree_link(t, "sys/class/block/sda10", "../../devices/" DISK "/block/sda/sda10");
	tree_link(t, "sys/class/block/sda2", "../../devices/" DISK "/block/sda/sda2");
	tree_link(t, "sys/class/scsi_host/host0",
		  "../../devices/" SATA "/ata1/host0/scsi_host/host0");
	tree_link(t, "sys/class/scsi_host/host1",
		  "../../devices/" SATA "/ata2/host1/scsi_host/host1");
	tree_link(t, "sys/bus/scsi/devices/0:0:0:0", "../../../devices/" DISK);
	tree_link(t, "sys/bus/scsi/devices/host0", "../../../devices/" SATA "/ata1/host0");
	tree_put(t, "sys/devices/" DISK "/vendor", "ATA     \n");
	tree_put(t, "sys/devices/" DISK "/model", "QEMU HARDDISK   \n");
	tree_put(t, "sys/devices/" DISK "/block/sda/size", "4194304\n");
	tree_put(t, "sys/devices/" DISK "/block/sda/sda2/size", "2048\n");
	tree_link(t, "sys/devices/" DISK "/block/sda/device", "../../../0:0:0:0");
}

static void test_sata(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	add_sata(&t);
	tree_read(&t, HOST_PART(HOST_UNDER));
	assert_int_equal(t.host.parts[HOST_UNDER], FACT_READ);
	assert_string_equal(draw(&t, "0000:00:1f.2"), "ata ata1\n"
						      ".scsi_host host0\n"
						      "..scsi_target target0:0:0\n"
						      "...scsi 0:0:0:0\n"
						      "....block sda\n"
						      ".....block sda2\n"
						      ".....block sda10\n"
						      "ata ata2\n"
						      ".scsi_host host1\n");
	tree_read(&t, HOST_PART(HOST_DETAILS));
	assert_non_null(strstr(draw(&t, "0000:00:1f.2"), "...scsi 0:0:0:0 [ATA QEMU HARDDISK]\n"
							 "....block sda [QEMU HARDDISK 2.0 GiB]\n"
							 ".....block sda2 [1.0 MiB]\n"
							 ".....block sda10\n"));
}

#define XHCI "pci0000:00/0000:00:14.0"

static void test_usb(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, XHCI, "C0330", "8086:A36D", "xhci_hcd");
	tree_link(&t, "sys/bus/usb/devices/usb1", "../../../devices/" XHCI "/usb1");
	tree_link(&t, "sys/bus/usb/devices/1-0:1.0", "../../../devices/" XHCI "/usb1/1-0:1.0");
	tree_link(&t, "sys/bus/usb/devices/1-1", "../../../devices/" XHCI "/usb1/1-1");
	tree_link(&t, "sys/bus/usb/devices/1-1:1.0", "../../../devices/" XHCI "/usb1/1-1/1-1:1.0");
	tree_link(&t, "sys/bus/usb/devices/1-10", "../../../devices/" XHCI "/usb1/1-10");
	tree_link(&t, "sys/bus/usb/devices/1-10:1.0",
		  "../../../devices/" XHCI "/usb1/1-10/1-10:1.0");
	tree_link(&t, "sys/class/input/input3",
		  "../../devices/" XHCI "/usb1/1-1/1-1:1.0/0003:046D:C31C.0001/input/input3");
	tree_link(&t, "sys/class/input/event3",
		  "../../devices/" XHCI
		  "/usb1/1-1/1-1:1.0/0003:046D:C31C.0001/input/input3/event3");
	tree_link(&t, "sys/class/block/sdb",
		  "../../devices/" XHCI "/usb1/1-10/1-10:1.0/host6/target6:0:0/6:0:0:0/block/sdb");
	tree_put(&t, "sys/devices/" XHCI "/usb1/1-1/product", "USB Keyboard\n");
	tree_put(&t, "sys/devices/" XHCI "/usb1/1-1/1-1:1.0/bInterfaceClass", "03\n");
	tree_put(&t, "sys/devices/" XHCI "/usb1/1-1/1-1:1.0/bInterfaceProtocol", "01\n");
	tree_read(&t, HOST_PART(HOST_DETAILS));
	assert_string_equal(draw(&t, "0000:00:14.0"), "usb usb1\n"
						      ".usb 1-0:1.0\n"
						      ".usb 1-1 [USB Keyboard]\n"
						      "..usb 1-1:1.0 [keyboard]\n"
						      "...input input3\n"
						      ".usb 1-10\n"
						      "..usb 1-10:1.0\n"
						      "...scsi_host host6\n"
						      "....scsi_target target6:0:0\n"
						      ".....scsi 6:0:0:0\n"
						      "......block sdb\n");
}

/*
 * The case of nvme-cli issue 455: the disk nvme0n1 lies on the controller nvme1, and on nvme2 as well;
 * nvme0 is another one's.
 */
static void test_nvme_multipath(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:82:00.0", "10802", "144D:A808", "nvme");
	tree_pci(&t, "pci0000:00/0000:83:00.0", "10802", "144D:A808", "nvme");
	tree_pci(&t, "pci0000:00/0000:01:00.0", "10802", "144D:A808", "nvme");
	tree_link(&t, "sys/class/nvme/nvme0", "../../devices/pci0000:00/0000:01:00.0/nvme/nvme0");
	tree_link(&t, "sys/class/nvme/nvme1", "../../devices/pci0000:00/0000:82:00.0/nvme/nvme1");
	tree_link(&t, "sys/class/nvme/nvme2", "../../devices/pci0000:00/0000:83:00.0/nvme/nvme2");
	tree_link(&t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme1",
		  "../../../pci0000:00/0000:82:00.0/nvme/nvme1");
	tree_link(&t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme2",
		  "../../../pci0000:00/0000:83:00.0/nvme/nvme2");
	tree_link(&t, "sys/class/block/nvme0n1",
		  "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1");
	tree_link(&t, "sys/class/block/nvme0n1p1",
		  "../../devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p1");
	tree_link(&t, "sys/class/block/nvme0c1n1",
		  "../../devices/pci0000:00/0000:82:00.0/nvme/nvme1/nvme0c1n1");
	tree_link(&t, "sys/class/block/nvme1n1",
		  "../../devices/pci0000:00/0000:01:00.0/nvme/nvme0/nvme1n1");
	tree_read(&t, HOST_PART(HOST_UNDER) | HOST_PART(HOST_STORAGE));
	assert_string_equal(draw(&t, "0000:82:00.0"), "nvme nvme1\n"
						      ".block nvme0n1\n"
						      "..block nvme0n1p1\n");
	assert_string_equal(draw(&t, "0000:83:00.0"), "nvme nvme2\n"
						      ".block nvme0n1\n"
						      "..block nvme0n1p1\n");
	assert_string_equal(draw(&t, "0000:01:00.0"), "nvme nvme0\n"
						      ".block nvme1n1\n");
}

static void test_the_rest(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "30000", "8086:3E92", "i915");
	tree_pci(&t, "pci0000:00/0000:00:04.0", "10000", "1AF4:1001", "virtio-pci");
	tree_pci(&t, "pci0000:00/0000:00:05.0", "20000", "8086:10D3", "e1000e");
	tree_pci(&t, "pci0000:00/0000:00:1f.3", "40300", "8086:A348", "snd_hda_intel");
	tree_link(&t, "sys/class/drm/card0", "../../devices/pci0000:00/0000:00:02.0/drm/card0");
	tree_link(&t, "sys/class/drm/card0-HDMI-A-1",
		  "../../devices/pci0000:00/0000:00:02.0/drm/card0/card0-HDMI-A-1");
	tree_link(&t, "sys/class/drm/renderD128",
		  "../../devices/pci0000:00/0000:00:02.0/drm/renderD128");
	tree_put(&t, "sys/class/drm/version", "drm 1.1.0 20060810\n");
	tree_link(&t, "sys/class/block/vda",
		  "../../devices/pci0000:00/0000:00:04.0/virtio1/block/vda");
	tree_link(&t, "sys/class/net/enp0s5", "../../devices/pci0000:00/0000:00:05.0/net/enp0s5");
	tree_link(&t, "sys/class/net/lo", "../../devices/virtual/net/lo");
	tree_link(&t, "sys/class/net/gone", "../../devices/pci0000:00/0000:00:06.0/net/gone");
	tree_link(&t, "sys/class/sound/card0", "../../devices/pci0000:00/0000:00:1f.3/sound/card0");
	tree_link(&t, "sys/class/sound/pcmC0D0p",
		  "../../devices/pci0000:00/0000:00:1f.3/sound/card0/pcmC0D0p");
	tree_link(&t, "sys/class/input/input9",
		  "../../devices/pci0000:00/0000:00:1f.3/sound/card0/input9");
	tree_read(&t, HOST_PART(HOST_UNDER));
	assert_string_equal(draw(&t, "0000:00:02.0"), "drm card0\ndrm renderD128\n");
	assert_string_equal(draw(&t, "0000:00:04.0"), "block vda\n");
	assert_string_equal(draw(&t, "0000:00:05.0"), "net enp0s5\n");
	assert_string_equal(draw(&t, "0000:00:1f.3"), "sound card0\n");
	assert_int_equal(t.host.n_nodes, 5);
}

static void test_nothing_to_read(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "30000", "8086:3E92", "i915");
	tree_read(&t, HOST_PART(HOST_UNDER));
	assert_int_equal(t.host.parts[HOST_UNDER], FACT_ABSENT);
}

/* hwloc's machines of 2013: the RAID controller's disk, the NVMe disk of a kernel before "nvme/". */
static void test_captured_machines(void **state)
{
	static const char *const names[] = {"40intel64-2g2n4c+pci", "32em64t-2n8c+1mic"};
	static const char *const devices[] = {"0000:01:00.0", "0000:00:02.0"};
	static const char *const expected[] = {"scsi_host host0\n"
					       ".scsi_target target0:2:0\n"
					       "..scsi 0:2:0:0\n"
					       "...block sda\n"
					       "....block sda1\n"
					       "....block sda2\n"
					       "....block sda3\n"
					       "....block sda4\n"
					       "....block sda5\n"
					       "....block sda6\n",
					       "block nvme0n1\n"
					       ".block nvme0n1p1\n"};
	size_t i;

	for (i = 0; i < 2; i++) {
		struct tree t = {.root = ROOT_CLOSED, .arena = arena_new()};

		assert_int_equal(root_open(captured_path(names[i]), &t.root), 0);
		tree_read(&t, HOST_PART(HOST_UNDER));
		assert_string_equal(draw(&t, devices[i]), expected[i]);
		arena_free(t.arena);
		root_close(&t.root);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sata),
		cmocka_unit_test(test_usb),
		cmocka_unit_test(test_nvme_multipath),
		cmocka_unit_test(test_the_rest),
		cmocka_unit_test(test_nothing_to_read),
		cmocka_unit_test(test_captured_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
