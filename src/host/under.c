// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What hangs under each device, as virsh nodedev-list --tree shows it, from nothing but the links in a
 * few folders of classes and buses: the text of a link is the whole way from the PCI device to the disk,
 * so no device's folder is ever opened.
 */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/nvme.h"
#include "host/parts.h"
#include "host/under_detail.h"

static const char *const folders[] = {
	"class/block",     "class/net",        "bus/usb/devices", "bus/scsi/devices",
	"class/scsi_host", "class/nvme",       "class/drm",       "class/sound",
	"class/input",     "class/infiniband", "class/mmc_host",
};

/* The end of a link: a device, and the way from it: "ata1/host0/target0:0:0/0:0:0:0/block/sda". */
struct leaf {
	size_t device;
	const char *rest;
};

/* One component of the way. */
struct level {
	size_t end;            /* where it ends in leaf.rest */
	int node;              /* the nearest node at or above it, or -1 */
	const char *container; /* it is a class's folder: what is in it is of this kind */
	bool is_last;          /* nothing below is of interest */
};

struct builder {
	struct host_reader *reader;
	struct leaf *leaves;
	size_t n_leaves;
	struct host_node *nodes;
	size_t n_nodes;
	struct level *levels; /* of the leaf before: what the next one has in common stays */
	size_t n_levels;
};

static void add_leaf(struct builder *b, size_t device, const char *rest)
{
	struct leaf *leaf = arena_append(b->reader->scratch, b->leaves, b->n_leaves);

	leaf->device = device;
	leaf->rest = rest;
}

/* A namespace of a multipath subsystem belongs to every controller of it. */
static enum fact add_namespace(struct builder *b, const char *subsystem, const char *rest)
{
	struct arena *scratch = b->reader->scratch;
	struct nvme_path *paths;
	size_t n, i;
	int err = nvme_subsystem_paths(b->reader, subsystem, &paths, &n);

	for (i = 0; !err && i < n; i++)
		add_leaf(b, paths[i].device, arena_printf(scratch, "%s/%s", paths[i].rest, rest));
	return fact_from_code(err);
}

static enum fact read_folder(struct builder *b, const char *path)
{
	struct host_reader *r = b->reader;
	const char *rest, *subsystem;
	enum fact state = FACT_READ;
	char buffer[PATH_MAX], **names;
	struct root folder = ROOT_CLOSED;
	ARENA_AUTO struct arena *listing = arena_new();
	size_t n, i, device;
	int err = root_sub(&r->sys, path, &folder);

	if (!err)
		err = root_names(&folder, listing, ".", &names, &n);
	for (i = 0; !err && i < n; i++) {
		if (root_link(&folder, names[i], buffer, sizeof(buffer)))
			continue; /* no link: a file of the class, such as "bonding_masters" */
		if (pci_path_device(r->host, buffer, &device, &rest))
			add_leaf(b, device, arena_strdup(r->scratch, rest));
		else if (nvme_path_subsystem(r, buffer, &subsystem, &rest))
			state = add_namespace(b, subsystem, rest);
	}
	root_close(&folder);
	return err ? fact_from_code(err) : state;
}

static int compare_leaves(const void *a, const void *b)
{
	const struct leaf *x = a, *y = b;

	if (x->device != y->device)
		return x->device < y->device ? -1 : 1;
	return strverscmp(x->rest, y->rest);
}

/* Whether s is prefix, then digits, then n_more times a colon and digits, and nothing else. */
static bool is_numbered(const char *s, const char *prefix, int n_more)
{
	size_t len = strlen(prefix);

	if (strncmp(s, prefix, len))
		return false;
	for (s += len;; s++) {
		if (!isdigit((unsigned char)*s))
			return false;
		while (isdigit((unsigned char)*s))
			s++;
		if (!n_more--)
			return !*s;
		if (*s != ':')
			return false;
	}
}

/* "1-1.4" or its interface "1-1.4:1.0", as drivers/usb/core/usb.c names them. */
static bool is_usb_name(const char *s)
{
	return isdigit((unsigned char)*s) && strchr(s, '-') && !s[strspn(s, "0123456789.-:")];
}

static const char *container_of_name(const char *name)
{
	static const char *const containers[] = {"block", "net",  "drm",        "sound",
						 "input", "nvme", "infiniband", "mmc_host"};
	size_t i;

	for (i = 0; i < sizeof(containers) / sizeof(*containers); i++) {
		if (!strcmp(name, containers[i]))
			return containers[i];
	}
	return NULL;
}

/* Nodes that stand in no class's folder are known by the form of their names. */
static const char *kind_of_name(const char *name, const struct host_node *above)
{
	if (is_numbered(name, "usb", 0))
		return "usb";
	if (above && !strcmp(above->kind, "usb") && is_usb_name(name))
		return "usb";
	if (is_numbered(name, "ata", 0))
		return "ata";
	if (is_numbered(name, "host", 0))
		return "scsi_host";
	if (is_numbered(name, "target", 2))
		return "scsi_target";
	if (is_numbered(name, "", 3))
		return "scsi";
	if (above && !strcmp(above->kind, "nvme") && text_has_prefix(name, "nvme"))
		return "block"; /* a namespace, whose number may be another than the controller's */
	return NULL;
}

