// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The PCI functions of a machine. `uevent` gives driver, class, ids at one open; older or captured
 * trees that have none give them in files of their own. The folder's name is the address, whatever
 * PCI_SLOT_NAME says.
 */
#include "host/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "host/read.h"

#define DEVICES "sys/bus/pci/devices"

const char *pci_attribute_name(enum pci_attribute attribute)
{
	static const char *const names[PCI_ATTRIBUTES] = {
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

static void mark_unreadable(struct pci_device *d, enum pci_attribute attribute, int code)
{
	if (code && fact_from_code(code) != FACT_ABSENT)
		d->unreadable |= 1U << attribute;
}

static int32_t read_number(const struct root *dir, struct pci_device *d, const char *file,
			   enum pci_attribute attribute, uint64_t max)
{
	uint64_t value;
	int code = root_read_u64(dir, file, &value);

	if (!code && value > max)
		code = -ERANGE;
	mark_unreadable(d, attribute, code);
	return code ? -1 : (int32_t)value;
}

/* "8086:10D3" at s, up to the end of the line. */
static void parse_id_pair(const char *s, int32_t *ret_first, int32_t *ret_second)
{
	char *end;
	unsigned long first = strtoul(s, &end, 16), second;

	if (*end != ':' || first > 0xffff)
		return;
	second = strtoul(end + 1, &end, 16);
	if ((*end && *end != '\n') || second > 0xffff)
		return;
	*ret_first = (int32_t)first;
	*ret_second = (int32_t)second;
}

static void parse_uevent(struct pci_device *d, char *text, struct arena *arena)
{
	char *save, *line;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		uint64_t class;

		if (text_has_prefix(line, "DRIVER="))
			d->driver = arena_strdup(arena, line + 7);
		else if (text_has_prefix(line, "PCI_CLASS=") &&
			 !text_parse_u64(line + 10, 16, 0xffffff, &class))
			d->class = (int32_t) class;
		else if (text_has_prefix(line, "PCI_ID="))
			parse_id_pair(line + 7, &d->vendor, &d->device);
		else if (text_has_prefix(line, "PCI_SUBSYS_ID="))
			parse_id_pair(line + 14, &d->subsystem_vendor, &d->subsystem_device);
	}
}

/* What uevent did not say: a captured tree may lack it, or hold one that was cut. */
static void read_missing(const struct root *dir, struct pci_device *d, struct arena *arena)
{
	char *driver;
	int code;

	if (d->class < 0)
		d->class = read_number(dir, d, "class", PCI_ATTRIBUTE_CLASS, 0xffffff);
	if (d->vendor < 0)
		d->vendor = read_number(dir, d, "vendor", PCI_ATTRIBUTE_VENDOR, 0xffff);
	if (d->device < 0)
		d->device = read_number(dir, d, "device", PCI_ATTRIBUTE_DEVICE, 0xffff);
	if (d->subsystem_vendor < 0)
		d->subsystem_vendor = read_number(dir, d, "subsystem_vendor",
						  PCI_ATTRIBUTE_SUBSYSTEM_VENDOR, 0xffff);
	if (d->subsystem_device < 0)
		d->subsystem_device = read_number(dir, d, "subsystem_device",
						  PCI_ATTRIBUTE_SUBSYSTEM_DEVICE, 0xffff);
	if (d->driver)
		return;
	code = root_readlink_name(dir, arena, "driver", &driver);
	mark_unreadable(d, PCI_ATTRIBUTE_DRIVER, code);
	if (!code)
		d->driver = driver;
}

static enum pci_header header_of_class(int32_t class)
{
	if (class >> 8 == 0x0604)
		return PCI_HEADER_BRIDGE;
	return class >> 8 == 0x0607 ? PCI_HEADER_CARDBUS : PCI_HEADER_ENDPOINT;
}

static int32_t read_node(const struct root *dir, struct pci_device *d, struct arena *arena)
{
	uint64_t node;
	char *text;
	int code = root_read_line(dir, arena, "numa_node", &text);

	if (!code && !strcmp(text, "-1"))
		return -1;
	if (!code)
		code = text_parse_u64(text, 10, INT32_MAX, &node);
	mark_unreadable(d, PCI_ATTRIBUTE_NUMA_NODE, code);
	return code ? -1 : (int32_t)node;
}

/* path: the device's link, from base. */
static void read_device(const struct root *base, struct host *host, const char *path,
			const char *name, bool has_nodes)
{
	struct arena *arena = host->arena;
	struct pci_address address;
	struct root dir;
	struct pci_device *d;
	char *text;

	if (pci_address_parse(name, &address))
		return;
	d = arena_append(arena, host->devices, host->n_devices);
	*d = (struct pci_device){.address = address,
				 .name = name,
				 .class = -1,
				 .vendor = -1,
				 .device = -1,
				 .subsystem_vendor = -1,
				 .subsystem_device = -1,
				 .revision = -1,
				 .group = -1,
				 .parent = -1,
				 .numa_node = -1};
	if (root_readlink(base, arena, path, &text))
		text = arena_strdup(arena, name);
	d->path = text;
	if (root_sub(base, path, &dir))
		return;
	if (!root_read(&dir, arena, "uevent", &text, NULL))
		parse_uevent(d, text, arena);
	read_missing(&dir, d, arena);
	d->revision = read_number(&dir, d, "revision", PCI_ATTRIBUTE_REVISION, 0xff);
	if (has_nodes)
		d->numa_node = read_node(&dir, d, arena);
	d->header = header_of_class(d->class);
	root_close(&dir);
}

static int compare_devices(const void *a, const void *b)
{
	return pci_address_compare(&((const struct pci_device *)a)->address,
				   &((const struct pci_device *)b)->address);
}

const struct pci_device *host_find_device(const struct host *host,
					  const struct pci_address *address)
{
	struct pci_device key = {.address = *address};

	if (!host->n_devices)
		return NULL;
	return bsearch(&key, host->devices, host->n_devices, sizeof(key), compare_devices);
}

int host_device_of_path(const struct host *host, const char *path, const char **ret_rest)
{
	const char *p = path;
	int found = -1;

	while (*p) {
		size_t len = strcspn(p, "/");
		char name[PCI_ADDRESS_SIZE];
		struct pci_address address;
		const struct pci_device *d = NULL;

		if (len && len < sizeof(name)) {
			memcpy(name, p, len);
			name[len] = 0;
			if (!pci_address_parse(name, &address))
				d = host_find_device(host, &address);
		}
		p += len;
		p += strspn(p, "/");
		if (!d)
			continue;
		found = (int)(d - host->devices);
		if (ret_rest)
			*ret_rest = p;
	}
	return found;
}

/* The bridge above is the component before the device's own in its path. */
static void find_parent(struct host *host, struct pci_device *d)
{
	const char *slash = strrchr(d->path, '/');

	if (!slash)
		return;
	d->parent = host_device_of_path(
		host, arena_memdup(host->arena, d->path, (size_t)(slash - d->path)), NULL);
}

/* Where no node, or only one, is online no file says anything that is not known. */
static bool has_several_nodes(const struct root *root, struct arena *arena)
{
	char *text;

	if (root_read_line(root, arena, "sys/devices/system/node/online", &text))
		return true;
	return strpbrk(text, ",-") != NULL;
}

/*
 * Live, one handle of the folder saves the walk to it for each device. In a captured tree a handle would
 * be a root that its links can't lead out of, so there the whole path is walked.
 */
int host_read_pci(const struct root *root, struct host *host)
{
	bool has_nodes = has_several_nodes(root, host->arena);
	struct root devices = ROOT_CLOSED;
	char **names;
	size_t n, i;
	int code = root_list(root, host->arena, DEVICES, &names, &n);

	if (!code && root->live)
		code = root_sub(root, DEVICES, &devices);
	if (code)
		return code;
	for (i = 0; i < n; i++)
		read_device(root->live ? &devices : root, host,
			    root->live ? names[i]
				       : arena_printf(host->arena, DEVICES "/%s", names[i]),
			    names[i], has_nodes);
	root_close(&devices);
	if (host->n_devices)
		qsort(host->devices, host->n_devices, sizeof(*host->devices), compare_devices);
	for (i = 0; i < host->n_devices; i++)
		find_parent(host, &host->devices[i]);
	return 0;
}
