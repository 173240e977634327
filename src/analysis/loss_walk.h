/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of the walk from a device to what the host uses of it have in common. Only for
 * loss*.c.
 */
#ifndef FERRY_ANALYSIS_LOSS_WALK_H
#define FERRY_ANALYSIS_LOSS_WALK_H

#include "analysis/loss.h"

/* Items by key: those of key k are items[first[k]] to items[first[k + 1]], in the order they came. */
struct loss_index {
	size_t *first, *items;
};

/* A disk image of a guest that runs, or is to be started, and the block device that it lies on. */
struct loss_image {
	const char *text; /* "image of guest: /var/lib/x.img" */
	size_t block;
};

struct loss_table {
	const struct host *host;
	struct arena *arena;
	struct loss_index blocks, interfaces, uses, below; /* by device; below: other functions */
	struct loss_index mounts, images_on;               /* by block */
	size_t *remotes;                                   /* blocks that come over the network */
	size_t n_remotes;
	struct loss_image *images;
	size_t n_images;
	bool *leaves; /* by device: it is one of those that leave together */
	/* The way that the walk is on: names, beside each what frees it (NULL: nothing). */
	const char **names, **remedies;
	size_t depth;
	bool *block_is_on_way, *interface_is_on_way, *device_is_on_way;
	size_t device;       /* the one whose losses they are */
	enum loss_kind kind; /* of what is added next */
	struct plan_loss **losses;
	size_t *n_losses;
	size_t n_found; /* of this question, also those that were known already */
};

void loss_push(struct loss_table *t, const char *name, const char *remedy);
void loss_push_way(struct loss_table *t, const char *const *names, size_t n);
void loss_pop(struct loss_table *t, size_t n);
/* end NULL: the way itself is lost. The remedies of the way follow remedy, innermost first. */
void loss_add(struct loss_table *t, const char *end, enum loss_severity severity,
	      const char *remedy);

/* loss_storage.c: a block device and all that is built on it, from where the walk stands. */
void loss_of_block(struct loss_table *t, size_t block, bool has_other_way);
void loss_of_disks(struct loss_table *t, size_t device);
/* What guests lie on; once, when the table is made. */
void loss_find_images(struct loss_table *t, const struct guests *guests,
		      const struct guest *starting);
/* loss_network.c */
void loss_of_interfaces(struct loss_table *t, size_t device);

#endif
