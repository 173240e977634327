// SPDX-License-Identifier: LGPL-2.1-or-later
/* Undoes what an interrupted run left: drivers, overrides and definitions, from its journal alone. */
#include "apply/recover.h"

#include "apply/revert.h"
#include "base/lock.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/outcome.h"
#include "show/plan.h"
#include "show/progress.h"

static enum outcome show(struct invocation *inv, const struct session *session,
			 const struct plan *plan, const struct transaction_report *report,
			 const struct error *err)
{
	static const enum outcome outcomes[] = {
		[TRANSACTION_DONE] = OUTCOME_DONE,
		[TRANSACTION_REFUSED] = OUTCOME_REFUSED,
		[TRANSACTION_PUT_BACK] = OUTCOME_PUT_BACK,
		[TRANSACTION_LEFT] = OUTCOME_LEFT,
	};

	if (invocation_has(inv, OPTION_JSON)) {
		show_plan_json(plan, &session->host, true, report, err, inv->out);
		inv->has_printed_json = true;
	} else if (report->outcome == TRANSACTION_DONE) {
		show_sentence(plan->n_steps ? "All of it was put back." : "Nothing to recover.",
			      inv->out);
	}
	show_left(report, inv->err);
	return outcomes[report->outcome];
}

/* 1: there is something that this command may undo now. */
static int is_needed(const struct invocation *inv, struct actor *actor, struct error *err)
{
	const char *id = inv->options[OPTION_REVERT];

	return id ? revert_is_due(actor, id, err) : recover_needed(actor, NULL, err);
}

static enum outcome recover(struct invocation *inv, struct session *session, struct error *err)
{
	struct transaction_report report = {.outcome = TRANSACTION_DONE};
	FILE *out = invocation_has(inv, OPTION_JSON) ? NULL : inv->out;
	struct show_progress *progress;
	struct plan plan = {0};
	struct actor actor;
	int needed;

	if (change_actor(inv, session, &actor, err))
		return OUTCOME_USAGE;
	if (!inv->options[OPTION_REVERT] && change_refuse_pending(&actor, err))
		return OUTCOME_REFUSED;
	needed = is_needed(inv, &actor, err);
	if (needed < 0)
		return OUTCOME_LEFT;
	if (needed) {
		if (!invocation_has(inv, OPTION_NO_GUESTS))
			guest_connection_open(inv->options[OPTION_CONNECT], true,
					      SESSION_CONNECT_DEADLINE_MS, &session->connection,
					      NULL);
		actor.connection = session->connection;
		progress = progress_new(out, &session->style);
		actor.progress = progress_step;
		actor.progress_arg = progress;
		recover_run(&actor, &plan, &report, err);
		progress_free(progress);
	}
	return show(inv, session, &plan, &report, err);
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	LOCK_AUTO struct lock lock = LOCK_NONE;

	if (change_lock(inv, &lock, err) ||
	    session_open(inv, HOST_PART(HOST_KERNEL), SESSION_NO_GUESTS, &session, err))
		return OUTCOME_REFUSED;
	return recover(inv, &session, err);
}

const struct command command_recover = {
	.name = "recover",
	.words = "",
	.summary = "undo what an interrupted run left",
	.options = OPTION(OPTION_NO_WAIT) | OPTION(OPTION_CONNECT) | OPTION(OPTION_FORCE) |
		   OPTION(OPTION_TIMEOUT) | OPTION(OPTION_NO_GUESTS) | OPTION(OPTION_REVERT),
	.run = run,
};
