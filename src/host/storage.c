// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Block devices and what is built on them, from class/block and its `slaves` links, up to mounts and
 * swap. The namespace of an NVMe disk with several paths lies under devices/virtual: it hangs on every
 * controller of its subsystem.
 */
#include "host/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <libmount.h>
#include <sys/sysmacros.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "host/read.h"

#define BLOCK "sys/class/block"

static int find_block(const struct host *host, const char *name)
{
	size_t i;

	for (i = 0; i < host->n_blocks; i++) {
		if (!strcmp(host->blocks[i].name, name))
			return (int)i;
	}
	return -1;
}

static void add_upper(struct host *host, int lower, size_t upper)
{
	struct block_device *b;

	if (lower < 0 || (size_t)lower == upper)
		return;
	b = &host->blocks[lower];
	*arena_append(host->arena, b->uppers, b->n_uppers) = upper;
}

static void add_pci(struct host *host, struct block_device *b, int device)
{
	size_t i;

	if (device < 0)
		return;
	for (i = 0; i < b->n_devices; i++) {
		if (b->devices[i] == (size_t)device)
			return;
	}
	*arena_append(host->arena, b->devices, b->n_devices) = (size_t)device;
}

/* ".../virtual/nvme-subsystem/nvme-subsys0/nvme0n1": the links beside it lead to the controllers. */
static void add_multipath(const struct root *root, struct host *host, struct block_device *b,
			  const char *path)
{
	const char *at = strstr(path, "/nvme-subsys");
	char **names, *link;
	const char *subsystem;
	size_t n, i;

	if (!at)
		return;
	at++;
	/* The component after "nvme-subsystem/" names the subsystem. */
	if (text_has_prefix(at, "nvme-subsystem/"))
		at += strlen("nvme-subsystem/");
	subsystem = arena_printf(host->arena, "sys/class/nvme-subsystem/%.*s",
				 (int)strcspn(at, "/"), at);
	if (root_list(root, host->arena, subsystem, &names, &n))
		return;
	for (i = 0; i < n; i++) {
		if (text_has_prefix(names[i], "nvme") &&
		    !root_readlink(root, host->arena,
				   arena_printf(host->arena, "%s/%s", subsystem, names[i]), &link))
			add_pci(host, b, host_device_of_path(host, link, NULL));
	}
}

static void read_block(const struct root *root, struct host *host, const char *name)
{
	struct block_device *b = arena_append(host->arena, host->blocks, host->n_blocks);
	char *text;

	b->name = name;
	if (!root_read_line(root, host->arena, arena_printf(host->arena, BLOCK "/%s/dev", name),
			    &text))
		sscanf(text, "%u:%u", &b->major, &b->minor);
	if (!root_read_line(root, host->arena, arena_printf(host->arena, BLOCK "/%s/dm/name", name),
			    &text))
		b->dm_name = text;
}

/* A partition lies in its disk's folder; what is built on others names them in `slaves`. */
static void link_block(const struct root *root, struct host *host, size_t index)
{
	struct block_device *b = &host->blocks[index];
	const char *path = arena_printf(host->arena, BLOCK "/%s", b->name);
	char *link, *slash, *disk, **slaves;
	size_t n, i;

	if (!root_list(root, host->arena, arena_printf(host->arena, "%s/slaves", path), &slaves,
		       &n)) {
		for (i = 0; i < n; i++)
			add_upper(host, find_block(host, slaves[i]), index);
	}
	if (root_readlink(root, host->arena, path, &link))
		return;
	slash = strrchr(link, '/');
	if (!slash)
		return;
	*slash = 0;
	disk = strrchr(link, '/');
	if (disk && find_block(host, disk + 1) >= 0) {
		add_upper(host, find_block(host, disk + 1), index);
		return;
	}
	add_pci(host, b, host_device_of_path(host, link, NULL));
	if (!b->n_devices)
		add_multipath(root, host, b, arena_printf(host->arena, "%s/", link));
}

