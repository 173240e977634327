// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The tree as indented rows, in as many columns as give a sheet of paper's shape. Members of a group
 * stand together in it, nearly always, so that one outline holds them.
 */
#include "show/picture_layout.h"

#include "base/arena.h"
#include "host/host.h"

#define MARGIN 16
#define GAP    4  /* between two of a group */
#define LABEL  19 /* above a region, for its name */

struct placing {
	const struct host *host;
	struct picture_layout *layout;
	int *first_child, *next; /* of each device, as indexes; -1: none */
	int *depth;
	size_t *order; /* the devices in the order of the tree */
	int *above;    /* of each in the order: the place of its bridge in it, or -1 */
	size_t n;
};

static void link_children(struct placing *p, struct arena *arena)
{
	size_t n = p->host->n_devices, i;

	p->first_child = arena_calloc(arena, n, sizeof(int));
	p->next = arena_calloc(arena, n, sizeof(int));
	p->depth = arena_calloc(arena, n, sizeof(int));
	p->order = arena_calloc(arena, n, sizeof(size_t));
	p->above = arena_calloc(arena, n, sizeof(int));
	for (i = 0; i < n; i++)
		p->first_child[i] = -1;
	/* From the last to the first, so that each list begins with the lowest address. */
	for (i = n; i-- > 0;) {
		int parent = p->host->devices[i].parent;

		p->next[i] = parent < 0 ? -1 : p->first_child[parent];
		if (parent >= 0)
			p->first_child[parent] = (int)i;
	}
}

/* A stack of what is still to be visited: no recursion, however deep a made-up tree is. */
static void walk_from(struct placing *p, struct arena *arena, size_t root)
{
	struct {
		int device, above, depth;
	} *stack = NULL, one;
	size_t n = 0;

	stack = arena_grow(arena, stack, n, sizeof(*stack));
	stack[n].device = (int)root;
	stack[n].above = -1;
	stack[n++].depth = 0;
	while (n) {
		one = stack[--n];
		if (one.device != (int)root && p->next[one.device] >= 0) {
			stack = arena_grow(arena, stack, n, sizeof(*stack));
			stack[n] = one;
			stack[n++].device = p->next[one.device];
		}
		p->depth[p->n] = one.depth;
		p->above[p->n] = one.above;
		p->order[p->n++] = (size_t)one.device;
		if (p->first_child[one.device] >= 0) {
			stack = arena_grow(arena, stack, n, sizeof(*stack));
			stack[n].device = p->first_child[one.device];
			stack[n].above = (int)p->n - 1;
			stack[n++].depth = one.depth + 1;
		}
	}
}

static int group_at(const struct placing *p, size_t i)
{
	return p->host->devices[p->order[i]].group;
}

static int height_at(const struct placing *p, size_t i)
{
	return p->host->devices[p->order[i]].header == PCI_HEADER_ENDPOINT ? PICTURE_CARD
									   : PICTURE_BRIDGE;
}

/* The space above a row: small within a group, with room for a name before the next. */
static int space_at(const struct placing *p, size_t i)
{
	return i && group_at(p, i) >= 0 && group_at(p, i) == group_at(p, i - 1) ? GAP : LABEL;
}

static int column_height(const struct placing *p)
{
	int total = 0, columns = 1;
	size_t i;

	for (i = 0; i < p->n; i++)
		total += height_at(p, i) + space_at(p, i);
	while (total / columns > 3 * columns * PICTURE_WIDTH / 4)
		columns++;
	return total / columns + PICTURE_CARD;
}

static void add_region(struct placing *p, struct arena *arena, size_t i, bool is_new)
{
	struct picture_layout *l = p->layout;
	const struct picture_box *b = &l->boxes[i];
	struct picture_region *r;
	int right;

	if (group_at(p, i) < 0)
		return;
	if (is_new) {
		r = arena_append(arena, l->regions, l->n_regions);
		*r = (struct picture_region){group_at(p, i), b->x - 3, b->y - 3, b->width + 6,
					     b->height + 6};
		return;
	}
	r = &l->regions[l->n_regions - 1];
	right = r->x + r->width;
	if (b->x - 3 < r->x)
		r->x = b->x - 3;
	r->width = right - r->x;
	r->height = b->y + b->height + 3 - r->y;
}

/* A column ends only before a device of the top level: what is below a bridge stays with it. */
static void place(struct placing *p, struct arena *arena)
{
	struct picture_layout *l = p->layout;
	int most = column_height(p), x = MARGIN, y = PICTURE_TOP;
	size_t i;

	l->boxes = arena_calloc(arena, p->n, sizeof(*l->boxes));
	for (i = 0; i < p->n; i++) {
		struct picture_box *b = &l->boxes[l->n_boxes++];
		int space = space_at(p, i), indent = p->depth[i] * PICTURE_INDENT;
		bool is_new = space == LABEL;

		if (!p->depth[i] && i && y - PICTURE_TOP > most) {
			x += PICTURE_WIDTH + MARGIN;
			y = PICTURE_TOP;
			space = LABEL;
			is_new = true;
		}
		if (indent > PICTURE_WIDTH / 2)
			indent = PICTURE_WIDTH / 2;
		y += space;
		*b = (struct picture_box){
			p->order[i],    p->above[i], x + indent, y, PICTURE_WIDTH - indent,
			height_at(p, i)};
		y += b->height;
		if (y > l->height)
			l->height = y;
		add_region(p, arena, i, is_new);
	}
	l->width = x + PICTURE_WIDTH + MARGIN;
	l->height += MARGIN;
}

void picture_layout_make(const struct host *host, struct arena *arena, struct picture_layout *ret)
{
	struct placing p = {.host = host, .layout = ret};
	size_t i;

	*ret = (struct picture_layout){.height = PICTURE_TOP};
	link_children(&p, arena);
	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].parent < 0)
			walk_from(&p, arena, i);
	}
	place(&p, arena);
}
