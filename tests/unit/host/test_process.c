// SPDX-License-Identifier: LGPL-2.1-or-later
/* Who holds a group open, in a proc made by hand that is read as if it were this machine's. */
#include "tree.h"

static void begin(struct tree *t)
{
	tree_begin(t);
	tree_pci(t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", "vfio-pci");
	tree_link(t, "sys/kernel/iommu_groups/13/devices/0000:00:01.0",
		  "../../../../devices/pci0000:00/0000:00:01.0");
	tree_link(t, "sys/class/vfio-dev/vfio0",
		  "../../devices/pci0000:00/0000:00:01.0/vfio-dev/vfio0");
	tree_folder(t, "proc/1/fd");
	tree_link(t, "proc/self/ns/pid", "pid:[4026531836]");
	t->root.live = true;
}

static void add_process(struct tree *t, const char *pid, const char *command, const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), "proc/%s/comm", pid);
	tree_put(t, path, command);
	snprintf(path, sizeof(path), "proc/%s/fd/0", pid);
	tree_link(t, path, "/dev/null");
	snprintf(path, sizeof(path), "proc/%s/fd/12", pid);
	tree_link(t, path, file);
}

static const struct host_holder *find_holder(const struct tree *t, unsigned int pid)
{
	size_t i;

	for (i = 0; i < t->host.n_holders; i++) {
		if (t->host.holders[i].pid == pid)
			return &t->host.holders[i];
	}
	return NULL;
}

static void test_holders(void **state)
{
	TREE_AUTO struct tree t;
	const struct host_holder *h;

	begin(&t);
	add_process(&t, "101", "qemu-system-x86\n", "/dev/vfio/13");
	tree_link(&t, "proc/101/fd/13", "anon_inode:[vfio-device]");
	add_process(&t, "102", "libvirtd\n", "/dev/vfio/vfio");
	add_process(&t, "103", "cloud-hyp\n", "/dev/vfio/devices/vfio0");
	add_process(&t, "104", "spdk_tgt\n", "/dev/vfio/noiommu-13 (deleted)");
	add_process(&t, "105", "helper\n", "anon_inode:[vfio-device]");
	add_process(&t, "106", "editor\n", "/srv/a/dev/vfio/13");
	add_process(&t, "107", "other\n", "/dev/vfio/99");
	tree_folder(&t, "proc/108");     /* ended while it was looked at */
	tree_folder(&t, "proc/109x/fd"); /* no process */
	tree_read(&t, HOST_PART(HOST_HOLDERS));
	assert_int_equal(t.host.parts[HOST_HOLDERS], FACT_READ);
	assert_int_equal(t.host.n_unread_processes, 0);
	assert_int_equal(t.host.n_holders, 5);
	h = find_holder(&t, 101);
	assert_string_equal(h->command, "qemu-system-x86");
	assert_string_equal(h->path, "/dev/vfio/13");
	assert_int_equal(t.host.groups[h->group].id, 13);
	assert_null(find_holder(&t, 102));
	assert_int_equal(t.host.groups[find_holder(&t, 103)->group].id, 13);
	assert_int_equal(t.host.groups[find_holder(&t, 104)->group].id, 13);
	assert_string_equal(find_holder(&t, 104)->path, "/dev/vfio/noiommu-13");
	/* A device without its group: it may be any. */
	assert_int_equal(find_holder(&t, 105)->group, -1);
	assert_null(find_holder(&t, 106));
	assert_int_equal(find_holder(&t, 107)->group, -1);
}

static void test_what_cannot_be_seen(void **state)
{
	struct tree t;

	/* A name space of its own: the host's processes are not listed at all. */
	begin(&t);
	unlink(arena_printf(t.arena, "%s/proc/self/ns/pid", t.top));
	tree_link(&t, "proc/self/ns/pid", "pid:[4026532001]");
	tree_read(&t, HOST_PART(HOST_HOLDERS));
	assert_int_equal(t.host.parts[HOST_HOLDERS], FACT_READ);
	assert_int_equal(t.host.n_unread_processes, 1);
	tree_end(&t);
	/* hidepid: of other users' processes not even the first is there. */
	begin(&t);
	rmdir(arena_printf(t.arena, "%s/proc/1/fd", t.top));
	rmdir(arena_printf(t.arena, "%s/proc/1", t.top));
	tree_read(&t, HOST_PART(HOST_HOLDERS));
	assert_int_equal(t.host.n_unread_processes, 1);
	tree_end(&t);
	/* Something in the place of the folder that is none. */
	begin(&t);
	tree_link(&t, "proc/55/fd", "fd");
	tree_read(&t, HOST_PART(HOST_HOLDERS));
	assert_int_equal(t.host.n_unread_processes, 1);
	tree_end(&t);
}

static void test_captured(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_read(&t, HOST_PART(HOST_HOLDERS));
	assert_int_equal(t.host.parts[HOST_HOLDERS], FACT_ABSENT);
	/* What a capture holds of its processes is all that there is to know of them. */
	add_process(&t, "101", "qemu\n", "/dev/vfio/13");
	tree_read(&t, HOST_PART(HOST_HOLDERS));
	assert_int_equal(t.host.parts[HOST_HOLDERS], FACT_READ);
	assert_int_equal(t.host.n_holders, 1);
	assert_int_equal(t.host.n_unread_processes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holders),
		cmocka_unit_test(test_what_cannot_be_seen),
		cmocka_unit_test(test_captured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
