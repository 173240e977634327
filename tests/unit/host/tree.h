/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A small machine made by hand, file by file and link by link, in a folder that goes when the test does. */
#ifndef FERRY_TEST_TREE_H
#define FERRY_TEST_TREE_H

#include "../test.h"

#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "host/parts.h"
#include "host/read.h"

struct tree {
	char top[64];
	struct root root;
	struct arena *arena;
	struct host host;
};

static inline void tree_path(struct tree *t, const char *path, char *buffer, size_t size)
{
	char *slash;

	snprintf(buffer, size, "%s/%s", t->top, path);
	for (slash = strchr(buffer + strlen(t->top) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(buffer, 0755);
		*slash = '/';
	}
}

static inline void tree_put_bytes(struct tree *t, const char *path, const void *data, size_t len)
{
	char buffer[4096];
	FILE *f;

	tree_path(t, path, buffer, sizeof(buffer));
	f = fopen(buffer, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

static inline void tree_put(struct tree *t, const char *path, const char *content)
{
	tree_put_bytes(t, path, content, strlen(content));
}

static inline void tree_folder(struct tree *t, const char *path)
{
	char buffer[4096];

	tree_path(t, path, buffer, sizeof(buffer));
	assert_true(!mkdir(buffer, 0755) || errno == EEXIST);
}

static inline void tree_link(struct tree *t, const char *path, const char *target)
{
	char buffer[4096];

	tree_path(t, path, buffer, sizeof(buffer));
	assert_int_equal(symlink(target, buffer), 0);
}

/* A function at "pci0000:00/0000:00:1f.2" with the link to it; ids as "8086:2922", class as "10601". */
static inline void tree_pci(struct tree *t, const char *below, const char *class, const char *ids,
			    const char *driver)
{
	const char *name = strrchr(below, '/') + 1;
	char path[512], text[1024];

	snprintf(path, sizeof(path), "sys/devices/%s/uevent", below);
	snprintf(text, sizeof(text),
		 "%s%s%sPCI_CLASS=%s\nPCI_ID=%s\nPCI_SUBSYS_ID=1AF4:1100\nPCI_SLOT_NAME=%s\n",
		 driver ? "DRIVER=" : "", driver ? driver : "", driver ? "\n" : "", class, ids,
		 name);
	tree_put(t, path, text);
	snprintf(path, sizeof(path), "sys/bus/pci/devices/%s", name);
	snprintf(text, sizeof(text), "../../../devices/%s", below);
	tree_link(t, path, text);
}

static inline int tree_begin(struct tree *t)
{
	*t = (struct tree){.top = "/tmp/ferry-tree-XXXXXX", .root = ROOT_CLOSED};
	assert_non_null(mkdtemp(t->top));
	tree_folder(t, "sys");
	assert_int_equal(root_open(t->top, &t->root), 0);
	t->arena = arena_new();
	return 0;
}

static inline int tree_remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	return remove(path);
}

static inline void tree_end(struct tree *t)
{
	arena_free(t->arena);
	root_close(&t->root);
	nftw(t->top, tree_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void tree_endp(struct tree *t)
{
	tree_end(t);
}
#define TREE_AUTO __attribute__((cleanup(tree_endp)))

static inline const struct host *tree_read(struct tree *t, unsigned int parts)
{
	ERROR_AUTO struct error err = {0};

	assert_int_equal(host_read(&t->root, parts, t->arena, &t->host, &err), 0);
	return &t->host;
}

static inline const struct pci_device *tree_device(const struct tree *t, const char *name)
{
	struct pci_address address;
	const struct pci_device *d;

	assert_int_equal(pci_address_parse(name, &address), 0);
	d = host_find_device(&t->host, &address);
	assert_non_null(d);
	return d;
}

/* A captured machine by the name of its folder; valid until the next call. */
static inline const char *captured_path(const char *name)
{
	static char path[4096];
	const char *top = getenv("FERRY_TREES");

	assert_non_null(top);
	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

/* The folders of all captured machines. */
static const char *const captured[] = {
	"32em64t-2n8c+1mic",
	"40intel64-2g2n4c+pci",
	"01-amd-raven-b450-5.9",
	"02-intel-xeon-e3-plx-6.18",
	"03-intel-adl-asus-laptop-6.8",
	"04-amd-rembrandt-g14-6.19",
	"05-intel-imac20-cml-6.12",
	"06-intel-cfl-hp-spectre-tb-6.14",
	"07-intel-rpl-s-workstation-6.x",
	"08-amd-renoir-pn51-6.6",
	"09-asm1812-nic-card-6.1",
	"10-amd-carrizo-hp-laptop-6.2",
	"11-intel-adl-p-hp-elitebook-tb4-6.1",
	"12-amd-cezanne-thinkpad-5.15",
	"13-arm-radxa-orion-o6-6.12",
	"14-intel-n100-6.8",
};
#define N_CAPTURED (sizeof(captured) / sizeof(*captured))

#endif
