// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A detached device into a guest's definition, the stored one, the live one or both, and out of them.
 * Starting a guest is here too: it is the same question, whether the guest can have what it names.
 */
#include "analysis/group.h"
#include "analysis/planner.h"

#include <string.h>

#include "base/arena.h"

static bool wants_live(const struct plan_request *r)
{
	return r->live || r->both;
}

static bool wants_stored(const struct plan_request *r)
{
	return !r->live || r->both;
}

/* Common to all that edit a guest: it can be reached, is in a state for it, and has what is edited. */
static bool check_guest(struct planner *p)
{
	const struct guest *g = p->request->guest;

	if (!planner_check_libvirt(p) || !planner_check_guest_state(p, wants_live(p->request)))
		return false;
	if (wants_stored(p->request) && !g->is_persistent) {
		planner_refuse(
			p, "transient", g->name, "use --live",
			"the guest is transient: it has no stored definition to put a device in");
		return false;
	}
	if (wants_live(p->request) && g->state == GUEST_SHUT_OFF) {
		planner_refuse(p, "guest-state", g->name,
			       "leave --live and --both out, or start the guest first",
			       "the guest is shut off: there is no live definition");
		return false;
	}
	return !wants_stored(p->request) || planner_check_not_saved(p);
}

static void check_ports(struct planner *p, size_t n)
{
	const struct guest *g = p->request->guest;

	if (n <= g->free_live_ports)
		return;
	planner_refuse(
		p, "no-port", g->name,
		planner_printf(p,
			       "shut the guest down and run ferry up %s: the stored definition "
			       "gets the ports that are needed",
			       g->name),
		"for %zu %s a port that takes hotplug is needed, and the running guest has %s", n,
		n == 1 ? "device" : "devices each",
		!g->has_hotplug_bus  ? "no such port at all"
		: g->free_live_ports ? planner_printf(p, "only %zu free", g->free_live_ports)
				     : "none free");
}

/* Into the live guest, those that are not in it. */
void planner_attach_live(struct planner *p, const size_t *devices, size_t n)
{
	const struct guest *g = p->request->guest;
	size_t n_new = 0, i;

	for (i = 0; i < n; i++) {
		const struct pci_device *d = &p->host->devices[devices[i]];
		struct lent_device *row;

		if (guest_devices_find(&g->live, &d->address))
			continue;
		planner_device_step(p, STEP_ATTACH, d, NULL, d->name)->subject = g->name;
		p->plan->steps[p->plan->n_steps - 1].guest_uuid = g->uuid;
		row = planner_lent_device(p, d);
		if (row)
			row->is_assigned_by_ferry = true;
		n_new++;
	}
	check_ports(p, n_new);
}

void planner_detach_live(struct planner *p, const struct lent_device *row)
{
	const struct guest *g = p->request->guest;
	const struct pci_device *d = host_find_device(p->host, &row->identity.address);
	struct plan_step *step;

	if (!d || !guest_devices_find(&g->live, &d->address))
		return;
	step = planner_device_step(p, STEP_DETACH, d, d->name, NULL);
	step->subject = g->name;
	step->guest_uuid = g->uuid;
}

static bool check_assign(struct planner *p, const struct pci_device *d)
{
	const struct lent_device *row = planner_lent_device(p, d);
	const struct guest *g = p->request->guest;

	if (!group_member_is_endpoint(d)) {
		planner_refuse(
			p, "bridge", d->name,
			"name a device below it; ferry survey --tree shows them",
			"it is a bridge, and a guest can be given only what hangs below one");
		return false;
	}
	if (row && row->guest && strcmp(row->guest, g->name) != 0) {
		planner_refuse(p, "lent", d->name, planner_printf(p, "ferry down %s", row->guest),
			       "it is lent to the guest %s", row->guest);
		return false;
	}
	if (driver_is_vfio(d->driver))
		return true;
	if (wants_live(p->request)) {
		planner_refuse(p, "not-detached", d->name,
			       planner_printf(p, "ferry detach %s, or ferry up %s %s", d->name,
					      g->name, d->name),
			       "it is on %s and not on vfio-pci",
			       d->driver ? d->driver : "no driver");
		return false;
	}
	planner_note(p,
		     "%s is on %s still: %s starts with it once it is detached (ferry up %s %s).",
		     d->name, d->driver ? d->driver : "no driver", g->name, g->name, d->name);
	return true;
}

