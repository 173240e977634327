// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a disk to its partitions and what is built on them, from there to mounts and swap. A file system
 * that is mounted read-write, active swap, and whatever has a member open would lose data: fatal, as is
 * what ferry and libvirt themselves need to go on.
 */
#include <string.h>

#include "analysis/loss_walk.h"
#include "base/arena.h"
#include "base/text.h"

/* Without these neither ferry nor libvirt can bring anything back. */
static bool is_needed(const char *target)
{
	static const char *const exact[] = {"/",    "/usr",  "/etc", "/var",   "/var/lib", "/run",
					    "/bin", "/sbin", "/lib", "/lib64", "/nix"};
	static const char *const below[] = {
		"/usr/",          "/etc/",        "/nix/",      "/var/lib/libvirt",
		"/var/lib/ferry", "/run/libvirt", "/run/ferry", "/lib/"};
	size_t i;

	for (i = 0; i < sizeof(exact) / sizeof(*exact); i++) {
		if (!strcmp(target, exact[i]))
			return true;
	}
	for (i = 0; i < sizeof(below) / sizeof(*below); i++) {
		if (text_has_prefix(target, below[i]))
			return true;
	}
	return false;
}

static bool is_lvm(const struct block_device *b)
{
	return b->dm_uuid && text_has_prefix(b->dm_uuid, "LVM-");
}

static bool is_md(const struct block_device *b)
{
	return text_has_prefix(b->name, "md") && b->name[2] >= '0' && b->name[2] <= '9';
}

/* Something that holds the disks below it open by itself. */
static bool is_stacked(const struct block_device *b)
{
	return b->dm_name || is_md(b);
}

static const char *label(struct loss_table *t, const struct block_device *b)
{
	static const struct {
		const char *prefix, *what;
	} kinds[] = {
		{"LVM-", "LVM"},         {"CRYPT-LUKS", "LUKS"}, {"CRYPT-", "crypt"},
		{"mpath-", "multipath"}, {"DMRAID-", "RAID"},
	};
	size_t i;

	for (i = 0; b->dm_name && b->dm_uuid && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (text_has_prefix(b->dm_uuid, kinds[i].prefix))
			return arena_printf(t->arena, "%s %s", kinds[i].what, b->dm_name);
	}
	return b->dm_name ? b->dm_name : b->name;
}

/* "vg--a-root": the group ends at the first single hyphen. */
static const char *volume_group(struct loss_table *t, const char *dm_name)
{
	TEXT_AUTO struct text name = {0};
	const char *s;

	for (s = dm_name; *s; s++) {
		if (*s == '-') {
			if (s[1] != '-')
				break;
			s++;
		}
		text_add_bytes(&name, s, 1);
	}
	return arena_strdup(t->arena, text_str(&name));
}

static const char *remedy_of(struct loss_table *t, const struct block_device *b)
{
	if (is_lvm(b))
		return arena_printf(t->arena, "vgchange -an %s", volume_group(t, b->dm_name));
	if (b->dm_name && b->dm_uuid && text_has_prefix(b->dm_uuid, "CRYPT-"))
		return arena_printf(t->arena, "cryptsetup close %s", b->dm_name);
	if (b->dm_name && b->dm_uuid && text_has_prefix(b->dm_uuid, "mpath-"))
		return arena_printf(t->arena, "multipath -f %s", b->dm_name);
	if (b->dm_name)
		return arena_printf(t->arena, "dmsetup remove %s", b->dm_name);
	if (is_md(b))
		return arena_printf(t->arena, "mdadm --stop /dev/%s", b->name);
	if (text_has_prefix(b->name, "loop"))
		return arena_printf(t->arena, "losetup -d /dev/%s", b->name);
	return NULL;
}

/* A namespace that is reached another way as well goes on: what is on it is not lost. */
static enum loss_severity softened(enum loss_severity severity, bool has_other_way)
{
	return has_other_way && severity == LOSS_FATAL ? LOSS_SERIOUS : severity;
}

static void lose_pool(struct loss_table *t, const struct host_mount *m, bool has_other_way)
{
	bool is_zfs = !strcmp(m->type, "zfs");

	loss_add(t, arena_printf(t->arena, "%s %s", is_zfs ? "ZFS" : "btrfs", m->source),
		 softened(LOSS_FATAL, has_other_way),
		 is_zfs ? arena_printf(t->arena, "zpool export %s", m->source)
			: "umount it where it is mounted");
}

