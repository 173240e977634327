// SPDX-License-Identifier: LGPL-2.1-or-later
/* ferry alone: where this machine stands, and the command to type next, in under ten lines. */
#include "analysis/readiness.h"
#include "analysis/status.h"
#include "decode/kernel_log.h"

#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/facts.h"
#include "show/json.h"
#include "show/readiness.h"
#include "show/status.h"

static const char *next_command(const struct readiness *readiness, const struct status *status)
{
	size_t i;

	if (readiness->ready != READY_YES)
		return "ferry check";
	for (i = 0; i < status->n_rows; i++) {
		if (status->rows[i].n_drift)
			return "ferry status";
	}
	return status->n_rows ? "ferry status" : "ferry survey --groups";
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	struct kernel_log_facts facts;
	struct readiness readiness;
	struct status status;
	struct json_object *o;
	const char *next;

	if (session_open(inv, SESSION_CHECK_PARTS | SESSION_STATUS_PARTS, SESSION_READS_GUESTS,
			 &session, err))
		return OUTCOME_REFUSED;
	readiness_facts(&session.host, inv->arena, &facts);
	readiness_of_host(&session.host, &session.guests, &facts, inv->arena, &readiness);
	status_of(&session.host, &session.guests, inv->arena, &status);
	next = next_command(&readiness, &status);
	if (invocation_has(inv, OPTION_JSON)) {
		o = json_new();
		readiness_add_json(&readiness, o);
		json_object_object_add(o, "facts", show_facts_json(&facts));
		json_add_text(o, "next", next);
		json_print(o, inv->out);
	} else {
		show_readiness_summary(&readiness, inv->out);
		show_lent_count(&status, inv->out);
		show_next(next, inv->out);
	}
	return readiness.ready == READY_YES ? OUTCOME_DONE : OUTCOME_REFUSED;
}

const struct command command_stand = {
	.name = "",
	.words = "",
	.summary = "where this machine stands, and what to do next",
	.options = OPTION(OPTION_FROM) | OPTION(OPTION_CONNECT) | OPTION(OPTION_VERSION),
	.run = run,
};
