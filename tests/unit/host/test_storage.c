// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From the PCI device up to what is mounted, for every way in which storage is stacked. A loss that is
 * not found here is a disk taken from under a file system.
 */
#include "tree.h"

#include "base/text.h"

#define ALL  (HOST_PART(HOST_STORAGE) | HOST_PART(HOST_UNDER))
#define SATA "pci0000:00/0000:00:1f.2"

static size_t find_block(const struct host *host, const char *name)
{
	size_t i;

	for (i = 0; i < host->n_blocks; i++) {
		if (!strcmp(host->blocks[i].name, name))
			return i;
	}
	fail_msg("no block device %s", name);
	return 0;
}

static void climb(const struct host *host, size_t block, struct text *ends)
{
	size_t i;

	for (i = 0; i < host->n_mounts; i++) {
		const struct host_mount *m = &host->mounts[i];

		if (m->block == (int)block)
			text_addf(ends, "%s%s%s ",
				  m->is_swap   ? "swap:"
				  : m->is_pool ? "open:"
					       : "",
				  m->target ? m->target : m->source, m->read_only ? "(ro)" : "");
	}
	for (i = 0; i < host->blocks[block].n_uppers; i++)
		climb(host, host->blocks[block].uppers[i], ends);
}

/* All that is mounted from a PCI device, in the order of the walk. */
static const char *mounted_from(struct tree *t, const char *device)
{
	size_t index = (size_t)(tree_device(t, device) - t->host.devices), i, k;
	TEXT_AUTO struct text ends = {0};

	for (i = 0; i < t->host.n_blocks; i++) {
		for (k = 0; k < t->host.blocks[i].n_devices; k++) {
			if (t->host.blocks[i].devices[k] == index)
				climb(&t->host, i, &ends);
		}
	}
	return arena_strdup(t->arena, text_str(&ends));
}

static void add_block(struct tree *t, const char *below, const char *number)
{
	const char *name = strrchr(below, '/') + 1;
	char path[512], target[512];

	snprintf(path, sizeof(path), "sys/devices/%s/dev", below);
	tree_put(t, path, number);
	snprintf(path, sizeof(path), "sys/class/block/%s", name);
	snprintf(target, sizeof(target), "../../devices/%s", below);
	tree_link(t, path, target);
}

static void add_dm(struct tree *t, const char *name, const char *number, const char *dm_name)
{
	char path[512];

	snprintf(path, sizeof(path), "virtual/block/%s", name);
	add_block(t, path, number);
	snprintf(path, sizeof(path), "sys/devices/virtual/block/%s/dm/name", name);
	tree_put(t, path, dm_name);
}

static void add_slave(struct tree *t, const char *upper, const char *lower)
{
	char path[512];

	snprintf(path, sizeof(path), "sys/class/block/%s/slaves/%s", upper, lower);
	tree_link(t, path, "../nowhere");
}

/* Two disks on 1f.2 and a third on an NVMe controller; sda has two partitions. */
static void add_disks(struct tree *t)
{
	tree_pci(t, SATA, "10601", "8086:2922", "ahci");
	tree_pci(t, "pci0000:00/0000:02:00.0", "10802", "144D:A808", "nvme");
	add_block(t, SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda", "8:0\n");
	add_block(t, SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda1", "8:1\n");
	add_block(t, SATA "/ata1/host0/target0:0:0/0:0:0:0/block/sda/sda2", "8:2\n");
	add_block(t, SATA "/ata2/host1/target1:0:0/1:0:0:0/block/sdb", "8:16\n");
	add_block(t, "pci0000:00/0000:02:00.0/nvme/nvme0/nvme0n1", "259:0\n");
	add_block(t, "pci0000:00/0000:02:00.0/nvme/nvme0/nvme0n1/nvme0n1p1", "259:1\n");
}

#define INFO(number, target, type, source, options) \
	"30 1 " number " / " target " rw,relatime shared:1 - " type " " source " " options "\n"

static void test_partitions_and_swap(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	add_disks(&t);
	tree_put(&t, "proc/self/mountinfo",
		 INFO("0:21", "/proc", "proc", "proc", "rw")
			 INFO("8:1", "/", "ext4", "/dev/root", "rw")
				 INFO("259:1", "/mnt/a\\040b", "xfs", "/dev/nvme0n1p1", "ro"));
	tree_put(&t, "proc/swaps",
		 "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
		 "/dev/sda2                               partition\t9\t0\t-2\n"
		 "/swapfile                               file\t\t9\t0\t-3\n");
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_READ);
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "/ swap:/swapfile swap:/dev/sda2 ");
	assert_string_equal(mounted_from(&t, "0000:02:00.0"), "/mnt/a b(ro) ");
	assert_int_equal(t.host.blocks[find_block(&t.host, "sda1")].n_devices, 0);
	assert_int_equal(t.host.n_mounts, 5);
}

