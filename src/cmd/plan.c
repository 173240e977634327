// SPDX-License-Identifier: LGPL-2.1-or-later
/* What `up` would do, what the host would lose by it, what forbids it. Changes nothing. */
#include "analysis/plan.h"

#include "analysis/why.h"
#include "cmd/commands.h"
#include "cmd/session.h"

static void plan_with_reasons(const struct host *host, const struct guests *guests,
			      const struct plan_request *request, struct arena *arena,
			      struct plan *ret)
{
	plan_up(host, guests, request, arena, ret);
	why_note_mates(host, arena, ret);
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	static const struct change change = {
		.plan = plan_with_reasons,
		.parts = HOST_PART(HOST_CONFIG),
		.takes_guest = true,
		.needs_libvirt = true,
		.knows_lent_devices = true,
	};

	inv->options[OPTION_DRY_RUN] = "";
	return change_run(inv, &change, err);
}

const struct command command_plan = {
	.name = "plan",
	.words = "GUEST [DEVICE...]",
	.summary = "what up would do, what the host loses, what forbids it",
	.least_words = 1,
	.most_words = SIZE_MAX,
	.options = OPTION(OPTION_CONNECT) | OPTION(OPTION_WHOLE_GROUP) | OPTION(OPTION_FROM) |
		   OPTION(OPTION_YES) | OPTION(OPTION_NO_REVERT),
	.run = run,
};
