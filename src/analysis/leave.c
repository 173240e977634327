// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How the groups of the named devices leave the host: what bars them (Rule 1, Rule 3), the steps for
 * each member, and the rows that remember what was there before.
 */
#include "analysis/fitness.h"
#include "analysis/group.h"
#include "analysis/loss.h"
#include "analysis/planner.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static const char vfio[] = "vfio-pci";

static bool is_named(const struct planner *p, size_t device)
{
	const struct pci_device *d = &p->host->devices[device];
	size_t i;

	for (i = 0; i < p->request->n_devices; i++) {
		if (p->request->devices[i] == device)
			return true;
	}
	return p->request->whole_group && group_member_is_endpoint(d);
}

/* A hostdev with managed='yes' that stood in the definition before: libvirt binds it, not ferry. */
static bool is_libvirts(const struct planner *p, const struct pci_device *d)
{
	const struct guest_hostdev *h;

	if (!p->request->guest)
		return false;
	h = guest_devices_find(&p->request->guest->stored, &d->address);
	return h && h->is_managed;
}

/* Rule 4: an address is not an identity. */
static bool check_identity(struct planner *p, const struct pci_device *d)
{
	const struct lent_device *row = planner_lent_device(p, d);
	struct pci_identity now;

	pci_device_identity(d, &now);
	if (!row || pci_identity_matches(&now, &row->identity))
		return true;
	planner_refuse(
		p, "identity", d->name,
		row->guest
			? planner_printf(p,
					 "ferry down %s forgets the old one; then name the device "
					 "where it is now",
					 row->guest)
			: planner_printf(p, "ferry reattach %s forgets the old one", d->name),
		"it is another device (%04x:%04x) than the one that was lent from this address "
		"(%04x:%04x)",
		(unsigned int)now.vendor, (unsigned int)now.device,
		(unsigned int)row->identity.vendor, (unsigned int)row->identity.device);
	return false;
}

static bool check_device(struct planner *p, const struct pci_device *d)
{
	int behind = device_behind(p->host, (size_t)(d - p->host->devices));

	if (!group_member_is_endpoint(d)) {
		planner_refuse(
			p, "bridge", d->name,
			"name a device below it; ferry survey --tree shows them",
			"it is a bridge, and a guest can be given only what hangs below one");
		return false;
	}
	if (behind >= 0) {
		planner_refuse(
			p, "behind-controller", d->name,
			planner_printf(p,
				       "name %s, which takes all that is behind it along, or "
				       "switch it off in the firmware (VMD)",
				       p->host->devices[behind].name),
			"it stands behind %s, in whose name it does its DMA: it can't be given to a "
			"guest by itself",
			p->host->devices[behind].name);
		return false;
	}
	if (d->unreadable & 1U << PCI_ATTRIBUTE_GROUP) {
		planner_refuse(p, "group-unreadable", d->name, "run ferry check",
			       "its iommu_group link could not be read");
		return false;
	}
	if (d->group < 0 && p->host->n_groups) {
		planner_refuse(
			p, "no-group", d->name,
			"run ferry check: the IOMMU that covers this device may be left out by "
			"a parameter (igfx_off) or by the firmware",
			"it is in no IOMMU group, though other devices are");
		return false;
	}
	if (d->group < 0) {
		planner_refuse(p, "no-iommu", d->name, "run ferry check: it says what is missing",
			       "this machine has no IOMMU groups: no IOMMU is at work");
		return false;
	}
	return check_identity(p, d);
}

static void check_regions(struct planner *p, const struct iommu_group *g)
{
	const char *subject = planner_printf(p, "group %u", g->id);

	if (g->n_direct_regions)
		planner_refuse(
			p, "firmware-region", subject,
			"look for a firmware option that frees the region (server firmware: "
			"RMRR or \"shared memory\" of that slot), or use another slot",
			"reserved_regions holds \"%s\": the firmware keeps that memory for a "
			"device of the group, so the kernel gives the group to no guest",
			g->direct_regions[0]);
	else if (g->regions_read == FACT_DENIED || g->regions_read == FACT_UNREADABLE)
		planner_refuse(
			p, "regions-unreadable", subject, "run it as root",
			"its reserved_regions could not be read, so a firmware region cannot "
			"be ruled out");
}