/* LUKS on a partition, LVM over it and a second disk; a volume on it named as people type it. */
static void test_luks_and_lvm(void **state)
{
	TREE_AUTO struct tree t;
	const struct block_device *b;

	tree_begin(&t);
	add_disks(&t);
	add_dm(&t, "dm-0", "253:0\n", "luks-sda2\n");
	add_slave(&t, "dm-0", "sda2");
	add_dm(&t, "dm-1", "253:1\n", "vg--a-root\n");
	add_slave(&t, "dm-1", "dm-0");
	add_slave(&t, "dm-1", "nvme0n1p1");
	tree_put(&t, "proc/mounts",
		 "/dev/vg-a/root / ext4 rw,relatime 0 0\n"
		 "/dev/mapper/vg--a-root /srv ext4 ro 0 0\n");
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_READ);
	b = &t.host.blocks[find_block(&t.host, "dm-1")];
	assert_string_equal(b->dm_name, "vg--a-root");
	assert_int_equal(b->major, 253);
	assert_int_equal(b->minor, 1);
	assert_int_equal(b->n_devices, 0);
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "/ /srv(ro) ");
	assert_string_equal(mounted_from(&t, "0000:02:00.0"), "/ /srv(ro) ");
}

/* md by holders alone, as a capture without slaves has it; a loop device on a file on it. */
static void test_md_and_loop(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	add_disks(&t);
	add_block(&t, "virtual/block/md127", "9:127\n");
	add_block(&t, "virtual/block/loop0", "7:0\n");
	add_block(&t, "virtual/block/loop1", "7:1\n");
	tree_link(&t, "sys/class/block/sdb/holders/md127", "../nowhere");
	tree_put(&t, "sys/class/block/loop0/loop/backing_file", "/var/images/a.img\n");
	tree_put(&t, "proc/self/mountinfo",
		 INFO("259:1", "/", "ext4", "/dev/nvme0n1p1", "rw")
			 INFO("9:127", "/var", "ext4", "/dev/md127", "rw")
				 INFO("7:0", "/mnt", "ext4", "/dev/loop0", "rw")
					 INFO("8:1", "/variant", "ext4", "/dev/sda1", "rw"));
	tree_read(&t, ALL);
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "/variant /var /mnt ");
	assert_string_equal(mounted_from(&t, "0000:02:00.0"), "/ ");
}

/* A read-only bind mount of a file system that is written elsewhere is no read-only file system. */
static void test_read_only_bind(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	add_disks(&t);
	tree_put(&t, "proc/self/mountinfo",
		 "30 1 8:1 /data /srv ro,relatime - ext4 /dev/sda1 rw\n");
	tree_read(&t, ALL);
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "/srv ");
}

static void test_btrfs_of_two_disks(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	add_disks(&t);
	tree_link(&t, "sys/fs/btrfs/6d3a/devices/sda1", "../nowhere");
	tree_link(&t, "sys/fs/btrfs/6d3a/devices/nvme0n1p1", "../nowhere");
	tree_link(&t, "sys/fs/btrfs/77aa/devices/sdb", "../nowhere");
	tree_folder(&t, "sys/fs/btrfs/features");
	tree_put(&t, "proc/self/mountinfo", INFO("0:30", "/home", "btrfs", "/dev/sda1", "rw"));
	tree_read(&t, ALL);
	/* Somebody else has the other one mounted, where this process does not look. */
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "/home open:77aa ");
	assert_string_equal(mounted_from(&t, "0000:02:00.0"), "/home ");
}

static void test_zfs(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	add_disks(&t);
	tree_put(&t, "proc/self/mountinfo", INFO("0:30", "/", "zfs", "rpool/ROOT/debian", "rw"));
	tree_put(&t, "run/udev/data/b8:16", "E:ID_FS_TYPE=zfs_member\nE:ID_FS_LABEL=rpool2\n");
	/* On which disks it lies can't be told: no disk may look free. */
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_UNREADABLE);
	tree_put(&t, "run/udev/data/b259:1",
		 "S:disk/by-id/x\nE:ID_FS_LABEL=rpool\nE:ID_FS_TYPE=zfs_member\n");
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_READ);
	assert_string_equal(mounted_from(&t, "0000:02:00.0"), "/ ");
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "");
}

