// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Mounts and active swap of the machine that is read, through libmount, each matched to the block
 * devices that it lies on. The number that the kernel gives a mount is the surest, but btrfs, ZFS and
 * others have numbers of their own; there the source's name decides, and what the kernel and udev know
 * of the other disks of the same file system.
 */
#include <errno.h>
#include <fcntl.h>
#include <libmount.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/storage_read.h"

/* How often a link in /dev is followed by another. */
#define LINKS 8

static int block_of_number(const struct host *host, dev_t number)
{
	size_t i;

	if (!major(number))
		return -1;
	for (i = 0; i < host->n_blocks; i++) {
		if (host->blocks[i].major == major(number) &&
		    host->blocks[i].minor == minor(number))
			return (int)i;
	}
	return -1;
}

static int block_of_dm_name(const struct host *host, const char *name)
{
	size_t i;

	for (i = 0; i < host->n_blocks; i++) {
		if (text_equal(host->blocks[i].dm_name, name))
			return (int)i;
	}
	return -1;
}

/* "vg/lv" as LVM names its mapping: each hyphen doubled, one between the two. */
static int block_of_volume(struct host_reader *r, const char *name)
{
	const char *slash = strchr(name, '/'), *p;
	struct text t = {0};
	int block;

	if (!slash || strchr(slash + 1, '/'))
		return -1;
	for (p = name; *p; p++) {
		if (*p == '-')
			text_add(&t, "-");
		text_add_bytes(&t, *p == '/' ? "-" : p, 1);
	}
	block = block_of_dm_name(r->host, text_str(&t));
	text_clear(&t);
	return block;
}

static int block_of_source(struct host_reader *r, const char *source)
{
	int block = -1, links;
	char *link, *slash;

	for (links = 0; links < LINKS && source && text_has_prefix(source, "/dev/"); links++) {
		const char *name = source + 5;

		block = text_has_prefix(name, "mapper/") ? block_of_dm_name(r->host, name + 7)
							 : storage_find(r->host, name);
		if (block < 0)
			block = block_of_volume(r, name);
		if (block >= 0)
			return block;
		/* by-uuid and the like: what udev made of it, where the tree has it. */
		if (root_readlink(r->root, r->scratch, source + 1, &link))
			return -1;
		slash = strrchr(link, '/');
		source = arena_printf(r->scratch, "/dev/%s%s",
				      strstr(link, "mapper/") ? "mapper/" : "",
				      slash ? slash + 1 : link);
	}
	return -1;
}

