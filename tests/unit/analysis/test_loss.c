// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the host would lose, from the files of a machine to the chains that a person reads. Each case is
 * a machine made by hand; the right answer is that of somebody who knows such machines. What is not
 * found here is taken from under a running host.
 */
#include "../host/tree.h"

#include "analysis/fitness.h"
#include "analysis/loss.h"
#include "base/text.h"

#define ALL                                                                        \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_STORAGE) |  \
	 HOST_PART(HOST_NETWORK) | HOST_PART(HOST_USES) | HOST_PART(HOST_KERNEL) | \
	 HOST_PART(HOST_OPENED))
#define SATA "pci0000:00/0000:00:1f.2"
#define NIC  "pci0000:00/0000:00:19.0"
#define XHCI "pci0000:00/0000:00:14.0"
#define NVME "pci0000:00/0000:00:1d.0/0000:04:00.0"
#define GPU  "pci0000:00/0000:00:01.0/0000:01:00.0"
#define INFO(number, target, type, source, options) \
	"30 1 " number " / " target " rw,relatime shared:1 - " type " " source " " options "\n"

static void put(struct tree *t, const char *folder, const char *name, const char *file,
		const char *content)
{
	tree_put(t, arena_printf(t->arena, "sys/%s/%s/%s", folder, name, file), content);
}

/* An entry of a class that lies below devices/: "pci.../net/eth0". */
static void entry(struct tree *t, const char *class, const char *below)
{
	tree_folder(t, arena_printf(t->arena, "sys/devices/%s", below));
	tree_link(t, arena_printf(t->arena, "sys/class/%s/%s", class, strrchr(below, '/') + 1),
		  arena_printf(t->arena, "../../devices/%s", below));
}

static void block(struct tree *t, const char *below, const char *number)
{
	entry(t, "block", below);
	tree_put(t, arena_printf(t->arena, "sys/devices/%s/dev", below), number);
}

/* A mapping on the blocks of the list, divided by blanks. */
static void mapping(struct tree *t, const char *name, const char *number, const char *dm_name,
		    const char *uuid, const char *slaves)
{
	char *word, *save = NULL, *list = arena_strdup(t->arena, slaves);
	const char *below = arena_printf(t->arena, "virtual/block/%s", name);

	block(t, below, number);
	if (dm_name)
		put(t, "devices", below, "dm/name", dm_name);
	if (uuid)
		put(t, "devices", below, "dm/uuid", uuid);
	for (word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save))
		tree_link(t, arena_printf(t->arena, "sys/devices/%s/slaves/%s", below, word), "x");
}

static void group(struct tree *t, unsigned int id, const char *devices)
{
	char *word, *save = NULL, *list = arena_strdup(t->arena, devices);

	for (word = strtok_r(list, " ", &save); word; word = strtok_r(NULL, " ", &save))
		tree_link(t,
			  arena_printf(t->arena, "sys/kernel/iommu_groups/%u/devices/%s", id, word),
			  "x");
}

/* "fatal: CHAIN\n..." of the device with its group, the fitness in front. */
static const char *judge(struct tree *t, const char *device)
{
	struct fitness_of_device f;
	TEXT_AUTO struct text all = {0};
	size_t i;

	fitness_judge(fitness_table_new(&t->host, NULL, t->arena),
		      (size_t)(tree_device(t, device) - t->host.devices), &f);
	text_addf(&all, "%s%s", f.is_known ? "" : "not known, ", fitness_name(f.worst));
	for (i = 0; i < f.n_losses; i++)
		text_addf(&all, "\n%s: %s", loss_severity_name(f.losses[i].severity),
			  loss_text(t->arena, &f.losses[i], " > "));
	return arena_strdup(t->arena, text_str(&all));
}

static const char *remedy(struct tree *t, const char *device)
{
	struct fitness_of_device f;

	fitness_judge(fitness_table_new(&t->host, NULL, t->arena),
		      (size_t)(tree_device(t, device) - t->host.devices), &f);
	assert_true(f.n_losses > 0);
	return f.losses[0].remedy ? f.losses[0].remedy : "";
}

