// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The executor on steps that change a world in a file, as a program that can be killed from outside:
 * fake_walk run|fail|recover FOLDER. Exit status: the outcome.
 */
#include "../unit/apply/fake.h"

#include "base/lock.h"

int main(int argc, char **argv)
{
	ARENA_AUTO struct arena *arena = arena_new();
	LOCK_AUTO struct lock lock = LOCK_NONE;
	ERROR_AUTO struct error err = {0};
	struct transaction_report report;
	struct actor actor;
	struct plan plan;

	if (argc != 3)
		return 2;
	actor = fake_actor(arena, arena_printf(arena, "%s/state", argv[2]),
			   arena_printf(arena, "%s/run", argv[2]));
	if (lock_take(arena_printf(arena, "%s/lock", actor.run_dir), argv[1], -1, arena, &lock,
		      NULL))
		return 2;
	fake_map(arena_printf(arena, "%s/world", argv[2]));
	fake->count = 0;
	fake->fail_at = !strcmp(argv[1], "fail") ? FAKE_WORDS * 4 : 0;
	if (!strcmp(argv[1], "recover")) {
		recover_run(&actor, &plan, &report, &err);
	} else {
		fake_plan(arena, &plan);
		transaction_run(&actor, &plan, &report, &err);
	}
	return report.outcome;
}
