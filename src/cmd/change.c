// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The order of every command that changes something: lock, undo what an interrupted run left, read,
 * plan, show, ask, act. --dry-run stops before the lock.
 */
#include "cmd/session.h"

#include <string.h>

#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/text.h"
#include "host/read.h"
#include "show/outcome.h"
#include "show/plan.h"

#define PARTS                                                                            \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_UNDER) |          \
	 HOST_PART(HOST_OVERRIDE) | HOST_PART(HOST_IDENTITY) | HOST_PART(HOST_STORAGE) | \
	 HOST_PART(HOST_KERNEL) | HOST_PART(HOST_NAMES) | HOST_PART(HOST_HOLDERS) |      \
	 HOST_PART(HOST_NETWORK) | HOST_PART(HOST_USES) | HOST_PART(HOST_OPENED) |       \
	 HOST_PART(HOST_HANDOVER) | HOST_PART(HOST_LENT))

static bool only_needs_yes(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_refusals; i++) {
		if (strcmp(plan->refusals[i].reason, "needs-yes") != 0)
			return false;
	}
	return plan->n_refusals;
}

static bool print_json(struct invocation *inv, const struct session *session,
		       const struct plan *plan, bool is_command,
		       const struct transaction_report *report, const struct error *err)
{
	if (!invocation_has(inv, OPTION_JSON))
		return false;
	show_plan_json(plan, &session->host, is_command, report, err, inv->out);
	inv->has_printed_json = true;
	return true;
}

static void show_dry_run(struct invocation *inv, const struct session *session,
			 const struct plan *plan)
{
	if (print_json(inv, session, plan, false, NULL, NULL))
		return;
	show_plan(plan, &session->host, &session->style, inv->out);
}

static void show_refused(struct invocation *inv, const struct session *session,
			 const struct plan *plan)
{
	print_json(inv, session, plan, true, NULL, NULL);
	show_refusals(plan, &session->style, inv->err);
}

static enum outcome outcome_of(const struct transaction_report *report)
{
	static const enum outcome outcomes[] = {
		[TRANSACTION_DONE] = OUTCOME_DONE,
		[TRANSACTION_REFUSED] = OUTCOME_REFUSED,
		[TRANSACTION_PUT_BACK] = OUTCOME_PUT_BACK,
		[TRANSACTION_LEFT] = OUTCOME_LEFT,
	};

	return outcomes[report->outcome];
}

static void show_acted(struct invocation *inv, const struct change *change,
		       const struct session *session, const struct plan *plan,
		       const struct transaction_report *report, const struct error *err)
{
	const char *done;

	if (print_json(inv, session, plan, true, report, err))
		return;
	show_left(report, inv->err);
	if (report->outcome != TRANSACTION_DONE)
		return;
	show_notes(plan, inv->out);
	show_awaits(report, inv->out);
	done = change->done ? change->done(inv, session, plan) : "";
	show_sentence(done, inv->out);
}

static enum outcome change_machine(struct invocation *inv, const struct change *change,
				   struct session *session, bool has_ended, struct error *err)
{
	struct transaction_report report = {0};
	struct plan_request request;
	struct actor actor;
	struct plan plan;

	if (change_actor(inv, session, &actor, err))
		return OUTCOME_USAGE;
	if (change_request(inv, change, session, &request, err))
		return OUTCOME_REFUSED;
	change->plan(&session->host, &session->guests, &request, inv->arena, &plan);
	if (invocation_has(inv, OPTION_DRY_RUN)) {
		show_dry_run(inv, session, &plan);
		return plan.n_refusals ? OUTCOME_REFUSED : OUTCOME_DONE;
	}
	if (only_needs_yes(&plan)) {
		show_plan(&plan, &session->host, &session->style, inv->err);
		if (change_ask(inv, "Go on all the same?")) {
			request.yes = true;
			change->plan(&session->host, &session->guests, &request, inv->arena, &plan);
		}
	}
	if (plan.n_refusals) {
		show_refused(inv, session, &plan);
		return OUTCOME_REFUSED;
	}
	if (has_ended)
		change_note_ended(inv, &plan);
	change_act(inv, session, &actor, &plan, &report, err);
	change_watch(inv, &actor, &plan, &report);
	show_acted(inv, change, session, &plan, &report, err);
	return outcome_of(&report);
}

enum outcome change_run(struct invocation *inv, const struct change *change, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	LOCK_AUTO struct lock lock = LOCK_NONE;
	enum outcome outcome;
	bool has_ended = false;

	if (!invocation_has(inv, OPTION_DRY_RUN)) {
		if (change_lock(inv, &lock, err))
			return OUTCOME_REFUSED;
		outcome = change_end_pending(inv, change, &has_ended, err);
		if (outcome == OUTCOME_DONE)
			outcome = change_recover_first(inv, err);
		if (outcome != OUTCOME_DONE)
			return outcome;
	}
	if (session_open(inv, PARTS | change->parts,
			 change->needs_libvirt ? SESSION_CHANGES_GUESTS : SESSION_NO_GUESTS,
			 &session, err))
		return OUTCOME_REFUSED;
	return change_machine(inv, change, &session, has_ended, err);
}
