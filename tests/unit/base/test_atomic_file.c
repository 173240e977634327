// SPDX-License-Identifier: LGPL-2.1-or-later
/* A file is whole or not there, and nothing is written through a link or into somebody else's folder. */
#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.h"

struct place {
	char path[64];
	int fd;
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->path, "/tmp/ferry-atomic-XXXXXX");
	if (!mkdtemp(p->path))
		return -1;
	p->fd = folder_open(p->path, 0);
	*state = p;
	return p->fd < 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	static const char *const names[] = {"file", "link", "other", ".file.new", ".probe"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlinkat(p->fd, names[i], 0);
	unlinkat(p->fd, "sub", AT_REMOVEDIR);
	close(p->fd);
	rmdir(p->path);
	free(p);
	return 0;
}

static const char *content(struct place *p, const char *name)
{
	static char buffer[256];
	int fd = openat(p->fd, name, O_RDONLY);
	ssize_t n = fd < 0 ? -1 : read(fd, buffer, sizeof(buffer) - 1);

	if (fd >= 0)
		close(fd);
	buffer[n < 0 ? 0 : n] = 0;
	return n < 0 ? NULL : buffer;
}

static void test_replaces_whole_with_the_mode_asked_for(void **state)
{
	struct place *p = *state;
	mode_t before = umask(077);
	struct stat st;

	assert_int_equal(atomic_file_write(p->fd, "file", "first, and long", 15, 0644), 0);
	assert_int_equal(atomic_file_write(p->fd, "file", "second", 6, 0644), 0);
	umask(before);
	assert_string_equal(content(p, "file"), "second");
	assert_int_equal(fstatat(p->fd, "file", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(faccessat(p->fd, ".file.new", F_OK, 0), -1);
}

static void test_what_a_kill_left_beside_is_in_nobodys_way(void **state)
{
	struct place *p = *state;

	close(openat(p->fd, ".file.new", O_CREAT | O_WRONLY, 0600));
	assert_int_equal(atomic_file_write(p->fd, "file", "x", 1, 0600), 0);
	assert_string_equal(content(p, "file"), "x");
}

static void test_no_link_is_followed(void **state)
{
	struct place *p = *state;

	close(openat(p->fd, "other", O_CREAT | O_WRONLY, 0600));
	assert_int_equal(symlinkat("other", p->fd, "link"), 0);
	assert_int_equal(atomic_file_write(p->fd, "link", "x", 1, 0600), -ELOOP);
	assert_string_equal(content(p, "other"), "");
	/* Nor one that somebody laid where the new file is prepared. */
	assert_int_equal(symlinkat("other", p->fd, ".file.new"), 0);
	assert_int_equal(atomic_file_write(p->fd, "file", "x", 1, 0600), 0);
	assert_string_equal(content(p, "other"), "");
	assert_string_equal(content(p, "file"), "x");
}

static void test_a_failure_leaves_the_old_file(void **state)
{
	struct place *p = *state;

	assert_int_equal(atomic_file_write(p->fd, "file", "old", 3, 0600), 0);
	assert_int_equal(mkdirat(p->fd, ".file.new", 0700), 0);
	assert_true(atomic_file_write(p->fd, "file", "new", 3, 0600) < 0);
	assert_string_equal(content(p, "file"), "old");
	unlinkat(p->fd, ".file.new", AT_REMOVEDIR);
}

static void test_folders_are_made_and_must_be_ones_own(void **state)
{
	struct place *p = *state;
	struct stat st;
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/sub", p->path);
	assert_int_equal(folder_open(path, 0), -ENOENT);
	fd = folder_open_writable(path, 0700);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	close(fd);
	assert_int_equal(chmod(path, 0770), 0);
	assert_int_equal(folder_open(path, 0700), -EPERM);
	assert_int_equal(chmod(path, 0700), 0);
	if (!geteuid()) {
		assert_int_equal(chown(path, 12345, 0), 0);
		assert_int_equal(folder_open(path, 0700), -EPERM);
	}
	assert_int_equal(symlinkat("sub", p->fd, "link"), 0);
	snprintf(path, sizeof(path), "%s/link", p->path);
	fd = folder_open(path, 0700);
	assert_true(fd == -ELOOP || fd == -ENOTDIR);
}

static void test_by_path(void **state)
{
	struct place *p = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/file", p->path);
	assert_int_equal(atomic_file_replace(path, "x", 1, 0600), 0);
	assert_string_equal(content(p, "file"), "x");
	snprintf(path, sizeof(path), "%s/nowhere/file", p->path);
	assert_int_equal(atomic_file_replace(path, "x", 1, 0600), -ENOENT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_replaces_whole_with_the_mode_asked_for),
		TEST(test_what_a_kill_left_beside_is_in_nobodys_way),
		TEST(test_no_link_is_followed),
		TEST(test_a_failure_leaves_the_old_file),
		TEST(test_folders_are_made_and_must_be_ones_own),
		TEST(test_by_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
