// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * First that the killer kills where it says: of a known sequence exactly what stands before the point
 * has happened. Then the executor under it: killed at every point, the next recover brings back the world.
 */
#include "../unit/apply/fake.h"

#include <spawn.h>
#include <sys/wait.h>

#include "apply/table.h"
#include "base/atomic_file.h"
#include "base/child.h"

enum { UNKILLED = 0, NOBODY = 98, KILLED = 99 };

static char top[64];
static const char *killer, *victim, *walk;

static void clean(void)
{
	const char *argv[] = {"rm", "-rf", top, NULL};
	ARENA_AUTO struct arena *arena = arena_new();
	struct child_output o;

	assert_int_equal(child_run(argv, 60000, arena, &o), 0);
	assert_int_equal(o.exit_status, 0);
}

static const char *at(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

static void put_file(const char *name, const char *content)
{
	int fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	close(fd);
}

static void prepare(void)
{
	strcpy(top, "/tmp/ferry-killer-XXXXXX");
	assert_non_null(mkdtemp(top));
	put_file("3", "");
	put_file("seed", "");
	put_file("6", "");
	put_file("7", "xxxx");
}

static off_t size_of(const char *name)
{
	struct stat st;

	return lstat(at(name), &st) ? -1 : st.st_size;
}

/* Which of the seven changes have happened: bit 0 is the first. */
static unsigned int changes(void)
{
	unsigned int bits = 0;

	bits |= (unsigned int)(size_of("1") >= 0) << 0;
	bits |= (unsigned int)(size_of("2") >= 0) << 1;
	bits |= (unsigned int)(size_of("3") == 1) << 2;
	bits |= (unsigned int)(size_of("4") >= 0) << 3;
	bits |= (unsigned int)(size_of("5") >= 0) << 4;
	bits |= (unsigned int)(size_of("6") < 0) << 5;
	bits |= (unsigned int)(size_of("7") == 1) << 6;
	return bits;
}

static int run_killer(const char *option, unsigned int n, const char *program, const char *verb,
		      char **ret_text)
{
	static struct arena *arena;
	const char *argv[8];
	struct child_output o;
	size_t i = 0;

	if (!arena)
		arena = arena_new();
	argv[i++] = killer;
	argv[i++] = arena_printf(arena, "-n%u", n);
	if (option)
		argv[i++] = option;
	argv[i++] = "--";
	argv[i++] = program;
	if (verb)
		argv[i++] = verb;
	argv[i++] = top;
	argv[i] = NULL;
	assert_int_equal(child_run(argv, 120000, arena, &o), 0);
	if (ret_text)
		*ret_text = o.text;
	return o.exit_status;
}

static void test_kills_before_each_point(void **state)
{
	unsigned int n;

	for (n = 1; n <= 7; n++) {
		char *text;

		prepare();
		assert_int_equal(run_killer(NULL, n, victim, NULL, &text), KILLED);
		assert_int_equal(changes(), (1U << (n - 1)) - 1);
		assert_non_null(strstr(text, "killed at point"));
		clean();
	}
	prepare();
	assert_int_equal(run_killer(NULL, 8, victim, NULL, NULL), UNKILLED);
	assert_int_equal(changes(), 127);
	clean();
}

static void test_says_what_it_stopped(void **state)
{
	char *text;

	prepare();
	run_killer(NULL, 1, victim, NULL, &text);
	assert_non_null(strstr(text, "point 1: mkdir 1 in the first process"));
	clean();
	prepare();
	run_killer(NULL, 3, victim, NULL, &text);
	assert_non_null(strstr(text, "point 3: write "));
	assert_non_null(strstr(text, "/3 in child"));
	clean();
	prepare();
	run_killer(NULL, 5, victim, NULL, &text);
	assert_non_null(strstr(text, "point 5: renameat seed -> 5 in the first process"));
	clean();
}

static void test_counts(void **state)
{
	char *text;

	prepare();
	assert_int_equal(run_killer("--count", 1, victim, NULL, &text), UNKILLED);
	assert_non_null(strstr(text, "7 points, exit status 0"));
	assert_int_equal(changes(), 127);
	clean();
}

/* The third change is the child's: its parent dies, it goes on, and with it the program it became. */
static void test_only_the_parent(void **state)
{
	prepare();
	assert_int_equal(run_killer("--parent", 3, victim, NULL, NULL), KILLED);
	assert_int_equal(changes(), 1 + 2 + 4 + 8);
	clean();
}

/* Its children die at their point; the parent sees that and makes no further change. */
static void test_only_the_children(void **state)
{
	prepare();
	assert_int_equal(run_killer("--child", 4, victim, NULL, NULL), KILLED);
	assert_int_equal(changes(), 1 + 2 + 4);
	clean();
	prepare();
	assert_int_equal(run_killer("--child", 1, victim, NULL, NULL), NOBODY);
	assert_int_equal(changes(), 127);
	clean();
}

static void prepare_walk(void)
{
	prepare();
	fake_map(at("world"));
	fake_reset();
}

static int run_walk(const char *verb)
{
	ARENA_AUTO struct arena *arena = arena_new();
	const char *argv[] = {walk, verb, top, NULL};
	struct child_output o;

	assert_int_equal(child_run(argv, 120000, arena, &o), 0);
	return o.exit_status;
}

static uint64_t sealed(void)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct lent lent = {0};
	int fd = folder_open(at("state"), 0);

	if (fd < 0)
		return 0;
	assert_int_equal(table_read(fd, "state", arena, &lent, NULL), 0);
	close(fd);
	return lent.sequence;
}

