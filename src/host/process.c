// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who has a VFIO group or device open: libvirt's QEMU, one started by hand, DPDK, SPDK. As long as
 * anybody has, no driver in that group may change. A process that could not be looked at is counted:
 * it may be the one.
 */
#include <errno.h>
#include <limits.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/use_read.h"

/* The first PID name space has this number (PROC_PID_INIT_INO, include/linux/proc_ns.h). */
#define FIRST_PID_SPACE "pid:[4026531836]"

#define DEVICE_FILE     "anon_inode:[vfio-device]"

struct look {
	struct host_reader *reader;
	struct arena *arena; /* of one process */
	unsigned int pid;
	const char *name; /* of its folder in proc */
	const char *command;
	bool has_device_file; /* a device, of a group that it may have open no longer */
	size_t n_before;
};

static int group_of_number(const struct host *host, const char *number)
{
	uint64_t id;
	size_t i;

	if (text_parse_u64(number, 10, UINT32_MAX, &id))
		return -1;
	for (i = 0; i < host->n_groups; i++) {
		if (host->groups[i].id == id)
			return (int)i;
	}
	return -1;
}

/* "vfio0" of /dev/vfio/devices: its link in class/vfio-dev leads through the device. */
static int group_of_cdev(struct host_reader *r, const char *name)
{
	const char *rest;
	size_t device;
	char *link;

	if (root_readlink(&r->sys, r->scratch, arena_printf(r->scratch, "class/vfio-dev/%s", name),
			  &link) ||
	    !pci_path_device(r->host, link, &device, &rest))
		return -1;
	return r->host->devices[device].group;
}

/* false: it is no file that holds a group. The container, /dev/vfio/vfio, holds none by itself. */
static bool group_of_file(struct host_reader *r, const char *path, int *ret)
{
	const char *name = text_has_prefix(path, "/dev/vfio/") ? path + 10 : NULL;

	if (!name || !strcmp(name, "vfio"))
		return false;
	if (text_has_prefix(name, "devices/"))
		*ret = group_of_cdev(r, name + 8);
	else
		*ret = group_of_number(r->host,
				       text_has_prefix(name, "noiommu-") ? name + 8 : name);
	return true;
}

static void add_holder(struct look *l, const char *path, int group)
{
	struct host_reader *r = l->reader;
	struct host_holder *h = arena_append(r->arena, r->host->holders, r->host->n_holders);

	h->pid = l->pid;
	h->command = l->command;
	h->path = arena_strdup(r->arena, path);
	h->group = group;
}

static const char *command_of(struct host_reader *r, const char *pid)
{
	char *text;

	return root_read_line(r->root, r->arena, arena_printf(r->scratch, "proc/%s/comm", pid),
			      &text)
		       ? "?"
		       : text;
}

/* A device's file: by its number where the machine runs, else by its name. */
static void look_at_node(struct look *l, const struct root *fds, const char *fd, const char *path)
{
	struct host_reader *r = l->reader;
	struct stat st = {0};

	/* Most files are none, and a look at one on a server that is away would take for ever. */
	if (!text_has_prefix(path, "/dev/") || text_has_prefix(path, "/dev/vfio/") ||
	    text_has_prefix(path, "/dev/pts/") || !strcmp(path, "/dev/null"))
		return;
	if (r->root->live && (fstatat(fds->fd, fd, &st, AT_NO_AUTOMOUNT) ||
			      (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))))
		return;
	if (!l->command)
		l->command = command_of(r, l->name);
	opened_add(r, l->pid, l->command, path, major(st.st_rdev), minor(st.st_rdev),
		   S_ISBLK(st.st_mode));
}

static void look_at_file(struct look *l, const char *path)
{
	int group;

	if (!strcmp(path, DEVICE_FILE))
		l->has_device_file = true;
	else if (group_of_file(l->reader, path, &group))
		add_holder(l, path, group);
}

static int look_at_files(struct look *l, const char *pid)
{
	char link[PATH_MAX], **names;
	struct root fds;
	size_t n, i;
	int err = root_sub(l->reader->root, arena_printf(l->arena, "proc/%s/fd", pid), &fds);

	if (err)
		return err;
	err = root_names(&fds, l->arena, ".", &names, &n);
	for (i = 0; !err && i < n; i++) {
		if (root_link(&fds, names[i], link, sizeof(link)))
			continue; /* closed meanwhile */
		/* The path is the process's own; a node that was removed is still held. */
		if (text_has_suffix(link, " (deleted)"))
			link[strlen(link) - 10] = 0;
		if (!l->command && strstr(link, "vfio"))
			l->command = command_of(l->reader, pid);
		look_at_file(l, link);
		if (reader_wants(l->reader, HOST_OPENED))
			look_at_node(l, &fds, names[i], link);
	}
	root_close(&fds);
	return err;
}

static void look_at_process(struct host_reader *r, const char *name, unsigned int pid)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct look l = {.reader = r,
			 .arena = arena,
			 .pid = pid,
			 .name = name,
			 .n_before = r->host->n_holders};
	int err = look_at_files(&l, name);

	/* It has ended, and holds nothing any more; a capture may lack the folder. */
	if (err == -ENOENT || err == -ESRCH)
		return;
	if (err)
		r->host->n_unread_processes++;
	/* A device whose group was closed, or came from elsewhere: which one can't be told. */
	if (l.has_device_file && r->host->n_holders == l.n_before)
		add_holder(&l, DEVICE_FILE, -1);
}

/* Processes outside of this name space, or hidden from this user (proc's hidepid), are not listed. */
static bool sees_all(struct host_reader *r)
{
	char *space;

	return !root_exists(r->root, "proc/1") &&
	       !root_readlink(r->root, r->scratch, "proc/self/ns/pid", &space) &&
	       !strcmp(space, FIRST_PID_SPACE);
}

enum fact process_read(struct host_reader *r)
{
	char **names;
	bool has_any = false;
	uint64_t pid;
	size_t n, i;
	int err;

	err = root_names(r->root, r->scratch, "proc", &names, &n);
	if (err)
		return fact_from_code(err);
	for (i = 0; i < n; i++) {
		if (text_parse_u64(names[i], 10, INT_MAX, &pid) ||
		    (r->root->live && (pid_t)pid == getpid()))
			continue;
		look_at_process(r, names[i], (unsigned int)pid);
		has_any = true;
	}
	/* A captured machine may well hold no process at all. */
	if (!r->root->live && !has_any)
		return FACT_ABSENT;
	if (r->root->live && !sees_all(r))
		r->host->n_unread_processes++;
	return FACT_READ;
}