/* A row for a device that was not lent before; detached is what it is not, by ferry. */
static void lend(struct planner *p, const struct pci_device *d)
{
	struct lent_device *row = planner_lent_device(p, d);

	if (!row) {
		row = arena_append(p->arena, p->plan->lent.devices, p->plan->lent.n_devices);
		*row = (struct lent_device){
			.since = p->request->now,
			.boot_id = p->host->kernel.boot_id,
			.override_before = d->override ? d->override : "",
		};
		pci_device_identity(d, &row->identity);
	}
	row->guest = p->request->guest->name;
	row->role = LENT_ASSIGNED;
}

void plan_assign(const struct host *host, const struct guests *guests,
		 const struct plan_request *request, struct arena *arena, struct plan *ret)
{
	struct planner p = {host, guests, request, arena, NULL, NULL, 0};
	size_t i;

	planner_begin(&p, ret);
	if (!check_guest(&p))
		return;
	for (i = 0; i < request->n_devices; i++) {
		const struct pci_device *d = &host->devices[request->devices[i]];

		if (!check_assign(&p, d))
			continue;
		lend(&p, d);
		*arena_append(arena, ret->assigned, ret->n_assigned) = request->devices[i];
	}
	if (wants_stored(request))
		planner_define_with(&p, ret->assigned, ret->n_assigned);
	if (wants_live(request))
		planner_attach_live(&p, ret->assigned, ret->n_assigned);
}

/* What stands in the definition without ferry having put it there is somebody else's. */
static bool check_unassign(struct planner *p, const struct pci_device *d)
{
	const struct lent_device *row = planner_lent_device(p, d);
	const struct guest *g = p->request->guest;

	if (row && row->is_assigned_by_ferry && row->guest && !strcmp(row->guest, g->name))
		return true;
	if (!guest_devices_find(&g->stored, &d->address) &&
	    !guest_devices_find(&g->live, &d->address)) {
		planner_note(p, "%s is not in %s: nothing to do.", d->name, g->name);
		return false;
	}
	planner_refuse(p, "not-ours", d->name,
		       planner_printf(p, "virsh detach-device %s, or virt-manager", g->name),
		       "it stands in the definition of %s, but ferry did not put it there",
		       g->name);
	return false;
}

void plan_unassign(const struct host *host, const struct guests *guests,
		   const struct plan_request *request, struct arena *arena, struct plan *ret)
{
	struct planner p = {host, guests, request, arena, NULL, NULL, 0};
	const struct lent_device **rows = arena_calloc(arena, request->n_devices, sizeof(*rows));
	size_t n = 0, i;

	planner_begin(&p, ret);
	if (!check_guest(&p))
		return;
	for (i = 0; i < request->n_devices; i++) {
		const struct pci_device *d = &host->devices[request->devices[i]];

		if (check_unassign(&p, d))
			rows[n++] = planner_lent_device(&p, d);
	}
	if (wants_live(request)) {
		for (i = 0; i < n; i++)
			planner_detach_live(&p, rows[i]);
	}
	if (wants_stored(request))
		planner_define_without(&p, rows, n);
	planner_release(&p, request->devices, request->n_devices);
}

void plan_start(const struct host *host, const struct guests *guests,
		const struct plan_request *request, struct arena *arena, struct plan *ret)
{
	struct planner p = {host, guests, request, arena, NULL, NULL, 0};

	planner_begin(&p, ret);
	if (planner_check_libvirt(&p) && planner_check_guest_state(&p, true) &&
	    planner_check_not_saved(&p))
		planner_start(&p, false);
}
