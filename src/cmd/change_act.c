// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The plan carried out before a person's eyes: progress, one question where a guest does not stop, and the
 * reason where it does not start.
 */
#include <errno.h>
#include <unistd.h>

#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "cmd/session.h"
#include "cmd/start_failure.h"
#include "show/outcome.h"
#include "show/progress.h"

bool change_ask(struct invocation *inv, const char *question)
{
	char answer[16];

	if (!isatty(STDIN_FILENO) || invocation_has(inv, OPTION_JSON))
		return false;
	show_question(question, inv->err);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* A guest that did not heed the power button: a person at a terminal is asked, once. */
static bool force_is_wanted(struct invocation *inv, const struct plan *plan,
			    const struct error *err)
{
	size_t i;

	if (err->code != -ETIMEDOUT || invocation_has(inv, OPTION_FORCE))
		return false;
	for (i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].kind == STEP_SHUTDOWN && plan->steps[i].state == STEP_FAILED)
			return change_ask(
				inv,
				"It did not heed the power button. Pull its plug? Unsaved work in "
				"it is lost.");
	}
	return false;
}

void change_act(struct invocation *inv, struct session *session, struct actor *actor,
		struct plan *plan, struct transaction_report *report, struct error *err)
{
	FILE *out = invocation_has(inv, OPTION_JSON) ? NULL : inv->out;
	struct show_progress *progress = progress_new(out, &session->style);
	struct start_mark mark;
	size_t i;

	start_mark_set(inv, session, plan, &mark);
	actor->progress = progress_step;
	actor->progress_arg = progress;
	transaction_run(actor, plan, report, err);
	if (report->outcome == TRANSACTION_PUT_BACK && force_is_wanted(inv, plan, err)) {
		for (i = 0; i < plan->n_steps; i++)
			plan->steps[i].state = STEP_PLANNED;
		error_clear(err);
		actor->force = true;
		transaction_run(actor, plan, report, err);
	}
	progress_free(progress);
	if (report->outcome != TRANSACTION_DONE)
		start_failure_explain(inv, session, plan, &mark, err);
}