/* A connector of a graphics card ("card0-HDMI-A-1") is a socket, not a device. */
static bool is_connector(const char *kind, const char *name)
{
	return !strcmp(kind, "drm") && text_has_prefix(name, "card") && strchr(name, '-');
}

static bool ends_way(const char *kind)
{
	return !strcmp(kind, "net") || !strcmp(kind, "drm") || !strcmp(kind, "sound") ||
	       !strcmp(kind, "input") || !strcmp(kind, "infiniband");
}

static void add_node(struct builder *b, struct level *level, size_t device, const char *kind,
		     const char *name)
{
	struct host_node *node = arena_append(b->reader->scratch, b->nodes, b->n_nodes);

	node->kind = kind;
	node->name = arena_strdup(b->reader->arena, name);
	node->parent = level->node;
	node->device = device;
	level->node = (int)(b->n_nodes - 1);
}

/* What one component is, given what stands above it. */
static struct level step(struct builder *b, const struct leaf *leaf, const char *name)
{
	const struct level *above = b->n_levels ? &b->levels[b->n_levels - 1] : NULL;
	struct level level = {.node = above ? above->node : -1};
	const struct host_node *node = level.node < 0 ? NULL : &b->nodes[level.node];
	const char *kind;

	if (above && above->is_last) {
		level.is_last = true;
		return level;
	}
	if (above && above->container)
		kind = above->container;
	else if (node && !strcmp(node->kind, "block"))
		kind = text_has_prefix(name, node->name) ? "block" : NULL; /* a partition */
	else
		kind = kind_of_name(name, node);
	if (nvme_is_hidden(name) || !strcmp(name, "scsi_host") ||
	    (kind && is_connector(kind, name))) {
		level.is_last = true;
	} else if (kind) {
		add_node(b, &level, leaf->device, kind, name);
		level.is_last = ends_way(kind);
	} else {
		level.container = container_of_name(name);
	}
	return level;
}

/* Drops the levels that this leaf does not share with the one before; gives the place to go on from. */
static size_t shared_levels(struct builder *b, const struct leaf *before, const struct leaf *leaf)
{
	size_t same = 0;

	if (!before || before->device != leaf->device) {
		b->n_levels = 0;
		return 0;
	}
	while (before->rest[same] && before->rest[same] == leaf->rest[same])
		same++;
	while (b->n_levels) {
		size_t end = b->levels[b->n_levels - 1].end;

		if (end <= same && (!leaf->rest[end] || leaf->rest[end] == '/'))
			return end;
		b->n_levels--;
	}
	return 0;
}

static void take_leaf(struct builder *b, const struct leaf *before, const struct leaf *leaf)
{
	size_t at = shared_levels(b, before, leaf);

	while (leaf->rest[at]) {
		size_t start = at + (leaf->rest[at] == '/');
		size_t len = strcspn(leaf->rest + start, "/");
		char name[NAME_MAX + 1];
		struct level level;

		/* No longer name is a file's; a captured tree's links may hold anything. */
		if (len > NAME_MAX)
			return;
		if (len) {
			memcpy(name, leaf->rest + start, len);
			name[len] = 0;
			level = step(b, leaf, name);
			level.end = start + len;
			*arena_append(b->reader->scratch, b->levels, b->n_levels) = level;
		}
		at = start + len;
	}
}

static void keep_nodes(struct builder *b)
{
	struct host_reader *r = b->reader;
	struct host *host = r->host;
	size_t i;

	host->nodes = arena_calloc(r->arena, b->n_nodes, sizeof(*host->nodes));
	host->n_nodes = b->n_nodes;
	if (b->n_nodes)
		memcpy(host->nodes, b->nodes, b->n_nodes * sizeof(*host->nodes));
	for (i = 0; i < host->n_nodes; i++) {
		struct pci_device *d = &host->devices[host->nodes[i].device];

		if (!d->n_nodes++)
			d->first_node = i;
		if (reader_wants(r, HOST_DETAILS))
			host->nodes[i].detail = under_detail(r, &host->nodes[i]);
	}
}

/* Classes that the kernel lacks hold nothing; a tree without any of them says nothing. */
enum fact under_read(struct host_reader *r)
{
	struct builder b = {.reader = r};
	enum fact state = FACT_ABSENT, one;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		one = read_folder(&b, folders[i]);
		if (one == FACT_READ && state == FACT_ABSENT)
			state = FACT_READ;
		else if (one != FACT_READ && one != FACT_ABSENT)
			state = one;
	}
	if (b.n_leaves)
		qsort(b.leaves, b.n_leaves, sizeof(*b.leaves), compare_leaves);
	for (i = 0; i < b.n_leaves; i++)
		take_leaf(&b, i ? &b.leaves[i - 1] : NULL, &b.leaves[i]);
	keep_nodes(&b);
	return state;
}
