// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See sysfs.h. A driver may wait in its remove() for its users for ever, and the process that asked can't
 * be killed meanwhile: so ferry itself never writes.
 */
#include "apply/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "analysis/plan.h"
#include "base/arena.h"
#include "base/child.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"

static const char *device_path(struct actor *actor, const char *device, const char *attribute)
{
	return arena_printf(actor->arena, "sys/bus/pci/devices/%s/%s", device, attribute);
}

static int check_present(struct actor *actor, const char *device, struct error *err)
{
	if (!root_exists(actor->root, device_path(actor, device, "")))
		return 0;
	return error_set(err, -ENODEV, device, NULL, "there is no such device any more");
}

int sysfs_driver(struct actor *actor, const char *device, const char **ret, struct error *err)
{
	char *name;
	int code = check_present(actor, device, err);

	if (code)
		return code;
	code = root_readlink_name(actor->root, actor->arena, device_path(actor, device, "driver"),
				  &name);
	if (code && code != -ENOENT)
		return error_set(err, code, device, NULL, "its driver link could not be read: %s",
				 strerror(-code));
	*ret = code ? NULL : name;
	return 0;
}

int sysfs_override(struct actor *actor, const char *device, const char **ret, struct error *err)
{
	size_t len;
	char *s;
	int code = check_present(actor, device, err);

	if (code)
		return code;
	code = root_read(actor->root, actor->arena, device_path(actor, device, "driver_override"),
			 &s, &len);
	if (code)
		return error_set(err, code, device, NULL, "driver_override could not be read: %s",
				 strerror(-code));
	/* The kernel adds exactly one newline, and prints an empty one as printf("%s", NULL) does. */
	if (len && s[len - 1] == '\n')
		s[len - 1] = 0;
	*ret = strcmp(s, "(null)") ? s : "";
	return 0;
}

struct write_call {
	int fd;
	const char *text;
	size_t len;
};

static int write_in_child(void *arg)
{
	const struct write_call *w = arg;
	ssize_t n = write(w->fd, w->text, w->len);

	return n < 0 ? -errno : 0;
}

/* Is a write for this device still under way, left at its deadline? */
static bool is_stuck(struct actor *actor, const char *device)
{
	if (!actor->stuck || strcmp(actor->stuck_on, device) != 0)
		return false;
	if (!waitpid(actor->stuck, NULL, WNOHANG))
		return true;
	actor->stuck = 0;
	return false;
}

static int say_stuck(struct actor *actor, const char *device, const char *path, struct error *err)
{
	error_set(
		err, -ETIMEDOUT, device, NULL,
		"the kernel has not returned from the write to /%s after %u s: a driver waits for "
		"its users there, and process %d can't be killed until it lets go",
		path, actor->write_deadline_ms / 1000, (int)actor->stuck);
	error_remedy(
		err,
		"let go of what uses the device; the write then ends by itself, and ferry recover "
		"puts the rest back (ferry stays locked until process %d has ended; only a reboot "
		"ends it by force)",
		(int)actor->stuck);
	return -ETIMEDOUT;
}

int sysfs_write(struct actor *actor, const char *device, const char *path, const char *text,
		struct error *err)
{
	struct write_call call = {.text = text, .len = strlen(text)};
	pid_t pid = 0;
	int code;

	if (is_stuck(actor, device))
		return say_stuck(actor, device, path, err);
	call.fd = root_open_file(actor->root, path, O_WRONLY);
	if (call.fd < 0)
		return error_set(err, call.fd, device, NULL, "/%s could not be opened: %s", path,
				 strerror(-call.fd));
	code = child_call(write_in_child, &call, actor->write_deadline_ms, &pid);
	close(call.fd);
	if (code == -ETIMEDOUT) {
		actor->stuck = pid;
		actor->stuck_on = arena_strdup(actor->arena, device);
		return say_stuck(actor, device, path, err);
	}
	if (code == -ECHILD)
		return error_set(err, code, device, NULL,
				 "the process that wrote to /%s was killed in it", path);
	if (code)
		return error_set(err, code, device, NULL, "the kernel refused the write to /%s: %s",
				 path, strerror(-code));
	return 0;
}

int sysfs_set_override(struct actor *actor, const char *device, const char *value,
		       struct error *err)
{
	const char *path = device_path(actor, device, "driver_override");
	const char *now;
	int code = sysfs_override(actor, device, &now, err);

	if (code || !strcmp(now, value))
		return code;
	code = sysfs_write(actor, device, path, *value ? value : "\n", err);
	if (code && code != -ECHILD)
		return code;
	if (sysfs_override(actor, device, &now, code ? NULL : err))
		return code ? code : -EIO;
	if (!strcmp(now, value))
		return 0;
	if (code)
		return code;
	return error_set(err, -EIO, device, NULL,
			 "\"%s\" was written to driver_override, but it holds \"%s\"", value, now);
}
