// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whatever fails, and wherever the process dies: the world is as before, or as asked. Here the executor
 * runs on steps of the test's own; the same is done from outside in tests/torture, and on a real kernel
 * in the scenarios.
 */
#include "fake.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "apply/table.h"
#include "base/atomic_file.h"

static char top[64], state_dir[80], run_dir[80];

static void remove_all(void)
{
	static const char *const names[] = {"journal", "lent.json", ".lent.json.new", ".probe"};
	const char *folders[] = {state_dir, run_dir};
	size_t i, k;

	for (i = 0; i < 2; i++) {
		for (k = 0; k < sizeof(names) / sizeof(*names); k++) {
			char path[128];

			snprintf(path, sizeof(path), "%s/%s", folders[i], names[k]);
			if (unlink(path))
				rmdir(path);
		}
		rmdir(folders[i]);
		unlink(folders[i]);
	}
}

static int begin(void **state)
{
	strcpy(top, "/tmp/ferry-transaction-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(state_dir, sizeof(state_dir), "%s/state", top);
	snprintf(run_dir, sizeof(run_dir), "%s/run", top);
	fake_reset();
	return 0;
}

static int end(void **state)
{
	remove_all();
	return rmdir(top);
}

static bool has_file(const char *folder, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return !access(path, F_OK);
}

static bool has_journal(void)
{
	return has_file(state_dir, JOURNAL_NAME) || has_file(run_dir, JOURNAL_NAME);
}

static uint64_t sequence(void)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct lent lent;
	int fd = folder_open(state_dir, 0);

	if (fd < 0)
		return 0;
	assert_int_equal(table_read(fd, state_dir, arena, &lent, NULL), 0);
	close(fd);
	return lent.sequence;
}

struct outcome {
	struct plan plan;
	struct transaction_report report;
	struct error err;
};

static void run(struct arena *arena, struct outcome *ret)
{
	struct actor actor = fake_actor(arena, state_dir, run_dir);

	*ret = (struct outcome){0};
	fake_plan(arena, &ret->plan);
	transaction_run(&actor, &ret->plan, &ret->report, &ret->err);
}

static void recover(struct arena *arena, struct outcome *ret)
{
	struct actor actor = fake_actor(arena, state_dir, run_dir);

	*ret = (struct outcome){0};
	recover_run(&actor, &ret->plan, &ret->report, &ret->err);
}

static void test_all_is_done(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;
	struct stat st;
	size_t i;

	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_null(o.err.message);
	assert_true(fake_is("after"));
	for (i = 0; i < o.plan.n_steps; i++)
		assert_int_equal(o.plan.steps[i].state, STEP_DONE);
	assert_false(has_journal());
	assert_int_equal(sequence(), 1);
	/* What libvirt made of the definition is what is remembered. */
	assert_string_equal(o.plan.lent.guests[0].xml_after, "after2 as it became");
	assert_int_equal(stat(state_dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void test_what_is_so_already_is_skipped_and_stays(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;

	strcpy(fake->word[1], "after1");
	fake->fail_at = 12;
	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_PUT_BACK);
	assert_int_equal(o.plan.steps[1].state, STEP_SKIPPED);
	assert_string_equal(fake->word[1], "after1");
	assert_string_equal(fake->half[1], "before1");
	assert_string_equal(fake->word[0], "before0");
	error_clear(&o.err);
}

/* Counts the points of a whole run. */
static int count_points(void)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;
	int n;

	run(arena, &o);
	n = fake->count;
	remove_all();
	fake_reset();
	return n;
}

static void test_fails_at_every_point(void **state)
{
	int n, points = count_points();

	assert_int_equal(points, FAKE_WORDS * 4);
	for (n = 1; n <= points; n++) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct outcome o;

		fake->fail_at = n;
		run(arena, &o);
		assert_int_equal(o.report.outcome,
				 n == 1 ? TRANSACTION_REFUSED : TRANSACTION_PUT_BACK);
		assert_true(fake_is("before"));
		assert_false(has_journal());
		assert_int_equal(sequence(), 0);
		assert_int_equal(o.err.code, -EIO);
		assert_int_equal(o.plan.steps[(n - 1) / 4].state, STEP_FAILED);
		if (n > 4)
			assert_int_equal(o.plan.steps[0].state, STEP_UNDONE);
		if (n < 17)
			assert_int_equal(o.plan.steps[4].state, STEP_PLANNED);
		error_clear(&o.err);
		remove_all();
		fake_reset();
	}
}

