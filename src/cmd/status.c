// SPDX-License-Identifier: LGPL-2.1-or-later
/* What is lent, to whom, since when, from which driver, and what has drifted. */
#include "analysis/status.h"

#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/status.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	struct status status;

	if (session_open(inv, SESSION_STATUS_PARTS, SESSION_READS_GUESTS, &session, err))
		return OUTCOME_REFUSED;
	status_of(&session.host, &session.guests, inv->arena, &status);
	if (invocation_has(inv, OPTION_JSON)) {
		show_status_json(&status, &session.host, inv->out);
		return OUTCOME_DONE;
	}
	show_status(&status, &session.host, &session.style, inv->out);
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