static void check_others(struct planner *p, const struct iommu_group *g)
{
	size_t i;

	for (i = 0; i < g->n_others; i++) {
		if (g->other_drivers[i])
			planner_refuse(
				p, "other-member", g->others[i],
				planner_printf(p,
					       "unbind it from %s by hand, if the host "
					       "can do without it",
					       g->other_drivers[i]),
				"it is no PCI device, belongs to group %u and is driven by %s; "
				"ferry moves PCI devices only",
				g->id, g->other_drivers[i]);
	}
}

/* The guest that has the device now: live, or by the table. NULL: none but the one asked for. */
static const char *other_guest(struct planner *p, const struct pci_device *d)
{
	const struct lent_device *row = planner_lent_device(p, d);
	const char *own = p->request->guest ? p->request->guest->name : NULL;
	size_t i;

	for (i = 0; i < p->guests->count; i++) {
		const struct guest *g = &p->guests->list[i];

		if (!text_equal(g->name, own) && guest_devices_find(&g->live, &d->address))
			return g->name;
	}
	if (row && row->guest && !text_equal(row->guest, own))
		return row->guest;
	return NULL;
}

static bool check_lent(struct planner *p, const struct iommu_group *g)
{
	size_t i;

	for (i = 0; i < g->n_devices; i++) {
		const struct pci_device *d = &p->host->devices[g->devices[i]];
		const char *guest = other_guest(p, d);

		if (!guest)
			continue;
		planner_refuse(p, "lent", d->name, planner_printf(p, "ferry down %s", guest),
			       "the guest %s has it, and a group can serve one guest at a time",
			       guest);
		return false;
	}
	return true;
}

static bool holds_live(const struct planner *p, const struct guest *guest,
		       const struct iommu_group *g)
{
	size_t i;

	for (i = 0; guest && i < g->n_devices; i++) {
		if (guest_devices_find(&guest->live, &p->host->devices[g->devices[i]].address))
			return true;
	}
	return false;
}

bool planner_group_is_free(struct planner *p, int group, const char *remedy)
{
	const struct iommu_group *g = &p->host->groups[group];
	size_t i;

	/* Its own guest lets go, or is asked to, before: the executor looks once more. */
	if (holds_live(p, p->request->guest, g))
		return true;
	for (i = 0; i < p->host->n_holders; i++) {
		const struct host_holder *h = &p->host->holders[i];

		if (h->group != group && h->group >= 0)
			continue;
		planner_refuse(p, "held", planner_printf(p, "group %u", g->id), remedy,
			       "process %u (%s) has %s open; as long as it does, no driver may be "
			       "changed in this group",
			       h->pid, h->command, h->path);
		return false;
	}
	if (p->host->parts[HOST_HOLDERS] == FACT_READ && !p->host->n_unread_processes)
		return true;
	/* Nothing is done to a captured machine, and few captures hold its processes. */
	if (!p->host->is_live)
		return true;
	planner_refuse(
		p, "holders-unreadable", planner_printf(p, "group %u", g->id),
		"run it as root, in the host's own PID namespace",
		"%zu processes could not be looked at, so it can't be told whether one of them "
		"uses the group",
		p->host->n_unread_processes);
	return false;
}

static bool has_vfio_member(const struct planner *p, const struct iommu_group *g)
{
	size_t i;

	for (i = 0; i < g->n_devices; i++) {
		if (driver_is_vfio(p->host->devices[g->devices[i]].driver))
			return true;
	}
	return false;
}

static void check_group(struct planner *p, int group)
{
	const struct iommu_group *g = &p->host->groups[group];

	check_regions(p, g);
	check_others(p, g);
	/* Only a group with a member on vfio-pci has a file in /dev/vfio that can be open. */
	if (check_lent(p, g) && has_vfio_member(p, g))
		planner_group_is_free(p, group, "end that process, or let it release the device");
}

static void refuse_unread(struct planner *p)
{
	const struct host *host = p->host;
	const char *subject = host->devices[p->leaving[0]].name;

	if (host->parts[HOST_STORAGE] != FACT_READ)
		planner_refuse(p, "losses-unreadable", subject, "run it as root",
			       "what is mounted from it could not be read (%s)",
			       fact_name(host->parts[HOST_STORAGE]));
	else if (!losses_are_known(host) && !p->request->yes)
		planner_refuse(p, "needs-yes", subject,
			       "run it as root; --yes takes it all the same",
			       "what the host uses of it could not be read whole");
}