static void lose_mount(struct loss_table *t, const struct host_mount *m, bool has_other_way)
{
	enum loss_severity severity =
		m->read_only && !m->is_swap && m->target && !is_needed(m->target) ? LOSS_SERIOUS
										  : LOSS_FATAL;
	const char *pool, *remedy;

	if (m->is_pool) {
		lose_pool(t, m, has_other_way);
		return;
	}
	severity = softened(severity, has_other_way);
	if (m->is_swap) {
		if (!text_has_prefix(m->source, "/dev/"))
			loss_push(t, m->source, NULL);
		loss_add(t, "swap", severity, arena_printf(t->arena, "swapoff %s", m->source));
		if (!text_has_prefix(m->source, "/dev/"))
			loss_pop(t, 1);
		return;
	}
	/* Nothing frees the root file system of a host that runs. */
	remedy = is_needed(m->target) ? NULL : arena_printf(t->arena, "umount %s", m->target);
	if (strcmp(m->type ? m->type : "", "zfs") != 0) {
		loss_add(t, m->target, severity, remedy);
		return;
	}
	pool = arena_memdup(t->arena, m->source, strcspn(m->source, "/"));
	loss_push(t, arena_printf(t->arena, "ZFS %s", pool),
		  remedy ? arena_printf(t->arena, "zpool export %s", pool) : NULL);
	loss_add(t, m->target, severity, remedy);
	loss_pop(t, 1);
}

/* What lies on it directly. */
static void lose_content(struct loss_table *t, size_t block, bool has_other_way)
{
	size_t i;

	for (i = t->mounts.first[block]; i < t->mounts.first[block + 1]; i++)
		lose_mount(t, &t->host->mounts[t->mounts.items[i]], has_other_way);
	for (i = t->images_on.first[block]; i < t->images_on.first[block + 1]; i++)
		loss_add(t, t->images[t->images_on.items[i]].text,
			 softened(LOSS_FATAL, has_other_way), "shut that guest down");
}

/*
 * Recursion is as deep as the way is long, and a block stands on the way once: holders in a captured
 * tree may form a ring.
 */
void loss_of_block(struct loss_table *t, size_t block, bool has_other_way)
{
	const struct block_device *b = &t->host->blocks[block];
	size_t i, n = t->n_found;

	if (t->block_is_on_way[block])
		return;
	t->block_is_on_way[block] = true;
	loss_push(t, label(t, b), remedy_of(t, b));
	lose_content(t, block, has_other_way);
	for (i = 0; i < b->n_uppers; i++)
		loss_of_block(t, b->uppers[i], has_other_way);
	/* Active, though nothing is mounted from it: it may be a guest's disk, or a database's. */
	if (is_stacked(b) && t->n_found == n)
		loss_add(t, NULL, softened(LOSS_FATAL, has_other_way), NULL);
	loss_pop(t, 1);
	t->block_is_on_way[block] = false;
}

/* Another controller that carries the same namespace and stays. */
static bool has_way_that_stays(const struct loss_table *t, const struct block_device *b)
{
	size_t i;

	for (i = 0; b->ways && i < b->n_devices; i++) {
		if (b->ways[i].is_live && !t->leaves[b->devices[i]])
			return true;
	}
	return false;
}

void loss_of_disks(struct loss_table *t, size_t device)
{
	size_t i, k;

	for (i = t->blocks.first[device]; i < t->blocks.first[device + 1]; i++) {
		const struct block_device *b = &t->host->blocks[t->blocks.items[i]];
		const struct block_way *way = NULL;

		for (k = 0; b->ways && k < b->n_devices; k++) {
			if (b->devices[k] == device)
				way = &b->ways[k];
		}
		if (way)
			loss_push_way(t, way->names, way->n);
		loss_of_block(t, t->blocks.items[i], b->n_devices > 1 && has_way_that_stays(t, b));
		if (way)
			loss_pop(t, way->n);
	}
}

static int block_by_name(const struct host *host, const char *path)
{
	size_t i;

	path += 5;
	for (i = 0; i < host->n_blocks; i++) {
		const struct block_device *b = &host->blocks[i];

		if (!strcmp(b->name, path) || (b->dm_name && text_has_prefix(path, "mapper/") &&
					       !strcmp(b->dm_name, path + 7)))
			return (int)i;
	}
	return -1;
}

/* The block that a file lies on: that of the longest mount in front of it, the later one of two. */
static int block_of_file(const struct host *host, const char *path)
{
	size_t i, len, best = 0;
	int block = -1;

	for (i = 0; i < host->n_mounts; i++) {
		const struct host_mount *m = &host->mounts[i];

		len = m->target ? strlen(m->target) : 0;
		if (!len || strncmp(path, m->target, len) || len < best ||
		    (len > 1 && path[len] && path[len] != '/'))
			continue;
		best = len;
		block = m->block;
	}
	return block;
}

static void find_images_of(struct loss_table *t, const struct guest *g)
{
	size_t i;

	for (i = 0; i < g->n_images; i++) {
		const char *path = g->images[i];
		int block = text_has_prefix(path, "/dev/") ? block_by_name(t->host, path)
							   : block_of_file(t->host, path);
		struct loss_image *image;

		if (block < 0)
			continue;
		image = arena_append(t->arena, t->images, t->n_images);
		image->block = (size_t)block;
		image->text = arena_printf(t->arena, "image of the guest %s: %s", g->name, path);
	}
}

void loss_find_images(struct loss_table *t, const struct guests *guests,
		      const struct guest *starting)
{
	size_t i;

	for (i = 0; guests && i < guests->count; i++) {
		const struct guest *g = &guests->list[i];

		if (g->state != GUEST_SHUT_OFF || g == starting)
			find_images_of(t, g);
	}
}
