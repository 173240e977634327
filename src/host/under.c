// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What hangs under each device, as `virsh nodedev-list --tree` has it. A link in class/ or bus/ tells
 * by its text alone which device a leaf hangs on and what lies between: no device's folder is opened.
 */
#include "host/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"

struct source {
	const char *kind, *folder;
};

/* In the order in which kinds stand under a device where the path does not decide. */
static const struct source sources[] = {
	{"usb", "sys/bus/usb/devices"},
	{"scsi", "sys/bus/scsi/devices"},
	{"nvme", "sys/class/nvme"},
	{"block", "sys/class/block"},
	{"net", "sys/class/net"},
	{"drm", "sys/class/drm"},
	{"sound", "sys/class/sound"},
	{"input", "sys/class/input"},
	{"infiniband", "sys/class/infiniband"},
	{"watchdog", "sys/class/watchdog"},
	{"tty", "sys/class/tty"},
};

struct leaf {
	const char *kind, *name;
	const char *rest; /* the path below its device */
	size_t device;
};

/* A USB interface ("1-1:1.0") is no device of its own to a person, and virsh's name for it no help. */
static bool is_shown(const char *kind, const char *name)
{
	return strcmp(kind, "usb") != 0 || !strchr(name, ':');
}

static void add_leaf(const struct root *root, struct host *host, const struct source *s,
		     const char *name, struct leaf **leaves, size_t *n)
{
	const char *rest = "";
	char *link;
	int device;
	struct leaf *leaf;

	if (!is_shown(s->kind, name) ||
	    root_readlink(root, host->arena, arena_printf(host->arena, "%s/%s", s->folder, name),
			  &link))
		return;
	device = host_device_of_path(host, link, &rest);
	if (device < 0)
		return;
	leaf = arena_append(host->arena, *leaves, *n);
	*leaf = (struct leaf){s->kind, name, rest, (size_t)device};
}

/* A folder sorts directly before what is in it: '/' counts as the least of all characters. */
static int compare_paths(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	if (*a == *b)
		return 0;
	if (!*a || !*b)
		return *a ? 1 : -1;
	if (*a == '/' || *b == '/')
		return *a == '/' ? -1 : 1;
	return (unsigned char)*a - (unsigned char)*b;
}

static int compare_leaves(const void *a, const void *b)
{
	const struct leaf *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return compare_paths(x->rest, y->rest);
}

static bool is_below(const char *path, const char *above)
{
	size_t len = strlen(above);

	return !strncmp(path, above, len) && path[len] == '/';
}

/* The leaves of one device are sorted: what is above a leaf was placed before it. */
static int find_parent(const struct leaf *leaves, size_t first, size_t index)
{
	size_t i;

	for (i = index; i-- > first;) {
		if (is_below(leaves[index].rest, leaves[i].rest))
			return (int)i;
	}
	return -1;
}

/* A product's name for USB, vendor and model for SCSI: what is printed on the thing. */
static const char *detail_of(const struct root *root, struct host *host, const struct leaf *leaf)
{
	const char *device = host->devices[leaf->device].name;
	const char *folder =
		arena_printf(host->arena, "sys/bus/pci/devices/%s/%s", device, leaf->rest);
	char *vendor, *model;

	if (!strcmp(leaf->kind, "usb") &&
	    !root_read_line(root, host->arena, arena_printf(host->arena, "%s/product", folder),
			    &model))
		return model;
	if (!strcmp(leaf->kind, "scsi") &&
	    !root_read_line(root, host->arena, arena_printf(host->arena, "%s/vendor", folder),
			    &vendor) &&
	    !root_read_line(root, host->arena, arena_printf(host->arena, "%s/model", folder),
			    &model))
		return arena_printf(host->arena, "%s %s", vendor, model);
	if (!strcmp(leaf->kind, "nvme") &&
	    !root_read_line(root, host->arena, arena_printf(host->arena, "%s/model", folder),
			    &model))
		return model;
	return NULL;
}

static void place(const struct root *root, struct host *host, struct leaf *leaves, size_t n)
{
	size_t i, first = 0;

	for (i = 0; i < n; i++) {
		struct host_node *node = arena_append(host->arena, host->nodes, host->n_nodes);
		struct pci_device *d = &host->devices[leaves[i].device];

		if (!i || leaves[i].device != leaves[i - 1].device) {
			first = i;
			d->first_node = i;
		}
		d->n_nodes++;
		node->kind = leaves[i].kind;
		node->name = leaves[i].name;
		node->device = leaves[i].device;
		node->parent = find_parent(leaves, first, i);
		node->detail = detail_of(root, host, &leaves[i]);
	}
}

int host_read_under(const struct root *root, struct host *host)
{
	struct leaf *leaves = NULL;
	size_t n = 0, i, k, n_names;
	char **names;

	for (i = 0; i < sizeof(sources) / sizeof(*sources); i++) {
		if (root_list(root, host->arena, sources[i].folder, &names, &n_names))
			continue;
		for (k = 0; k < n_names; k++)
			add_leaf(root, host, &sources[i], names[k], &leaves, &n);
	}
	if (n)
		qsort(leaves, n, sizeof(*leaves), compare_leaves);
	place(root, host, leaves, n);
	return 0;
}
