// SPDX-License-Identifier: LGPL-2.1-or-later
/* Everything about one device. */
#include "show/detail.h"

#include <errno.h>

#include "analysis/fitness.h"
#include "base/arena.h"
#include "base/error.h"
#include "cmd/commands.h"
#include "cmd/session.h"

/* Who has its files open is looked for too: it is one device. */
#define PARTS                                                                         \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_ATTRIBUTES) | HOST_PART(HOST_GROUPS) |  \
	 HOST_PART(HOST_IDENTITY) | HOST_PART(HOST_UNDER) | HOST_PART(HOST_DETAILS) | \
	 HOST_PART(HOST_STORAGE) | HOST_PART(HOST_NETWORK) | HOST_PART(HOST_USES) |   \
	 HOST_PART(HOST_OPENED) | HOST_PART(HOST_KERNEL) | HOST_PART(HOST_NAMES))

static int one_device(const struct invocation *inv, const struct session *session, size_t *ret,
		      struct error *err)
{
	struct plan_request request = {0};
	int code = session_devices(inv, session, 0, &request, err);

	if (code)
		return code;
	/* "group:7" names several. */
	if (request.n_devices != 1)
		return error_set(err, -ENOTUNIQ, inv->words[0],
				 "ferry survey --groups shows groups",
				 "%zu devices are meant by that", request.n_devices);
	*ret = request.devices[0];
	return 0;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	struct device_detail detail;
	struct survey survey;
	size_t device;

	if (session_open(inv, PARTS, SESSION_NO_GUESTS, &session, err) ||
	    one_device(inv, &session, &device, err))
		return OUTCOME_REFUSED;
	device_detail_read(&session.root, &session.host, device, inv->arena, &detail);
	survey = (struct survey){
		.host = &session.host,
		.fitness = fitness_table_new(&session.host, NULL, inv->arena),
		.style = &session.style,
		.shows_losses = true,
	};
	if (invocation_has(inv, OPTION_JSON))
		show_detail_json(&survey, device, &detail, inv->out);
	else
		show_detail(&survey, device, &detail, inv->out);
	return OUTCOME_DONE;
}

const struct command command_show = {
	.name = "show",
	.words = "DEVICE",
	.summary = "everything about one device",
	.least_words = 1,
	.most_words = 1,
	.options = OPTION(OPTION_FROM),
	.run = run,
};