static void test_sources_by_other_names(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	add_disks(&t);
	tree_link(&t, "dev/disk/by-uuid/1234-ABCD", "../../sda1");
	tree_put(&t, "proc/cmdline", "quiet root=/dev/nvme0n1p1 ro\n");
	tree_put(&t, "proc/mounts",
		 "rootfs / rootfs rw 0 0\n"
		 "/dev/root / ext4 rw 0 0\n"
		 "/dev/disk/by-uuid/1234-ABCD /boot vfat rw 0 0\n"
		 "/dev/sda2:/dev/sdb /pool bcachefs rw 0 0\n"
		 "server:/export /nfs nfs rw 0 0\n");
	tree_read(&t, ALL);
	assert_string_equal(mounted_from(&t, "0000:02:00.0"), "/ ");
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "/boot /pool /pool ");
}

static void test_nvme_multipath(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:82:00.0", "10802", "144D:A808", "nvme");
	tree_pci(&t, "pci0000:00/0000:83:00.0", "10802", "144D:A808", "nvme");
	tree_link(&t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme1",
		  "../../../pci0000:00/0000:82:00.0/nvme/nvme1");
	tree_link(&t, "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme2",
		  "../../../pci0000:00/0000:83:00.0/nvme/nvme2");
	add_block(&t, "virtual/nvme-subsystem/nvme-subsys0/nvme0n1", "259:1\n");
	add_block(&t, "virtual/nvme-subsystem/nvme-subsys0/nvme0n1/nvme0n1p1", "259:2\n");
	add_block(&t, "pci0000:00/0000:82:00.0/nvme/nvme1/nvme0c1n1", "259:0\n");
	tree_put(&t, "proc/self/mountinfo", INFO("259:2", "/", "ext4", "/dev/nvme0n1p1", "rw"));
	tree_read(&t, ALL);
	assert_int_equal(t.host.n_blocks, 2);
	assert_string_equal(mounted_from(&t, "0000:82:00.0"), "/ ");
	assert_string_equal(mounted_from(&t, "0000:83:00.0"), "/ ");
}

/* What is not known must not pass for free. */
static void test_what_cannot_be_told(void **state)
{
	struct tree t;

	tree_begin(&t);
	add_disks(&t);
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_ABSENT);
	tree_end(&t);

	tree_begin(&t);
	add_disks(&t);
	tree_put(&t, "proc/self/mountinfo", "30 1 8:1 / / rw - ext4 /dev/sda1 rw\n31 1 garbage\n");
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_UNREADABLE);
	tree_end(&t);

	tree_begin(&t);
	add_disks(&t);
	add_slave(&t, "sda1", "sdz"); /* on something that is not there */
	tree_put(&t, "proc/self/mountinfo", INFO("8:1", "/", "ext4", "/dev/sda1", "rw"));
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_UNREADABLE);
	tree_end(&t);
}

static void test_captured_machine(void **state)
{
	struct tree t = {.root = ROOT_CLOSED, .arena = arena_new()};

	/* proc/mounts of that machine: sda1 on /, sda6 on /local, sda3 on /tmp, sda2 on /var. */
	assert_int_equal(root_open(captured_path("40intel64-2g2n4c+pci"), &t.root), 0);
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_STORAGE], FACT_READ);
	assert_string_equal(mounted_from(&t, "0000:01:00.0"), "/ /var /tmp /local ");
	assert_string_equal(mounted_from(&t, "0000:00:1f.2"), "");
	arena_free(t.arena);
	root_close(&t.root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_partitions_and_swap),
		cmocka_unit_test(test_luks_and_lvm),
		cmocka_unit_test(test_md_and_loop),
		cmocka_unit_test(test_read_only_bind),
		cmocka_unit_test(test_btrfs_of_two_disks),
		cmocka_unit_test(test_zfs),
		cmocka_unit_test(test_sources_by_other_names),
		cmocka_unit_test(test_nvme_multipath),
		cmocka_unit_test(test_what_cannot_be_told),
		cmocka_unit_test(test_captured_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
