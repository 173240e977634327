// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names from the PCI ID database: one pass over the mapped file, joined with the sorted ids that are
 * wanted. libpci's table takes several times as long to build, and hwdb asks once for each device.
 */
#include "host/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/root.h"

struct wanted {
	uint32_t key; /* vendor << 16 | device, or class << 8 (base, subclass) */
	size_t device;
};

struct names {
	struct host *host;
	struct wanted *ids, *classes;
	size_t next_id, next_class; /* both lists are sorted, as the file is */
};

static int compare_wanted(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->device > y->device) - (x->device < y->device);
}

static bool take_hex(const char *s, const char *end, int digits, uint32_t *ret)
{
	uint32_t value = 0;

	if (end - s < digits)
		return false;
	for (; digits; digits--, s++) {
		int c = *s | 0x20;

		if (*s >= '0' && *s <= '9')
			value = value << 4 | (uint32_t)(*s - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*ret = value;
	return true;
}

static char *name_at(struct arena *arena, const char *s, const char *end)
{
	while (s < end && *s == ' ')
		s++;
	return arena_memdup(arena, s, (size_t)(end - s));
}

static void give_vendor(struct names *n, uint32_t vendor, const char *s, const char *end)
{
	size_t i = n->next_id;
	char *name = NULL;

	while (i < n->host->n_devices && n->ids[i].key >> 16 < vendor)
		i++;
	n->next_id = i;
	for (; i < n->host->n_devices && n->ids[i].key >> 16 == vendor; i++) {
		if (!name)
			name = name_at(n->host->arena, s, end);
		n->host->devices[n->ids[i].device].vendor_name = name;
	}
}

static void give_device(struct names *n, uint32_t key, const char *s, const char *end)
{
	size_t i = n->next_id;
	char *name = NULL;

	while (i < n->host->n_devices && n->ids[i].key < key)
		i++;
	n->next_id = i;
	for (; i < n->host->n_devices && n->ids[i].key == key; i++) {
		if (!name)
			name = name_at(n->host->arena, s, end);
		n->host->devices[n->ids[i].device].device_name = name;
	}
}

/* A subclass's name is better than its base class's, which stands before it. */
static void give_class(struct names *n, uint32_t key, bool is_base, const char *s, const char *end)
{
	char *name = NULL;
	size_t i;

	for (i = 0; i < n->host->n_devices; i++) {
		uint32_t class = n->classes[i].key;

		if (is_base ? class >> 8 != key >> 8 : class != key)
			continue;
		if (!name)
			name = name_at(n->host->arena, s, end);
		n->host->devices[n->classes[i].device].class_name = name;
	}
}

/* https://pci-ids.ucw.cz format: vendors, then "C " classes; a tab for each step down. */
static void read_line(struct names *n, uint32_t *above, bool *in_classes, const char *s,
		      const char *end)
{
	uint32_t id;

	if (s == end || *s == '#')
		return;
	if (*s == '\t') {
		if (s + 1 == end || s[1] == '\t' || *above == UINT32_MAX)
			return;
		if (*in_classes && take_hex(s + 1, end, 2, &id))
			give_class(n, *above << 8 | id, false, s + 3, end);
		else if (!*in_classes && take_hex(s + 1, end, 4, &id))
			give_device(n, *above << 16 | id, s + 5, end);
		return;
	}
	*above = UINT32_MAX;
	if (s[0] == 'C' && end - s > 4 && s[1] == ' ' && take_hex(s + 2, end, 2, above)) {
		*in_classes = true;
		give_class(n, *above << 8, true, s + 4, end);
	} else if (!*in_classes && take_hex(s, end, 4, above)) {
		give_vendor(n, *above, s + 4, end);
	}
}

static void read_database(struct names *n, const char *data, size_t len)
{
	const char *p = data, *end = data + len;
	uint32_t above = UINT32_MAX;
	bool in_classes = false;

	while (p < end) {
		const char *line_end = memchr(p, '\n', (size_t)(end - p));

		if (!line_end)
			line_end = end;
		read_line(n, &above, &in_classes, p, line_end);
		p = line_end + 1;
	}
}

static void want(struct names *n)
{
	struct host *host = n->host;
	size_t i;

	n->ids = arena_calloc(host->arena, host->n_devices + 1, sizeof(*n->ids));
	n->classes = arena_calloc(host->arena, host->n_devices + 1, sizeof(*n->classes));
	for (i = 0; i < host->n_devices; i++) {
		const struct pci_device *d = &host->devices[i];

		n->ids[i].key =
			((uint32_t)d->vendor & 0xffff) << 16 | ((uint32_t)d->device & 0xffff);
		n->ids[i].device = i;
		n->classes[i].key = (uint32_t)d->class >> 8 & 0xffff;
		n->classes[i].device = i;
	}
	qsort(n->ids, host->n_devices, sizeof(*n->ids), compare_wanted);
}

static int map_database(int fd, struct names *n)
{
	struct stat st;
	char *data;

	if (fstat(fd, &st))
		return -errno;
	if (!st.st_size)
		return -ENODATA;
	data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return -errno;
	read_database(n, data, (size_t)st.st_size);
	munmap(data, (size_t)st.st_size);
	return 0;
}

/* The database is this program's, not the captured machine's. */
int host_read_names(const struct root *root, struct host *host)
{
	static const char *const files[] = {"/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids"};
	struct names n = {.host = host};
	int fd = -1, code;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files) && fd < 0; i++)
		fd = open(files[i], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!host->n_devices) {
		close(fd);
		return 0;
	}
	want(&n);
	code = map_database(fd, &n);
	close(fd);
	return code;
}
