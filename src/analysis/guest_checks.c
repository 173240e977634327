// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What must hold of a guest before it is changed, and the edits of its stored definition with the way
 * back: the definition before ferry's first edit is kept as long as nobody else edits in between.
 */
#include "analysis/planner.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/definition.h"

const struct guest_hostdev *guest_devices_find(const struct guest_devices *devices,
					       const struct pci_address *address)
{
	size_t i;

	for (i = 0; i < devices->count; i++) {
		if (pci_address_equal(&devices->list[i].source, address))
			return &devices->list[i];
	}
	return NULL;
}

bool planner_check_libvirt(struct planner *p)
{
	const struct guests *g = p->guests;

	if (g->access != GUESTS_READ) {
		planner_refuse(p, "libvirt", g->uri ? g->uri : "libvirt", g->remedy, "%s",
			       g->message ? g->message : "libvirt was not asked");
		return false;
	}
	if (g->is_remote) {
		planner_refuse(
			p, "remote-libvirt", g->uri,
			"run ferry on that machine: devices are taken from the host that the "
			"guest runs on",
			"its guests are on another machine, %s; from here they can be looked at "
			"only",
			g->host_name ? g->host_name : "which does not say its name");
		return false;
	}
	if (g->is_read_only) {
		planner_refuse(p, "no-permission", g->uri, "run it as root",
			       "libvirt lets this user look at guests, not change them");
		return false;
	}
	return true;
}

bool planner_check_not_saved(struct planner *p)
{
	const struct guest *g = p->request->guest;

	if (!g->has_managed_save)
		return true;
	planner_refuse(
		p, "managed-save", g->name,
		planner_printf(p,
			       "virsh start %s resumes it (then shut it down from inside), or "
			       "virsh managedsave-remove %s throws its saved memory away, as if it "
			       "had lost power",
			       g->name, g->name),
		"it has a managed-save image: started now it would resume as it was saved, without the "
		"device");
	return false;
}

static bool refuse_state(struct planner *p, const char *remedy)
{
	const struct guest *g = p->request->guest;

	planner_refuse(p, "guest-state", g->name, remedy, "the guest is %s",
		       guest_state_name(g->state));
	return false;
}

bool planner_check_guest_state(struct planner *p, bool live)
{
	const struct guest *g = p->request->guest;

	switch (g->state) {
	case GUEST_MIGRATING:
		return refuse_state(p, "wait until the migration has ended");
	case GUEST_STATE_UNKNOWN:
		return refuse_state(
			p, planner_printf(p, "look with virsh domstate --reason %s", g->name));
	case GUEST_PAUSED:
		return !live || refuse_state(p, planner_printf(p, "virsh resume %s", g->name));
	case GUEST_CRASHED:
		return !live || refuse_state(p, planner_printf(p, "virsh destroy %s", g->name));
	case GUEST_SUSPENDED:
		return !live || refuse_state(p, planner_printf(p, "virsh dompmwakeup %s", g->name));
	case GUEST_SHUTTING_DOWN:
		return !live || refuse_state(p, "wait until it is off");
	default:
		return true;
	}
}

static struct lent_guest *remember_guest(struct planner *p, const char *xml_after)
{
	const struct guest *g = p->request->guest;
	struct lent_guest *row = planner_lent_guest(p, g->uuid);

	if (!row) {
		row = arena_append(p->arena, p->plan->lent.guests, p->plan->lent.n_guests);
		*row = (struct lent_guest){.name = g->name, .uuid = g->uuid, .xml_before = g->xml};
	} else if (!row->xml_after) {
		row->xml_before = g->xml;
	} else if (!text_equal(row->xml_after, g->xml)) {
		row->xml_before = NULL;
	}
	row->xml_after = xml_after;
	return row;
}

static void add_define_step(struct planner *p, const char *before, const char *after)
{
	planner_step(p, STEP_DEFINE, p->request->guest->name, before, after)->guest_uuid =
		p->request->guest->uuid;
}

static void refuse_edit(struct planner *p, const struct error *err)
{
	planner_refuse(p, "definition", p->request->guest->name, err->remedy, "%s", err->message);
}

void planner_define_with(struct planner *p, const size_t *devices, size_t n)
{
	const struct guest *g = p->request->guest;
	struct pci_address *add = arena_calloc(p->arena, n, sizeof(*add));
	ERROR_AUTO struct error err = {0};
	const char *after;
	size_t n_add = 0, i;

	for (i = 0; i < n; i++) {
		const struct pci_device *d = &p->host->devices[devices[i]];
		struct lent_device *row = planner_lent_device(p, d);

		if (guest_devices_find(&g->stored, &d->address))
			continue;
		add[n_add++] = d->address;
		if (row)
			row->is_assigned_by_ferry = true;
	}
	if (!n_add)
		return;
	if (guest_xml_with_hostdevs(g->xml, add, n_add, p->arena, &after, &err)) {
		refuse_edit(p, &err);
		return;
	}
	add_define_step(p, g->xml, after);
	remember_guest(p, after);
	planner_note(
		p,
		"The devices stand in the definition with managed='no': after a reboot of the "
		"host %s does not start from virt-manager or virsh until `ferry up %s` has run.",
		g->name, g->name);
}

void planner_define_without(struct planner *p, const struct lent_device *const *rows, size_t n)
{
	const struct guest *g = p->request->guest;
	const struct lent_guest *row = planner_lent_guest(p, g->uuid);
	struct pci_address *drop = arena_calloc(p->arena, n, sizeof(*drop));
	ERROR_AUTO struct error err = {0};
	const char *after;
	size_t n_drop = 0, i;

	for (i = 0; i < n; i++) {
		if (rows[i]->is_assigned_by_ferry &&
		    guest_devices_find(&g->stored, &rows[i]->identity.address))
			drop[n_drop++] = rows[i]->identity.address;
	}
	if (!n_drop)
		return;
	if (row && row->xml_before && text_equal(row->xml_after, g->xml)) {
		add_define_step(p, g->xml, row->xml_before);
		return;
	}
	if (guest_xml_without_hostdevs(g->xml, row ? row->xml_before : NULL, drop, n_drop, p->arena,
				       &after, &err)) {
		refuse_edit(p, &err);
		return;
	}
	/* A start fills in what libvirt had left open; that is no edit of anybody's. */
	if (row && row->xml_before && guest_xml_is_same(after, row->xml_before, p->arena))
		after = row->xml_before;
	else
		planner_note(
			p,
			"The definition of %s was edited since: only the devices that ferry put in "
			"are taken out.",
			g->name);
	add_define_step(p, g->xml, after);
}
