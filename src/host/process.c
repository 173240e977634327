// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who has a VFIO group or device open: libvirt's QEMU, one started by hand, DPDK, SPDK. As long as
 * anybody has, no driver in that group may change. A process that could not be looked at is counted:
 * it may be the one.
 */
#include "host/parts.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"

/* "/dev/vfio/13" is group 13's; a cdev or the container's file does not name its group. */
static int group_of_path(const struct host *host, const char *path)
{
	uint64_t id;
	size_t i;

	if (text_parse_u64(path + strlen("/dev/vfio/"), 10, UINT32_MAX, &id))
		return -1;
	for (i = 0; i < host->n_groups; i++) {
		if (host->groups[i].id == id)
			return (int)i;
	}
	return -1;
}

static bool is_vfio_file(const char *path)
{
	/* /dev/vfio/vfio is the container: it holds nothing by itself. */
	return (text_has_prefix(path, "/dev/vfio/") && strcmp(path, "/dev/vfio/vfio") != 0);
}

static void look_at(const struct root *fds, struct host *host, const struct root *root,
		    struct arena *scratch, const char *pid, const char *fd)
{
	struct host_holder *h;
	char *path, *comm;
	uint64_t number;

	if (root_readlink(fds, scratch, fd, &path) || !is_vfio_file(path))
		return;
	h = arena_append(host->arena, host->holders, host->n_holders);
	text_parse_u64(pid, 10, UINT32_MAX, &number);
	h->pid = (unsigned int)number;
	h->path = arena_strdup(host->arena, path);
	h->group = group_of_path(host, path);
	h->command = root_read_line(root, host->arena,
				    arena_printf(host->arena, "proc/%s/comm", pid), &comm)
			     ? "?"
			     : comm;
}

static void look_at_process(const struct root *root, struct host *host, const char *pid)
{
	ARENA_AUTO struct arena *scratch = arena_new();
	const char *folder = arena_printf(scratch, "proc/%s/fd", pid);
	struct root fds;
	char **names;
	size_t n, i;
	int code = root_list(root, scratch, folder, &names, &n);

	if (!code)
		code = root_sub(root, folder, &fds);
	if (code) {
		/* ENOENT, ESRCH: it has ended, and holds nothing any more. */
		if (code != -ENOENT && code != -ESRCH)
			host->n_unread_processes++;
		return;
	}
	for (i = 0; i < n; i++)
		look_at(&fds, host, root, scratch, pid, names[i]);
	root_close(&fds);
}

int host_read_holders(const struct root *root, struct host *host)
{
	ARENA_AUTO struct arena *scratch = arena_new();
	char **names;
	uint64_t pid;
	size_t n, i;
	int code;

	if (!root->live)
		return -ENOENT;
	code = root_list(root, scratch, "proc", &names, &n);
	if (code)
		return code;
	for (i = 0; i < n; i++) {
		if (isdigit((unsigned char)*names[i]) &&
		    !text_parse_u64(names[i], 10, UINT32_MAX, &pid) && (pid_t)pid != getpid())
			look_at_process(root, host, names[i]);
	}
	return 0;
}
