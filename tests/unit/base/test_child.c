// SPDX-License-Identifier: LGPL-2.1-or-later
/* A program or a call that never ends must not take ferry with it. */
#include "../test.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/child.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_output_and_status(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *argv[] = {"sh", "-c", "echo out; echo err >&2; echo $LC_ALL; cat; exit 7",
			      NULL};
	struct child_output o;

	assert_int_equal(child_run(argv, 60000, a, &o), 0);
	assert_string_equal(o.text, "out\nerr\nC\n");
	assert_int_equal(o.len, 10);
	assert_int_equal(o.exit_status, 7);
	assert_int_equal(o.signal, 0);
}

static void test_arguments_are_no_shell_text(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *argv[] = {"printf", "%s|", "a b", "$(echo x); `id` > f", "", NULL};
	struct child_output o;

	assert_int_equal(child_run(argv, 60000, a, &o), 0);
	assert_string_equal(o.text, "a b|$(echo x); `id` > f||");
}

static void test_no_such_program(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *argv[] = {"/nowhere/program", NULL};
	struct child_output o;

	assert_int_equal(child_run(argv, 60000, a, &o), -ENOENT);
}

static void test_a_program_that_hangs_is_killed_and_heard(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *argv[] = {"sh", "-c", "echo before; exec >&- 2>&-; sleep 1000", NULL};
	struct child_output o;
	double begin = now();

	assert_int_equal(child_run(argv, 700, a, &o), -ETIMEDOUT);
	assert_string_equal(o.text, "before\n");
	assert_int_equal(o.exit_status, -1);
	assert_int_equal(o.signal, SIGKILL);
	assert_true(now() - begin < 30);
}

static void test_a_daemon_left_behind_is_not_waited_for(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *argv[] = {"sh", "-c", "sleep 20 & echo $!", NULL};
	struct child_output o;
	double begin = now();

	assert_int_equal(child_run(argv, 60000, a, &o), 0);
	assert_true(now() - begin < 15);
	kill(atoi(o.text), SIGKILL);
}

static void test_much_output(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *argv[] = {"head", "-c", "300000", "/dev/zero", NULL};
	struct child_output o;

	assert_int_equal(child_run(argv, 60000, a, &o), 0);
	assert_int_equal(o.len, 300000);
}

static int give(void *arg)
{
	return *(int *)arg;
}

static int hang(void *arg)
{
	for (;;)
		pause();
	return 0;
}

static int die(void *arg)
{
	kill(getpid(), SIGKILL);
	return 0;
}

static void test_call_gives_the_result(void **state)
{
	int value = -EBUSY;
	pid_t pid = 0;

	assert_int_equal(child_call(give, &value, 60000, &pid), -EBUSY);
	value = 0;
	assert_int_equal(child_call(give, &value, 60000, &pid), 0);
	assert_int_equal(pid, 0);
}

static void test_call_that_hangs_is_left_and_named(void **state)
{
	pid_t pid = 0;

	assert_int_equal(child_call(hang, NULL, 300, &pid), -ETIMEDOUT);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
	/* It is in a process group of its own: ctrl-C does not reach it. */
	assert_int_equal(getpgid(pid), pid);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_call_whose_child_dies_is_no_success(void **state)
{
	pid_t pid = 0;

	assert_int_equal(child_call(die, NULL, 60000, &pid), -ECHILD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_and_status),
		cmocka_unit_test(test_arguments_are_no_shell_text),
		cmocka_unit_test(test_no_such_program),
		cmocka_unit_test(test_a_program_that_hangs_is_killed_and_heard),
		cmocka_unit_test(test_a_daemon_left_behind_is_not_waited_for),
		cmocka_unit_test(test_much_output),
		cmocka_unit_test(test_call_gives_the_result),
		cmocka_unit_test(test_call_that_hangs_is_left_and_named),
		cmocka_unit_test(test_call_whose_child_dies_is_no_success),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
