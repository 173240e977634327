// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * File systems of several disks that are open though nothing of them is mounted where this process looks:
 * a ZFS pool that is imported, a btrfs that another name space has mounted. Their disks are in use all
 * the same.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/storage_read.h"

/* systemd keeps it in run/udev/data, one "E:KEY=value" a line. */
bool pool_has_property(struct host_reader *r, const struct block_device *b, const char *property)
{
	const char *found;
	char *text;

	if (root_read(r->root, r->scratch,
		      arena_printf(r->scratch, "run/udev/data/b%u:%u", b->major, b->minor), &text,
		      NULL))
		return false;
	found = strstr(text, property);
	while (found && ((found != text && found[-1] != '\n') ||
			 (found[strlen(property)] && found[strlen(property)] != '\n')))
		found = strstr(found + 1, property);
	return found;
}

static bool is_mounted(const struct host *host, size_t block, const char *type)
{
	size_t i;

	for (i = 0; i < host->n_mounts; i++) {
		if (host->mounts[i].block == (int)block && text_equal(host->mounts[i].type, type))
			return true;
	}
	return false;
}

static void add_pool(struct host_reader *r, const char *type, const char *name, size_t block)
{
	struct host_mount *m;

	if (is_mounted(r->host, block, type))
		return;
	m = arena_append(r->arena, r->host->mounts, r->host->n_mounts);
	*m = (struct host_mount){
		.source = arena_strdup(r->arena, name),
		.type = type,
		.block = (int)block,
		.is_pool = true,
	};
}

/* The module has a folder for each pool that is imported. */
static void read_zfs(struct host_reader *r)
{
	char **names;
	size_t n, i, k;

	if (root_list(r->root, r->scratch, "proc/spl/kstat/zfs", &names, &n))
		return;
	for (i = 0; i < n; i++) {
		const char *label = arena_printf(r->scratch, "E:ID_FS_LABEL=%s", names[i]);

		for (k = 0; k < r->host->n_blocks; k++) {
			const struct block_device *b = &r->host->blocks[k];

			if (pool_has_property(r, b, label) &&
			    pool_has_property(r, b, "E:ID_FS_TYPE=zfs_member"))
				add_pool(r, "zfs", names[i], k);
		}
	}
}

/* sys/fs/btrfs has a folder for each that is mounted anywhere. */
static void read_btrfs(struct host_reader *r)
{
	char **uuids, **names;
	size_t n, n_names, i, k;

	if (root_list(&r->sys, r->scratch, "fs/btrfs", &uuids, &n))
		return;
	for (i = 0; i < n; i++) {
		if (root_list(&r->sys, r->scratch,
			      arena_printf(r->scratch, "fs/btrfs/%s/devices", uuids[i]), &names,
			      &n_names))
			continue;
		for (k = 0; k < n_names; k++) {
			int block = storage_find(r->host, names[k]);

			if (block >= 0)
				add_pool(r, "btrfs", uuids[i], (size_t)block);
		}
	}
}

void pool_read(struct host_reader *r)
{
	read_zfs(r);
	read_btrfs(r);
}
