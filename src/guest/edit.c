// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A guest's definition with ferry's devices in it, and without them again: pure edits of a tree.
 *
 * The functions of one slot of the host go to one slot of the guest: drivers of graphics cards look for
 * their sound function there. A guest finds the functions of a slot only through its function 0, which
 * must say multifunction='on'; so whatever comes or goes, a slot is numbered anew by one rule.
 */
#include "guest/edit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "guest/domain_xml.h"
#include "guest/topology.h"
#include "guest/xml.h"

/* A definition under the knife. */
struct edit {
	struct xml xml;
	struct arena *arena;
	const char *name; /* of the guest, for messages */
	struct xml_node *devices;
	struct guest_topology topology;
};

static int refuse_xml(struct error *err, int code)
{
	if (code == -EINVAL)
		return error_set(err, code, NULL, "virsh edit GUEST shows the definition",
				 "this is not a guest's definition that ferry can read");
	return error_set(err, code, "libxml2", "install it: libxml2 is what libvirt needs too",
			 "the library is not installed, or lacks a function");
}

/* A device that can't be read must not look like one that is not there. */
static int check_devices(const struct edit *e)
{
	struct guest_hostdev h;
	struct xml_node *n;
	int r;

	for (n = xml_child(e->devices, NULL); n; n = xml_next(n, NULL)) {
		r = domain_xml_hostdev(n, e->arena, &h);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return 0;
}

static int edit_begin(const char *text, struct arena *arena, struct edit *ret, struct error *err)
{
	struct edit e = {.arena = arena};
	struct xml_node *root;
	int r = domain_xml_parse(text, &e.xml);

	if (r < 0)
		return refuse_xml(err, r);
	root = xml_root(&e.xml);
	e.name = xml_text(xml_child(root, "name"), arena);
	e.devices = xml_child(root, "devices");
	r = guest_topology_read(&e.xml, arena, &e.topology);
	if (!r)
		r = check_devices(&e);
	if (r < 0) {
		xml_clear(&e.xml);
		return refuse_xml(err, r);
	}
	if (!e.devices)
		e.devices = xml_add_child(root, "devices");
	*ret = e;
	return 0;
}

/* The element that holds the device; NULL: none. */
static struct xml_node *find_source(const struct edit *e, const struct pci_address *address)
{
	struct guest_hostdev h;
	struct xml_node *n;

	for (n = xml_child(e->devices, NULL); n; n = xml_next(n, NULL))
		if (!domain_xml_hostdev(n, e->arena, &h) && pci_address_equal(&h.source, address))
			return n;
	return NULL;
}

static bool is_same_slot(const struct pci_address *a, const struct pci_address *b)
{
	return a->domain == b->domain && a->bus == b->bus && a->slot == b->slot;
}

static bool is_same_place(const struct guest_place *a, const struct guest_place *b)
{
	return a->domain == b->domain && a->bus == b->bus && a->slot == b->slot;
}

static void set_place(struct xml_node *hostdev, const struct guest_place *place)
{
	struct xml_node *address = xml_child(hostdev, "address");

	if (!address)
		address = xml_add_child(hostdev, "address");
	xml_set_attribute(address, "type", "pci");
	xml_set_attribute_hex(address, "domain", 4, place->domain);
	xml_set_attribute_hex(address, "bus", 2, place->bus);
	xml_set_attribute_hex(address, "slot", 2, place->slot);
	xml_set_attribute_hex(address, "function", 1, place->function);
}

/* A <hostdev> in one slot of the guest. */
struct member {
	struct xml_node *element;
	struct pci_address source;
};

struct members {
	struct member *list;
	size_t count;
	bool are_alone; /* nothing else stands in that slot, and all are of one slot of the host */
};

static int compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return pci_address_compare(&x->source, &y->source);
}

static struct members members_of(const struct edit *e, const struct guest_place *slot)
{
	struct members m = {.are_alone = true};
	struct guest_hostdev h;
	struct guest_place place;
	struct xml_node *n;

	for (n = xml_child(e->devices, NULL); n; n = xml_next(n, NULL)) {
		if (guest_place_read(n, &place) || !is_same_place(&place, slot))
			continue;
		if (!xml_is(n, "hostdev") || domain_xml_hostdev(n, e->arena, &h)) {
			m.are_alone = false;
			continue;
		}
		if (m.count && !is_same_slot(&m.list[0].source, &h.source))
			m.are_alone = false;
		*arena_append(e->arena, m.list, m.count) = (struct member){n, h.source};
	}
	if (m.count)
		qsort(m.list, m.count, sizeof(*m.list), compare_members);
	return m;
}

/* As on the host; where the host's function 0 is not among them the first takes its number. */
static void renumber(struct members *m, const struct guest_place *slot)
{
	struct guest_place place = *slot;
	size_t i;

	for (i = 0; i < m->count; i++) {
		place.function = i ? m->list[i].source.function : 0;
		set_place(m->list[i].element, &place);
		xml_set_attribute(xml_child(m->list[i].element, "address"), "multifunction",
				  !i && m->count > 1 ? "on" : NULL);
	}
}

