// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See transaction.h. It knows nothing of devices and guests: check, journal, act, seal, for each step in
 * its order, and the way back from wherever it stood. Everything that can be refused is refused before
 * the first act.
 */
#include "apply/transaction.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "apply/revert.h"
#include "apply/signals.h"
#include "apply/step.h"
#include "apply/table.h"
#include "apply/undo.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct run {
	struct actor *actor;
	struct plan *plan;
	struct transaction_report *report;
	struct journals journals;
	bool *begun; /* for each step: its intent stands in the journal */
	bool has_acted;
	const char *revert_id; /* NULL: none is to be armed */
};

const char *transaction_outcome_name(enum transaction_outcome outcome)
{
	static const char *const names[] = {
		[TRANSACTION_DONE] = "done",
		[TRANSACTION_REFUSED] = "refused",
		[TRANSACTION_PUT_BACK] = "put-back",
		[TRANSACTION_LEFT] = "left",
	};

	return names[outcome];
}

/* Was the plan made for the table that stands there? *ret_changes: does it change it? */
static int check_table(struct run *r, bool *ret_changes, struct error *err)
{
	struct actor *actor = r->actor;
	struct lent now;
	int code = table_read(r->journals.folders[JOURNAL_STATE], actor->state_dir, actor->arena,
			      &now, err);

	if (code)
		return code;
	if (r->plan->lent.sequence != now.sequence + 1)
		return error_set(err, -ESTALE, actor->state_dir, "run the command again",
				 "the table of what is lent has changed since the plan was made "
				 "(transaction %" PRIu64 ", the plan's is %" PRIu64 ")",
				 now.sequence, r->plan->lent.sequence);
	*ret_changes = !table_equals(&r->plan->lent, &now, actor->arena);
	return 0;
}

static bool has_steps_for(struct run *r, int place)
{
	size_t i;

	for (i = 0; i < r->plan->n_steps; i++) {
		if ((int)step_place(r->actor, &r->plan->steps[i]) == place)
			return true;
	}
	return false;
}

static int begin_journals(struct run *r, struct error *err)
{
	const struct journal_head head = {
		.sequence = r->plan->lent.sequence,
		.command = r->actor->command,
		.boot_id = r->actor->boot_id,
		.revert_id = r->revert_id,
	};
	struct journals *j = &r->journals;
	int place, code = 0;

	/* Whichever of the two is there: what is undone from it must not be counted as sealed by us. */
	for (place = 0; place < JOURNAL_PLACES && !code; place++)
		code = journal_check_absent(j->folders[place], j->paths[place], r->actor->arena,
					    err);
	for (place = 0; place < JOURNAL_PLACES && !code; place++) {
		if (has_steps_for(r, place) || (r->revert_id && place == JOURNAL_RUN))
			code = journal_create(j->folders[place], j->paths[place], &head,
					      r->actor->arena, &j->files[place], err);
	}
	return code;
}

/* Only those that this run made: another's is the way back of that one. */
static void end_journals(struct run *r)
{
	struct journals *j = &r->journals;
	int place;

	for (place = 0; place < JOURNAL_PLACES; place++) {
		if (j->files[place].fd >= 0)
			journal_remove(j->folders[place], j->paths[place], NULL);
	}
}

/* What libvirt made of a definition is what it will be compared with. */
static void remember_definition(struct lent *lent, const struct plan_step *step)
{
	size_t i;

	for (i = 0; i < lent->n_guests; i++) {
		if (text_equal(lent->guests[i].uuid, step->guest_uuid))
			lent->guests[i].xml_after = step->after;
	}
}

static int act(struct run *r, size_t i, struct error *err)
{
	struct plan_step *step = &r->plan->steps[i];
	struct journal *journal = &r->journals.files[step_place(r->actor, step)];
	int code = journal_intent(journal, i, step, err);

	if (code)
		return code;
	r->begun[i] = true;
	r->has_acted = true;
	code = actor_ops(r->actor, step->kind)->act(r->actor, step, err);
	if (code)
		return code;
	step->state = STEP_DONE;
	if (step->kind == STEP_DEFINE)
		remember_definition(&r->plan->lent, step);
	return journal_seal(journal, i, step, err);
}

