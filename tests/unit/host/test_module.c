// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the administrator wrote about a module, with the file and the line to go to. */
#include "tree.h"

#include "host/module.h"

static void expect(struct tree *t, const char *command_line, const char *expected)
{
	const char *bar = module_barred(&t->root, t->arena, "vfio-pci", command_line);

	if (expected)
		assert_string_equal(bar, expected);
	else
		assert_null(bar);
}

static void test_blacklist(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	expect(&t, NULL, NULL);
	tree_put(&t, "etc/modprobe.d/a.conf",
		 "# blacklist vfio-pci\n"
		 "options vfio-pci ids=8086:10d3\n"
		 "blacklist vfio-pci-core\n"
		 "install vfio_iommu_type1 /bin/false\n");
	expect(&t, NULL, NULL);
	tree_put(&t, "etc/modprobe.d/b.conf", "\n  blacklist\t vfio_pci  \n");
	expect(&t, NULL, "/etc/modprobe.d/b.conf, line 2: blacklist\t vfio_pci");
}

static void test_install(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_put(&t, "usr/lib/modprobe.d/x.conf",
		 "install vfio-pci /sbin/modprobe --ignore-install vfio-pci\n");
	expect(&t, NULL, NULL);
	tree_put(&t, "usr/lib/modprobe.d/y.conf",
		 "alias a \\\n b\ninstall vfio-pci \\\n/bin/false\n");
	expect(&t, NULL, "/usr/lib/modprobe.d/y.conf, line 3: install vfio-pci   /bin/false");
}

/* A file of the administrator's hides the distribution's of the same name; only .conf counts. */
static void test_precedence(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_put(&t, "lib/modprobe.d/vfio.conf", "blacklist vfio-pci\n");
	expect(&t, NULL, "/lib/modprobe.d/vfio.conf, line 1: blacklist vfio-pci");
	tree_put(&t, "run/modprobe.d/vfio.conf", "install vfio_pci /bin/true\n");
	expect(&t, NULL, "/run/modprobe.d/vfio.conf, line 1: install vfio_pci /bin/true");
	tree_put(&t, "etc/modprobe.d/vfio.conf", "");
	expect(&t, NULL, NULL);
	tree_put(&t, "etc/modprobe.d/vfio.conf.bak", "blacklist vfio-pci\n");
	expect(&t, NULL, NULL);
}

static void test_command_line(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	expect(&t, "quiet modprobe.blacklist=nouveau,vfio_pci_core ro", NULL);
	expect(&t, "quiet modprobe.blacklist=nouveau,vfio_pci ro",
	       "the kernel's command line: modprobe.blacklist=nouveau,vfio_pci");
	expect(&t, "module_blacklist=vfio-pci",
	       "the kernel's command line: module_blacklist=vfio-pci");
	expect(&t, "module-blacklist=\"vfio-pci\"",
	       "the kernel's command line: module-blacklist=\"vfio-pci\"");
	expect(&t, "xmodule_blacklist=vfio-pci vfio-pci.ids=8086:10d3", NULL);
}

/* A loop of links in place of the file: whether it bars the module can't be told. */
static void test_unreadable_file(void **state)
{
	TREE_AUTO struct tree t;
	const char *bar;

	tree_begin(&t);
	tree_link(&t, "etc/modprobe.d/a.conf", "a.conf");
	bar = module_barred(&t.root, t.arena, "vfio-pci", NULL);
	assert_non_null(bar);
	assert_ptr_equal(strstr(bar, "/etc/modprobe.d/a.conf"), bar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blacklist),       cmocka_unit_test(test_install),
		cmocka_unit_test(test_precedence),      cmocka_unit_test(test_command_line),
		cmocka_unit_test(test_unreadable_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
