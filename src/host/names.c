// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Vendor, device and class names, from the list that the distribution installs. The list has 37,000
 * lines and a machine some dozens of ids: the ids that are wanted are sorted once and the mapped file is
 * passed over once, which takes half a millisecond; libpci's table takes seven, libudev's hwdb longer.
 * The list is a dictionary, not a fact about the machine that is read: it is always this machine's.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "host/parts.h"

struct wanted {
	uint32_t key; /* vendor and device; or, of classes, base class and subclass */
	const char *name;
};

struct wanted_list {
	struct wanted *rows; /* sorted by key, each once */
	size_t n;
};

struct pass {
	struct arena *arena;
	struct wanted_list devices, vendors, classes, bases;
};

static int compare_keys(const void *a, const void *b)
{
	const struct wanted *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key;
}

static void sort_wanted(struct wanted_list *list)
{
	size_t kept = 0, i;

	if (list->n)
		qsort(list->rows, list->n, sizeof(*list->rows), compare_keys);
	for (i = 0; i < list->n; i++) {
		if (!kept || list->rows[i].key != list->rows[kept - 1].key)
			list->rows[kept++] = list->rows[i];
	}
	list->n = kept;
}

static struct wanted *find_wanted(const struct wanted_list *list, uint32_t key)
{
	const struct wanted row = {.key = key};

	return list->n ? bsearch(&row, list->rows, list->n, sizeof(row), compare_keys) : NULL;
}

/* Neighbours are often alike: the functions of a card, the ports of a switch. */
static void want(struct arena *scratch, struct wanted_list *list, uint32_t key)
{
	if (!list->n || list->rows[list->n - 1].key != key)
		arena_append(scratch, list->rows, list->n)->key = key;
}

/* Shifted in 64 bits; -1 where a part is missing. */
static int64_t device_key(const struct pci_device *d)
{
	return d->vendor < 0 || d->device < 0 ? -1 : (int64_t)d->vendor << 16 | d->device;
}

static void collect_wanted(struct host_reader *r, struct pass *p)
{
	const struct host *host = r->host;
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		const struct pci_device *d = &host->devices[i];

		if (device_key(d) >= 0)
			want(r->scratch, &p->devices, (uint32_t)device_key(d));
		if (d->class >= 0)
			want(r->scratch, &p->classes, (uint32_t)d->class >> 8);
		if (d->vendor >= 0 && d->device < 0)
			want(r->scratch, &p->vendors, (uint32_t)d->vendor);
	}
	sort_wanted(&p->devices);
	sort_wanted(&p->classes);
	for (i = 0; i < p->devices.n; i++)
		want(r->scratch, &p->vendors, p->devices.rows[i].key >> 16);
	for (i = 0; i < p->classes.n; i++)
		want(r->scratch, &p->bases, p->classes.rows[i].key >> 8);
	sort_wanted(&p->vendors);
	sort_wanted(&p->bases);
}

/* n hex digits and two spaces; *ret_name is what stands behind. */
static bool take_entry(const char *s, const char *end, int n, uint32_t *ret, const char **ret_name)
{
	uint32_t value = 0;

	if (end - s < n + 3)
		return false;
	while (n--) {
		char c = *s++;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	if (s[0] != ' ' || s[1] != ' ')
		return false;
	*ret = value;
	*ret_name = s + 2;
	return true;
}

static void name_wanted(struct pass *p, struct wanted *row, const char *name, const char *end)
{
	if (row && !row->name)
		row->name = arena_memdup(p->arena, name, (size_t)(end - name));
}

/* Where the pass stands: under which vendor or base class, if any that is wanted. */
struct state {
	enum { STATE_NONE, STATE_VENDOR, STATE_CLASS } in;
	uint32_t id;
};

static void take_top(struct pass *p, struct state *state, const char *s, const char *end)
{
	struct wanted *row;
	const char *name;

	state->in = STATE_NONE;
	if (end - s > 2 && s[0] == 'C' && s[1] == ' ') {
		if (!take_entry(s + 2, end, 2, &state->id, &name))
			return;
		row = find_wanted(&p->bases, state->id);
		state->in = row ? STATE_CLASS : STATE_NONE;
	} else {
		if (!take_entry(s, end, 4, &state->id, &name))
			return;
		row = find_wanted(&p->vendors, state->id);
		state->in = row ? STATE_VENDOR : STATE_NONE;
	}
	name_wanted(p, row, name, end);
}

static void take_sub(struct pass *p, const struct state *state, const char *s, const char *end)
{
	const char *name;
	uint32_t id;

	if (state->in == STATE_VENDOR && take_entry(s, end, 4, &id, &name))
		name_wanted(p, find_wanted(&p->devices, state->id << 16 | id), name, end);
	if (state->in == STATE_CLASS && take_entry(s, end, 2, &id, &name))
		name_wanted(p, find_wanted(&p->classes, state->id << 8 | id), name, end);
}

/* One line each: "8086  Intel Corporation", a tab and a device, two tabs and a subsystem. */
static void pass_over(struct pass *p, const char *s, size_t size)
{
	const char *end = s + size, *next;
	struct state state = {.in = STATE_NONE};

	for (; s < end; s = next + 1) {
		next = memchr(s, '\n', (size_t)(end - s));
		if (!next)
			next = end;
		if (s == next || *s == '#')
			continue;
		if (*s != '\t')
			take_top(p, &state, s, next);
		else if (state.in != STATE_NONE && next - s > 1 && s[1] != '\t')
			take_sub(p, &state, s + 1, next);
	}
}

static int map_list(const char **ret, size_t *ret_size)
{
	static const char *const paths[] = {
		"/usr/share/misc/pci.ids",
		"/usr/share/hwdata/pci.ids",
		"/usr/share/pci.ids",
	};
	struct stat st;
	void *map;
	size_t i;
	int fd = -1;

	for (i = 0; fd < 0 && i < sizeof(paths) / sizeof(*paths); i++)
		fd = open(paths[i], O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || st.st_size <= 0) {
		close(fd);
		return -ENODATA;
	}
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return -errno;
	*ret = map;
	*ret_size = (size_t)st.st_size;
	return 0;
}

static const char *wanted_name(const struct wanted_list *list, int64_t key)
{
	const struct wanted *row = key < 0 ? NULL : find_wanted(list, (uint32_t)key);

	return row ? row->name : NULL;
}

static void give_names(struct host *host, const struct pass *p)
{
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		struct pci_device *d = &host->devices[i];

		d->vendor_name = wanted_name(&p->vendors, d->vendor);
		d->device_name = wanted_name(&p->devices, device_key(d));
		d->class_name = wanted_name(&p->classes, d->class < 0 ? -1 : d->class >> 8);
		if (!d->class_name)
			d->class_name = wanted_name(&p->bases, d->class < 0 ? -1 : d->class >> 16);
	}
}

enum fact names_read(struct host_reader *r)
{
	struct pass p = {.arena = r->arena};
	const char *list;
	size_t size;
	int err = map_list(&list, &size);

	if (err)
		return fact_from_code(err);
	collect_wanted(r, &p);
	pass_over(&p, list, size);
	munmap((void *)list, size);
	give_names(r->host, &p);
	return FACT_READ;
}
