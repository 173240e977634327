// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Commit-confirm: whatever happens between the first write and the confirmation, it is kept only where
 * somebody confirmed it. The timers are the test's own, and so is the time.
 */
#include "fake.h"

#include <signal.h>
#include <sys/wait.h>

#include "apply/revert.h"
#include "apply/table.h"
#include "apply/timer.h"
#include "base/atomic_file.h"

static char top[64], state_dir[80], run_dir[80];

/* In shared memory, for those who die. */
static struct {
	char armed[4][64]; /* "ferry-revert-… 90" */
	char id[32];
	int n_armed, calls, fail_call;
	bool acted_before; /* something was done before the first timer */
} * timers;

static double time_gone;
double __real_seconds_now(void);
double __wrap_seconds_now(void);

double __wrap_seconds_now(void)
{
	return __real_seconds_now() + time_gone;
}

static int arm(struct actor *actor, const char *unit, const char *id, unsigned int seconds,
	       struct error *err)
{
	if (!timers->calls && fake->count)
		timers->acted_before = true;
	if (++timers->calls == timers->fail_call)
		return error_set(err, -EIO, "systemd-run", "--no-revert", "no timer");
	snprintf(timers->armed[timers->n_armed++], 64, "%s %u", unit, seconds);
	snprintf(timers->id, sizeof(timers->id), "%s", id);
	return 0;
}

static void disarm(struct actor *actor, const char *unit)
{
	int i;

	for (i = 0; i < timers->n_armed; i++) {
		if (strncmp(timers->armed[i], unit, strlen(unit)) != 0)
			continue;
		memmove(timers->armed[i], timers->armed[i + 1], 64 * (size_t)(3 - i));
		timers->n_armed--;
		i--;
	}
}

static const struct timer_ops fake_timers = {arm, disarm};

static bool is_armed(const char *unit, const char *seconds)
{
	char want[96];

	snprintf(want, sizeof(want), "%s-%s %s", unit, timers->id, seconds);
	return timers->n_armed == 1 && !strcmp(timers->armed[0], want);
}

static struct actor actor_of(struct arena *arena)
{
	struct actor actor = fake_actor(arena, state_dir, run_dir);

	actor.timers = &fake_timers;
	return actor;
}

static void remove_all(void)
{
	static const char *const names[] = {"journal", "lent.json", ".probe"};
	const char *folders[] = {state_dir, run_dir};
	size_t i, k;

	for (i = 0; i < 2; i++) {
		for (k = 0; k < sizeof(names) / sizeof(*names); k++) {
			char path[128];

			snprintf(path, sizeof(path), "%s/%s", folders[i], names[k]);
			unlink(path);
		}
		rmdir(folders[i]);
	}
}

static void reset(void)
{
	fake_reset();
	memset(timers, 0, sizeof(*timers));
	time_gone = 0;
}

static int begin(void **state)
{
	strcpy(top, "/tmp/ferry-revert-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(state_dir, sizeof(state_dir), "%s/state", top);
	snprintf(run_dir, sizeof(run_dir), "%s/run", top);
	reset();
	return 0;
}

static int end(void **state)
{
	remove_all();
	return rmdir(top);
}

static bool has_journal(const char *folder)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/journal", folder);
	return !access(path, F_OK);
}

static uint64_t sequence(struct arena *arena, struct lent *ret)
{
	int fd = folder_open(state_dir, 0);

	*ret = (struct lent){0};
	if (fd < 0)
		return 0;
	assert_int_equal(table_read(fd, state_dir, arena, ret, NULL), 0);
	close(fd);
	return ret->sequence;
}

struct outcome {
	struct plan plan;
	struct transaction_report report;
	struct error err;
};

static void run_as(struct arena *arena, enum plan_revert revert, struct actor *actor,
		   struct outcome *ret)
{
	*ret = (struct outcome){0};
	fake_plan(arena, &ret->plan);
	ret->plan.revert = revert;
	transaction_run(actor, &ret->plan, &ret->report, &ret->err);
}

static void run(struct arena *arena, struct outcome *ret)
{
	struct actor actor = actor_of(arena);

	run_as(arena, REVERT_CONFIRM, &actor, ret);
}