static int do_step(struct run *r, size_t i, struct error *err)
{
	struct plan_step *step = &r->plan->steps[i];
	double begin = seconds_now();
	int code;

	actor_progress(r->actor, r->plan, i, true);
	code = actor_ops(r->actor, step->kind)->check(r->actor, step, err);
	if (code > 0)
		step->state = STEP_SKIPPED;
	else if (!code)
		code = act(r, i, err);
	if (code < 0)
		step->state = STEP_FAILED;
	step->seconds = seconds_now() - begin;
	actor_progress(r->actor, r->plan, i, false);
	return code < 0 ? code : 0;
}

static int check_signals(const struct run *r, struct error *err)
{
	int number = r->revert_id ? signals_seen_wilful() : signals_seen();

	if (!number)
		return 0;
	return error_set(err, -EINTR, r->actor->command, NULL, "it was interrupted by %s (%s)",
			 number == SIGPIPE ? "the end of its reader" : "a signal",
			 strsignal(number));
}

static int do_all(struct run *r, struct error *err)
{
	size_t i;
	int code = 0;

	for (i = 0; i < r->plan->n_steps && !code; i++) {
		code = check_signals(r, err);
		if (!code)
			code = do_step(r, i, err);
	}
	return code ? code : check_signals(r, err);
}

static void put_back(struct run *r)
{
	int pass, code = 0;
	size_t i;

	for (pass = 0; pass < UNDO_PASSES; pass++) {
		for (i = r->plan->n_steps; i-- > 0;) {
			if (r->begun[i] && undo_pass(&r->plan->steps[i]) == pass)
				code |= undo_step(r->actor, r->plan, i, i, &r->journals, r->report);
		}
	}
	if (code) {
		r->report->outcome = TRANSACTION_LEFT;
		return;
	}
	r->report->outcome = r->has_acted ? TRANSACTION_PUT_BACK : TRANSACTION_REFUSED;
	end_journals(r);
	if (r->revert_id)
		revert_disarm(r->actor, r->revert_id);
}

/* The moment at which it counts. */
static int commit(struct run *r, struct error *err)
{
	int code = table_replace(r->journals.folders[JOURNAL_STATE], r->actor->state_dir,
				 &r->plan->lent, r->actor->arena, err);

	if (code < 0)
		return code;
	/* A journal that stays says nothing: its sequence is sealed, and recover removes it. */
	end_journals(r);
	r->report->outcome = TRANSACTION_DONE;
	return 0;
}

/* Done, but it does not count before somebody says so: the journal stays, the table too. */
static int await(struct run *r, struct error *err)
{
	int code = revert_await(r->actor, &r->journals.files[JOURNAL_RUN], r->revert_id,
				&r->plan->lent, err);

	if (code)
		return code;
	r->report->outcome = TRANSACTION_DONE;
	r->report->revert_id = r->revert_id;
	r->report->revert_seconds = PLAN_CONFIRM_SECONDS;
	return 0;
}

static int finish(struct run *r, bool changes_table, struct error *err)
{
	int code = 0;

	if (r->revert_id && r->has_acted)
		return await(r, err);
	if (r->has_acted || changes_table)
		code = commit(r, err);
	else
		end_journals(r);
	if (!code && r->revert_id)
		revert_disarm(r->actor, r->revert_id);
	return code;
}

static void run_steps(struct run *r, bool changes_table, struct error *err)
{
	struct signals signals;
	int code;

	signals_catch(&signals);
	code = do_all(r, err);
	if (!code)
		code = finish(r, changes_table, err);
	if (code)
		put_back(r);
	signals_restore(&signals);
}

void transaction_run(struct actor *actor, struct plan *plan, struct transaction_report *ret,
		     struct error *err)
{
	struct run r = {.actor = actor, .plan = plan, .report = ret, .journals = JOURNALS_CLOSED};
	bool changes_table = false;
	int code;

	*ret = (struct transaction_report){.outcome = TRANSACTION_REFUSED};
	r.begun = arena_calloc(actor->arena, plan->n_steps, sizeof(*r.begun));
	code = journals_open(actor, &r.journals, err);
	if (!code)
		code = check_table(&r, &changes_table, err);
	if (!code && plan->revert)
		code = revert_new_id(actor, &r.revert_id, err);
	if (!code)
		code = begin_journals(&r, err);
	if (!code && r.revert_id)
		code = revert_arm(actor, plan, r.revert_id, err);
	if (code) {
		end_journals(&r);
	} else {
		ret->outcome = TRANSACTION_DONE;
		run_steps(&r, changes_table, err);
	}
	journals_close(&r.journals);
}