static void sata(struct tree *t)
{
	tree_begin(t);
	tree_pci(t, SATA, "10601", "8086:2922", "ahci");
	block(t, SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda", "8:0\n");
	block(t, SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1", "8:1\n");
	block(t, SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda2", "8:2\n");
	block(t, SATA "/ata2/host1/target1:0:0/1:0:0:0/block/sdb", "8:16\n");
}

static void nvme(struct tree *t)
{
	tree_pci(t, "pci0000:00/0000:00:1d.0", "60400", "8086:A298", "pcieport");
	tree_pci(t, NVME, "10802", "144D:A808", "nvme");
	block(t, NVME "/nvme/nvme0/nvme0n1", "259:0\n");
	block(t, NVME "/nvme/nvme0/nvme0n1/nvme0n1p1", "259:1\n");
}

static void test_root_on_lvm_over_two_disks(void **state)
{
	TREE_AUTO struct tree t;

	sata(&t);
	nvme(&t);
	mapping(&t, "dm-0", "253:0\n", "vg0-root\n", "LVM-abc\n", "sda2 nvme0n1p1");
	tree_put(&t, "proc/self/mountinfo",
		 INFO("253:0", "/", "ext4", "/dev/mapper/vg0-root", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:1f.2"),
			    "never\nfatal: 0000:00:1f.2 > ata1 > sda > sda2 > LVM vg0-root > /");
	assert_string_equal(judge(&t, "0000:04:00.0"),
			    "never\nfatal: 0000:04:00.0 > nvme0 > nvme0n1 > nvme0n1p1 > "
			    "LVM vg0-root > /");
	assert_string_equal(judge(&t, "0000:00:1d.0"), "never");
}

static void test_luks_frees_from_inside_out(void **state)
{
	TREE_AUTO struct tree t;

	sata(&t);
	mapping(&t, "dm-0", "253:0\n", "luks-a\n", "CRYPT-LUKS2-abc\n", "sdb");
	mapping(&t, "dm-1", "253:1\n", "my--vg-data\n", "LVM-abc\n", "dm-0");
	tree_put(&t, "proc/self/mountinfo",
		 INFO("253:1", "/srv", "xfs", "/dev/mapper/my--vg-data", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:1f.2"),
			    "never\nfatal: 0000:00:1f.2 > ata2 > sdb > LUKS luks-a > "
			    "LVM my--vg-data > /srv");
	assert_string_equal(remedy(&t, "0000:00:1f.2"),
			    "umount /srv; vgchange -an my-vg; cryptsetup close luks-a");
}

/* An open array or mapping is in use though nothing of it is mounted. */
static void test_open_members(void **state)
{
	TREE_AUTO struct tree t;

	sata(&t);
	nvme(&t);
	mapping(&t, "md0", "9:0\n", NULL, NULL, "sda1 sdb");
	mapping(&t, "dm-0", "253:0\n", "secret\n", "CRYPT-LUKS1-a\n", "nvme0n1p1");
	tree_put(&t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:1f.2"),
			    "never\nfatal: 0000:00:1f.2 > ata1 > sda > sda1 > md0\n"
			    "fatal: 0000:00:1f.2 > ata2 > sdb > md0");
	assert_string_equal(remedy(&t, "0000:00:1f.2"), "mdadm --stop /dev/md0");
	assert_string_equal(
		judge(&t, "0000:04:00.0"),
		"never\nfatal: 0000:04:00.0 > nvme0 > nvme0n1 > nvme0n1p1 > LUKS secret");
	assert_string_equal(remedy(&t, "0000:04:00.0"), "cryptsetup close secret");
}

static void test_read_only_and_swap(void **state)
{
	TREE_AUTO struct tree t;

	sata(&t);
	nvme(&t);
	tree_put(&t, "proc/self/mountinfo",
		 INFO("8:1", "/media", "ext4", "/dev/sda1", "ro")
			 INFO("8:2", "/usr", "ext4", "/dev/sda2", "ro"));
	tree_put(&t, "proc/swaps",
		 "Filename\tType\tSize\tUsed\tPriority\n/dev/nvme0n1p1 partition 9 0 -2\n");
	tree_read(&t, ALL);
	/* /usr is read-only, but nothing comes back without it. */
	assert_string_equal(judge(&t, "0000:00:1f.2"),
			    "never\nserious: 0000:00:1f.2 > ata1 > sda > sda1 > /media\n"
			    "fatal: 0000:00:1f.2 > ata1 > sda > sda2 > /usr");
	assert_string_equal(judge(&t, "0000:04:00.0"),
			    "never\nfatal: 0000:04:00.0 > nvme0 > nvme0n1 > nvme0n1p1 > swap");
	assert_string_equal(remedy(&t, "0000:04:00.0"), "swapoff /dev/nvme0n1p1");
}

static void test_zfs_pool(void **state)
{
	TREE_AUTO struct tree t;

	sata(&t);
	tree_put(&t, "run/udev/data/b8:1", "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=tank\n");
	tree_put(&t, "run/udev/data/b8:16", "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=spare\n");
	tree_put(&t, "proc/spl/kstat/zfs/spare/state", "ONLINE\n");
	tree_put(&t, "proc/self/mountinfo", INFO("0:30", "/data", "zfs", "tank/data", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:1f.2"),
			    "never\nfatal: 0000:00:1f.2 > ata1 > sda > sda1 > ZFS tank > /data\n"
			    "fatal: 0000:00:1f.2 > ata2 > sdb > ZFS spare");
	assert_string_equal(remedy(&t, "0000:00:1f.2"), "umount /data; zpool export tank");
}

/*
 * Case g-04 of the field: the root disk nvme0n1 sits on the controller nvme1. With a second way that is
 * alive it survives; with both ways in one group it does not.
 */
static void test_nvme_multipath(void **state)
{
	static const char *const states[] = {"connecting\n", "live\n"};
	static const char *const answers[] = {
		"never\nfatal: 0000:82:00.0 > nvme1 > nvme0n1 > /",
		"loses\nserious: 0000:82:00.0 > nvme1 > nvme0n1 > /",
	};
	size_t i;

	for (i = 0; i < 2; i++) {
		TREE_AUTO struct tree t;

		tree_begin(&t);
		tree_pci(&t, "pci0000:80/0000:82:00.0", "10802", "144D:A808", "nvme");
		tree_pci(&t, "pci0000:80/0000:83:00.0", "10802", "144D:A808", "nvme");
		entry(&t, "nvme", "pci0000:80/0000:82:00.0/nvme/nvme1");
		entry(&t, "nvme", "pci0000:80/0000:83:00.0/nvme/nvme2");
		put(&t, "devices", "pci0000:80/0000:82:00.0/nvme/nvme1", "state", "live\n");
		put(&t, "devices", "pci0000:80/0000:83:00.0/nvme/nvme2", "state", states[i]);
		tree_link(&t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme1",
			  "../../../pci0000:80/0000:82:00.0/nvme/nvme1");
		tree_link(&t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme2",
			  "../../../pci0000:80/0000:83:00.0/nvme/nvme2");
		block(&t, "virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "259:1\n");
		tree_put(&t, "proc/self/mountinfo",
			 INFO("259:1", "/", "ext4", "/dev/nvme0n1", "rw"));
		tree_read(&t, ALL);
		assert_string_equal(judge(&t, "0000:82:00.0"), answers[i]);
		group(&t, 3, "0000:82:00.0 0000:83:00.0");
		tree_read(&t, ALL);
		assert_string_equal(judge(&t, "0000:82:00.0"),
				    "never\nfatal: 0000:82:00.0 > nvme1 > nvme0n1 > /\n"
				    "fatal: 0000:83:00.0 > nvme2 > nvme0n1 > /");
	}
}

/* Case e-05: the graphics card's group holds the system disk. */
static void test_a_mates_disk_counts(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	nvme(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "60400", "8086:1901", "pcieport");
	tree_pci(&t, GPU, "30000", "10DE:2204", "nvidia");
	tree_pci(&t, "pci0000:00/0000:00:01.0/0000:01:00.1", "40300", "10DE:1AEF", "snd_hda_intel");
	tree_pci(&t, "pci0000:00/0000:00:1f.4", "C0500", "8086:A2A3", NULL);
	entry(&t, "sound", "pci0000:00/0000:00:01.0/0000:01:00.1/sound/card1");
	group(&t, 2, "0000:00:01.0 0000:01:00.0 0000:01:00.1 0000:04:00.0");
	group(&t, 5, "0000:00:1d.0");
	tree_put(&t, "proc/self/mountinfo", INFO("259:1", "/", "ext4", "/dev/nvme0n1p1", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:01:00.0"),
			    "never\nminor: 0000:01:00.1 > sound card1\n"
			    "fatal: 0000:04:00.0 > nvme0 > nvme0n1 > nvme0n1p1 > /");
	/* Groups are there, but it is in none: case g-03. */
	assert_string_equal(judge(&t, "0000:00:1f.4"), "never");
}

/* Case g-01: what is behind a VMD leaves with the VMD, and never alone. */
static void test_behind_a_vmd(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:0e.0", "10400", "8086:467F", "vmd");
	tree_pci(&t, "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0", "60400", "8086:464D",
		 "pcieport");
	tree_pci(&t, "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0", "10802",
		 "15B7:5017", "nvme");
	block(&t,
	      "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0/nvme/nvme0/nvme0n1",
	      "259:0\n");
	group(&t, 0, "0000:00:0e.0");
	tree_put(&t, "proc/self/mountinfo", INFO("259:0", "/", "ext4", "/dev/nvme0n1", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:0e.0"),
			    "never\nfatal: 0000:00:0e.0 > 10000:e1:00.0 > nvme0 > nvme0n1 > /");
	assert_string_equal(judge(&t, "10000:e1:00.0"),
			    "never\nfatal: 10000:e1:00.0 > nvme0 > nvme0n1 > /");
	tree_put(&t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:0e.0"), "free");
	assert_string_equal(judge(&t, "10000:e1:00.0"), "never");
}

static void interface(struct tree *t, const char *below, const char *flags)
{
	entry(t, "net", below);
	put(t, "devices", below, "flags", flags);
}

#define ROUTE_HEAD \
	"Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"

static void nic(struct tree *t)
{
	tree_begin(t);
	tree_pci(t, NIC, "20000", "8086:15B8", "e1000e");
	interface(t, NIC "/net/eno1", "0x1003\n");
	entry(t, "net", "virtual/net/lo");
	put(t, "devices", "virtual/net/lo", "flags", "0x9\n");
	tree_put(t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
}

/* Case e-06: the NIC with the default route; and one that nobody uses. */
static void test_default_route(void **state)
{
	TREE_AUTO struct tree t;

	nic(&t);
	tree_pci(&t, "pci0000:00/0000:00:1b.0", "20000", "8086:1521", "igb");
	interface(&t, "pci0000:00/0000:00:1b.0/net/enp0s27", "0x1002\n");
	tree_put(&t, "proc/net/route",
		 ROUTE_HEAD "eno1\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
			    "eno1\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n");
	tree_put(&t, "proc/net/fib_trie",
		 "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n"
		 "     |-- 192.0.2.7\n        /32 host LOCAL\n     |-- 127.0.0.1\n"
		 "        /32 host LOCAL\n");
	tree_put(&t, "proc/net/if_inet6",
		 "fe80000000000000021b21fffe000001 02 40 20 80     eno1\n"
		 "20010db8000000000000000000000007 02 40 00 80     eno1\n"
		 "00000000000000000000000000000001 01 80 10 80       lo\n");
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:19.0"),
			    "loses\nserious: 0000:00:19.0 > eno1 > default route\n"
			    "serious: 0000:00:19.0 > eno1 > 192.0.2.7/24\n"
			    "serious: 0000:00:19.0 > eno1 > 2001:db8::7/64");
	assert_string_equal(judge(&t, "0000:00:1b.0"), "free");
	/* Up without an address: told, no more. */
	put(&t, "devices", "pci0000:00/0000:00:1b.0/net/enp0s27", "flags", "0x1003\n");
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:1b.0"),
			    "loses\nminor: 0000:00:1b.0 > enp0s27 > it is up, without an address");
}

/* A VLAN on a bond, the bridge on that: each by what another kind of tree says of it. */
static void test_bond_vlan_bridge(void **state)
{
	TREE_AUTO struct tree t;

	nic(&t);
	interface(&t, "virtual/net/bond0", "0x1443\n");
	interface(&t, "virtual/net/bond0.10", "0x1003\n");
	interface(&t, "virtual/net/br0", "0x1003\n");
	interface(&t, "virtual/net/br1", "0x1003\n");
	put(&t, "devices", "virtual/net/bond0", "bonding/slaves", "eno1 eno2\n");
	put(&t, "devices", "virtual/net/bond0", "ifindex", "4\n");
	put(&t, "devices", "virtual/net/bond0", "iflink", "4\n");
	put(&t, "devices", "virtual/net/bond0.10", "ifindex", "5\n");
	put(&t, "devices", "virtual/net/bond0.10", "iflink", "4\n");
	tree_link(&t, "sys/devices/virtual/net/br0/brif/bond0.10", "x");
	tree_link(&t, "sys/devices/virtual/net/bond0/upper_br1", "../br1");
	tree_put(&t, "proc/net/route",
		 ROUTE_HEAD "br0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n");
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:19.0"),
			    "loses\nserious: 0000:00:19.0 > eno1 > bond0 > bond0.10 > br0 > "
			    "default route\n"
			    "serious: 0000:00:19.0 > eno1 > bond0 > br1");
}

/* Nothing of addresses in the tree: that is not known to be nothing. */
static void test_addresses_that_are_not_there(void **state)
{
	TREE_AUTO struct tree t;

	nic(&t);
	tree_read(&t, ALL);
	assert_string_equal(
		judge(&t, "0000:00:19.0"),
		"loses\nserious: 0000:00:19.0 > eno1 > it is up; its addresses are not known");
}

static void test_disks_of_the_network(void **state)
{
	TREE_AUTO struct tree t;

	nic(&t);
	tree_pci(&t, "pci0000:00/0000:00:1b.0", "20000", "8086:1521", "igb");
	interface(&t, "pci0000:00/0000:00:1b.0/net/san0", "0x1003\n");
	block(&t, "platform/host5/session1/target5:0:0/5:0:0:0/block/sdc", "8:32\n");
	put(&t, "class/iscsi_connection", "connection1:0", "persistent_address", "198.51.100.9\n");
	tree_put(&t, "ferry/network",
		 "address eno1 192.0.2.7/24\ndefault eno1\naddress san0 198.51.100.2/24\n");
	tree_put(&t, "proc/self/mountinfo",
		 INFO("0:50", "/", "nfs4", "server:/export", "rw,addr=203.0.113.5")
			 INFO("8:32", "/var/lib/libvirt/images", "xfs", "/dev/sdc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:19.0"),
			    "never\nserious: 0000:00:19.0 > eno1 > default route\n"
			    "serious: 0000:00:19.0 > eno1 > 192.0.2.7/24\n"
			    "fatal: 0000:00:19.0 > eno1 > server:/export > /");
	assert_string_equal(judge(&t, "0000:00:1b.0"),
			    "never\nserious: 0000:00:1b.0 > san0 > 198.51.100.2/24\n"
			    "fatal: 0000:00:1b.0 > san0 > iSCSI session1 > sdc > "
			    "/var/lib/libvirt/images");
}

#define LETTER_KEYS "402000000 3803078f800d001 feffffdfffefffff fffffffffffffffe\n"
#define POINT       XHCI "/usb1/1-2/1-2:1.0/0003:046D:C077.0002/input/input5"
#define TYPE        XHCI "/usb1/1-1/1-1:1.0/0003:046D:C31C.0001/input/input3"

static void test_keyboards(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, XHCI, "C0330", "8086:A36D", "xhci_hcd");
	entry(&t, "input", TYPE);
	entry(&t, "input", POINT);
	put(&t, "devices", TYPE, "capabilities/key", LETTER_KEYS);
	put(&t, "devices", TYPE, "name", "USB Keyboard\n");
	put(&t, "devices", POINT, "capabilities/key", "70000 0 0 0 0\n");
	put(&t, "devices", POINT, "name", "USB Mouse\n");
	/* Another input of the same keyboard, for its volume keys. */
	entry(&t, "input", XHCI "/usb1/1-1/1-1:1.1/0003:046D:C31C.0002/input/input4");
	tree_put(&t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(
		judge(&t, "0000:00:14.0"),
		"loses\nserious: 0000:00:14.0 > 1-1 > input3 (USB Keyboard) > the only keyboard\n"
		"minor: 0000:00:14.0 > 1-2 > input5 (USB Mouse)");
	/* A PS/2 keyboard stays. */
	entry(&t, "input", "platform/i8042/serio0/input/input0");
	put(&t, "devices", "platform/i8042/serio0/input/input0", "capabilities/key", LETTER_KEYS);
	tree_read(&t, ALL);
	assert_non_null(strstr(judge(&t, "0000:00:14.0"), "minor: 0000:00:14.0 > 1-1 > input3 "
							  "(USB Keyboard) > keyboard\n"));
}

static void test_usb_stick(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, XHCI, "C0330", "8086:A36D", "xhci_hcd");
	block(&t, XHCI "/usb1/1-4/1-4.2/1-4.2:1.0/host6/target6:0:0/6:0:0:0/block/sdb", "8:16\n");
	block(&t, XHCI "/usb1/1-4/1-4.2/1-4.2:1.0/host6/target6:0:0/6:0:0:0/block/sdb/sdb1",
	      "8:17\n");
	tree_put(&t, "proc/self/mountinfo", INFO("8:17", "/media/a", "vfat", "/dev/sdb1", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:14.0"),
			    "never\nfatal: 0000:00:14.0 > 1-4.2 > sdb > sdb1 > /media/a");
}

static void test_display(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "60400", "8086:1901", "pcieport");
	tree_pci(&t, GPU, "30000", "10DE:2204", "nouveau");
	put(&t, "devices", GPU, "boot_vga", "1\n");
	entry(&t, "graphics", GPU "/graphics/fb0");
	entry(&t, "vtconsole", "virtual/vtconsole/vtcon1");
	put(&t, "devices", "virtual/vtconsole/vtcon1", "name", "(M) frame buffer device\n");
	put(&t, "devices", "virtual/vtconsole/vtcon1", "bind", "1\n");
	entry(&t, "drm", GPU "/drm/card0");
	entry(&t, "drm", GPU "/drm/card0/card0-HDMI-A-1");
	entry(&t, "drm", GPU "/drm/card0/card0-DP-1");
	put(&t, "devices", GPU "/drm/card0/card0-HDMI-A-1", "status", "connected\n");
	put(&t, "devices", GPU "/drm/card0/card0-HDMI-A-1", "enabled", "enabled\n");
	put(&t, "devices", GPU "/drm/card0/card0-DP-1", "status", "disconnected\n");
	/* Case e-01: what nvidia-smi does not list. */
	tree_put(&t, "proc/812/comm", "Xorg\n");
	tree_link(&t, "proc/812/fd/10", "/dev/dri/card0");
	tree_link(&t, "proc/812/fd/11", "/dev/dri/card0");
	tree_link(&t, "proc/812/fd/12", "/dev/null");
	tree_put(&t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:01:00.0"),
			    "loses\nserious: 0000:01:00.0 > boot VGA\n"
			    "serious: 0000:01:00.0 > fb0 > text console\n"
			    "serious: 0000:01:00.0 > card0 > screen on HDMI-A-1\n"
			    "serious: 0000:01:00.0 > /dev/dri/card0 > Xorg (process 812)");
	/* On vfio-pci it has left already. */
	put(&t, "devices", GPU, "uevent",
	    "DRIVER=vfio-pci\nPCI_CLASS=30000\nPCI_ID=10DE:2204\nPCI_SUBSYS_ID=1AF4:1100\n");
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:01:00.0"), "free");
}

static void test_nvidia_nodes(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "60400", "8086:1901", "pcieport");
	tree_pci(&t, GPU, "30200", "10DE:2204", "nvidia");
	tree_pci(&t, "pci0000:00/0000:00:02.0", "30200", "10DE:2204", "nvidia");
	tree_put(&t, "proc/driver/nvidia/gpus/0000:01:00.0/information", "Device Minor: \t 1\n");
	tree_put(&t, "proc/driver/nvidia/gpus/0000:00:02.0/information", "Device Minor: \t 0\n");
	tree_put(&t, "proc/77/comm", "nvidia-persiste\n");
	tree_link(&t, "proc/77/fd/3", "/dev/nvidia1");
	tree_put(&t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:01:00.0"),
			    "loses\nserious: 0000:01:00.0 > /dev/nvidia1 > "
			    "nvidia-persiste (process 77)");
	assert_string_equal(judge(&t, "0000:00:02.0"), "free");
}

static void test_lines(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:16.3", "70002", "8086:A13D", "serial");
	tree_pci(&t, "pci0000:00/0000:00:1f.0", "60100", "8086:A148", "i6300esb");
	entry(&t, "tty", "pci0000:00/0000:00:16.3/tty/ttyS4");
	entry(&t, "tty", "virtual/tty/tty0");
	entry(&t, "watchdog", "pci0000:00/0000:00:1f.0/watchdog/watchdog0");
	put(&t, "devices", "pci0000:00/0000:00:1f.0/watchdog/watchdog0", "state", "inactive\n");
	tree_put(&t, "proc/consoles", "tty0   -WU (EC  )  4:7\nttyS4   -W- (E  )  4:68\n");
	tree_put(&t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:16.3"),
			    "loses\nserious: 0000:00:16.3 > ttyS4 > kernel console");
	assert_string_equal(judge(&t, "0000:00:1f.0"), "free");
	put(&t, "devices", "pci0000:00/0000:00:1f.0/watchdog/watchdog0", "state", "active\n");
	tree_read(&t, ALL);
	assert_string_equal(judge(&t, "0000:00:1f.0"),
			    "loses\nserious: 0000:00:1f.0 > watchdog0 (running watchdog)");
}

/* Case f-02: virtual functions go with their physical function, whoever uses them. */
static void test_virtual_functions(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, NIC, "20000", "8086:10C9", "igb");
	tree_pci(&t, "pci0000:00/0000:00:19.1", "20000", "8086:10CA", "igbvf");
	tree_pci(&t, "pci0000:00/0000:00:19.2", "20000", "8086:10CA", "vfio-pci");
	put(&t, "devices", NIC, "sriov_numvfs", "2\n");
	tree_link(&t, "sys/devices/" NIC "/virtfn0", "../0000:00:19.1");
	tree_link(&t, "sys/devices/" NIC "/virtfn1", "../0000:00:19.2");
	interface(&t, "pci0000:00/0000:00:19.1/net/eth1", "0x1003\n");
	tree_put(&t, "ferry/network", "default eth1\n");
	tree_put(&t, "proc/self/mountinfo", INFO("0:21", "/proc", "proc", "proc", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(
		judge(&t, "0000:00:19.0"),
		"loses\nserious: 0000:00:19.0 > 2 virtual functions\n"
		"serious: 0000:00:19.0 > 0000:00:19.1 > eth1 > default route\n"
		"serious: 0000:00:19.0 > 0000:00:19.2 > lent to a guest, or kept for one");
	assert_string_equal(judge(&t, "0000:00:19.2"), "free");
}

/* Could not be read is neither nothing nor free. */
static void test_unread_is_not_free(void **state)
{
	TREE_AUTO struct tree t;

	sata(&t);
	tree_put(&t, "proc/self/mountinfo", "30 1 garbage\n");
	tree_read(&t, ALL);
	assert_non_null(strstr(judge(&t, "0000:00:1f.2"), "not known"));
}

/* Rings and endless nests that only a made-up tree has come to an end. */
static void test_rings_end(void **state)
{
	TREE_AUTO struct tree t;

	sata(&t);
	mapping(&t, "dm-0", "253:0\n", "a\n", "LVM-a\n", "dm-1 sdb");
	mapping(&t, "dm-1", "253:1\n", "b\n", "LVM-b\n", "dm-0");
	tree_pci(&t, NIC "/0000:00:19.0/0000:00:1f.3", "10601", "8086:2922", "ahci");
	tree_pci(&t, NIC "/0000:00:19.0", "10601", "8086:2922", "ahci");
	interface(&t, SATA "/net/eth0", "0x3\n");
	interface(&t, "virtual/net/br0", "0x3\n");
	tree_link(&t, "sys/devices/virtual/net/br0/upper_eth0", "x");
	tree_link(&t, "sys/devices/" SATA "/net/eth0/upper_br0", "x");
	tree_put(&t, "proc/self/mountinfo", INFO("253:0", "/srv", "ext4", "/dev/dm-0", "rw"));
	tree_read(&t, ALL);
	assert_non_null(strstr(judge(&t, "0000:00:1f.2"), "LVM a > /srv"));
	assert_non_null(strstr(judge(&t, "0000:00:1f.2"), "eth0 > br0"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_root_on_lvm_over_two_disks),
		cmocka_unit_test(test_luks_frees_from_inside_out),
		cmocka_unit_test(test_open_members),
		cmocka_unit_test(test_read_only_and_swap),
		cmocka_unit_test(test_zfs_pool),
		cmocka_unit_test(test_nvme_multipath),
		cmocka_unit_test(test_a_mates_disk_counts),
		cmocka_unit_test(test_behind_a_vmd),
		cmocka_unit_test(test_default_route),
		cmocka_unit_test(test_bond_vlan_bridge),
		cmocka_unit_test(test_addresses_that_are_not_there),
		cmocka_unit_test(test_disks_of_the_network),
		cmocka_unit_test(test_keyboards),
		cmocka_unit_test(test_usb_stick),
		cmocka_unit_test(test_display),
		cmocka_unit_test(test_nvidia_nodes),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_virtual_functions),
		cmocka_unit_test(test_unread_is_not_free),
		cmocka_unit_test(test_rings_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
