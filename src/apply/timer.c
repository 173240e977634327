// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See timer.h. systemd-run makes timer and service in one; it outlives the session, and is forgotten at
 * a reboot, as what it would undo is.
 */
#include "apply/timer.h"

#include <errno.h>
#include <string.h>

#include "apply/transaction.h"
#include "base/arena.h"
#include "base/child.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"

#define DEADLINE_MS 30000

/* The program that runs now; its file may have been replaced meanwhile by a newer one. */
static int own_path(struct actor *actor, char **ret)
{
	static const char gone[] = " (deleted)";
	int code = root_readlink(actor->root, actor->arena, "proc/self/exe", ret);

	if (!code && text_has_suffix(*ret, gone))
		(*ret)[strlen(*ret) - strlen(gone)] = 0;
	return code;
}

static int say_not_armed(struct actor *actor, int code, const struct child_output *output,
			 struct error *err)
{
	const char *why =
		code ? strerror(-code) : text_printable(actor->arena, text_trim_end(output->text));

	return error_set(err, code ? code : -EIO, "systemd-run",
			 "--no-revert does it without a way back",
			 "the timer that would put all back could not be armed: %s",
			 *why ? why : "it does not say why");
}

static int arm(struct actor *actor, const char *unit, const char *id, unsigned int seconds,
	       struct error *err)
{
	const char *argv[] = {
		"systemd-run",
		"--quiet",
		"--collect",
		arena_printf(actor->arena, "--unit=%s", unit),
		arena_printf(actor->arena, "--on-active=%u", seconds),
		"--timer-property=AccuracySec=100ms",
		"--description=Put back what ferry lent, unless it is confirmed",
		"--",
		NULL,
		"recover",
		"--revert",
		id,
		actor->connect ? "--connect" : NULL,
		actor->connect,
		NULL,
	};
	struct child_output output = {0};
	char *path;
	int code = own_path(actor, &path);

	if (!code) {
		argv[8] = path;
		code = child_run(argv, DEADLINE_MS, actor->arena, &output);
	}
	return code || output.exit_status ? say_not_armed(actor, code, &output, err) : 0;
}

static void disarm(struct actor *actor, const char *unit)
{
	const char *const argv[] = {
		"systemctl", "stop", "--quiet", arena_printf(actor->arena, "%s.timer", unit), NULL,
	};
	struct child_output output;

	/* A timer that stays finds nothing to undo: no failure of what was asked for. */
	child_run(argv, DEADLINE_MS, actor->arena, &output);
}

const struct timer_ops timer_systemd = {arm, disarm};
