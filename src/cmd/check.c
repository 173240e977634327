// SPDX-License-Identifier: LGPL-2.1-or-later
/* Can this machine pass devices to guests: each point with its evidence and its remedy. */
#include "analysis/readiness.h"
#include "decode/kernel_log.h"

#include "cmd/check_log.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/facts.h"
#include "show/json.h"
#include "show/readiness.h"

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	struct kernel_log_facts facts;
	struct readiness readiness;
	struct json_object *o;

	if (invocation_has(inv, OPTION_LOG))
		return check_log(inv, err);
	if (session_open(inv, SESSION_CHECK_PARTS, SESSION_READS_GUESTS, &session, err))
		return OUTCOME_REFUSED;
	readiness_facts(&session.host, inv->arena, &facts);
	readiness_of_host(&session.host, &session.guests, &facts, inv->arena, &readiness);
	if (invocation_has(inv, OPTION_JSON)) {
		o = json_new();
		readiness_add_json(&readiness, o);
		json_object_object_add(o, "facts", show_facts_json(&facts));
		json_object_object_add(o, "units", show_units_json(session.host.platform));
		json_print(o, inv->out);
	} else {
		show_readiness(&readiness, &session.style, inv->out);
		show_readiness_summary(&readiness, inv->out);
	}
	return readiness.ready == READY_YES ? OUTCOME_DONE : OUTCOME_REFUSED;
}

const struct command command_check = {
	.name = "check",
	.words = "",
	.summary = "can this machine do it; each point with evidence and remedy",
	.options = OPTION(OPTION_FROM) | OPTION(OPTION_CONNECT) | OPTION(OPTION_LOG),
	.run = run,
};
