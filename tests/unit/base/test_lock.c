// SPDX-License-Identifier: LGPL-2.1-or-later
/* Two processes never have the lock at once, and a child that lives on keeps it. */
#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/lock.h"

static char folder[64], path[80];

static int make_place(void **state)
{
	strcpy(folder, "/tmp/ferry-lock-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	rmdir(folder);
	snprintf(path, sizeof(path), "%s/lock", folder);
	return 0;
}

static int remove_place(void **state)
{
	unlink(path);
	rmdir(folder);
	return 0;
}

static int try_lock(const char **ret_holder, struct arena *a)
{
	LOCK_AUTO struct lock lock = LOCK_NONE;

	return lock_take(path, "the test", 0, a, &lock, ret_holder);
}

/* A process that has the lock; it ends when its end of the pipe is closed. */
static pid_t start_holder(int *ret_pipe)
{
	int to[2], from[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	pid = fork();
	if (!pid) {
		ARENA_AUTO struct arena *a = arena_new();
		struct lock lock = LOCK_NONE;

		close(to[1]);
		if (lock_take(path, "4711 up guest 0000:01:00.0", 0, a, &lock, NULL))
			_exit(1);
		c = 'x';
		if (write(from[1], &c, 1) != 1 || read(to[0], &c, 1))
			_exit(1);
		_exit(0);
	}
	close(to[0]);
	close(from[1]);
	assert_int_equal(read(from[0], &c, 1), 1);
	close(from[0]);
	*ret_pipe = to[1];
	return pid;
}

static void test_the_second_is_told_who_the_first_is(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *holder = NULL;
	int pipe_end, status;
	pid_t pid = start_holder(&pipe_end);

	assert_int_equal(try_lock(&holder, a), -EWOULDBLOCK);
	assert_string_equal(holder, "4711 up guest 0000:01:00.0");
	close(pipe_end);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(try_lock(&holder, a), 0);
}

static void test_waiting_gets_it_when_the_first_ends(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	LOCK_AUTO struct lock lock = LOCK_NONE;
	int pipe_end;
	pid_t pid = start_holder(&pipe_end);

	assert_int_equal(lock_take(path, "the test", 150, a, &lock, NULL), -EWOULDBLOCK);
	kill(pid, SIGKILL);
	close(pipe_end);
	waitpid(pid, NULL, 0);
	assert_int_equal(lock_take(path, "the test", -1, a, &lock, NULL), 0);
}

static void test_a_child_that_lives_on_keeps_it(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct lock lock = LOCK_NONE;
	const char *holder;
	pid_t pid;

	assert_int_equal(lock_take(path, "the parent", 0, a, &lock, NULL), 0);
	pid = fork();
	if (!pid)
		for (;;)
			pause();
	lock_release(&lock);
	assert_int_equal(try_lock(&holder, a), -EWOULDBLOCK);
	assert_string_equal(holder, "the parent");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(try_lock(&holder, a), 0);
}

static void test_a_program_that_is_run_does_not_inherit_it(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	LOCK_AUTO struct lock lock = LOCK_NONE;

	assert_int_equal(lock_take(path, "the test", 0, a, &lock, NULL), 0);
	assert_true(fcntl(lock.fd, F_GETFD) & FD_CLOEXEC);
}

static void test_links_and_foreign_files_are_refused(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();

	assert_int_equal(mkdir(folder, 0755), 0);
	assert_int_equal(symlink("/tmp/ferry-lock-elsewhere", path), 0);
	assert_int_equal(try_lock(NULL, a), -EPERM);
	assert_int_equal(access("/tmp/ferry-lock-elsewhere", F_OK), -1);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(try_lock(NULL, a), -EPERM);
	unlink(path);
	assert_int_equal(chmod(folder, 0777), 0);
	assert_int_equal(try_lock(NULL, a), -EPERM);
}

static void test_the_holder_cannot_write_to_the_terminal(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	LOCK_AUTO struct lock lock = LOCK_NONE;
	const char *holder = NULL;

	assert_int_equal(lock_take(path, "up \033[2Jguest\n", 0, a, &lock, NULL), 0);
	assert_int_equal(try_lock(&holder, a), -EWOULDBLOCK);
	assert_string_equal(holder, "up ?[2Jguest");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_second_is_told_who_the_first_is),
		TEST(test_waiting_gets_it_when_the_first_ends),
		TEST(test_a_child_that_lives_on_keeps_it),
		TEST(test_a_program_that_is_run_does_not_inherit_it),
		TEST(test_links_and_foreign_files_are_refused),
		TEST(test_the_holder_cannot_write_to_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
