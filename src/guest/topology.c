// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See topology.h. The rules are libvirt's (docs/pci-hotplug, docs/pci-addresses): on q35 nothing can be
 * plugged into the root bus, and a port below it has one slot; on i440fx any slot of the root bus or of
 * a bridge will do. A slot of which one function is taken is taken.
 */
#include "guest/topology.h"

#include <errno.h>

#include "base/arena.h"
#include "guest/xml.h"

int guest_place_read(const struct xml_node *device, struct guest_place *ret)
{
	const struct xml_node *address = xml_child(device, "address");
	struct guest_place p = {0};
	int r;

	if (!address || !xml_attribute_is(address, "type", "pci"))
		return -ENOENT;
	/* <address type='pci'/> alone asks libvirt for one. */
	if (!xml_attribute(address, "slot") && !xml_attribute(address, "bus"))
		return -ENOENT;
	r = xml_attribute_u32(address, "domain", UINT32_MAX, &p.domain);
	if (!r || r == -ENOENT)
		r = xml_attribute_u32(address, "bus", 255, &p.bus);
	if (!r || r == -ENOENT)
		r = xml_attribute_u32(address, "slot", 31, &p.slot);
	if (!r || r == -ENOENT)
		r = xml_attribute_u32(address, "function", 7, &p.function);
	if (r && r != -ENOENT)
		return -EINVAL;
	*ret = p;
	return 0;
}

static enum guest_bus_kind bus_kind(const struct xml_node *controller)
{
	static const char *const models[] = {
		[GUEST_BUS_PCIE_ROOT] = "pcie-root",
		[GUEST_BUS_PCI_ROOT] = "pci-root",
		[GUEST_BUS_ROOT_PORT] = "pcie-root-port",
		[GUEST_BUS_DOWNSTREAM_PORT] = "pcie-switch-downstream-port",
		[GUEST_BUS_PCI_BRIDGE] = "pci-bridge",
	};
	int i;

	for (i = 0; i < GUEST_BUS_OTHER; i++)
		if (xml_attribute_is(controller, "model", models[i]))
			return i;
	return GUEST_BUS_OTHER;
}

static int read_bus(const struct xml_node *controller, struct arena *arena,
		    struct guest_topology *t)
{
	const struct xml_node *target = xml_child(controller, "target");
	uint32_t index = 0;
	int r = xml_attribute_u32(controller, "index", UINT32_MAX - 1, &index);
	struct guest_bus *bus;

	if (r && r != -ENOENT)
		return -EINVAL;
	/* libvirt always writes the index; without it only a root bus is sure of its own, which is 0. */
	if (r && bus_kind(controller) > GUEST_BUS_PCI_ROOT)
		return 0;
	bus = arena_append(arena, t->buses, t->n_buses);
	bus->kind = bus_kind(controller);
	bus->index = index;
	bus->can_hotplug = !xml_attribute_is(target, "hotplug", "off");
	bus->element = (struct xml_node *)controller;
	if (index > t->highest_index)
		t->highest_index = index;
	t->is_pcie |= bus->kind == GUEST_BUS_PCIE_ROOT;
	t->has_pci |= bus->kind <= GUEST_BUS_PCI_ROOT;
	return 0;
}

void guest_topology_take(struct guest_topology *t, const struct guest_place *place)
{
	size_t i;

	for (i = 0; i < t->n_buses; i++)
		if (t->buses[i].index == place->bus)
			t->buses[i].used |= 1U << place->slot;
}

int guest_topology_read(const struct xml *x, struct arena *arena, struct guest_topology *ret)
{
	const struct xml_node *root = xml_root(x), *devices = xml_child(root, "devices"), *n;
	struct guest_topology t = {.has_acpi = xml_child(xml_child(root, "features"), "acpi")};
	struct guest_place place;
	int r;

	for (n = xml_child(devices, "controller"); n; n = xml_next(n, "controller")) {
		if (!xml_attribute_is(n, "type", "pci"))
			continue;
		r = read_bus(n, arena, &t);
		if (r < 0)
			return r;
	}
	for (n = xml_child(devices, NULL); n; n = xml_next(n, NULL)) {
		r = guest_place_read(n, &place);
		if (!r)
			guest_topology_take(&t, &place);
		else if (r != -ENOENT)
			return r;
	}
	*ret = t;
	return 0;
}

/* The slots of a bus that take a device, a bit each. */
static uint32_t usable_slots(const struct guest_topology *t, const struct guest_bus *bus,
			     bool by_hotplug)
{
	if (by_hotplug && (!bus->can_hotplug || (!t->is_pcie && !t->has_acpi)))
		return 0;
	switch (bus->kind) {
	case GUEST_BUS_ROOT_PORT:
	case GUEST_BUS_DOWNSTREAM_PORT:
		return 1U << 0;
	case GUEST_BUS_PCI_ROOT:
		/* 0: the host bridge; 1: PIIX; 2: libvirt keeps it for a graphics card. */
		return UINT32_MAX << 3;
	case GUEST_BUS_PCI_BRIDGE:
		/* On PCIe boards it is for conventional devices only; 0 is its hotplug controller. */
		return t->is_pcie ? 0 : UINT32_MAX << 1;
	case GUEST_BUS_PCIE_ROOT:
	case GUEST_BUS_OTHER:
		break;
	}
	return 0;
}

int guest_topology_free_slot(const struct guest_topology *t, bool by_hotplug,
			     struct guest_place *ret)
{
	size_t i;

	for (i = 0; i < t->n_buses; i++) {
		uint32_t usable = usable_slots(t, &t->buses[i], by_hotplug) & ~t->buses[i].used;

		if (!usable || t->buses[i].index > 255)
			continue;
		*ret = (struct guest_place){.bus = t->buses[i].index,
					    .slot = (uint32_t)__builtin_ctz(usable)};
		return 0;
	}
	return -ENOSPC;
}

size_t guest_topology_hotplug_slots(const struct guest_topology *t, bool *ret_has_bus)
{
	size_t i, n = 0;

	*ret_has_bus = false;
	for (i = 0; i < t->n_buses; i++) {
		uint32_t usable = usable_slots(t, &t->buses[i], true);

		*ret_has_bus |= usable;
		n += (size_t)__builtin_popcount(usable & ~t->buses[i].used);
	}
	return n;
}
