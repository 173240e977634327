// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Block devices and what is built on them: partitions by their place in the tree, device-mapper and md
 * by the links in slaves and holders, loop devices by the file behind them. What can't be followed makes
 * the whole part unreadable: a disk must never look free because a link was missing.
 */
#include "host/storage_read.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/nvme.h"
#include "host/way.h"

#define BLOCK "class/block"

static int compare_blocks(const void *a, const void *b)
{
	const struct block_device *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int storage_find(const struct host *host, const char *name)
{
	const struct block_device key = {.name = name}, *found;

	if (!host->n_blocks)
		return -1;
	found = bsearch(&key, host->blocks, host->n_blocks, sizeof(key), compare_blocks);
	return found ? (int)(found - host->blocks) : -1;
}

void storage_add_upper(struct host_reader *r, int lower, size_t upper)
{
	struct block_device *b;
	size_t i;

	if (lower < 0 || (size_t)lower == upper)
		return;
	b = &r->host->blocks[lower];
	for (i = 0; i < b->n_uppers; i++) {
		if (b->uppers[i] == upper)
			return;
	}
	*arena_append(r->arena, b->uppers, b->n_uppers) = upper;
}

static void add_device(struct host_reader *r, struct block_device *b, size_t device,
		       const char *rest, bool is_live)
{
	size_t i, n = b->n_devices;

	for (i = 0; i < n; i++) {
		if (b->devices[i] == device)
			return;
	}
	*arena_append(r->arena, b->devices, b->n_devices) = device;
	arena_append(r->arena, b->ways, n)->is_live = is_live;
	way_names(r->arena, rest, &b->ways[i].names, &b->ways[i].n);
}

static int block_attribute(struct host_reader *r, const char *name, const char *file, char *buffer,
			   size_t size)
{
	int err = root_read_attribute(&r->sys, arena_printf(r->scratch, BLOCK "/%s/%s", name, file),
				      buffer, size, NULL);

	if (!err)
		text_trim_end(buffer);
	return err;
}

static int list_blocks(struct host_reader *r)
{
	struct host *host = r->host;
	char **names, buffer[256];
	size_t n, i;
	int err = root_names(&r->sys, r->scratch, BLOCK, &names, &n);

	if (err)
		return err;
	host->blocks = arena_calloc(r->arena, n, sizeof(*host->blocks));
	for (i = 0; i < n; i++) {
		struct block_device *b;

		if (nvme_is_hidden(names[i]))
			continue; /* one way to a namespace, which stands beside it */
		b = &host->blocks[host->n_blocks++];
		b->name = arena_strdup(r->arena, names[i]);
		if (!block_attribute(r, b->name, "dev", buffer, sizeof(buffer)))
			sscanf(buffer, "%u:%u", &b->major, &b->minor);
		if (!text_has_prefix(b->name, "dm-"))
			continue;
		if (!block_attribute(r, b->name, "dm/name", buffer, sizeof(buffer)))
			b->dm_name = arena_strdup(r->arena, buffer);
		if (!block_attribute(r, b->name, "dm/uuid", buffer, sizeof(buffer)))
			b->dm_uuid = arena_strdup(r->arena, buffer);
	}
	if (host->n_blocks)
		qsort(host->blocks, host->n_blocks, sizeof(*host->blocks), compare_blocks);
	return 0;
}

/* The names in slaves, or in holders, are lower, or upper, than the block itself. */
static int link_relatives(struct host_reader *r, size_t index, const char *folder, bool are_lower)
{
	const struct host *host = r->host;
	char **names;
	size_t n, i;
	int other;
	int err = root_names(
		&r->sys, r->scratch,
		arena_printf(r->scratch, BLOCK "/%s/%s", host->blocks[index].name, folder), &names,
		&n);

	if (err)
		return fact_from_code(err) == FACT_ABSENT ? 0 : err;
	for (i = 0; i < n; i++) {
		other = storage_find(host, names[i]);
		if (other < 0)
			return -EBADMSG;
		if (are_lower)
			storage_add_upper(r, other, index);
		else
			storage_add_upper(r, (int)index, (size_t)other);
	}
	return 0;
}

static int link_namespace(struct host_reader *r, struct block_device *b, const char *subsystem)
{
	struct nvme_path *paths;
	size_t n, i;
	int err = nvme_subsystem_paths(r, subsystem, &paths, &n);

	for (i = 0; !err && i < n; i++)
		add_device(r, b, paths[i].device,
			   arena_printf(r->scratch, "%s/%s", paths[i].rest, b->name),
			   nvme_path_is_live(r, &paths[i]));
	return err;
}

/* A disk that comes over the network has no PCI device on its way; the session's connection has one. */
static void link_session(struct host_reader *r, struct block_device *b, const char *path)
{
	static const char *const files[] = {"persistent_address", "address"};
	const char *session = strstr(path, "/session");
	char buffer[256];
	size_t len, i;

	if (!session)
		return;
	session++;
	len = strcspn(session, "/");
	b->remote = arena_printf(r->arena, "iSCSI %.*s", (int)len, session);
	for (i = 0; i < 2 && !b->remote_address; i++) {
		const char *connection =
			arena_printf(r->scratch, "class/iscsi_connection/connection%.*s:0/%s",
				     (int)len - 7, session + 7, files[i]);

		if (!root_read_attribute(&r->sys, connection, buffer, sizeof(buffer), NULL))
			b->remote_address = arena_strdup(r->arena, text_trim_end(buffer));
	}
}

/* Its disk, where it is a partition; else the PCI devices on the way to it. */
static int link_below(struct host_reader *r, size_t index)
{
	struct host *host = r->host;
	struct block_device *b = &host->blocks[index];
	const char *rest, *subsystem;
	char *path, *slash, *folder;
	size_t device;
	int disk, err = root_readlink(&r->sys, r->scratch,
				      arena_printf(r->scratch, BLOCK "/%s", b->name), &path);

	if (err)
		return err;
	slash = strrchr(path, '/');
	if (!slash)
		return -EBADMSG;
	*slash = 0;
	folder = strrchr(path, '/');
	disk = folder && text_has_prefix(b->name, folder + 1) ? storage_find(host, folder + 1) : -1;
	*slash = '/';
	if (disk >= 0)
		storage_add_upper(r, disk, index);
	else if (pci_path_device(host, path, &device, &rest))
		add_device(r, b, device, rest, true);
	else if (nvme_path_subsystem(r, path, &subsystem, &rest))
		return link_namespace(r, b, subsystem);
	else
		link_session(r, b, path);
	return 0;
}

/* A loop device is built on the block that its file lies on (drivers/block/loop.c). */
static void link_loop(struct host_reader *r, size_t index)
{
	char buffer[PATH_MAX];
	const char *name = r->host->blocks[index].name;

	if (text_has_prefix(name, "loop") &&
	    !block_attribute(r, name, "loop/backing_file", buffer, sizeof(buffer)))
		storage_add_upper(r, mount_block_of_file(r->host, buffer), index);
}

static int compare_indexes(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The kernel lists relatives in no order of its own; a machine and its capture must answer the same. */
static void sort_uppers(struct host *host)
{
	size_t i;

	for (i = 0; i < host->n_blocks; i++) {
		if (host->blocks[i].n_uppers)
			qsort(host->blocks[i].uppers, host->blocks[i].n_uppers, sizeof(size_t),
			      compare_indexes);
	}
}

enum fact storage_read(struct host_reader *r)
{
	struct host *host = r->host;
	enum fact mounts;
	size_t i;
	int err = list_blocks(r), one;

	if (err && fact_from_code(err) != FACT_ABSENT)
		return fact_from_code(err);
	for (i = 0, err = 0; i < host->n_blocks; i++) {
		one = link_below(r, i);
		one = one ? one : link_relatives(r, i, "slaves", true);
		one = one ? one : link_relatives(r, i, "holders", false);
		err = err ? err : one;
	}
	mounts = mount_read(r);
	for (i = 0; i < host->n_blocks; i++)
		link_loop(r, i);
	pool_read(r);
	sort_uppers(host);
	return err ? FACT_UNREADABLE : mounts;
}
