// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ferry diagnose: what went wrong when a guest did not start or a device did not come. Reads the guest's
 * log since its last start and what the kernel said in this boot, or a text that somebody saved.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "analysis/diagnosis.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "cmd/commands.h"
#include "cmd/diagnose_read.h"
#include "host/kmsg.h"
#include "show/diagnose.h"
#include "show/style.h"

static int feed(struct diagnosis_reader *r, int fd)
{
	for (;;) {
		size_t size;
		char *room = diagnosis_reader_room(r, &size);
		ssize_t n = read(fd, room, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		diagnosis_reader_take(r, (size_t)n);
	}
}

static int read_log(struct diagnosis_reader *r, const char *path, struct error *err)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), ret;

	if (fd < 0)
		return error_set(err, -errno, path, NULL, "cannot be opened: %s", strerror(errno));
	ret = feed(r, fd);
	if (!is_stdin)
		close(fd);
	if (ret)
		error_set(err, ret, is_stdin ? "standard input" : path, NULL, "cannot be read: %s",
			  strerror(-ret));
	return ret;
}

static int read_kernel(struct diagnosis_reader *r, const struct root *root, struct error *err)
{
	int ret = diagnose_kernel_log(r, root, 0);

	if (ret)
		error_set(
			err, ret, "/" KMSG_PATH,
			"Run it with sudo, or give it a saved log: journalctl -k | ferry diagnose --log -",
			"the kernel's messages cannot be read: %s", strerror(-ret));
	return ret;
}

static int read_one(const struct root *root, struct invocation *inv, const char *log,
		    struct diagnosis *ret, struct error *err)
{
	struct diagnosis_reader *r = diagnosis_reader_new(inv->arena);
	int code = log ? read_log(r, log, err) : read_kernel(r, root, err);

	diagnosis_reader_end(r, ret);
	return code;
}

static enum outcome show(struct invocation *inv, const struct diagnose_view *view)
{
	struct show_style style;

	if (invocation_has(inv, OPTION_JSON)) {
		show_diagnosis_json(view, inv->out);
	} else {
		style_init(&style, fileno(inv->out), inv->use_color);
		show_diagnosis(view, &style, inv->out);
	}
	return diagnosis_stops(view->diagnosis) ? OUTCOME_REFUSED : OUTCOME_DONE;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	const char *log = inv->options[OPTION_LOG], *guest = inv->n_words ? inv->words[0] : NULL;
	struct diagnosis d;
	struct diagnose_view view = {.diagnosis = &d,
				     .is_verbose = invocation_has(inv, OPTION_VERBOSE)};
	ROOT_AUTO struct root root = ROOT_CLOSED;
	int ret;

	if (log && guest) {
		error_set(err, -EINVAL, NULL, NULL, "a GUEST and --log exclude each other");
		return OUTCOME_USAGE;
	}
	if (guest && (strchr(guest, '/') || guest[0] == '.')) {
		error_set(err, -EINVAL, guest, NULL, "is no name of a guest");
		return OUTCOME_USAGE;
	}
	ret = root_open(NULL, &root);
	if (ret) {
		error_set(err, ret, "/", NULL, "cannot be opened: %s", strerror(-ret));
		return OUTCOME_REFUSED;
	}
	view.what = log     ? (strcmp(log, "-") ? log : "Standard input")
		    : guest ? guest
			    : "This boot's kernel log";
	if (guest)
		ret = diagnose_start(
			&root, inv->arena,
			&(struct start_logs){.guest = guest, .from = DIAGNOSE_LAST_START}, &d,
			&view.unreadable, err);
	else
		ret = read_one(&root, inv, log, &d, err);
	if (ret)
		return OUTCOME_REFUSED;
	if (!log)
		diagnose_name_devices(&d, &root, inv->arena);
	return show(inv, &view);
}

const struct command command_diagnose = {
	.name = "diagnose",
	.words = "[GUEST]",
	.summary = "what went wrong: failure texts, their cause and remedy",
	.most_words = 1,
	.options = OPTION(OPTION_LOG),
	.run = run,
};
