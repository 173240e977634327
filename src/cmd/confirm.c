// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * "I am still here": whoever can type this has not lost his way in, so what up or detach did stays, and
 * the timer that would have put it back is taken away.
 */
#include "apply/revert.h"

#include <errno.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/lock.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/outcome.h"
#include "show/plan.h"

static int confirm(struct actor *actor, const char **ret_command, struct error *err)
{
	struct transaction_pending pending;
	int code = revert_pending(actor, &pending, err);

	if (code < 0)
		return code;
	if (!code)
		return error_set(err, -ENOENT, NULL, "ferry status shows what is lent",
				 "nothing awaits confirmation: either it was confirmed, or it was "
				 "put back already");
	*ret_command = pending.command;
	return revert_confirm(actor, &pending, err);
}

static void show(struct invocation *inv, const struct session *session, const char *command)
{
	struct transaction_report report = {.outcome = TRANSACTION_DONE};
	const char *note = arena_printf(inv->arena, "Kept: ferry %s.", command);
	struct plan plan = {.notes = &note, .n_notes = 1};

	if (invocation_has(inv, OPTION_JSON)) {
		show_plan_json(&plan, &session->host, true, &report, NULL, inv->out);
		inv->has_printed_json = true;
	} else {
		show_sentence(note, inv->out);
	}
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	LOCK_AUTO struct lock lock = LOCK_NONE;
	const char *command = NULL;
	struct actor actor;

	if (change_lock(inv, &lock, err) ||
	    session_open(inv, HOST_PART(HOST_KERNEL), SESSION_NO_GUESTS, &session, err) ||
	    change_actor(inv, &session, &actor, err) || confirm(&actor, &command, err))
		return OUTCOME_REFUSED;
	show(inv, &session, command);
	return OUTCOME_DONE;
}

const struct command command_confirm = {
	.name = "confirm",
	.words = "",
	.summary = "keep what would else be put back by itself",
	.options = OPTION(OPTION_NO_WAIT),
	.run = run,
};