static unsigned int told[FAKE_WORDS];

static void count_told(void *arg, const struct plan *plan, size_t step, bool begins)
{
	told[step] += !begins;
}

static void test_a_failed_step_is_told_once(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = fake_actor(arena, state_dir, run_dir);
	struct outcome o = {0};

	memset(told, 0, sizeof(told));
	actor.progress = count_told;
	fake->fail_at = 11; /* in the third step, whose undo is called, too */
	fake_plan(arena, &o.plan);
	transaction_run(&actor, &o.plan, &o.report, &o.err);
	assert_int_equal(o.report.outcome, TRANSACTION_PUT_BACK);
	assert_int_equal(told[0], 2); /* done, put back */
	assert_int_equal(told[1], 2);
	assert_int_equal(told[2], 1); /* failed */
	assert_int_equal(told[3], 0);
	error_clear(&o.err);
}

static void test_what_cannot_be_put_back_is_named_and_remembered(void **state)
{
	int word;

	for (word = 0; word < 4; word++) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct outcome o;
		char name[16];

		fake->fail_at = 17;
		fake->fail_undo_of = word + 1;
		run(arena, &o);
		snprintf(name, sizeof(name), "word%d", word);
		assert_int_equal(o.report.outcome, TRANSACTION_LEFT);
		assert_int_equal(o.report.n_left, 1);
		assert_non_null(strstr(o.report.left[0], name));
		assert_non_null(strstr(o.report.left[0], "somebody holds it"));
		assert_int_equal(o.plan.steps[word].state, STEP_FAILED);
		assert_true(has_journal());
		assert_false(fake_is("before"));
		error_clear(&o.err);
		/* Nothing else begins on top of it. */
		fake->fail_at = 0;
		run(arena, &o);
		assert_int_equal(o.report.outcome, TRANSACTION_REFUSED);
		assert_non_null(strstr(o.err.remedy, "ferry recover"));
		error_clear(&o.err);
		/* As long as it is held it stays, and only it is tried again. */
		recover(arena, &o);
		assert_int_equal(o.report.outcome, TRANSACTION_LEFT);
		assert_int_equal(o.plan.n_steps, 1);
		assert_string_equal(o.plan.steps[0].subject, name);
		error_clear(&o.err);
		fake->fail_undo_of = 0;
		recover(arena, &o);
		assert_int_equal(o.report.outcome, TRANSACTION_DONE);
		assert_int_equal(o.plan.steps[0].state, STEP_UNDONE);
		assert_true(fake_is("before"));
		assert_false(has_journal());
		remove_all();
		fake_reset();
	}
}

/* In a child that may die at fake->die_at: its exit status. */
static int in_child(void (*what)(struct arena *arena, struct outcome *ret))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct arena *arena = arena_new();
		struct outcome o;

		what(arena, &o);
		_exit(o.report.outcome);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void check_needed(int want)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = fake_actor(arena, state_dir, run_dir);
	const char *command = NULL;

	assert_int_equal(recover_needed(&actor, &command, NULL), want);
	assert_int_equal(recover_needed(&actor, NULL, NULL), want);
	if (want)
		assert_string_equal(command, "up guest 0000:01:00.0");
}

static void test_dies_at_every_point(void **state)
{
	int n, points = count_points();

	for (n = 1; n <= points; n++) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct outcome o;

		fake->die_at = n;
		assert_int_equal(in_child(run), 77);
		fake->die_at = 0;
		check_needed(1);
		recover(arena, &o);
		assert_int_equal(o.report.outcome, TRANSACTION_DONE);
		assert_true(fake_is("before"));
		assert_false(has_journal());
		check_needed(0);
		remove_all();
		fake_reset();
	}
}