/* What the timer's `ferry recover --revert ID` does. */
static int fire(struct arena *arena, const char *id, struct outcome *ret)
{
	struct actor actor = actor_of(arena);
	int due = revert_is_due(&actor, id, NULL);

	*ret = (struct outcome){0};
	if (due > 0)
		recover_run(&actor, &ret->plan, &ret->report, &ret->err);
	return due;
}

static int pending(struct arena *arena, struct transaction_pending *ret)
{
	struct actor actor = actor_of(arena);

	return revert_pending(&actor, ret, NULL);
}

static void test_it_awaits(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct transaction_pending p;
	struct outcome o, again;
	struct lent lent;

	assert_int_equal(pending(arena, &p), 0);
	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_string_equal(o.report.revert_id, timers->id);
	assert_int_equal(o.report.revert_seconds, 60);
	assert_true(fake_is("after"));
	assert_false(timers->acted_before);
	assert_true(is_armed("ferry-confirm", "60"));
	/* It does not count yet. */
	assert_int_equal(sequence(arena, &lent), 0);
	assert_true(has_journal(run_dir));
	assert_true(has_journal(state_dir));
	assert_int_equal(pending(arena, &p), 1);
	assert_string_equal(p.id, timers->id);
	assert_string_equal(p.command, "up guest 0000:01:00.0");
	assert_true(p.seconds_left > 50 && p.seconds_left <= 60);
	assert_string_equal(p.lent.guests[0].xml_after, "after2 as it became");
	/* Nothing begins on top of it. */
	run(arena, &again);
	assert_int_equal(again.report.outcome, TRANSACTION_REFUSED);
	assert_true(fake_is("after"));
	assert_int_equal(pending(arena, &p), 1);
	error_clear(&again.err);
}

static void test_the_first_timer_has_the_whole_deadline(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;
	int status;
	pid_t pid;

	fake->die_at = 1;
	pid = fork();
	if (!pid) {
		run(arena, &o);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	/* Five steps of 10 s each, and the time to confirm. */
	assert_true(is_armed("ferry-revert", "110"));
}

static void test_confirmed_it_stays(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = actor_of(arena);
	struct transaction_pending p;
	struct outcome o;
	struct lent lent;

	run(arena, &o);
	assert_int_equal(pending(arena, &p), 1);
	assert_int_equal(revert_confirm(&actor, &p, NULL), 0);
	assert_int_equal(sequence(arena, &lent), 1);
	assert_string_equal(lent.guests[0].xml_after, "after2 as it became");
	assert_false(has_journal(run_dir));
	assert_false(has_journal(state_dir));
	assert_int_equal(timers->n_armed, 0);
	assert_int_equal(pending(arena, &p), 0);
	/* A timer that comes all the same finds nothing. */
	time_gone = 100;
	assert_int_equal(fire(arena, timers->id, &o), 0);
	assert_true(fake_is("after"));
}

static void test_not_confirmed_it_goes(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct transaction_pending p;
	struct outcome o;
	struct lent lent;

	run(arena, &o);
	/* Too early: the timer of the whole command came while this one waited for its lock. */
	assert_int_equal(fire(arena, timers->id, &o), 0);
	time_gone = 58;
	assert_int_equal(fire(arena, timers->id, &o), 0);
	/* Another transaction's timer. */
	time_gone = 60;
	assert_int_equal(fire(arena, "0123456789abcdef", &o), 0);
	assert_true(fake_is("after"));
	assert_int_equal(fire(arena, timers->id, &o), 1);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_int_equal(o.plan.n_steps, FAKE_WORDS);
	assert_true(fake_is("before"));
	assert_int_equal(sequence(arena, &lent), 0);
	assert_int_equal(timers->n_armed, 0);
	assert_int_equal(pending(arena, &p), 0);
}

static void test_killed_at_any_point_the_timer_undoes_it(void **state)
{
	int n, points = FAKE_WORDS * 4;

	for (n = 1; n <= points; n++) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct transaction_pending p;
		struct outcome o;
		int status;
		pid_t pid;

		fake->die_at = n;
		pid = fork();
		if (!pid) {
			run(arena, &o);
			_exit(0);
		}
		waitpid(pid, &status, 0);
		assert_int_equal(WEXITSTATUS(status), 77);
		fake->die_at = 0;
		assert_int_equal(pending(arena, &p), 0);
		assert_int_equal(fire(arena, timers->id, &o), 1);
		assert_int_equal(o.report.outcome, TRANSACTION_DONE);
		assert_true(fake_is("before"));
		assert_int_equal(timers->n_armed, 0);
		remove_all();
		reset();
	}
}

