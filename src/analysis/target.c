// SPDX-License-Identifier: LGPL-2.1-or-later
/* See target.h. A word that could mean two devices is refused with both: ferry does not guess. */
#include "analysis/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "host/host.h"

struct found {
	size_t *devices;
	size_t n;
};

static void add(struct found *f, struct arena *arena, size_t device)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->devices[i] == device)
			return;
	}
	*arena_append(arena, f->devices, f->n) = device;
}

static void find_ids(const struct host *host, struct arena *arena, int32_t vendor, int32_t device,
		     struct found *f)
{
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].vendor == vendor && host->devices[i].device == device)
			add(f, arena, i);
	}
}

/* "8086:2922": two numbers of four hex digits. */
static bool parse_ids(const char *word, int32_t *ret_vendor, int32_t *ret_device)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	if (strspn(word, digits) != 4 || word[4] != ':' || strspn(word + 5, digits) != 4 || word[9])
		return false;
	*ret_vendor = (int32_t)strtol(word, NULL, 16);
	*ret_device = (int32_t)strtol(word + 5, NULL, 16);
	return true;
}

/* A partition, a mapped or an NVMe multipath disk: every device that it hangs on, by the way down. */
static void find_block(const struct host *host, struct arena *arena, size_t block, bool *seen,
		       struct found *f)
{
	size_t *waiting = arena_calloc(arena, host->n_blocks, sizeof(*waiting));
	size_t n = 0, i, k;

	for (waiting[n++] = block; n;) {
		block = waiting[--n];
		for (i = 0; i < host->blocks[block].n_devices; i++)
			add(f, arena, host->blocks[block].devices[i]);
		for (i = 0; i < host->n_blocks; i++) {
			for (k = 0; !seen[i] && k < host->blocks[i].n_uppers; k++) {
				if (host->blocks[i].uppers[k] != block)
					continue;
				seen[i] = true;
				waiting[n++] = i;
			}
		}
	}
}

static bool is_block(const struct block_device *b, const char *name)
{
	return !strcmp(b->name, name) || text_equal(b->dm_name, name);
}

static void find_node(const struct host *host, struct arena *arena, const char *kind, size_t len,
		      const char *name, struct found *f)
{
	size_t i;

	for (i = 0; i < host->n_nodes; i++) {
		const struct host_node *node = &host->nodes[i];

		if (strlen(node->kind) == len && !strncmp(node->kind, kind, len) &&
		    !strcmp(node->name, name))
			add(f, arena, node->device);
	}
	for (i = 0; len == 5 && !strncmp(kind, "block", 5) && i < host->n_blocks; i++) {
		bool *seen;

		if (!is_block(&host->blocks[i], name))
			continue;
		seen = arena_calloc(arena, host->n_blocks, sizeof(*seen));
		seen[i] = true;
		find_block(host, arena, i, seen, f);
	}
}

static void find_group(const struct host *host, struct arena *arena, uint64_t id, struct found *f)
{
	size_t i, k;

	for (i = 0; i < host->n_groups; i++) {
		const struct iommu_group *g = &host->groups[i];

		for (k = 0; g->id == id && k < g->n_devices; k++) {
			if (host->devices[g->devices[k]].header == PCI_HEADER_ENDPOINT)
				add(f, arena, g->devices[k]);
		}
	}
}

static int not_found(const char *word, struct error *err)
{
	return error_set(err, -ENODEV, word, "ferry survey shows the devices that there are",
			 "there is no such device on this machine");
}

static int several(const struct host *host, const char *word, const struct found *f,
		   struct error *err)
{
	TEXT_AUTO struct text names = {0};
	size_t i;

	for (i = 0; i < f->n; i++)
		text_addf(&names, "%s%s", i ? ", " : "", host->devices[f->devices[i]].name);
	error_set(err, -ENOTUNIQ, word, NULL, "%zu devices are meant by that", f->n);
	error_remedy(err, "name one of them: %s", text_str(&names));
	return -ENOTUNIQ;
}

static int finish(const struct host *host, const char *word, const struct found *f, bool many,
		  size_t **ret_devices, size_t *ret_n, struct error *err)
{
	if (!f->n)
		return not_found(word, err);
	if (f->n > 1 && !many)
		return several(host, word, f, err);
	*ret_devices = f->devices;
	*ret_n = f->n;
	return 0;
}

int target_resolve(const struct host *host, const char *word, struct arena *arena,
		   size_t **ret_devices, size_t *ret_n, struct error *err)
{
	const char *colon = strchr(word, ':');
	struct pci_address address;
	struct found f = {0};
	int32_t vendor, device;
	uint64_t id;

	if (!pci_address_parse_loose(word, &address)) {
		const struct pci_device *d = host_find_device(host, &address);

		if (d)
			add(&f, arena, (size_t)(d - host->devices));
	} else if (parse_ids(word, &vendor, &device)) {
		find_ids(host, arena, vendor, device, &f);
	} else if (text_has_prefix(word, "group:") &&
		   !text_parse_u64(word + 6, 10, UINT32_MAX, &id)) {
		find_group(host, arena, id, &f);
		return finish(host, word, &f, true, ret_devices, ret_n, err);
	} else if (colon && colon != word && colon[1]) {
		find_node(host, arena, word, (size_t)(colon - word), colon + 1, &f);
	} else {
		return error_set(err, -EINVAL, word,
				 "use 0000:00:1f.2, 00:1f.2, 8086:2922, net:enp1s0, block:sda or "
				 "group:7; ferry survey shows them",
				 "that names no device");
	}
	return finish(host, word, &f, false, ret_devices, ret_n, err);
}
