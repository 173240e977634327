// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The whole walk: up takes the groups, assigns the devices and starts the guest; down stops what up
 * started, unassigns what up assigned and gives back what up detached, nothing else.
 */
#include "analysis/group.h"
#include "analysis/planner.h"

#include <string.h>

#include "base/arena.h"

/* Hostdevs with managed='no' whose device is on a host driver keep the guest from starting. */
static void check_unmanaged(struct planner *p)
{
	const struct guest *g = p->request->guest;
	size_t i;

	for (i = 0; i < g->stored.count; i++) {
		const struct guest_hostdev *h = &g->stored.list[i];
		const struct pci_device *d = host_find_device(p->host, &h->source);

		if (d && !h->is_managed && !h->is_disk && !driver_is_vfio(d->driver))
			planner_refuse(p, "not-detached", d->name,
				       planner_printf(p, "ferry up %s %s", g->name, d->name),
				       "%s names it with managed='no', and it is on %s", g->name,
				       d->driver ? d->driver : "no driver");
	}
}

/* by_up: the guest's row says that `down` may stop it. */
void planner_start(struct planner *p, bool by_up)
{
	const struct guest *g = p->request->guest;
	struct lent_guest *row;

	if (g->state != GUEST_SHUT_OFF) {
		planner_note(p, "%s is running already.", g->name);
		return;
	}
	if (!by_up)
		check_unmanaged(p);
	planner_step(p, STEP_START, g->name, guest_state_name(g->state),
		     guest_state_name(GUEST_RUNNING))
		->guest_uuid = g->uuid;
	if (!by_up)
		return;
	row = planner_lent_guest(p, g->uuid);
	if (!row) {
		row = arena_append(p->arena, p->plan->lent.guests, p->plan->lent.n_guests);
		*row = (struct lent_guest){.name = g->name, .uuid = g->uuid};
	}
	row->is_started_by_ferry = true;
	row->boot_id = p->host->kernel.boot_id;
}

static bool check_up(struct planner *p)
{
	if (!planner_check_libvirt(p) || !planner_check_guest_state(p, true) ||
	    !planner_check_not_saved(p))
		return false;
	return true;
}

void plan_up(const struct host *host, const struct guests *guests,
	     const struct plan_request *request, struct arena *arena, struct plan *ret)
{
	struct planner p = {host, guests, request, arena, NULL, NULL, 0};

	planner_begin(&p, ret);
	if (!host->is_live) {
		planner_leave(&p, request->guest_name);
		planner_note(&p,
			     "A captured machine has no guests that could be asked: this is the "
			     "host's side of it.");
		return;
	}
	if (!check_up(&p)) {
		/* The devices are judged all the same: one run names all that is in the way. */
		if (guests->access == GUESTS_READ)
			planner_leave(&p, request->guest->name);
		return;
	}
	planner_leave(&p, request->guest->name);
	if (request->guest->state == GUEST_SHUT_OFF) {
		planner_define_with(&p, ret->assigned, ret->n_assigned);
		planner_start(&p, true);
	} else {
		planner_attach_live(&p, ret->assigned, ret->n_assigned);
	}
	planner_revert(&p);
}

/*
 * The rows are the guest's no more: one that `ferry detach` made stays detached, one that only the
 * assignment made goes.
 */
void planner_release(struct planner *p, const size_t *devices, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct lent_device *row = planner_lent_device(p, &p->host->devices[devices[i]]);

		if (!row || !row->guest || strcmp(row->guest, p->request->guest->name) != 0)
			continue;
		row->is_assigned_by_ferry = false;
		row->guest = NULL;
		if (!row->is_detached_by_ferry)
			planner_forget_device(p, row);
		else
			row->is_kept_detached = true;
	}
}

static bool is_stopped_by_down(struct planner *p)
{
	const struct lent_guest *row = planner_lent_guest(p, p->request->guest->uuid);

	return row && row->is_started_by_ferry && planner_is_this_boot(p, row->boot_id);
}

/* Stops the guest that up started, else takes the devices out of it while it runs. */
static bool leave_guest(struct planner *p, const struct lent_device **rows, size_t n)
{
	const struct guest *g = p->request->guest;
	size_t i;

	if (g->state == GUEST_SHUT_OFF)
		return true;
	if (!planner_check_guest_state(p, !p->request->force))
		return false;
	if (is_stopped_by_down(p)) {
		planner_step(p, STEP_SHUTDOWN, g->name, guest_state_name(g->state),
			     guest_state_name(GUEST_SHUT_OFF))
			->guest_uuid = g->uuid;
		return true;
	}
	for (i = 0; i < n; i++)
		planner_detach_live(p, rows[i]);
	return true;
}

static void return_rows(struct planner *p, const char *guest)
{
	struct lent *lent = &p->plan->lent;
	size_t i;

	/* From the last to the first: the way back is the way out reversed. */
	for (i = lent->n_devices; i-- > 0;) {
		struct lent_device *row = &lent->devices[i];

		if (!row->guest || strcmp(row->guest, guest) != 0)
			continue;
		if (row->is_kept_detached) {
			row->guest = NULL;
			row->is_assigned_by_ferry = false;
			planner_note(p, "%s was detached by ferry detach before: it stays so.",
				     planner_address(p, &row->identity.address));
		} else {
			planner_return(p, row);
		}
	}
}

static bool check_groups(struct planner *p, const struct lent_device *const *rows, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct pci_device *d = host_find_device(p->host, &rows[i]->identity.address);

		if (d && d->group >= 0 && driver_is_vfio(d->driver) &&
		    !planner_group_is_free(p, d->group,
					   "end that process, or let it release the device"))
			return false;
	}
	return true;
}

/* The guest is no more: only the host's side is left to be put right. */
static void down_without_guest(struct planner *p, const char *name)
{
	struct lent *lent = &p->plan->lent;
	size_t i;

	planner_note(p, "The guest %s is not there any more: only its devices are given back.",
		     name);
	return_rows(p, name);
	for (i = lent->n_guests; i-- > 0;) {
		if (!strcmp(lent->guests[i].name, name))
			planner_forget_guest(p, lent->guests[i].uuid);
	}
}

void plan_down(const struct host *host, const struct guests *guests,
	       const struct plan_request *request, struct arena *arena, struct plan *ret)
{
	struct planner p = {host, guests, request, arena, NULL, NULL, 0};
	const char *name = request->guest ? request->guest->name : request->guest_name;
	const struct lent_device **rows;
	size_t n = 0, i;

	planner_begin(&p, ret);
	if (!planner_check_libvirt(&p))
		return;
	rows = arena_calloc(arena, ret->lent.n_devices + 1, sizeof(*rows));
	for (i = 0; i < ret->lent.n_devices; i++) {
		if (ret->lent.devices[i].guest && !strcmp(ret->lent.devices[i].guest, name))
			rows[n++] = &ret->lent.devices[i];
	}
	if (!check_groups(&p, rows, n))
		return;
	if (!request->guest) {
		down_without_guest(&p, name);
		return;
	}
	if (!n && !planner_lent_guest(&p, request->guest->uuid)) {
		planner_note(&p, "Nothing is lent to %s.", name);
		return;
	}
	if (!leave_guest(&p, rows, n))
		return;
	if (request->guest->is_persistent)
		planner_define_without(&p, rows, n);
	return_rows(&p, name);
	planner_forget_guest(&p, request->guest->uuid);
}
