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
#include "analysis/diagnosis_host.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "cmd/commands.h"
#include "host/kmsg.h"
#include "host/read.h"
#include "show/diagnose.h"
#include "show/style.h"

/* libvirt writes it before each start (src/qemu/qemu_process.c). */
static const char start_mark[] = ": starting up libvirt";

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

static uint64_t count_lines(const char *s, size_t len)
{
	const char *end = s + len;
	uint64_t n = 0;

	while ((s = memchr(s, '\n', (size_t)(end - s))) && ++s)
		n++;
	return n;
}

/* Where the log of the last start begins; the whole where no start is marked. */
static size_t last_start(const char *log, size_t len)
{
	const char *at = log, *found = NULL, *line;

	while ((at = memmem(at, len - (size_t)(at - log), start_mark, sizeof(start_mark) - 1)))
		found = at++;
	if (!found)
		return 0;
	line = memrchr(log, '\n', (size_t)(found - log));
	return line ? (size_t)(line - log) + 1 : 0;
}

static int read_guest(struct diagnosis_reader *r, const struct root *root, struct arena *arena,
		      const char *guest, struct error *err)
{
	const char *path = arena_printf(arena, "/var/log/libvirt/qemu/%s.log", guest);
	size_t len, from;
	char *log;
	int ret = root_read(root, arena, path + 1, &log, &len);

	if (ret == -ENOENT)
		return error_set(err, ret, guest, "Guests and their names: virsh list --all",
				 "libvirt's QEMU driver has written no log of it (%s)", path);
	if (ret)
		return error_set(err, ret, path,
				 ret == -EACCES || ret == -EPERM
					 ? "Only root may read it: run the same command with sudo."
					 : NULL,
				 "cannot be read: %s", strerror(-ret));
	from = last_start(log, len);
	diagnosis_reader_source(r, path, count_lines(log, from));
	diagnosis_reader_add(r, log + from, len - from);
	return 0;
}

static void take_record(void *reader, const char *line, size_t len)
{
	diagnosis_reader_add(reader, line, len);
}

static int read_machine(struct diagnosis_reader *r, struct invocation *inv, const struct root *root,
			struct diagnose_view *view, struct error *err)
{
	const char *guest = inv->n_words ? inv->words[0] : NULL;
	int ret = guest ? read_guest(r, root, inv->arena, guest, err) : 0;

	if (ret)
		return ret;
	diagnosis_reader_source(r, "/" KMSG_PATH, 0);
	ret = kmsg_read(root, take_record, r);
	if (!ret)
		return 0;
	if (!guest)
		return error_set(
			err, ret, "/" KMSG_PATH,
			"Run it with sudo, or give it a saved log: journalctl -k | ferry diagnose --log -",
			"the kernel's messages cannot be read: %s", strerror(-ret));
	view->unreadable = arena_printf(inv->arena, "/%s: %s (run the same command with sudo)",
					KMSG_PATH, strerror(-ret));
	return 0;
}

static void name_devices(struct diagnosis *d, const struct root *root, struct arena *arena)
{
	ERROR_AUTO struct error err = {0};
	struct host host;

	if (!host_read(root, HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_NAMES),
		       arena, &host, &err))
		diagnosis_name_devices(d, &host, arena);
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
	struct diagnosis_reader *r;
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
	r = diagnosis_reader_new(inv->arena);
	ret = log ? read_log(r, log, err) : read_machine(r, inv, &root, &view, err);
	diagnosis_reader_end(r, &d);
	if (ret)
		return OUTCOME_REFUSED;
	if (!log)
		name_devices(&d, &root, inv->arena);
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
