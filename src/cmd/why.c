// SPDX-License-Identifier: LGPL-2.1-or-later
/* Why a group is what it is, who is at fault, and what would split it. */
#include "analysis/why.h"

#include <errno.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/why.h"

#define PARTS                                                                     \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_CONFIG) |  \
	 HOST_PART(HOST_KERNEL) | HOST_PART(HOST_NAMES) | HOST_PART(HOST_UNDER) | \
	 HOST_PART(HOST_STORAGE))

/* "7" and "group:7": every member, those that are no endpoints too. */
static int choose_group(const struct host *host, const char *word, bool *wants, struct error *err)
{
	const char *number = text_has_prefix(word, "group:") ? word + 6 : word;
	uint64_t id;
	size_t i, k;

	if (text_parse_u64(number, 10, UINT32_MAX, &id))
		return -EINVAL;
	for (i = 0; i < host->n_groups; i++) {
		if (host->groups[i].id != id)
			continue;
		for (k = 0; k < host->groups[i].n_devices; k++)
			wants[host->groups[i].devices[k]] = true;
		return 0;
	}
	return error_set(err, -ENOENT, word, "ferry survey --groups shows those that there are",
			 "there is no group of that number on this machine");
}

static int choose(const struct invocation *inv, const struct session *session,
		  struct why_choice *choice, struct error *err)
{
	struct plan_request request = {0};
	size_t i;
	int code;

	choice->wants_all = invocation_has(inv, OPTION_ALL);
	if (!inv->n_words) {
		choice->wants_all |= invocation_has(inv, OPTION_JSON);
		return 0;
	}
	choice->wants_device =
		arena_calloc(inv->arena, session->host.n_devices, sizeof(*choice->wants_device));
	code = choose_group(&session->host, inv->words[0], choice->wants_device, err);
	if (code != -EINVAL)
		return code;
	code = session_devices(inv, session, 0, &request, err);
	for (i = 0; !code && i < request.n_devices; i++)
		choice->wants_device[request.devices[i]] = true;
	return code;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	const char *version = inv->options[OPTION_KERNEL];
	struct why_choice choice = {0};
	struct isolation_kernel kernel;
	struct why why;

	if (version && isolation_kernel_parse(version, &kernel)) {
		error_set(err, -EINVAL, version, "use --kernel 6.12 or --kernel 6.12.9",
			  "that is no version of Linux");
		return OUTCOME_USAGE;
	}
	if (inv->n_words && invocation_has(inv, OPTION_ALL)) {
		error_set(err, -EINVAL, NULL, NULL, "--all and a device exclude each other");
		return OUTCOME_USAGE;
	}
	if (session_open(inv, PARTS, SESSION_NO_GUESTS, &session, err) ||
	    choose(inv, &session, &choice, err))
		return OUTCOME_REFUSED;
	why_make(&session.host, version ? &kernel : NULL, inv->arena, &why);
	if (invocation_has(inv, OPTION_JSON))
		show_why_json(&session.host, &why, &choice, inv->out);
	else
		show_why(&session.host, &why, &choice, &session.style, inv->out);
	return OUTCOME_DONE;
}

const struct command command_why = {
	.name = "why",
	.words = "[DEVICE|GROUP]",
	.summary = "why a group is what it is, and what would split it",
	.most_words = 1,
	.options = OPTION(OPTION_FROM) | OPTION(OPTION_ALL) | OPTION(OPTION_KERNEL),
	.run = run,
};
