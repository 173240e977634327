// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A device that sleeps (D3cold, runtime-suspended) answers nobody: it is woken before it changes hands,
 * by power/control "on", which brings it up before the write returns, and gets its setting back after.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <string.h>

#include "apply/sysfs.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"

static const char *power_path(struct actor *actor, const char *device, const char *file)
{
	return arena_printf(actor->arena, "sys/bus/pci/devices/%s/power/%s", device, file);
}

static int read_control(struct actor *actor, const char *device, const char **ret,
			struct error *err)
{
	char *text;
	int code = root_read_line(actor->root, actor->arena, power_path(actor, device, "control"),
				  &text);

	if (code)
		return error_set(err, code, device, NULL, "power/control could not be read: %s",
				 strerror(-code));
	*ret = text;
	return 0;
}

static bool is_setting(const char *s)
{
	return text_equal(s, "auto") || text_equal(s, "on");
}

/* "unsupported", "active" and "resuming" are awake. */
static int check_awake(struct actor *actor, const char *device, struct error *err)
{
	char *status;

	if (root_read_line(actor->root, actor->arena, power_path(actor, device, "runtime_status"),
			   &status))
		return 0;
	if (strcmp(status, "suspended") != 0 && strcmp(status, "error") != 0)
		return 0;
	return error_set(err, -EIO, device, "look at the kernel log: ferry diagnose",
			 "it could not be woken: power/runtime_status is \"%s\"",
			 text_printable(actor->arena, status));
}

static int set(struct actor *actor, const char *device, const char *value, struct error *err)
{
	const char *now;
	int code = read_control(actor, device, &now, err);

	if (code || !strcmp(now, value))
		return code;
	code = sysfs_write(actor, device, power_path(actor, device, "control"), value, err);
	if (!code)
		code = read_control(actor, device, &now, err);
	if (code || !strcmp(now, value))
		return code;
	return error_set(err, -EIO, device, NULL, "power/control was set to %s, but it is %s",
			 value, text_printable(actor->arena, now));
}

/* vfio-pci changes it as it binds and unbinds: what is found now is what an undo brings back. */
int step_power_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	const char *now;
	int code = sysfs_check_identity(actor, step, err);

	if (!code && !is_setting(step->after))
		code = error_set(err, -EINVAL, step->subject, NULL, "no such power setting");
	if (!code)
		code = read_control(actor, step->subject, &now, err);
	if (code)
		return code;
	if (!strcmp(now, step->after))
		return 1;
	step->before = now;
	return 0;
}

int step_power_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	int code = set(actor, step->subject, step->after, err);

	return code || strcmp(step->after, "on") ? code : check_awake(actor, step->subject, err);
}

int step_power_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		    struct error *err)
{
	int code = sysfs_check_identity(actor, step, err);

	if (code == -ENODEV) {
		error_clear(err);
		return 0;
	}
	return code ? code : set(actor, step->subject, step->before, err);
}
