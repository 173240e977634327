// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a device to the disks on it, from a disk to its partitions and what is built on them, from there
 * to mounts and swap. A file system that is mounted read-write, and active swap, would lose data: fatal.
 */
#include "analysis/loss.h"

#include <string.h>

#include "base/arena.h"

/* The way from the device to where the walk stands. A stack, as deep as storage is stacked. */
struct walk {
	const struct host *host;
	struct arena *arena;
	size_t device;
	const char **names;
	size_t *blocks;
	size_t depth;
	struct plan_loss **losses;
	size_t *n_losses;
};

static const char *block_label(const struct walk *w, const struct block_device *b)
{
	return b->dm_name ? arena_printf(w->arena, "%s (%s)", b->dm_name, b->name) : b->name;
}

static void add_loss(struct walk *w, const char *end, enum loss_severity severity,
		     const char *remedy)
{
	struct plan_loss *loss = arena_append(w->arena, *w->losses, *w->n_losses);
	size_t i;

	loss->device = w->device;
	loss->severity = severity;
	loss->remedy = remedy;
	for (i = 0; i < w->depth; i++)
		*arena_append(w->arena, loss->chain, loss->n_chain) = w->names[i];
	*arena_append(w->arena, loss->chain, loss->n_chain) = end;
}

static void add_mount(struct walk *w, const struct host_mount *m)
{
	if (m->is_swap) {
		add_loss(w, "swap", LOSS_FATAL, arena_printf(w->arena, "swapoff %s", m->source));
		return;
	}
	if (!strcmp(m->target, "/")) {
		add_loss(w, "/", LOSS_FATAL, NULL);
		return;
	}
	add_loss(w, m->target, m->read_only ? LOSS_SERIOUS : LOSS_FATAL,
		 arena_printf(w->arena, "umount %s", m->target));
}

static bool is_on_the_way(const struct walk *w, size_t block)
{
	size_t i;

	for (i = 0; i < w->depth - 1; i++) {
		if (w->blocks[i] == block)
			return true;
	}
	return false;
}

/*
 * Recursion is as deep as the way is long, and a block stands on the way once: holders in a captured
 * tree may form a ring.
 */
static void walk_block(struct walk *w, size_t block)
{
	const struct block_device *b = &w->host->blocks[block];
	size_t i;

	if (is_on_the_way(w, block))
		return;
	w->blocks[w->depth - 1] = block;
	w->names[w->depth++] = block_label(w, b);
	for (i = 0; i < w->host->n_mounts; i++) {
		if (w->host->mounts[i].block == (int)block)
			add_mount(w, &w->host->mounts[i]);
	}
	for (i = 0; i < b->n_uppers; i++)
		walk_block(w, b->uppers[i]);
	w->depth--;
}

void losses_of_device(const struct host *host, size_t device, struct arena *arena,
		      struct plan_loss **losses, size_t *n)
{
	struct walk w = {
		.host = host,
		.arena = arena,
		.device = device,
		.names = arena_calloc(arena, host->n_blocks + 2, sizeof(*w.names)),
		.blocks = arena_calloc(arena, host->n_blocks + 2, sizeof(*w.blocks)),
		.losses = losses,
		.n_losses = n,
	};
	size_t i, j;

	w.names[w.depth++] = host->devices[device].name;
	for (i = 0; i < host->n_blocks; i++) {
		for (j = 0; j < host->blocks[i].n_devices; j++) {
			if (host->blocks[i].devices[j] == device)
				walk_block(&w, i);
		}
	}
}