/* recover dies too, at each of its own points, and the next one finishes. */
static void test_recover_dies_at_every_point(void **state)
{
	int n, status = 77;

	for (n = 1; status == 77; n++) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct outcome o;

		fake->die_at = 19;
		assert_int_equal(in_child(run), 77);
		fake->die_at = 19 + n;
		status = in_child(recover);
		fake->die_at = 0;
		recover(arena, &o);
		assert_int_equal(o.report.outcome, TRANSACTION_DONE);
		assert_true(fake_is("before"));
		assert_false(has_journal());
		remove_all();
		fake_reset();
	}
	assert_true(n > FAKE_WORDS * 2);
}

static void test_nothing_to_recover(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;

	check_needed(0);
	recover(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_int_equal(o.plan.n_steps, 0);
	/* Looking makes no folders. */
	assert_int_equal(access(state_dir, F_OK), -1);
}

/* A journal of a transaction that counts: ferry died between the table and the removal. */
static void test_what_was_sealed_is_not_undone(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct lent lent = {.sequence = 1};
	struct outcome o;
	int fd;

	fake->die_at = 20;
	assert_int_equal(in_child(run), 77);
	fd = folder_open(state_dir, 0);
	assert_int_equal(table_replace(fd, state_dir, &lent, arena, NULL), 0);
	close(fd);
	recover(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_int_equal(o.plan.n_steps, 0);
	assert_true(fake_is("after"));
	assert_false(has_journal());
}

/* The table can't be replaced: the transaction does not count, so nothing of it stays. */
static void test_no_table_no_transaction(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;
	char path[128];

	assert_int_equal(mkdir(state_dir, 0700), 0);
	snprintf(path, sizeof(path), "%s/.lent.json.new", state_dir);
	assert_int_equal(mkdir(path, 0700), 0);
	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_PUT_BACK);
	assert_true(fake_is("before"));
	assert_false(has_journal());
	assert_non_null(strstr(o.err.subject, "lent.json"));
	error_clear(&o.err);
}

static void test_a_plan_for_an_older_table_is_refused(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;

	run(arena, &o);
	fake_reset();
	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_REFUSED);
	assert_int_equal(o.err.code, -ESTALE);
	assert_true(fake_is("before"));
	assert_false(has_journal());
	assert_int_equal(sequence(), 1);
	error_clear(&o.err);
}

/* After a reboot the kernel has forgotten what run_dir's journal speaks of; a definition stands. */
static void test_reboot_between(void **state)
{
	bool is_run_there;

	for (is_run_there = false;; is_run_there = true) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct actor actor = fake_actor(arena, state_dir, run_dir);
		struct outcome o = {0};
		char path[128];

		fake->die_at = 19;
		assert_int_equal(in_child(run), 77);
		fake->die_at = 0;
		snprintf(path, sizeof(path), "%s/%s", run_dir, JOURNAL_NAME);
		if (!is_run_there)
			unlink(path);
		strcpy(fake->word[0], "of this boot");
		actor.boot_id = "another boot";
		recover_run(&actor, &o.plan, &o.report, &o.err);
		assert_int_equal(o.report.outcome, TRANSACTION_DONE);
		assert_int_equal(o.plan.n_steps, 1);
		assert_int_equal(o.plan.steps[0].kind, STEP_DEFINE);
		assert_string_equal(fake->word[2], "before2");
		assert_string_equal(fake->word[0], "of this boot");
		assert_false(has_journal());
		remove_all();
		fake_reset();
		if (is_run_there)
			break;
	}
}

