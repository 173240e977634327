// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The PCI functions, from sys/bus/pci/devices. A large machine has tens of thousands, and the way to a
 * file costs more than the file: one handle for each bus, names below it, and uevent as the one file
 * that holds driver, class and ids. Captured trees may lack it or lay their folders out otherwise; then
 * the files of single attributes are read, and each function is reached through its own link.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/pci_config.h"
#include "host/parts.h"
#include "host/read.h"

#define DEVICES "bus/pci/devices"

/* Where the folders of the functions of a bus are reached from. */
struct place {
	enum {
		PLACE_NONE, /* nowhere yet */
		PLACE_BUS,  /* by a handle of the folder that holds them */
		PLACE_ONE,  /* by the way to that folder: one function is not worth a handle */
		PLACE_LINK  /* by the function's own link in DEVICES */
	} kind;
	struct root root;
	const char *prefix; /* from the root to the folder, "" or with a slash behind */
	const char *folder;
	int parent;
	uint32_t domain;
	uint8_t bus;
};

struct walk {
	struct host_reader *reader;
	struct root devices; /* DEVICES itself, for its links */
	struct place place;
	const char **drivers; /* each name once */
	size_t n_drivers;
	bool wants_numa;
};

const char *pci_attribute_name(enum pci_attribute attribute)
{
	static const char *const names[] = {
		[PCI_ATTRIBUTE_CLASS] = "class",
		[PCI_ATTRIBUTE_VENDOR] = "vendor",
		[PCI_ATTRIBUTE_DEVICE] = "device",
		[PCI_ATTRIBUTE_SUBSYSTEM_VENDOR] = "subsystem_vendor",
		[PCI_ATTRIBUTE_SUBSYSTEM_DEVICE] = "subsystem_device",
		[PCI_ATTRIBUTE_REVISION] = "revision",
		[PCI_ATTRIBUTE_DRIVER] = "driver",
		[PCI_ATTRIBUTE_GROUP] = "group",
		[PCI_ATTRIBUTE_NUMA_NODE] = "numa_node",
		[PCI_ATTRIBUTE_OVERRIDE] = "driver_override",
		[PCI_ATTRIBUTE_SERIAL] = "serial",
	};

	return names[attribute];
}

int pci_find(const struct host *host, const struct pci_address *address)
{
	size_t low = 0, high = host->n_devices;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = pci_address_compare(address, &host->devices[middle].address);

		if (!order)
			return (int)middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return -1;
}

/* The component at s as an address; *ret_len is its length either way. */
static bool take_address(const char *s, struct pci_address *ret, size_t *ret_len)
{
	size_t len = strcspn(s, "/");
	char component[PCI_ADDRESS_SIZE];

	*ret_len = len;
	if (len < sizeof("0000:00:00.0") - 1 || len >= sizeof(component))
		return false;
	memcpy(component, s, len);
	component[len] = 0;
	return !pci_address_parse(component, ret);
}

bool pci_path_device(const struct host *host, const char *path, size_t *ret_device,
		     const char **ret_rest)
{
	struct pci_address address, last;
	const char *rest = NULL;
	size_t len;
	int found;

	for (; *path; path += len + (path[len] == '/')) {
		if (!take_address(path, &address, &len))
			continue;
		last = address;
		rest = path + len;
	}
	found = rest ? pci_find(host, &last) : -1;
	if (found < 0)
		return false;
	*ret_device = (size_t)found;
	*ret_rest = *rest ? rest + 1 : rest;
	return true;
}

/* The folder above the one that a link of DEVICES leads to, below sys; false: it leads elsewhere. */
static bool folder_of_link(const struct walk *w, const char *name, char *buffer, size_t size,
			   const char **ret)
{
	const char *text = buffer;
	char *slash;

	if (root_link(&w->devices, name, buffer, size))
		return false;
	if (text_has_prefix(text, "/sys/")) {
		text += 5;
	} else {
		while (text_has_prefix(text, "../"))
			text += 3;
	}
	slash = strrchr(text, '/');
	if (!slash || strcmp(slash + 1, name) || !text_has_prefix(text, "devices/") ||
	    strstr(text, "/../"))
		return false;
	*slash = 0;
	*ret = text;
	return true;
}