static void refuse_loss(struct planner *p, const struct plan_loss *loss)
{
	const char *subject = p->host->devices[loss->device].name,
		   *chain = loss_text(p->arena, loss, LOSS_ARROW);
	bool is_root = !strcmp(loss->chain[loss->n_chain - 1], "/");

	if (loss->severity == LOSS_FATAL)
		planner_refuse(p, "fatal-loss", subject,
			       loss->remedy ? loss->remedy
			       : is_root ? "the root file system has to lie on another device first"
					 : "that has to lie on another device first",
			       "the host would lose %s", chain);
	else if (loss->severity == LOSS_SERIOUS && !p->request->yes)
		planner_refuse(p, "needs-yes", subject,
			       loss->remedy ? planner_printf(p, "%s; --yes takes it all the same",
							     loss->remedy)
					    : "--yes takes it all the same",
			       "the host would lose %s", chain);
}

/* Of all that leave together: of two ways to a disk one may stay. */
static void check_losses(struct planner *p)
{
	struct loss_table *table;
	size_t i;

	if (!p->n_leaving)
		return;
	refuse_unread(p);
	table = loss_table_new(p->host, p->guests, p->request->guest, p->arena);
	losses_of(table, p->leaving, p->n_leaving, &p->plan->losses, &p->plan->n_losses);
	planner_lose_aperture(p);
	for (i = 0; i < p->plan->n_losses; i++)
		refuse_loss(p, &p->plan->losses[i]);
}

static void add_leaving(struct planner *p, size_t device)
{
	size_t i;

	for (i = 0; i < p->n_leaving; i++) {
		if (p->leaving[i] == device)
			return;
	}
	*arena_append(p->arena, p->leaving, p->n_leaving) = device;
}

/* The row that remembers; one of this boot keeps what it knows of the time before. */
static void remember(struct planner *p, const struct pci_device *d, enum lent_role role,
		     const char *guest, bool detached)
{
	struct lent_device *row = planner_lent_device(p, d);
	bool is_new = !row || !planner_is_this_boot(p, row->boot_id) || detached;

	if (!row)
		row = arena_append(p->arena, p->plan->lent.devices, p->plan->lent.n_devices);
	if (is_new) {
		bool assigned = row->is_assigned_by_ferry, kept = row->is_kept_detached;

		*row = (struct lent_device){
			.since = p->request->now,
			.boot_id = p->host->kernel.boot_id,
			.driver_before = d->driver,
			.override_before = d->override ? d->override : "",
			.consoles_before = detached ? planner_consoles_before(p, d) : NULL,
			.power_before = detached ? planner_power_before(p, d) : NULL,
			.is_detached_by_ferry = detached,
			.is_assigned_by_ferry = assigned,
			.is_kept_detached = kept,
		};
		pci_device_identity(d, &row->identity);
	}
	if (!guest)
		row->is_kept_detached = true;
	row->role = role;
	row->guest = guest;
}

static void take_from_host(struct planner *p, const struct pci_device *d)
{
	const char *override = d->override ? d->override : "", *driver = planner_vfio_driver(p, d);

	planner_wake(p, d);
	planner_release_display(p, d);
	/* A module of its own; vfio-pci's stands in front of all. */
	if (strcmp(driver, vfio) != 0)
		planner_device_step(p, STEP_MODULE, d, NULL, "loaded")->subject = driver;
	if (strcmp(override, driver) != 0)
		planner_device_step(p, STEP_OVERRIDE, d, override, driver);
	if (d->driver)
		planner_device_step(p, STEP_UNBIND, d, d->driver, NULL);
	planner_device_step(p, STEP_BIND, d, NULL, driver);
	planner_rest(p, d, planner_power_before(p, d));
	planner_note_reset(p, d);
}

static void leave_endpoint(struct planner *p, size_t device, enum lent_role role, const char *guest)
{
	const struct pci_device *d = &p->host->devices[device];
	bool has_left = driver_is_vfio(d->driver);

	if (role == LENT_ASSIGNED)
		*arena_append(p->arena, p->plan->assigned, p->plan->n_assigned) = device;
	else
		*arena_append(p->arena, p->plan->parked, p->plan->n_parked) = device;
	if (!has_left) {
		add_leaving(p, device);
		take_from_host(p, d);
	}
	remember(p, d, role, guest, !has_left);
}

