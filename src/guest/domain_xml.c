// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See domain_xml.h. Three elements give a host's PCI device to a guest: <hostdev type='pci'>, an
 * <interface type='hostdev'> (also what a live guest shows for a network of virtual functions), and a
 * <disk type='nvme'>, which QEMU drives through vfio itself.
 */
#include "guest/domain_xml.h"

#include <errno.h>

#include "base/arena.h"
#include "guest/topology.h"
#include "guest/xml.h"

int domain_xml_parse(const char *text, struct xml *ret)
{
	struct xml x;
	int r = xml_parse(text, &x);

	if (r < 0)
		return r;
	if (!xml_is(xml_root(&x), "domain")) {
		xml_clear(&x);
		return -EINVAL;
	}
	*ret = x;
	return 0;
}

static int read_source(const struct xml_node *source, struct pci_address *ret)
{
	const struct xml_node *address = xml_child(source, "address");
	uint32_t domain = 0, bus, slot, function = 0;
	int r = xml_attribute_u32(address, "domain", UINT32_MAX, &domain);

	if (xml_attribute(address, "type") && !xml_attribute_is(address, "type", "pci"))
		return -ENOENT; /* an interface on USB */
	if (r && r != -ENOENT)
		return -EINVAL;
	r = xml_attribute_u32(address, "function", 7, &function);
	if (r && r != -ENOENT)
		return -EINVAL;
	if (xml_attribute_u32(address, "bus", 255, &bus) < 0 ||
	    xml_attribute_u32(address, "slot", 31, &slot) < 0)
		return -EINVAL;
	*ret = (struct pci_address){domain, (uint8_t)bus, (uint8_t)slot, (uint8_t)function};
	return 0;
}

int domain_xml_hostdev(const struct xml_node *element, struct arena *arena,
		       struct guest_hostdev *ret)
{
	const struct xml_node *source = xml_child(element, "source"), *managed = element;
	const struct xml_node *alias = xml_child(element, "alias");
	struct guest_hostdev h = {0};
	int r;

	if (xml_is(element, "hostdev")) {
		if (!xml_attribute_is(element, "type", "pci"))
			return -ENOENT;
	} else if (xml_is(element, "interface")) {
		if (!xml_attribute_is(element, "type", "hostdev"))
			return -ENOENT;
		h.is_interface = true;
	} else if (xml_is(element, "disk")) {
		if (!xml_attribute_is(element, "type", "nvme"))
			return -ENOENT;
		h.is_disk = true;
		managed = source;
	} else {
		return -ENOENT;
	}
	r = read_source(source, &h.source);
	if (r < 0)
		return r;
	h.is_managed = xml_attribute_is(managed, "managed", "yes");
	if (xml_attribute(alias, "name"))
		h.alias = arena_strdup(arena, xml_attribute(alias, "name"));
	*ret = h;
	return 0;
}

static int read_devices(const struct xml_node *devices, struct arena *arena,
			struct guest_devices *ret)
{
	struct guest_devices d = {0};
	const struct xml_node *n;
	struct guest_hostdev h;
	int r;

	for (n = xml_child(devices, NULL); n; n = xml_next(n, NULL)) {
		r = domain_xml_hostdev(n, arena, &h);
		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		*arena_append(arena, d.list, d.count) = h;
	}
	*ret = d;
	return 0;
}

/* The disks that are files or block devices of the host, and what they are backed by. */
static void read_images(const struct xml_node *element, struct arena *arena, struct domain_xml *d)
{
	static const char *const names[] = {"file", "dev"};
	const struct xml_node *source = xml_child(element, "source");
	const char *path;
	size_t i;

	for (i = 0; source && i < 2; i++) {
		path = xml_attribute(source, names[i]);
		if (path && *path == '/')
			*arena_append(arena, d->images, d->n_images) = arena_strdup(arena, path);
	}
}

static void read_disks(const struct xml_node *devices, struct arena *arena, struct domain_xml *d)
{
	const struct xml_node *disk, *backing;

	for (disk = xml_child(devices, "disk"); disk; disk = xml_next(disk, "disk")) {
		for (backing = disk; backing; backing = xml_child(backing, "backingStore"))
			read_images(backing, arena, d);
	}
}

int domain_xml_read(const char *text, struct arena *arena, struct domain_xml *ret)
{
	XML_AUTO struct xml x = {0};
	struct domain_xml d = {0};
	struct guest_topology topology;
	const struct xml_node *root;
	int r = domain_xml_parse(text, &x);

	if (r < 0)
		return r;
	root = xml_root(&x);
	r = guest_topology_read(&x, arena, &topology);
	if (r < 0)
		return r;
	r = read_devices(xml_child(root, "devices"), arena, &d.devices);
	if (r < 0)
		return r;
	read_disks(xml_child(root, "devices"), arena, &d);
	d.is_live = xml_attribute(root, "id");
	d.name = xml_text(xml_child(root, "name"), arena);
	d.uuid = xml_text(xml_child(root, "uuid"), arena);
	d.free_ports = guest_topology_hotplug_slots(&topology, &d.has_hotplug_bus);
	*ret = d;
	return 0;
}
