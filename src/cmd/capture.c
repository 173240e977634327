// SPDX-License-Identifier: LGPL-2.1-or-later
/* This machine's tree in one file, for --from FILE elsewhere. */
#include "apply/capture.h"

#include "base/arena.h"
#include "base/error.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "host/detail.h"
#include "host/read.h"
#include "show/capture.h"

/* Beside what a host is made of: what single commands read for themselves. */
static void ask_all(const struct root *root, const struct host *host, struct arena *arena)
{
	static const char *const files[] = {"sys/firmware/acpi/tables/DMAR",
					    "sys/firmware/acpi/tables/IVRS", "proc/version"};
	struct device_detail detail;
	char *text;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		root_read(root, arena, files[i], &text, NULL);
	for (i = 0; i < host->n_devices; i++)
		device_detail_read(root, host, i, arena, &detail);
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	ROOT_AUTO struct root root = ROOT_CLOSED;
	struct root_trace trace = {.arena = inv->arena};
	struct root traced;
	struct host host;
	struct capture c = {
		.root = &root,
		.host = &host,
		.arena = inv->arena,
		.is_anonymous = invocation_has(inv, OPTION_ANONYMOUS),
	};
	int code = root_open(NULL, &root);

	if (code) {
		error_set(err, code, "/", NULL, "the machine can't be read");
		return OUTCOME_REFUSED;
	}
	traced = root;
	traced.trace = &trace;
	if (host_read(&traced, HOST_ALL_PARTS, inv->arena, &host, err))
		return OUTCOME_REFUSED;
	ask_all(&traced, &host, inv->arena);
	if (capture_write(&c, &trace, inv->words[0], err))
		return OUTCOME_PUT_BACK;
	if (invocation_has(inv, OPTION_JSON))
		show_capture_json(&c, inv->words[0], inv->out);
	else
		show_capture(&c, inv->words[0], inv->out);
	return OUTCOME_DONE;
}

const struct command command_capture = {
	.name = "capture",
	.words = "FILE",
	.summary = "this machine's tree in one file, for --from elsewhere",
	.least_words = 1,
	.most_words = 1,
	.options = OPTION(OPTION_ANONYMOUS),
	.run = run,
};
