/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where everything of the picture stands; in pixels. */
#ifndef FERRY_SHOW_PICTURE_LAYOUT_H
#define FERRY_SHOW_PICTURE_LAYOUT_H

#include <stddef.h>

struct arena;
struct host;

#define PICTURE_CARD   40  /* height of a device */
#define PICTURE_BRIDGE 24  /* height of a bridge */
#define PICTURE_INDENT 22  /* of what is below a bridge */
#define PICTURE_WIDTH  460 /* of a column */
#define PICTURE_TOP    64  /* title and legend */

struct picture_box {
	size_t device;
	int above; /* index of the bridge's box, or -1 */
	int x, y, width, height;
};

/* Neighbours of one group. A group whose members stand apart has several. */
struct picture_region {
	int group; /* index into host.groups */
	int x, y, width, height;
};

struct picture_layout {
	struct picture_box *boxes; /* in the order of the tree */
	size_t n_boxes;
	struct picture_region *regions;
	size_t n_regions;
	int width, height;
};

void picture_layout_make(const struct host *host, struct arena *arena, struct picture_layout *ret);

#endif