static void leave_bridge(struct planner *p, size_t device, const char *guest)
{
	const struct pci_device *d = &p->host->devices[device];

	*arena_append(p->arena, p->plan->unbound, p->plan->n_unbound) = device;
	planner_device_step(p, STEP_UNBIND, d, d->driver, NULL);
	remember(p, d, LENT_UNBOUND, guest, true);
}

/* A mate that is lent already: the row follows the guest, nothing else is to be done. */
static void keep_mate(struct planner *p, size_t device, const char *guest)
{
	const struct pci_device *d = &p->host->devices[device];
	struct lent_device *row = planner_lent_device(p, d);

	if (!row)
		return;
	if (driver_is_vfio(d->driver) && row->role == LENT_ASSIGNED && !row->guest)
		row->role = LENT_PARKED;
	if (row->role == LENT_PARKED && driver_is_vfio(d->driver))
		*arena_append(p->arena, p->plan->parked, p->plan->n_parked) = device;
	if (!row->guest)
		row->guest = guest;
}

static void leave_member(struct planner *p, size_t device, const char *guest)
{
	const struct pci_device *d = &p->host->devices[device];

	if (is_named(p, device) && is_libvirts(p, d)) {
		*arena_append(p->arena, p->plan->assigned, p->plan->n_assigned) = device;
		planner_note(
			p,
			"%s stands in the definition with managed='yes': libvirt takes it from "
			"the host when the guest starts, and gives it back.",
			d->name);
	} else if (is_named(p, device)) {
		leave_endpoint(p, device, LENT_ASSIGNED, guest);
	} else if (!group_member_blocks(p->host, d)) {
		keep_mate(p, device, guest);
	} else if (group_member_is_endpoint(d)) {
		leave_endpoint(p, device, LENT_PARKED, guest);
	} else {
		leave_bridge(p, device, guest);
	}
}

static bool has_bind_step(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].kind == STEP_BIND)
			return true;
	}
	return false;
}

/* vfio-pci has to be there before anything is moved: its step goes to the front. */
static void put_module_first(struct planner *p)
{
	struct plan *plan = p->plan;
	const struct host_kernel *k = &p->host->kernel;

	if (k->has_vfio_pci || !has_bind_step(plan))
		return;
	if (k->vfio_pci_barred) {
		planner_refuse(p, "module-barred", vfio,
			       "take that line out, or load the module yourself if you mean to",
			       "the administrator keeps the module from being loaded: %s",
			       k->vfio_pci_barred);
		return;
	}
	planner_step(p, STEP_MODULE, vfio, NULL, "loaded");
	memmove(&plan->steps[1], &plan->steps[0], (plan->n_steps - 1) * sizeof(*plan->steps));
	plan->steps[0] =
		(struct plan_step){.kind = STEP_MODULE, .subject = vfio, .after = "loaded"};
}

void planner_leave(struct planner *p, const char *guest_name)
{
	bool *seen = arena_calloc(p->arena, p->host->n_groups + 1, sizeof(*seen));
	size_t i, j;

	for (i = 0; i < p->request->n_devices; i++) {
		const struct pci_device *d = &p->host->devices[p->request->devices[i]];

		if (!check_device(p, d)) {
			/* One run names all that is in the way. */
			if (group_member_is_endpoint(d) && !driver_is_vfio(d->driver))
				add_leaving(p, p->request->devices[i]);
			continue;
		}
		if (seen[d->group])
			continue;
		seen[d->group] = true;
		check_group(p, d->group);
		for (j = 0; j < p->host->groups[d->group].n_devices; j++)
			leave_member(p, p->host->groups[d->group].devices[j], guest_name);
	}
	check_losses(p);
	put_module_first(p);
}

void plan_detach(const struct host *host, const struct guests *guests,
		 const struct plan_request *request, struct arena *arena, struct plan *ret)
{
	struct planner p = {host, guests, request, arena, NULL, NULL, 0};

	planner_begin(&p, ret);
	planner_leave(&p, NULL);
	planner_revert(&p);
}