static void test_fails_at_any_point_no_timer_stays(void **state)
{
	int n;

	for (n = 1; n <= FAKE_WORDS * 4; n++) {
		ARENA_AUTO struct arena *arena = arena_new();
		struct outcome o;

		fake->fail_at = n;
		run(arena, &o);
		assert_true(fake_is("before"));
		assert_int_equal(timers->n_armed, 0);
		assert_false(has_journal(run_dir));
		error_clear(&o.err);
		remove_all();
		reset();
	}
}

static void test_no_timer_no_transaction(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct outcome o;

	timers->fail_call = 1;
	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_REFUSED);
	assert_int_equal(fake->count, 0);
	assert_false(has_journal(run_dir));
	assert_false(has_journal(state_dir));
	assert_non_null(strstr(o.err.remedy, "--no-revert"));
	error_clear(&o.err);
	/* The second, when all is done: put back at once. */
	reset();
	timers->fail_call = 2;
	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_PUT_BACK);
	assert_true(fake_is("before"));
	assert_int_equal(timers->n_armed, 0);
	assert_false(has_journal(run_dir));
	error_clear(&o.err);
}

static void test_nothing_done_nothing_awaits(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct transaction_pending p;
	struct outcome o;
	size_t i;

	for (i = 0; i < FAKE_WORDS; i++)
		snprintf(fake->word[i], sizeof(fake->word[i]), "after%zu", i);
	run(arena, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_null(o.report.revert_id);
	assert_int_equal(timers->n_armed, 0);
	assert_int_equal(pending(arena, &p), 0);
}

/* The kernel has forgotten its part; the definition is undone, and nobody has it confirmed. */
static void test_reboot_undoes_it(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = actor_of(arena);
	struct transaction_pending p;
	struct outcome o, r = {0};
	struct lent lent;

	run(arena, &o);
	actor.boot_id = "another boot";
	assert_int_equal(revert_pending(&actor, &p, NULL), 0);
	assert_int_equal(revert_is_due(&actor, timers->id, NULL), 0);
	recover_run(&actor, &r.plan, &r.report, &r.err);
	assert_int_equal(r.report.outcome, TRANSACTION_DONE);
	assert_int_equal(r.plan.n_steps, 1);
	assert_string_equal(fake->word[2], "before2");
	assert_string_equal(fake->word[0], "after0");
	assert_int_equal(sequence(arena, &lent), 0);
}

/* /run is gone with the boot. */
static void test_reboot_without_the_runs_journal(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct transaction_pending p;
	struct outcome o;
	char path[128];

	run(arena, &o);
	snprintf(path, sizeof(path), "%s/journal", run_dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(pending(arena, &p), 0);
}

static void test_what_a_guest_holds_stays_and_is_named(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct transaction_pending p;
	struct outcome o;

	run(arena, &o);
	time_gone = 60;
	fake->fail_undo_of = 5; /* its start */
	assert_int_equal(fire(arena, timers->id, &o), 1);
	assert_int_equal(o.report.outcome, TRANSACTION_LEFT);
	assert_int_equal(o.report.n_left, 1);
	assert_non_null(strstr(o.report.left[0], "word4"));
	error_clear(&o.err);
	/* Half of it is undone: it can't be kept any more. */
	assert_int_equal(pending(arena, &p), 0);
	fake->fail_undo_of = 0;
	assert_int_equal(fire(arena, timers->id, &o), 1);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_true(fake_is("before"));
}

static void test_overdue(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct transaction_pending p;
	struct outcome o;

	run(arena, &o);
	time_gone = 61;
	assert_int_equal(pending(arena, &p), 1);
	assert_false(revert_is_overdue(&p));
	time_gone = 100;
	assert_int_equal(pending(arena, &p), 1);
	assert_true(revert_is_overdue(&p));
}

static void test_the_guest_that_has_the_display_runs(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = actor_of(arena);
	struct outcome o;
	struct lent lent;

	actor.watch_ms = 300;
	run_as(arena, REVERT_GUEST, &actor, &o);
	assert_non_null(o.report.revert_id);
	assert_int_equal(revert_watch(&actor, &o.plan, NULL), 1);
	assert_int_equal(sequence(arena, &lent), 1);
	assert_int_equal(timers->n_armed, 0);
	assert_false(has_journal(run_dir));
}

static void test_the_guest_that_has_the_display_died(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = actor_of(arena);
	struct transaction_pending p;
	struct outcome o;

	actor.watch_ms = 300;
	run_as(arena, REVERT_GUEST, &actor, &o);
	strcpy(fake->word[4], "before4");
	assert_int_equal(revert_watch(&actor, &o.plan, NULL), 0);
	assert_true(is_armed("ferry-confirm", "60"));
	assert_int_equal(pending(arena, &p), 1);
}

static int raises;

static void raise_once(void *arg, const struct plan *plan, size_t step, bool begins)
{
	if (step == 1 && begins && plan->steps[step].state == STEP_PLANNED)
		raise(raises);
}

static void test_a_hangup_is_what_was_foreseen(void **state)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct actor actor = actor_of(arena);
	struct outcome o;

	actor.progress = raise_once;
	raises = SIGHUP;
	run_as(arena, REVERT_CONFIRM, &actor, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_DONE);
	assert_non_null(o.report.revert_id);
	remove_all();
	reset();
	/* Without a revert it puts all back, and so does a person's signal with one. */
	run_as(arena, REVERT_NONE, &actor, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_PUT_BACK);
	error_clear(&o.err);
	raises = SIGTERM;
	reset();
	run_as(arena, REVERT_CONFIRM, &actor, &o);
	assert_int_equal(o.report.outcome, TRANSACTION_PUT_BACK);
	assert_int_equal(timers->n_armed, 0);
	error_clear(&o.err);
}

/* What makes no sense is not believed. */
static void test_the_journals_words(void **state)
{
	struct {
		const char *id;
		bool twice, step_after;
		int want;
	} cases[] = {
		{"0123456789abcdef", false, false, 0},
		{"0123456789abcdef", true, false, -EBADMSG},
		{"0123456789abcdef", false, true, -EBADMSG},
		{"../../etc/passwd", false, false, -EBADMSG},
		{NULL, false, false, -EBADMSG},
	};
	size_t i;

	assert_int_equal(mkdir(run_dir, 0700), 0);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ARENA_AUTO struct arena *arena = arena_new();
		const struct journal_head head = {
			.sequence = 1, .command = "c", .boot_id = "b", .revert_id = cases[i].id};
		const struct plan_step step = {.kind = STEP_MODULE, .subject = "vfio-pci"};
		ERROR_AUTO struct error err = {0};
		struct journal_content content;
		struct journal j = JOURNAL_CLOSED;
		int fd = folder_open(run_dir, 0);

		assert_int_equal(journal_create(fd, run_dir, &head, arena, &j, NULL), 0);
		assert_int_equal(journal_await(&j, 4711, "{}", NULL), 0);
		if (cases[i].twice)
			assert_int_equal(journal_await(&j, 4711, "{}", NULL), 0);
		if (cases[i].step_after)
			assert_int_equal(journal_intent(&j, 0, &step, NULL), 0);
		journal_close(&j);
		assert_int_equal(journal_read(fd, run_dir, arena, &content, &err), cases[i].want);
		if (!cases[i].want) {
			assert_int_equal(content.awaits_until_ms, 4711);
			assert_string_equal(content.awaits_lent, "{}");
		}
		assert_int_equal(journal_remove(fd, run_dir, NULL), 0);
		close(fd);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_it_awaits),
		TEST(test_the_first_timer_has_the_whole_deadline),
		TEST(test_confirmed_it_stays),
		TEST(test_not_confirmed_it_goes),
		TEST(test_killed_at_any_point_the_timer_undoes_it),
		TEST(test_fails_at_any_point_no_timer_stays),
		TEST(test_no_timer_no_transaction),
		TEST(test_nothing_done_nothing_awaits),
		TEST(test_reboot_undoes_it),
		TEST(test_reboot_without_the_runs_journal),
		TEST(test_what_a_guest_holds_stays_and_is_named),
		TEST(test_overdue),
		TEST(test_the_guest_that_has_the_display_runs),
		TEST(test_the_guest_that_has_the_display_died),
		TEST(test_a_hangup_is_what_was_foreseen),
		TEST(test_the_journals_words),
	};

	fake_map(NULL);
	timers = mmap(NULL, sizeof(*timers), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
