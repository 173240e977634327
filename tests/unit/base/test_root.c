// SPDX-License-Identifier: LGPL-2.1-or-later
/* A captured tree is read through its own links and never left by them. */
#include "../test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/root.h"

static char top[] = "/tmp/ferry-root-XXXXXX";

static void put(const char *name, const char *content)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(content, f);
	fclose(f);
}

static int make_tree(void **state)
{
	assert_non_null(mkdtemp(top));
	assert_int_equal(chdir(top), 0);
	mkdir("sys", 0755);
	put("sys/number", "0x1f\n");
	put("sys/decimal", "10\n");
	put("sys/words", "two words \n\n");
	put("secret", "inside");
	assert_int_equal(symlink("/secret", "sys/absolute"), 0);
	assert_int_equal(symlink("../../../../../../secret", "sys/dots"), 0);
	assert_int_equal(symlink("../bus/pci/drivers/ahci", "sys/driver"), 0);
	return mkfifo("sys/fifo", 0644);
}

static int remove_tree(void **state)
{
	static const char *const files[] = {"sys/number",   "sys/decimal", "sys/words",
					    "sys/absolute", "sys/dots",    "sys/driver",
					    "sys/fifo",     "secret"};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		unlink(files[i]);
	rmdir("sys");
	assert_int_equal(chdir("/"), 0);
	return rmdir(top);
}

static void test_reads(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	ROOT_AUTO struct root r = ROOT_CLOSED;
	uint64_t v;
	char *s;

	assert_int_equal(root_open(top, &r), 0);
	assert_int_equal(root_read_u64(&r, "sys/number", &v), 0);
	assert_int_equal(v, 0x1f);
	assert_int_equal(root_read_u64(&r, "sys/decimal", &v), 0);
	assert_int_equal(v, 10);
	assert_int_equal(root_read_u64(&r, "sys/words", &v), -EINVAL);
	assert_int_equal(root_read_u64(&r, "sys/none", &v), -ENOENT);
	assert_int_equal(root_read_line(&r, a, "sys/words", &s), 0);
	assert_string_equal(s, "two words");
	assert_int_equal(root_readlink_name(&r, a, "sys/driver", &s), 0);
	assert_string_equal(s, "ahci");
	assert_int_equal(root_readlink(&r, a, "sys/number", &s), -EINVAL);
}

static void test_small_reads(void **state)
{
	ROOT_AUTO struct root r = ROOT_CLOSED, sys = ROOT_CLOSED;
	char buffer[64], tiny[8];
	size_t len;

	assert_int_equal(root_open(top, &r), 0);
	assert_int_equal(root_read_attribute(&r, "sys/words", buffer, sizeof(buffer), &len), 0);
	assert_string_equal(buffer, "two words \n\n");
	assert_int_equal(len, 12);
	assert_int_equal(root_read_attribute(&r, "sys/words", tiny, sizeof(tiny), &len), 0);
	assert_string_equal(tiny, "two wor");
	assert_int_equal(root_read_attribute(&r, "sys/none", tiny, sizeof(tiny), NULL), -ENOENT);
	assert_int_equal(root_sub(&r, "sys", &sys), 0);
	assert_int_equal(root_link(&sys, "driver", buffer, sizeof(buffer)), 0);
	assert_string_equal(buffer, "../bus/pci/drivers/ahci");
	assert_int_equal(root_link(&sys, "driver", tiny, sizeof(tiny)), -ENAMETOOLONG);
	assert_int_equal(root_link(&sys, "number", buffer, sizeof(buffer)), -EINVAL);
	assert_int_equal(root_link(&sys, "../sys/driver", buffer, sizeof(buffer)), -EINVAL);
}

static void test_links_stay_inside(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	ROOT_AUTO struct root r = ROOT_CLOSED;
	char *s;

	assert_int_equal(root_open(top, &r), 0);
	assert_int_equal(root_read_line(&r, a, "sys/absolute", &s), 0);
	assert_string_equal(s, "inside");
	assert_int_equal(root_read_line(&r, a, "sys/dots", &s), 0);
	assert_string_equal(s, "inside");
}

static void test_a_fifo_does_not_hang(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	ROOT_AUTO struct root r = ROOT_CLOSED;
	char *s;

	assert_int_equal(root_open(top, &r), 0);
	assert_int_equal(root_read_line(&r, a, "sys/fifo", &s), 0);
	assert_string_equal(s, "");
}

static void test_list_is_sorted(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	ROOT_AUTO struct root r = ROOT_CLOSED;
	char **names;
	size_t n;

	assert_int_equal(root_open(top, &r), 0);
	assert_int_equal(root_list(&r, a, "sys", &names, &n), 0);
	assert_int_equal(n, 7);
	assert_string_equal(names[0], "absolute");
	assert_string_equal(names[6], "words");
	assert_int_equal(root_list(&r, a, "sys/number", &names, &n), -ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_small_reads),
		cmocka_unit_test(test_links_stay_inside),
		cmocka_unit_test(test_a_fifo_does_not_hang),
		cmocka_unit_test(test_list_is_sorted),
	};

	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
