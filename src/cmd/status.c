// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is lent, to whom, since when, from which driver, and what has drifted. */
#include "analysis/status.h"

#include "apply/revert.h"
#include "base/error.h"
#include "boot/took.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/outcome.h"
#include "show/status.h"

/* Its rows are what is lent now, though the table says so only once it is confirmed. */
static bool read_pending(struct invocation *inv, struct session *session,
			 struct transaction_pending *ret)
{
	ERROR_AUTO struct error err = {0};
	struct actor actor = {
		.arena = inv->arena,
		.state_dir = FERRY_STATE_DIR,
		.run_dir = FERRY_RUN_DIR,
		.boot_id = session->host.kernel.boot_id,
	};
	int code = session->root.live ? revert_pending(&actor, ret, &err) : 0;

	if (code > 0)
		session->host.lent = ret->lent;
	else if (code)
		show_pending_unread(&err, inv->err);
	return code > 0;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	struct transaction_pending pending;
	struct status status;
	const char *boot;
	bool awaits;

	if (session_open(inv, SESSION_STATUS_PARTS, SESSION_READS_GUESTS, &session, err))
		return OUTCOME_REFUSED;
	awaits = read_pending(inv, &session, &pending);
	status_of(&session.host, &session.guests, inv->arena, &status);
	if (invocation_has(inv, OPTION_JSON)) {
		show_status_json(&status, &session.host, awaits ? &pending : NULL, inv->out);
		return OUTCOME_DONE;
	}
	if (awaits)
		show_pending(&pending, &session.style, inv->out);
	show_status(&status, &session.host, &session.style, inv->out);
	boot_took(&session.root, &session.host.lent, session.host.kernel.boot_id, inv->arena,
		  &boot);
	if (boot)
		show_sentence(boot, inv->out);
	if (session.root.live)
		show_guests_unread(&session.guests, inv->err);
	return OUTCOME_DONE;
}

const struct command command_status = {
	.name = "status",
	.words = "",
	.summary = "what is lent, to whom, since when, what has drifted",
	.options = OPTION(OPTION_FROM) | OPTION(OPTION_CONNECT),
	.run = run,
};