/* The nearest function above; what holds functions in its own folder is a bridge. */
static int parent_of_folder(const struct host *host, const char *folder)
{
	const char *rest;
	size_t parent;

	if (!pci_path_device(host, folder, &parent, &rest))
		return -1;
	if (!*rest && host->devices[parent].header == PCI_HEADER_ENDPOINT)
		host->devices[parent].header = PCI_HEADER_BRIDGE;
	return (int)parent;
}

static void place_close(struct place *p)
{
	if (p->kind == PLACE_BUS)
		root_close(&p->root);
	*p = (struct place){.root = ROOT_CLOSED};
}

static bool is_of_bus(const struct place *p, const struct pci_device *d)
{
	return p->domain == d->address.domain && p->bus == d->address.bus;
}

static void place_at_link(struct walk *w)
{
	w->place.kind = PLACE_LINK;
	w->place.root = w->reader->sys;
	w->place.prefix = DEVICES "/";
	w->place.folder = "sys/" DEVICES;
	w->place.parent = -1;
}

/* is_link: its folder can't be used. */
static void place_open(struct walk *w, const struct pci_device *d, bool is_link)
{
	struct host_reader *r = w->reader;
	const struct host *host = r->host;
	struct place *p = &w->place;
	char buffer[PATH_MAX];
	const char *folder;

	place_close(p);
	p->domain = d->address.domain;
	p->bus = d->address.bus;
	if (is_link || !folder_of_link(w, d->name, buffer, sizeof(buffer), &folder)) {
		place_at_link(w);
		return;
	}
	if (d + 1 == host->devices + host->n_devices || !is_of_bus(p, d + 1)) {
		p->kind = PLACE_ONE;
		p->root = r->sys;
		p->prefix = arena_printf(r->scratch, "%s/", folder);
	} else if (root_sub(&r->sys, folder, &p->root)) {
		place_at_link(w);
		return;
	} else {
		p->kind = PLACE_BUS;
		p->prefix = "";
	}
	p->root.no_links = !p->root.live;
	p->folder = arena_printf(r->arena, "sys/%s", folder);
	p->parent = parent_of_folder(r->host, p->folder);
}

/* "0000:00:1f.2/uevent" from the place; false: it is longer than any path. */
static bool path_of_file(const struct walk *w, const char *name, const char *file,
			 char path[static PATH_MAX])
{
	size_t n = strlen(w->place.prefix), name_len = strlen(name), file_len = strlen(file);

	if (n + name_len + file_len + 2 > PATH_MAX)
		return false;
	memcpy(path, w->place.prefix, n);
	memcpy(path + n, name, name_len);
	path[n + name_len] = '/';
	memcpy(path + n + name_len + 1, file, file_len + 1);
	return true;
}

static int read_file(const struct walk *w, const char *name, const char *file, char *buffer,
		     size_t size, size_t *ret_len)
{
	char path[PATH_MAX];

	if (!path_of_file(w, name, file, path))
		return -ENAMETOOLONG;
	return root_read_attribute(&w->place.root, path, buffer, size, ret_len);
}

static void mark_unreadable(struct pci_device *d, enum pci_attribute attribute)
{
	d->unreadable |= 1U << attribute;
}

/* A number of a file of its own; absent is -1, anything else that is none is unreadable. */
static void read_number(const struct walk *w, struct pci_device *d, const char *file, int base,
			uint64_t max, enum pci_attribute attribute, int32_t *ret)
{
	char buffer[64];
	uint64_t value;
	int err = read_file(w, d->name, file, buffer, sizeof(buffer), NULL);

	if (err) {
		if (fact_from_code(err) != FACT_ABSENT)
			mark_unreadable(d, attribute);
		return;
	}
	if (text_parse_u64(buffer, base, max, &value))
		mark_unreadable(d, attribute);
	else
		*ret = (int32_t)value;
}

static const char *keep_driver(struct walk *w, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < w->n_drivers; i++) {
		if (!strncmp(w->drivers[i], name, len) && !w->drivers[i][len])
			return w->drivers[i];
	}
	return *arena_append(w->reader->scratch, w->drivers, w->n_drivers) =
		       arena_memdup(w->reader->arena, name, len);
}

/* Up to n hex digits at *s, which moves behind them; -1: there is none. */
static int32_t take_hex(const char **s, int n)
{
	int32_t value = -1;

	for (; n--; (*s)++) {
		char c = **s;
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			break;
		value = (value < 0 ? 0 : value << 4) | digit;
	}
	return value;
}

