// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who draws on a display besides the card's own driver: the text console on framebuffers ("vtcon1": "1"
 * bound, "0" not), and the driver of the firmware's framebuffer, a platform device. Both can be gone once
 * the display is: the console with its last framebuffer, the framebuffer by vfio-pci's hand.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <string.h>

#include "apply/names.h"
#include "apply/sysfs.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"

static bool is_console(const char *subject)
{
	return text_has_prefix(subject, "vtcon");
}

/* *ret NULL: the screen has no driver. -ENOENT: there is no such thing. */
static int read_now(struct actor *actor, const char *subject, const char **ret, struct error *err)
{
	const char *folder = arena_printf(actor->arena,
					  is_console(subject) ? "sys/class/vtconsole/%s"
							      : "sys/bus/platform/devices/%s",
					  subject);
	char *text = NULL;
	int code = root_exists(actor->root, folder);

	if (code == -ENOENT)
		return code;
	if (!code && is_console(subject))
		code = root_read_line(actor->root, actor->arena,
				      arena_printf(actor->arena, "%s/bind", folder), &text);
	else if (!code)
		code = root_readlink_name(actor->root, actor->arena,
					  arena_printf(actor->arena, "%s/driver", folder), &text);
	if (code && (is_console(subject) || code != -ENOENT))
		return error_set(err, code == -ENOENT ? -EIO : code, subject, NULL,
				 "who has it could not be read: %s", strerror(-code));
	*ret = code ? NULL : text;
	return 0;
}

static int write_new(struct actor *actor, const struct plan_step *step, const char *now,
		     const char *value, struct error *err)
{
	const char *subject = step->subject, *path, *text = subject;

	if (is_console(subject)) {
		path = arena_printf(actor->arena, "sys/class/vtconsole/%s/bind", subject);
		text = value;
	} else {
		path = arena_printf(actor->arena, "sys/bus/platform/drivers/%s/%s",
				    value ? value : now, value ? "bind" : "unbind");
	}
	return sysfs_write(actor, subject, path, text, err);
}

static int set(struct actor *actor, const struct plan_step *step, const char *now,
	       const char *value, struct error *err)
{
	int code = write_new(actor, step, now, value, err);

	if (code && code != -ECHILD)
		return code;
	if (read_now(actor, step->subject, &now, err))
		return code ? code : -EIO;
	if (text_equal(now, value))
		return 0;
	return error_set(err, -EIO, step->subject, NULL,
			 "the kernel was asked for %s, and it is %s", value ? value : "no driver",
			 now ? now : "no driver");
}

int step_console_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	const char *now;
	int code;

	if (!name_is_plain(step->subject) || (step->before && !name_is_plain(step->before)) ||
	    (step->after && !name_is_plain(step->after)))
		return error_set(err, -EINVAL, step->subject, NULL, "it is no name of a console");
	code = read_now(actor, step->subject, &now, err);
	/* It went with the display; what comes back binds itself. */
	if (code == -ENOENT)
		return 1;
	if (code)
		return code;
	if (text_equal(now, step->after))
		return 1;
	if (text_equal(now, step->before))
		return 0;
	return error_set(err, -ESTALE, step->subject, "run the command again",
			 "it has changed since the plan was made: it is %s now",
			 now ? text_printable(actor->arena, now) : "without a driver");
}

int step_console_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	return set(actor, step, step->before, step->after, err);
}

int step_console_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		      struct error *err)
{
	const char *now;
	int code = read_now(actor, step->subject, &now, err);

	if (code == -ENOENT) {
		*ret_note = arena_printf(actor->arena,
					 "%s is not there any more: the screen may stay dark until "
					 "the host is rebooted.",
					 step->subject);
		return 0;
	}
	if (code || text_equal(now, step->before))
		return code;
	return set(actor, step, now, step->before, err);
}