static void check_whole(const char *verb, unsigned int n)
{
	if (!fake_is(sealed() ? "after" : "before"))
		fail_msg("%s killed at point %u: neither as before nor as asked", verb, n);
	assert_int_equal(access(at("state/journal"), F_OK), -1);
	assert_int_equal(access(at("run/journal"), F_OK), -1);
}

static unsigned int kill_at_every_point(const char *verb, bool *ret_saw_after)
{
	unsigned int n;
	int status;

	for (n = 1;; n++) {
		prepare_walk();
		status = run_killer(NULL, n, walk, verb, NULL);
		assert_true(status == KILLED || status == UNKILLED);
		assert_int_equal(run_walk("recover"), TRANSACTION_DONE);
		check_whole(verb, n);
		*ret_saw_after |= sealed() > 0;
		clean();
		if (status == UNKILLED)
			return n - 1;
	}
}

static void test_walk_killed_at_every_point(void **state)
{
	bool saw_after = false;
	unsigned int points = kill_at_every_point("run", &saw_after);

	/* Its steps alone have twenty. */
	assert_true(points > 40);
	assert_true(saw_after);
	saw_after = false;
	points = kill_at_every_point("fail", &saw_after);
	assert_true(points > 50);
	assert_false(saw_after);
}

/* recover itself is killed at every point, after a run that was killed near its end. */
static void test_recover_killed_at_every_point(void **state)
{
	unsigned int n;
	int status;

	for (n = 1;; n++) {
		prepare_walk();
		assert_int_equal(run_killer(NULL, 40, walk, "run", NULL), KILLED);
		assert_false(fake_is("before"));
		status = run_killer(NULL, n, walk, "recover", NULL);
		assert_int_equal(run_walk("recover"), TRANSACTION_DONE);
		check_whole("recover", n);
		assert_true(fake_is("before"));
		clean();
		if (status == UNKILLED)
			break;
	}
	assert_true(n > 10);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kills_before_each_point),
		cmocka_unit_test(test_says_what_it_stopped),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_only_the_parent),
		cmocka_unit_test(test_only_the_children),
		cmocka_unit_test(test_walk_killed_at_every_point),
		cmocka_unit_test(test_recover_killed_at_every_point),
	};

	if (argc != 4)
		return 2;
	killer = argv[1];
	victim = argv[2];
	walk = argv[3];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
