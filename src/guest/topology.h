/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PCI buses of a guest as its definition describes them, and which of their slots are taken: where a
 * device can go, and which ports of a running guest take one by hotplug.
 */
#ifndef FERRY_GUEST_TOPOLOGY_H
#define FERRY_GUEST_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct xml;
struct xml_node;

/* Where a device stands in a guest: the <address type='pci'> that is its direct child. */
struct guest_place {
	uint32_t domain, bus, slot, function;
};
/* -ENOENT: it has none; -EINVAL: it makes no sense. */
int guest_place_read(const struct xml_node *device, struct guest_place *ret);

enum guest_bus_kind {
	GUEST_BUS_PCIE_ROOT,
	GUEST_BUS_PCI_ROOT,
	GUEST_BUS_ROOT_PORT,
	GUEST_BUS_DOWNSTREAM_PORT,
	GUEST_BUS_PCI_BRIDGE,
	GUEST_BUS_OTHER
};

struct guest_bus {
	enum guest_bus_kind kind;
	uint32_t index;
	bool can_hotplug;         /* not switched off with <target hotplug='off'> */
	uint32_t used;            /* bit n: slot n is taken */
	struct xml_node *element; /* its <controller> */
};

struct guest_topology {
	struct guest_bus *buses;
	size_t n_buses;
	uint32_t highest_index;
	bool is_pcie;  /* it has a pcie-root; else a pci-root, where has_pci */
	bool has_pci;  /* it has a PCI root at all */
	bool has_acpi; /* what i440fx needs for hotplug */
};

/* -EINVAL: what stands in it makes no sense. */
int guest_topology_read(const struct xml *x, struct arena *arena, struct guest_topology *ret);
void guest_topology_take(struct guest_topology *t, const struct guest_place *place);

/*
 * A slot that is free for a whole device. For one that goes into a definition any port will do; for
 * hotplug its bus must take it. -ENOSPC: none.
 */
int guest_topology_free_slot(const struct guest_topology *t, bool by_hotplug,
			     struct guest_place *ret);
/* How many such slots there are for hotplug, and whether any bus is of the kind for it. */
size_t guest_topology_hotplug_slots(const struct guest_topology *t, bool *ret_has_bus);

#endif