static bool take_pair(const char *s, int32_t *ret_a, int32_t *ret_b)
{
	int32_t a = take_hex(&s, 4), b;

	if (a < 0 || *s++ != ':')
		return false;
	b = take_hex(&s, 4);
	if (b < 0 || *s)
		return false;
	*ret_a = a;
	*ret_b = b;
	return true;
}

/* One line of uevent, as pci_uevent() in drivers/pci/pci-driver.c writes them. */
static void take_line(struct walk *w, struct pci_device *d, const char *line, size_t len)
{
	if (text_has_prefix(line, "DRIVER=")) {
		d->driver = keep_driver(w, line + 7, len - 7);
	} else if (text_has_prefix(line, "PCI_CLASS=")) {
		const char *s = line + 10;
		int32_t class = take_hex(&s, 6);

		if (!*s)
			d->class = class;
	} else if (text_has_prefix(line, "PCI_ID=")) {
		take_pair(line + 7, &d->vendor, &d->device);
	} else if (text_has_prefix(line, "PCI_SUBSYS_ID=")) {
		take_pair(line + 14, &d->subsystem_vendor, &d->subsystem_device);
	}
}

static bool is_complete(const struct pci_device *d)
{
	return d->class >= 0 && d->vendor >= 0 && d->subsystem_vendor >= 0;
}

static int read_uevent(struct walk *w, struct pci_device *d)
{
	char buffer[4096], *line, *end;
	size_t len;
	int err = read_file(w, d->name, "uevent", buffer, sizeof(buffer), &len);

	if ((err == -ENOENT || err == -ELOOP) && w->place.kind != PLACE_LINK) {
		/* Not every tree has all functions of a bus in one folder, and folders for folders. */
		place_open(w, d, err == -ELOOP);
		err = read_file(w, d->name, "uevent", buffer, sizeof(buffer), &len);
	}
	if (err)
		return err;
	for (line = buffer; *line; line = end + 1) {
		end = strchrnul(line, '\n');
		if (!*end) {
			take_line(w, d, line, (size_t)(end - line));
			break;
		}
		*end = 0;
		take_line(w, d, line, (size_t)(end - line));
	}
	return is_complete(d) ? 0 : -EBADMSG;
}

static void read_driver_link(struct walk *w, struct pci_device *d)
{
	char path[PATH_MAX], *name;
	int err = path_of_file(w, d->name, "driver", path)
			  ? root_readlink_name(&w->place.root, w->reader->scratch, path, &name)
			  : -ENAMETOOLONG;

	if (!err)
		d->driver = keep_driver(w, name, strlen(name));
	else if (fact_from_code(err) != FACT_ABSENT)
		mark_unreadable(d, PCI_ATTRIBUTE_DRIVER);
}

/* Where uevent is not there, denied or damaged: each attribute by its own file. */
static void read_files(struct walk *w, struct pci_device *d)
{
	const struct {
		const char *file;
		uint64_t max;
		enum pci_attribute attribute;
		int32_t *value;
	} files[] = {
		{"class", 0xffffff, PCI_ATTRIBUTE_CLASS, &d->class},
		{"vendor", 0xffff, PCI_ATTRIBUTE_VENDOR, &d->vendor},
		{"device", 0xffff, PCI_ATTRIBUTE_DEVICE, &d->device},
		{"subsystem_vendor", 0xffff, PCI_ATTRIBUTE_SUBSYSTEM_VENDOR, &d->subsystem_vendor},
		{"subsystem_device", 0xffff, PCI_ATTRIBUTE_SUBSYSTEM_DEVICE, &d->subsystem_device},
	};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		if (*files[i].value < 0)
			read_number(w, d, files[i].file, 16, files[i].max, files[i].attribute,
				    files[i].value);
	}
	if (!d->driver)
		read_driver_link(w, d);
}

static void read_numa_node(const struct walk *w, struct pci_device *d)
{
	char buffer[64];
	uint64_t value;
	int err = read_file(w, d->name, "numa_node", buffer, sizeof(buffer), NULL);

	if (err) {
		if (fact_from_code(err) != FACT_ABSENT)
			mark_unreadable(d, PCI_ATTRIBUTE_NUMA_NODE);
	} else if (!text_parse_u64(buffer, 10, INT_MAX, &value)) {
		d->numa_node = (int)value;
	} else if (strcmp(text_trim_end(buffer), "-1")) {
		mark_unreadable(d, PCI_ATTRIBUTE_NUMA_NODE);
	}
}

