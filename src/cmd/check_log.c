// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ferry check --log: can the machine do it that wrote this log. The log may be older than this machine's
 * kernel, from another one, and of any size.
 */
#include "cmd/check_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "analysis/readiness_log.h"
#include "base/arena.h"
#include "base/error.h"
#include "decode/kernel_log.h"
#include "show/facts.h"
#include "show/json.h"
#include "show/readiness.h"

static int read_all(int fd, struct kernel_log *log)
{
	for (;;) {
		size_t room;
		void *to = kernel_log_space(log, &room);
		ssize_t n = read(fd, to, room);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : 0;
		kernel_log_written(log, (size_t)n);
	}
}

static int read_log(const char *path, struct kernel_log *log, struct error *err)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int ret;

	if (fd < 0)
		return error_set(err, -errno, path, NULL, "cannot be opened: %s", strerror(errno));
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	ret = read_all(fd, log);
	if (!is_stdin)
		close(fd);
	if (ret)
		return error_set(err, ret, is_stdin ? "standard input" : path, NULL,
				 "cannot be read: %s", strerror(-ret));
	return 0;
}

static void print_json(const struct readiness *readiness, const struct kernel_log_facts *facts,
		       FILE *out)
{
	struct json_object *o = json_new();

	readiness_add_json(readiness, o);
	json_object_object_add(o, "facts", show_facts_json(facts));
	json_print(o, out);
}

enum outcome check_log(struct invocation *inv, struct error *err)
{
	KERNEL_LOG_AUTO struct kernel_log *log = kernel_log_new();
	struct kernel_log_facts facts;
	struct readiness readiness;
	struct show_style style;

	if (invocation_has(inv, OPTION_FROM) || invocation_has(inv, OPTION_CONNECT)) {
		error_set(err, -EINVAL, NULL, NULL,
			  "--log reads a file and nothing of a machine: "
			  "--from and --connect have no part in it");
		return OUTCOME_USAGE;
	}
	if (read_log(inv->options[OPTION_LOG], log, err))
		return OUTCOME_REFUSED;
	kernel_log_finish(log, inv->arena, &facts);
	readiness_of_log(&facts, inv->arena, &readiness);
	if (invocation_has(inv, OPTION_JSON)) {
		print_json(&readiness, &facts, inv->out);
	} else {
		style_init(&style, fileno(inv->out), inv->use_color);
		show_readiness(&readiness, &style, inv->out);
		show_readiness_summary(&readiness, inv->out);
	}
	return readiness.ready == READY_YES ? OUTCOME_DONE : OUTCOME_REFUSED;
}
