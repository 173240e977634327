// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which losses arm a revert, and what ends it. */
#include "../test.h"

#include "analysis/planner.h"
#include "machine.h"

struct revert {
	struct machine m;
	struct planner p;
};

static int make(void **state)
{
	struct revert *r = calloc(1, sizeof(*r));

	machine_make(&r->m);
	r->m.request.can_revert = true;
	r->p.host = &r->m.host;
	r->p.guests = &r->m.guests;
	r->p.request = &r->m.request;
	r->p.arena = r->m.arena;
	r->p.plan = &r->m.plan;
	*state = r;
	return 0;
}

static int drop(void **state)
{
	struct revert *r = *state;

	machine_free(&r->m);
	free(r);
	return 0;
}

static void lose(struct revert *r, size_t device, enum loss_kind kind)
{
	struct plan_loss *loss = arena_append(r->m.arena, r->m.plan.losses, r->m.plan.n_losses);

	loss->device = device;
	loss->severity = LOSS_SERIOUS;
	loss->kind = kind;
}

static void assign_and_start(struct revert *r, size_t device)
{
	*arena_append(r->m.arena, r->m.plan.assigned, r->m.plan.n_assigned) = device;
	planner_step(&r->p, STEP_START, "guest", "shut off", "running");
}

static void test_other_losses_arm_nothing(void **state)
{
	struct revert *r = *state;

	lose(r, SATA, LOSS_OTHER);
	planner_revert(&r->p);
	assert_int_equal(r->m.plan.revert, REVERT_NONE);
	assert_int_equal(r->m.plan.n_notes, 0);
}

static void test_a_detach_of_the_display(void **state)
{
	struct revert *r = *state;

	lose(r, EDU, LOSS_DISPLAY);
	planner_revert(&r->p);
	assert_int_equal(r->m.plan.revert, REVERT_CONFIRM);
	assert_non_null(strstr(r->m.plan.notes[0], "its display"));
	assert_non_null(strstr(r->m.plan.notes[0], "ferry confirm"));
}

static void test_a_display_for_the_guest_that_is_started(void **state)
{
	struct revert *r = *state;

	lose(r, EDU, LOSS_DISPLAY);
	lose(r, EDU, LOSS_KEYBOARD);
	assign_and_start(r, EDU);
	planner_revert(&r->p);
	assert_int_equal(r->m.plan.revert, REVERT_GUEST);
	assert_non_null(strstr(r->m.plan.notes[0], "has run for 10 s"));
}

static void test_a_display_that_is_only_parked(void **state)
{
	struct revert *r = *state;

	lose(r, EDU, LOSS_DISPLAY);
	assign_and_start(r, OLD_NIC);
	planner_revert(&r->p);
	assert_int_equal(r->m.plan.revert, REVERT_CONFIRM);
}

static void test_a_display_for_a_guest_that_runs_already(void **state)
{
	struct revert *r = *state;

	lose(r, EDU, LOSS_DISPLAY);
	*arena_append(r->m.arena, r->m.plan.assigned, r->m.plan.n_assigned) = EDU;
	planner_revert(&r->p);
	assert_int_equal(r->m.plan.revert, REVERT_CONFIRM);
}

static void test_the_connection_only_by_confirm(void **state)
{
	struct revert *r = *state;

	lose(r, NIC, LOSS_DISPLAY);
	lose(r, NIC, LOSS_CONNECTION);
	assign_and_start(r, NIC);
	planner_revert(&r->p);
	assert_int_equal(r->m.plan.revert, REVERT_CONFIRM);
	assert_non_null(strstr(r->m.plan.notes[0], "the connection that this command came in by"));
}

static void test_no_revert(void **state)
{
	struct revert *r = *state;

	r->m.request.no_revert = true;
	r->m.request.can_revert = false;
	lose(r, NIC, LOSS_CONNECTION);
	planner_revert(&r->p);
	assert_int_equal(r->m.plan.revert, REVERT_NONE);
	assert_string_equal(machine_refusal(&r->m), "");
}

static void test_without_systemd(void **state)
{
	struct revert *r = *state;

	r->m.request.can_revert = false;
	planner_revert(&r->p);
	assert_string_equal(machine_refusal(&r->m), "");
	lose(r, NIC, LOSS_CONNECTION);
	planner_revert(&r->p);
	assert_string_equal(machine_refusal(&r->m), "no-revert");
	assert_string_equal(r->m.plan.refusals[0].subject, "0000:01:00.0");
	assert_non_null(strstr(r->m.plan.refusals[0].evidence, "systemd"));
	assert_non_null(strstr(r->m.plan.refusals[0].remedy, "--no-revert"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_other_losses_arm_nothing),
		TEST(test_a_detach_of_the_display),
		TEST(test_a_display_for_the_guest_that_is_started),
		TEST(test_a_display_that_is_only_parked),
		TEST(test_a_display_for_a_guest_that_runs_already),
		TEST(test_the_connection_only_by_confirm),
		TEST(test_no_revert),
		TEST(test_without_systemd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