/* libvirt's own order of elements: hostdevs stand before these. */
static bool is_after_hostdevs(const struct xml_node *n)
{
	static const char *const names[] = {
		"redirdev", "redirfilter", "hub",    "watchdog", "memballoon", "rng",  "nvram",
		"panic",    "shmem",       "memory", "crypto",   "iommu",      "vsock"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (xml_is(n, names[i]))
			return true;
	return false;
}

static struct xml_node *last_of(const struct edit *e, const char *name)
{
	struct xml_node *last = NULL, *n;

	for (n = xml_child(e->devices, name); n; n = xml_next(n, name))
		last = n;
	return last;
}

static struct xml_node *new_hostdev_element(struct edit *e)
{
	struct xml_node *last = last_of(e, "hostdev"), *n;

	if (last)
		return xml_add_after(last, "hostdev");
	for (n = xml_child(e->devices, NULL); n; n = xml_next(n, NULL))
		if (is_after_hostdevs(n))
			return xml_add_before(n, "hostdev");
	return xml_add_child(e->devices, "hostdev");
}

static struct xml_node *add_hostdev(struct edit *e, const struct pci_address *address)
{
	struct xml_node *hostdev = new_hostdev_element(e), *source;

	xml_set_attribute(hostdev, "mode", "subsystem");
	xml_set_attribute(hostdev, "type", "pci");
	xml_set_attribute(hostdev, "managed", "no");
	source = xml_add_child(xml_add_child(hostdev, "source"), "address");
	xml_set_attribute_hex(source, "domain", 4, address->domain);
	xml_set_attribute_hex(source, "bus", 2, address->bus);
	xml_set_attribute_hex(source, "slot", 2, address->slot);
	xml_set_attribute_hex(source, "function", 1, address->function);
	return hostdev;
}

/* A controller that brings a slot of its own; libvirt finds its place on the bus above. */
static int add_controller(struct edit *e, struct guest_place *ret)
{
	const char *model = e->topology.is_pcie ? "pcie-root-port" : "pci-bridge";
	struct xml_node *last = last_of(e, "controller"), *n;
	uint32_t index = e->topology.highest_index + 1;
	struct guest_bus *bus;

	if (index > 255)
		return -ENOSPC;
	n = last ? xml_add_after(last, "controller") : xml_add_child(e->devices, "controller");
	xml_set_attribute(n, "type", "pci");
	xml_set_attribute(n, "index", arena_printf(e->arena, "%u", index));
	xml_set_attribute(n, "model", model);
	bus = arena_append(e->arena, e->topology.buses, e->topology.n_buses);
	*bus = (struct guest_bus){.kind = e->topology.is_pcie ? GUEST_BUS_ROOT_PORT
							      : GUEST_BUS_PCI_BRIDGE,
				  .index = index,
				  .can_hotplug = true,
				  .element = n};
	e->topology.highest_index = index;
	return guest_topology_free_slot(&e->topology, false, ret);
}

static int find_slot(struct edit *e, struct guest_place *ret, struct error *err)
{
	int r;

	if (!e->topology.has_pci)
		return error_set(err, -EOPNOTSUPP, e->name, "assign one function of the slot",
				 "the guest's board has no PCI bus on which several functions "
				 "can share a slot");
	r = guest_topology_free_slot(&e->topology, false, ret);
	if (r == -ENOSPC)
		r = add_controller(e, ret);
	if (r < 0)
		return error_set(err, r, e->name, "take an unused PCI controller out of the guest",
				 "the guest has no PCI bus number left for another port");
	return 0;
}

/* The guest's slot in which only functions of that slot of the host stand. */
static bool find_shared_slot(const struct edit *e, const struct pci_address *address,
			     struct guest_place *ret)
{
	struct guest_hostdev h;
	struct guest_place place;
	struct xml_node *n;

	for (n = xml_child(e->devices, "hostdev"); n; n = xml_next(n, "hostdev")) {
		if (domain_xml_hostdev(n, e->arena, &h) || guest_place_read(n, &place))
			continue;
		if (is_same_slot(&h.source, address) && members_of(e, &place).are_alone) {
			*ret = place;
			return true;
		}
	}
	return false;
}

/* The n functions, all of one slot of the host. */
static int add_slot(struct edit *e, const struct pci_address *addresses, size_t n,
		    struct error *err)
{
	struct guest_place place;
	struct members members;
	size_t i;
	int r;

	if (!find_shared_slot(e, addresses, &place)) {
		if (n == 1) {
			add_hostdev(e, addresses);
			return 0;
		}
		r = find_slot(e, &place, err);
		if (r < 0)
			return r;
	}
	for (i = 0; i < n; i++)
		set_place(add_hostdev(e, &addresses[i]), &place);
	guest_topology_take(&e->topology, &place);
	members = members_of(e, &place);
	renumber(&members, &place);
	return 0;
}

static int compare_addresses(const void *a, const void *b)
{
	return pci_address_compare(a, b);
}

static int check_absent(const struct edit *e, const struct pci_address *address, struct error *err)
{
	char s[PCI_ADDRESS_SIZE];

	if (!find_source(e, address))
		return 0;
	return error_set(err, -EEXIST, pci_address_format(address, s), NULL,
			 "it is in the definition of %s already", e->name);
}

static int add_all(struct edit *e, const struct pci_address *sorted, size_t n, struct error *err)
{
	size_t i, end;
	int r;

	for (i = 0; i < n; i++) {
		r = check_absent(e, &sorted[i], err);
		if (r < 0)
			return r;
	}
	for (i = 0; i < n; i = end) {
		for (end = i + 1; end < n && is_same_slot(&sorted[i], &sorted[end]); end++)
			;
		r = add_slot(e, &sorted[i], end - i, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* In order, each once. */
static struct pci_address *sorted_set(const struct pci_address *addresses, size_t *n,
				      struct arena *arena)
{
	struct pci_address *sorted = arena_calloc(arena, *n, sizeof(*sorted));
	size_t i, count = 0;

	if (!*n)
		return sorted;
	memcpy(sorted, addresses, *n * sizeof(*sorted));
	qsort(sorted, *n, sizeof(*sorted), compare_addresses);
	for (i = 0; i < *n; i++)
		if (!count || !pci_address_equal(&sorted[count - 1], &sorted[i]))
			sorted[count++] = sorted[i];
	*n = count;
	return sorted;
}

int guest_xml_with_hostdevs(const char *xml, const struct pci_address *addresses, size_t n,
			    struct arena *arena, const char **ret_xml, struct error *err)
{
	struct pci_address *sorted = sorted_set(addresses, &n, arena);
	struct edit e;
	int r = edit_begin(xml, arena, &e, err);

	if (r < 0)
		return r;
	r = add_all(&e, sorted, n, err);
	if (!r)
		*ret_xml = xml_write(&e.xml, arena);
	xml_clear(&e.xml);
	return r;
}

/* What is left of a slot whose function 0 went would not be seen by the guest. */
static void mend_slot(struct edit *e, const struct guest_place *slot)
{
	struct members m = members_of(e, slot);
	bool has_function_0 = false;
	struct guest_place place;
	size_t i;

	if (!m.are_alone)
		return;
	for (i = 0; i < m.count; i++) {
		guest_place_read(m.list[i].element, &place);
		has_function_0 |= !place.function;
	}
	if (m.count == 1 || !has_function_0)
		renumber(&m, slot);
}

static void remove_hostdev(struct edit *e, const struct pci_address *address)
{
	struct xml_node *n = find_source(e, address);
	struct guest_place place;
	bool has_place;

	if (!n || !xml_is(n, "hostdev"))
		return;
	has_place = !guest_place_read(n, &place);
	xml_remove(n);
	if (has_place)
		mend_slot(e, &place);
}

static bool has_controller(const struct guest_topology *t, const struct guest_bus *bus)
{
	size_t i;

	for (i = 0; i < t->n_buses; i++)
		if (t->buses[i].index == bus->index)
			return true;
	return false;
}

/*
 * Only from the highest index down: libvirt fills a gap between the indexes with a controller of its
 * own choice. One that sat on a controller which is gone may have left that one empty in turn.
 */
static int remove_controllers(struct edit *e, const struct guest_topology *before)
{
	struct guest_topology now;
	const struct guest_bus *last;
	size_t i;
	int r;

	for (;;) {
		r = guest_topology_read(&e->xml, e->arena, &now);
		if (r < 0)
			return r;
		last = NULL;
		for (i = 0; i < now.n_buses; i++)
			if (!last || now.buses[i].index > last->index)
				last = &now.buses[i];
		if (!last || last->used || has_controller(before, last))
			return 0;
		xml_remove(last->element);
	}
}

int guest_xml_without_hostdevs(const char *xml, const char *xml_before,
			       const struct pci_address *addresses, size_t n, struct arena *arena,
			       const char **ret_xml, struct error *err)
{
	struct edit e, before;
	size_t i;
	int r = edit_begin(xml, arena, &e, err);

	if (r < 0)
		return r;
	for (i = 0; i < n; i++)
		remove_hostdev(&e, &addresses[i]);
	if (xml_before) {
		r = edit_begin(xml_before, arena, &before, err);
		if (!r) {
			r = remove_controllers(&e, &before.topology);
			xml_clear(&before.xml);
		}
	}
	if (!r)
		*ret_xml = xml_write(&e.xml, arena);
	xml_clear(&e.xml);
	return r;
}