/* driver_override_show() prints a missing one as "(null)". */
static void read_override(const struct walk *w, struct pci_device *d)
{
	char buffer[4096];
	int err = read_file(w, d->name, "driver_override", buffer, sizeof(buffer), NULL);

	if (err) {
		if (fact_from_code(err) != FACT_ABSENT)
			mark_unreadable(d, PCI_ATTRIBUTE_OVERRIDE);
		return;
	}
	buffer[strcspn(buffer, "\n")] = 0;
	d->override = strcmp(buffer, "(null)") ? arena_strdup(w->reader->arena, buffer) : "";
}

/* *ret NULL with 0: it has none. */
static int serial_text(struct arena *arena, const uint8_t *data, size_t size, const char **ret)
{
	const struct pci_config config = {.data = data, .size = size};
	unsigned int bytes[8], i;
	uint64_t serial;
	int err = pci_config_serial(&config, &serial);

	*ret = NULL;
	if (err)
		return err == -ENOENT ? 0 : err;
	for (i = 0; i < 8; i++)
		bytes[i] = serial >> (56 - 8 * i) & 0xff;
	*ret = arena_printf(arena, "%02x-%02x-%02x-%02x-%02x-%02x-%02x-%02x", bytes[0], bytes[1],
			    bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
	return 0;
}

static void read_serial(const struct walk *w, struct pci_device *d)
{
	uint8_t buffer[PCI_CONFIG_SIZE + 1];
	size_t size;
	int err = read_file(w, d->name, "config", (char *)buffer, sizeof(buffer), &size);

	if (!err)
		err = serial_text(w->reader->arena, buffer, size, &d->serial);
	if (err && fact_from_code(err) != FACT_ABSENT)
		mark_unreadable(d, PCI_ATTRIBUTE_SERIAL);
}

int host_read_serial(const struct root *root, const char *device, struct arena *arena,
		     const char **ret)
{
	uint8_t buffer[PCI_CONFIG_SIZE + 1];
	size_t size;
	int err =
		root_read_attribute(root, arena_printf(arena, "sys/" DEVICES "/%s/config", device),
				    (char *)buffer, sizeof(buffer), &size);

	*ret = NULL;
	if (err)
		return fact_from_code(err) == FACT_ABSENT ? 0 : err;
	return serial_text(arena, buffer, size, ret);
}

/* Kernels before 4.10 have no such file; then the register itself, unless nobody answers. */
static void read_revision(const struct walk *w, struct pci_device *d)
{
	uint8_t buffer[PCI_CONFIG_HEADER_SIZE + 1], revision;
	struct pci_config config = {.data = buffer};

	read_number(w, d, "revision", 16, 0xff, PCI_ATTRIBUTE_REVISION, &d->revision);
	if (d->revision >= 0 || d->unreadable & 1U << PCI_ATTRIBUTE_REVISION)
		return;
	if (!read_file(w, d->name, "config", (char *)buffer, sizeof(buffer), &config.size) &&
	    !pci_config_is_silent(&config) &&
	    pci_config_u8(&config, PCI_CONFIG_REVISION, &revision))
		d->revision = revision;
}

/* Base class 06: subclass 04 and 09 are PCI-to-PCI bridges, 07 CardBus (PCI Code and ID Assignment). */
static enum pci_header header_of_class(int32_t class)
{
	switch (class >> 8) {
	case 0x0604:
	case 0x0609:
		return PCI_HEADER_BRIDGE;
	case 0x0607:
		return PCI_HEADER_CARDBUS;
	default:
		return PCI_HEADER_ENDPOINT;
	}
}

/*
 * The number of its group from its own link: one call, where the folders of the groups cost four each,
 * and most machines have more groups than half their functions. Only once uevent was opened below the
 * same folder: see root_link().
 */
static int read_group_id(struct walk *w, struct pci_device *d, bool is_direct)
{
	char path[PATH_MAX], buffer[256], *link = buffer, *slash;
	uint64_t id;
	int err = -EINVAL;

	if (is_direct && path_of_file(w, d->name, "iommu_group", path))
		err = root_link(&w->place.root, path, buffer, sizeof(buffer));
	if (err == -EINVAL || err == -ENAMETOOLONG)
		err = root_readlink(
			w->reader->root, w->reader->scratch,
			arena_printf(w->reader->scratch, "sys/" DEVICES "/%s/iommu_group", d->name),
			&link);
	slash = err ? NULL : strrchr(link, '/');
	if (slash && !text_parse_u64(slash + 1, 10, INT_MAX, &id))
		return (int)id;
	if (!err || fact_from_code(err) != FACT_ABSENT)
		mark_unreadable(d, PCI_ATTRIBUTE_GROUP);
	return -1;
}

static void read_device(struct walk *w, struct pci_device *d)
{
	const struct host_reader *r = w->reader;
	int err;

	if ((w->place.kind != PLACE_BUS && w->place.kind != PLACE_ONE) || !is_of_bus(&w->place, d))
		place_open(w, d, false);
	err = read_uevent(w, d);
	if (err)
		read_files(w, d);
	d->folder = w->place.folder;
	d->parent = w->place.parent;
	if (d->header == PCI_HEADER_ENDPOINT)
		d->header = header_of_class(d->class);
	if (w->wants_numa)
		read_numa_node(w, d);
	if (r->group_ids)
		r->group_ids[d - r->host->devices] =
			read_group_id(w, d, !err && w->place.kind != PLACE_LINK);
	if (reader_wants(r, HOST_ATTRIBUTES))
		read_revision(w, d);
	if (reader_wants(r, HOST_OVERRIDE))
		read_override(w, d);
	if (reader_wants(r, HOST_IDENTITY))
		read_serial(w, d);
}

struct entry {
	struct pci_address address;
	const char *name;
};

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = pci_address_compare(&x->address, &y->address);

	return order ? order : strcmp(x->name, y->name);
}