static void test_guests_wait_for_libvirt(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = fake_actor(arena, state_dir, run_dir);
	struct outcome o = {0};
	char path[128];

	fake->die_at = 12;
	assert_int_equal(in_child(run), 77);
	fake->die_at = 0;
	snprintf(path, sizeof(path), "%s/%s", run_dir, JOURNAL_NAME);
	unlink(path);
	actor.ops = NULL;
	recover_run(&actor, &o.plan, &o.report, &o.err);
	assert_int_equal(o.report.outcome, TRANSACTION_LEFT);
	assert_int_equal(o.report.n_left, 1);
	assert_non_null(strstr(o.report.left[0], "libvirt"));
	assert_non_null(strstr(o.err.remedy, "libvirt"));
	assert_true(has_journal());
	error_clear(&o.err);
	recover(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_string_equal(fake->word[2], "before2");
	assert_false(has_journal());
}

static int signal_number, signal_step;

static void send_signal(void *arg, const struct plan *plan, size_t step, bool begins)
{
	if (begins && (int)step == signal_step && plan->steps[step].state == STEP_PLANNED)
		kill(getpid(), signal_number);
	/* While undoing they change nothing. */
	if (begins && plan->steps[step].state == STEP_DONE)
		kill(getpid(), SIGTERM);
}

static void test_signals_put_back(void **state)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		for (signal_step = 0; signal_step < FAKE_WORDS; signal_step++) {
			ARENA_AUTO struct arena *arena = arena_new();
			struct actor actor = fake_actor(arena, state_dir, run_dir);
			struct outcome o = {0};
			struct sigaction after;

			signal_number = numbers[i];
			actor.progress = send_signal;
			fake_plan(arena, &o.plan);
			transaction_run(&actor, &o.plan, &o.report, &o.err);
			assert_int_equal(o.report.outcome, TRANSACTION_PUT_BACK);
			assert_int_equal(o.err.code, -EINTR);
			assert_true(fake_is("before"));
			assert_false(has_journal());
			/* The step in which it came was done, and the next not begun. */
			assert_int_equal(o.plan.steps[signal_step].state, STEP_UNDONE);
			sigaction(signal_number, NULL, &after);
			assert_true(after.sa_handler == SIG_DFL);
			error_clear(&o.err);
			remove_all();
			fake_reset();
		}
	}
}

static void test_ignored_signals_stay_ignored(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = fake_actor(arena, state_dir, run_dir);
	struct outcome o = {0};

	signal(SIGHUP, SIG_IGN);
	signal_number = SIGHUP;
	signal_step = 1;
	actor.progress = send_signal;
	fake_plan(arena, &o.plan);
	transaction_run(&actor, &o.plan, &o.report, &o.err);
	signal(SIGHUP, SIG_DFL);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_true(fake_is("after"));
}

static void limit_size(void *arg, const struct plan *plan, size_t step, bool begins)
{
	struct rlimit limit = {.rlim_max = RLIM_INFINITY};
	char path[128];
	struct stat st;

	if (!begins || step != *(size_t *)arg || plan->steps[step].state != STEP_PLANNED)
		return;
	snprintf(path, sizeof(path), "%s/%s", run_dir, JOURNAL_NAME);
	assert_int_equal(stat(path, &st), 0);
	/* A few bytes more: the line is begun and can't be ended. */
	limit.rlim_cur = (rlim_t)st.st_size + 20;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_disk_full_in_the_middle(void **state)
{
	const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
	size_t step;

	signal(SIGXFSZ, SIG_IGN);
	for (step = 0; step < FAKE_WORDS; step++) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct actor actor = fake_actor(arena, state_dir, run_dir);
		struct outcome o = {0};

		if (step == 2)
			continue; /* its journal is the shorter one */
		actor.progress = limit_size;
		actor.progress_arg = &step;
		fake_plan(arena, &o.plan);
		transaction_run(&actor, &o.plan, &o.report, &o.err);
		setrlimit(RLIMIT_FSIZE, &none);
		assert_int_equal(o.report.outcome,
				 step ? TRANSACTION_PUT_BACK : TRANSACTION_REFUSED);
		assert_int_equal(o.err.code, -EFBIG);
		assert_non_null(strstr(o.err.subject, run_dir));
		assert_true(fake_is("before"));
		assert_false(has_journal());
		error_clear(&o.err);
		remove_all();
		fake_reset();
	}
	signal(SIGXFSZ, SIG_DFL);
}

static void expect_refused(const char *folder)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;

	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_REFUSED);
	assert_non_null(strstr(o.err.subject, folder));
	assert_true(fake_is("before"));
	assert_int_equal(fake->count, 0);
	assert_false(has_journal());
	error_clear(&o.err);
}