/* By number, else by the name that it was mounted by: btrfs and others have numbers of their own. */
static int block_of_source(const struct host *host, const char *source, unsigned int major,
			   unsigned int minor)
{
	const char *name = source ? strrchr(source, '/') : NULL;
	size_t i;

	for (i = 0; i < host->n_blocks; i++) {
		const struct block_device *b = &host->blocks[i];

		if (major && b->major == major && b->minor == minor)
			return (int)i;
	}
	if (!name || !text_has_prefix(source, "/dev/"))
		return -1;
	for (i = 0; i < host->n_blocks; i++) {
		const struct block_device *b = &host->blocks[i];

		if (!strcmp(b->name, name + 1) || text_equal(b->dm_name, name + 1))
			return (int)i;
	}
	return -1;
}

static void add_mount(struct host *host, struct libmnt_fs *fs)
{
	struct host_mount *m;
	dev_t number = mnt_fs_get_devno(fs);
	const char *options = mnt_fs_get_vfs_options(fs), *source = mnt_fs_get_source(fs);
	const char *fs_options = mnt_fs_get_fs_options(fs);
	const char *type = mnt_fs_get_fstype(fs), *target = mnt_fs_get_target(fs);
	char *value;
	size_t len;

	if (!target)
		return;
	m = arena_append(host->arena, host->mounts, host->n_mounts);
	m->source = arena_strdup(host->arena, source ? source : "");
	m->target = arena_strdup(host->arena, target);
	m->type = arena_strdup(host->arena, type ? type : "");
	/* Read-only only where the file system is: a read-only bind mount of it protects nothing. */
	if (!fs_options)
		fs_options = options;
	m->read_only = fs_options && !mnt_optstr_get_option(fs_options, "ro", &value, &len);
	m->block = block_of_source(host, source, major(number), minor(number));
}

static int read_mounts(const struct root *root, struct host *host)
{
	static const char *const files[] = {"proc/1/mountinfo", "proc/self/mountinfo",
					    "proc/mounts"};
	struct libmnt_table *table;
	struct libmnt_iter *iter;
	struct libmnt_fs *fs;
	FILE *f = NULL;
	size_t i;
	int fd = -ENOENT;

	/* The first process sees what the host has; this one may sit in a name space of its own. */
	for (i = 0; i < sizeof(files) / sizeof(*files) && fd < 0; i++)
		fd = root_open_file(root, files[i], O_RDONLY);
	if (fd < 0)
		return fd;
	f = fdopen(fd, "r");
	table = mnt_new_table();
	iter = mnt_new_iter(MNT_ITER_FORWARD);
	if (!f || !table || !iter || mnt_table_parse_stream(table, f, files[i - 1])) {
		if (f)
			fclose(f);
		mnt_unref_table(table);
		mnt_free_iter(iter);
		return -EIO;
	}
	while (!mnt_table_next_fs(table, iter, &fs))
		add_mount(host, fs);
	mnt_free_iter(iter);
	mnt_unref_table(table);
	fclose(f);
	return 0;
}

static int read_swap(const struct root *root, struct host *host)
{
	char *text, *line, *save;
	int code = root_read(root, host->arena, "proc/swaps", &text, NULL);

	if (code)
		return code == -ENOENT ? 0 : code; /* a kernel without swap has no such file */
	line = strtok_r(text, "\n", &save);
	while ((line = strtok_r(NULL, "\n", &save))) {
		struct host_mount *m = arena_append(host->arena, host->mounts, host->n_mounts);

		line[strcspn(line, " \t")] = 0;
		m->source = line;
		m->type = "swap";
		m->is_swap = true;
		m->block = block_of_source(host, line, 0, 0);
	}
	return 0;
}

int host_read_storage(const struct root *root, struct host *host)
{
	char **names;
	size_t n, i;
	int code = root_list(root, host->arena, BLOCK, &names, &n);

	if (code && fact_from_code(code) != FACT_ABSENT)
		return code;
	for (i = 0; !code && i < n; i++)
		read_block(root, host, names[i]);
	for (i = 0; i < host->n_blocks; i++)
		link_block(root, host, i);
	code = read_mounts(root, host);
	return code ? code : read_swap(root, host);
}