/* The functions by name and address, in order; what bears no address in that folder is no function. */
static int list_devices(struct host_reader *r, const struct root *folder)
{
	struct host *host = r->host;
	struct entry *entries;
	char **names;
	size_t n, n_entries = 0, i;
	int err = root_names(folder, r->scratch, ".", &names, &n);

	if (err)
		return err;
	entries = arena_calloc(r->scratch, n, sizeof(*entries));
	for (i = 0; i < n; i++) {
		entries[n_entries].name = names[i];
		n_entries += !pci_address_parse(names[i], &entries[n_entries].address);
	}
	if (n_entries)
		qsort(entries, n_entries, sizeof(*entries), compare_entries);
	host->devices = arena_calloc(r->arena, n_entries, sizeof(*host->devices));
	host->n_devices = n_entries;
	for (i = 0; i < n_entries; i++) {
		struct pci_device *d = &host->devices[i];

		d->address = entries[i].address;
		d->name = arena_strdup(r->arena, entries[i].name);
		d->class = d->vendor = d->device = -1;
		d->subsystem_vendor = d->subsystem_device = d->revision = -1;
		d->group = d->parent = d->physical = d->numa_node = -1;
	}
	return 0;
}

/* The file is worth its price only where it can say something: "0" is the one node of most machines. */
static bool has_one_node(struct host_reader *r)
{
	uint64_t node;

	return !root_read_u64(&r->sys, "devices/system/node/online", &node);
}

enum fact pci_read(struct host_reader *r)
{
	struct walk w = {.reader = r, .devices = ROOT_CLOSED, .place = {.root = ROOT_CLOSED}};
	size_t i;
	int err = root_sub(&r->sys, DEVICES, &w.devices);

	if (err)
		return fact_from_code(err);
	err = list_devices(r, &w.devices);
	if (!err) {
		if (reader_wants(r, HOST_GROUP_NUMBERS) && !reader_wants(r, HOST_GROUPS))
			r->group_ids = arena_calloc(r->arena, r->host->n_devices, sizeof(int));
		w.wants_numa = reader_wants(r, HOST_ATTRIBUTES) || !has_one_node(r);
		for (i = 0; i < r->host->n_devices; i++)
			read_device(&w, &r->host->devices[i]);
	}
	place_close(&w.place);
	root_close(&w.devices);
	return fact_from_code(err);
}