/* "root=/dev/sda1" of the command line: what the kernel itself mounted it shows as "/dev/root". */
static int block_of_command_line(struct host_reader *r)
{
	char *line, *word, *save = NULL;
	int block = -1;

	if (root_read_line(r->root, r->scratch, "proc/cmdline", &line))
		return -1;
	for (word = strtok_r(line, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		if (text_has_prefix(word, "root="))
			block = block_of_source(r, word + 5);
	}
	return block;
}

static struct host_mount *add_mount(struct host_reader *r, const struct host_mount *m, int block)
{
	struct host_mount *copy = arena_append(r->arena, r->host->mounts, r->host->n_mounts);

	*copy = *m;
	copy->block = block;
	return copy;
}

/* The members of a btrfs from sys/fs/btrfs/UUID/devices; true: block is one of them. */
static bool list_btrfs(struct host_reader *r, const char *uuid, int block, int **ret, size_t *ret_n)
{
	char **names;
	bool is_member = false;
	size_t n, i;
	int member;

	*ret = NULL;
	*ret_n = 0;
	if (root_names(&r->sys, r->scratch, arena_printf(r->scratch, "fs/btrfs/%s/devices", uuid),
		       &names, &n))
		return false;
	for (i = 0; i < n; i++) {
		member = storage_find(r->host, names[i]);
		*arena_append(r->scratch, *ret, *ret_n) = member;
		is_member = is_member || member == block;
	}
	return is_member;
}

/* A btrfs of several disks stands once for each; the mount names one. */
static void add_btrfs(struct host_reader *r, const struct host_mount *m)
{
	char **uuids;
	size_t n, i, k, n_members;
	int *members, block = m->block;

	if (root_names(&r->sys, r->scratch, "fs/btrfs", &uuids, &n))
		return;
	for (i = 0; i < n; i++) {
		if (!list_btrfs(r, uuids[i], block, &members, &n_members))
			continue;
		for (k = 0; k < n_members; k++) {
			if (members[k] >= 0 && members[k] != block)
				add_mount(r, m, members[k]);
		}
	}
}

/* A ZFS mount names a pool; the kernel tells nobody on which disks it lies, udev does. */
static bool add_zfs(struct host_reader *r, const struct host_mount *m)
{
	const char *label = arena_printf(r->scratch, "E:ID_FS_LABEL=%.*s",
					 (int)strcspn(m->source, "/"), m->source);
	bool is_found = false;
	size_t i;

	for (i = 0; i < r->host->n_blocks; i++) {
		const struct block_device *b = &r->host->blocks[i];

		if (!pool_has_property(r, b, "E:ID_FS_TYPE=zfs_member") ||
		    !pool_has_property(r, b, label))
			continue;
		add_mount(r, m, (int)i);
		is_found = true;
	}
	return is_found;
}

/* bcachefs names all its disks: "/dev/sda:/dev/sdb". */
static void add_listed(struct host_reader *r, const struct host_mount *m)
{
	char *word, *save = NULL, *list = arena_strdup(r->scratch, m->source);

	for (word = strtok_r(list, ":", &save); word; word = strtok_r(NULL, ":", &save))
		add_mount(r, m, block_of_source(r, word));
}

/* false: it lies on disks, and on which can't be told. */
static bool place_mount(struct host_reader *r, struct host_mount *m, dev_t number)
{
	m->block = block_of_number(r->host, number);
	if (m->block < 0 && strstr(m->source, ":/dev/")) {
		add_listed(r, m);
		return true;
	}
	if (m->block < 0)
		m->block = block_of_source(r, m->source);
	if (m->block < 0 && !strcmp(m->source, "/dev/root"))
		m->block = block_of_command_line(r);
	if (!strcmp(m->type, "zfs"))
		return add_zfs(r, m);
	add_mount(r, m, m->block);
	if (!strcmp(m->type, "btrfs"))
		add_btrfs(r, m);
	return true;
}

static const char *keep(struct host_reader *r, const char *s)
{
	return arena_strdup(r->arena, s ? s : "");
}

/* Read-only is the file system: a read-only bind mount of it protects nothing. */
static bool is_read_only(struct libmnt_fs *fs)
{
	const char *options =
		mnt_fs_get_root(fs) ? mnt_fs_get_fs_options(fs) : mnt_fs_get_options(fs);
	char *value;
	size_t len;

	return options && !mnt_optstr_get_option(options, "ro", &value, &len);
}

/* "addr=192.0.2.9" of NFS and CIFS; else what stands before the colon, or between the first slashes. */
static const char *server_of(struct host_reader *r, struct libmnt_fs *fs)
{
	const char *type = mnt_fs_get_fstype(fs), *source = mnt_fs_get_source(fs);
	char *value;
	size_t len;

	if (!type || !source || !mnt_fs_is_netfs(fs))
		return NULL;
	if (mnt_fs_get_options(fs) &&
	    !mnt_optstr_get_option(mnt_fs_get_options(fs), "addr", &value, &len) && len)
		return arena_memdup(r->arena, value, len);
	source += strspn(source, "/");
	return arena_memdup(r->arena, source, strcspn(source, ":/"));
}

static bool take_mount(struct host_reader *r, struct libmnt_fs *fs)
{
	struct host_mount m = {
		.source = keep(r, mnt_fs_get_source(fs)),
		.target = keep(r, mnt_fs_get_target(fs)),
		.type = keep(r, mnt_fs_get_fstype(fs)),
		.read_only = is_read_only(fs),
		.server = server_of(r, fs),
	};

	return place_mount(r, &m, mnt_fs_get_devno(fs));
}

static bool take_swap(struct host_reader *r, struct libmnt_fs *fs)
{
	struct host_mount m = {
		.source = keep(r, mnt_fs_get_source(fs)),
		.type = "swap",
		.is_swap = true,
		.block = block_of_source(r, mnt_fs_get_source(fs)),
	};

	if (m.block < 0 && !text_has_prefix(m.source, "/dev/"))
		m.block = mount_block_of_file(r->host, m.source);
	add_mount(r, &m, m.block);
	return m.block >= 0;
}

/* A line that makes no sense may be the one that matters. */
static int count_bad_line(struct libmnt_table *table, const char *file, int line)
{
	int *n_bad = mnt_table_get_userdata(table);

	(*n_bad)++;
	return 1; /* go on */
}

static int read_table(struct host_reader *r, int fd, const char *name,
		      bool (*take)(struct host_reader *r, struct libmnt_fs *fs))
{
	struct libmnt_table *table = mnt_new_table();
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	FILE *f = fdopen(fd, "r");
	struct libmnt_fs *fs;
	int n_bad = 0;
	int err = table && iter && f ? 0 : -ENOMEM;

	if (!err)
		err = mnt_table_set_userdata(table, &n_bad);
	if (!err)
		err = mnt_table_set_parser_errcb(table, count_bad_line);
	if (!err)
		err = mnt_table_parse_stream(table, f, name);
	while (!err && !mnt_table_next_fs(table, iter, &fs))
		n_bad += !take(r, fs);
	mnt_free_iter(iter);
	mnt_unref_table(table);
	if (f)
		fclose(f);
	else
		close(fd);
	return err ? err : n_bad ? -EBADMSG : 0;
}

/* The first process sees what the host has; this one may sit in a name space of its own. */
static int read_mounts(struct host_reader *r)
{
	static const char *const files[] = {"proc/1/mountinfo", "proc/self/mountinfo",
					    "proc/mounts"};
	int fd = -ENOENT;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		fd = root_open_file(r->root, files[i], O_RDONLY | O_NONBLOCK);
		if (fd >= 0)
			return read_table(r, fd, files[i], take_mount);
	}
	return fd;
}

enum fact mount_read(struct host_reader *r)
{
	int fd, err = read_mounts(r), swap_err;

	fd = root_open_file(r->root, "proc/swaps", O_RDONLY | O_NONBLOCK);
	/* A kernel without swap has no such file. */
	swap_err = fd == -ENOENT ? 0 : fd < 0 ? fd : read_table(r, fd, "proc/swaps", take_swap);
	return fact_from_code(err ? err : swap_err);
}

int mount_block_of_file(const struct host *host, const char *path)
{
	size_t i, len, best = 0;
	int block = -1;

	for (i = 0; i < host->n_mounts; i++) {
		const struct host_mount *m = &host->mounts[i];

		len = m->target ? strlen(m->target) : 0;
		if (!len || strncmp(path, m->target, len) ||
		    (len > 1 && path[len] && path[len] != '/'))
			continue;
		/* Of two at one place the later one lies on top. */
		if (len >= best) {
			best = len;
			block = m->block;
		}
	}
	return block;
}
