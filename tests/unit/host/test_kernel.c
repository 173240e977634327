// SPDX-License-Identifier: LGPL-2.1-or-later
/* Release, command line and boot id, from whichever of proc's files a tree has. */
#include "tree.h"

static void test_captured(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_put(&t, "proc/version",
		 "Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP\n");
	tree_put(&t, "proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 intel_iommu=on\n");
	tree_read(&t, HOST_PART(HOST_KERNEL));
	assert_int_equal(t.host.parts[HOST_KERNEL], FACT_READ);
	assert_string_equal(t.host.kernel.release, "6.1.0-28-amd64");
	assert_int_equal(t.host.kernel.version[0], 6);
	assert_int_equal(t.host.kernel.version[1], 1);
	assert_int_equal(t.host.kernel.version[2], 0);
	assert_string_equal(t.host.kernel.command_line,
			    "BOOT_IMAGE=/vmlinuz root=/dev/sda1 intel_iommu=on");
	assert_null(t.host.kernel.boot_id);
	/* Of another machine this one's /dev/kvm says nothing. */
	assert_int_equal(t.host.kernel.kvm, FACT_NOT_READ);
}

static void test_osrelease_first(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_put(&t, "proc/version", "Linux version 6.1.0 (x)\n");
	tree_put(&t, "proc/sys/kernel/osrelease", "7.2.3-rc1+\n");
	tree_put(&t, "proc/sys/kernel/random/boot_id", "7a0c0f6e-0000-4000-8000-000000000000\n");
	tree_read(&t, HOST_PART(HOST_KERNEL));
	assert_string_equal(t.host.kernel.release, "7.2.3-rc1+");
	assert_int_equal(t.host.kernel.version[0], 7);
	assert_int_equal(t.host.kernel.version[2], 3);
	assert_string_equal(t.host.kernel.boot_id, "7a0c0f6e-0000-4000-8000-000000000000");
	assert_null(t.host.kernel.command_line);
}

static void test_no_proc(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_read(&t, HOST_PART(HOST_KERNEL));
	assert_int_equal(t.host.parts[HOST_KERNEL], FACT_ABSENT);
	assert_null(t.host.kernel.release);
	tree_put(&t, "proc/version", "something else\n");
	tree_read(&t, HOST_PART(HOST_KERNEL));
	assert_int_equal(t.host.parts[HOST_KERNEL], FACT_UNREADABLE);
}

/* A blacklisted module that is loaded all the same need not be loaded any more. */
static void test_barred_or_loaded(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_put(&t, "proc/version", "Linux version 6.1.0 (x)\n");
	tree_put(&t, "proc/cmdline", "modprobe.blacklist=vfio-pci\n");
	tree_read(&t, HOST_PART(HOST_KERNEL));
	assert_false(t.host.kernel.has_vfio_pci);
	assert_non_null(strstr(t.host.kernel.vfio_pci_barred, "command line"));
	tree_folder(&t, "sys/bus/pci/drivers/vfio-pci");
	tree_read(&t, HOST_PART(HOST_KERNEL));
	assert_true(t.host.kernel.has_vfio_pci);
	assert_null(t.host.kernel.vfio_pci_barred);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured),
		cmocka_unit_test(test_osrelease_first),
		cmocka_unit_test(test_no_proc),
		cmocka_unit_test(test_barred_or_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