static void test_folders_that_are_no_good_are_refused_and_named(void **state)
{
	const char *folders[] = {state_dir, run_dir};
	char elsewhere[80];
	size_t i;

	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", top);
	for (i = 0; i < 2; i++) {
		rmdir(folders[i]);
		assert_int_equal(symlink(elsewhere, folders[i]), 0);
		expect_refused(folders[i]);
		assert_int_equal(access(elsewhere, F_OK), -1);
		unlink(folders[i]);
		assert_int_equal(mkdir(folders[i], 0700), 0);
		assert_int_equal(chmod(folders[i], 0777), 0);
		expect_refused(folders[i]);
		rmdir(folders[i]);
		close(open(folders[i], O_CREAT | O_WRONLY, 0600));
		expect_refused(folders[i]);
		unlink(folders[i]);
	}
}

static void test_an_altered_journal_is_refused_and_stays(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = fake_actor(arena, state_dir, run_dir);
	ERROR_AUTO struct error err = {0};
	const char *command;
	struct outcome o;
	char path[128];
	int fd;

	fake->die_at = 19;
	assert_int_equal(in_child(run), 77);
	snprintf(path, sizeof(path), "%s/%s", run_dir, JOURNAL_NAME);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "X", 1, 100), 1);
	close(fd);
	fake->count = 0;
	assert_int_equal(recover_needed(&actor, &command, &err), -EBADMSG);
	assert_string_equal(err.subject, path);
	recover(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_REFUSED);
	assert_int_equal(fake->count, 0);
	assert_true(has_file(run_dir, JOURNAL_NAME) && has_file(state_dir, JOURNAL_NAME));
	error_clear(&o.err);
}

/* A journal that holds in run_dir what belongs into state_dir was put there by somebody else. */
static void test_a_step_in_the_wrong_journal_is_refused(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	char from[128], to[128];
	struct outcome o;

	fake->die_at = 12;
	assert_int_equal(in_child(run), 77);
	snprintf(from, sizeof(from), "%s/%s", state_dir, JOURNAL_NAME);
	snprintf(to, sizeof(to), "%s/%s", run_dir, JOURNAL_NAME);
	assert_int_equal(rename(from, to), 0);
	recover(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_REFUSED);
	assert_true(has_journal());
	error_clear(&o.err);
}

static void test_nothing_to_do_writes_nothing(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = fake_actor(arena, state_dir, run_dir);
	struct outcome o;

	run(arena, &o);
	assert_int_equal(sequence(), 1);
	fake_plan(arena, &o.plan);
	o.plan.lent.guests[0].xml_after = "after2 as it became";
	o.plan.lent.sequence = 2;
	o.plan.n_steps = 0;
	transaction_run(&actor, &o.plan, &o.report, &o.err);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_int_equal(sequence(), 1);
	/* A table that changes without a step is written. */
	o.plan.lent.n_guests = 0;
	transaction_run(&actor, &o.plan, &o.report, &o.err);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_int_equal(sequence(), 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_is_done),
		TEST(test_what_is_so_already_is_skipped_and_stays),
		TEST(test_fails_at_every_point),
		TEST(test_a_failed_step_is_told_once),
		TEST(test_what_cannot_be_put_back_is_named_and_remembered),
		TEST(test_dies_at_every_point),
		TEST(test_recover_dies_at_every_point),
		TEST(test_nothing_to_recover),
		TEST(test_what_was_sealed_is_not_undone),
		TEST(test_no_table_no_transaction),
		TEST(test_a_plan_for_an_older_table_is_refused),
		TEST(test_reboot_between),
		TEST(test_guests_wait_for_libvirt),
		TEST(test_signals_put_back),
		TEST(test_ignored_signals_stay_ignored),
		TEST(test_disk_full_in_the_middle),
		TEST(test_folders_that_are_no_good_are_refused_and_named),
		TEST(test_an_altered_journal_is_refused_and_stays),
		TEST(test_a_step_in_the_wrong_journal_is_refused),
		TEST(test_nothing_to_do_writes_nothing),
	};

	fake_map(NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
