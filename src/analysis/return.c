// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The way back (Rule 4): the former driver's module, the override set to that driver's name so that no
 * other driver that matches is faster, the probe, and only then the override that was there before.
 */
#include "analysis/group.h"
#include "analysis/planner.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static void return_to_driver(struct planner *p, const struct pci_device *d, const char *driver,
			     const char *override)
{
	const char *now = d->override ? d->override : "";

	planner_device_step(p, STEP_MODULE, d, NULL, "loaded")->subject = driver;
	if (strcmp(now, driver) != 0)
		planner_device_step(p, STEP_OVERRIDE, d, now, driver);
	if (d->driver)
		planner_device_step(p, STEP_UNBIND, d, d->driver, NULL);
	planner_device_step(p, STEP_BIND, d, NULL, driver);
	if (strcmp(driver, override) != 0)
		planner_device_step(p, STEP_OVERRIDE, d, driver, override);
}

static void restore_override(struct planner *p, const struct pci_device *d, const char *override)
{
	const char *now = d->override ? d->override : "";

	if (strcmp(now, override) != 0)
		planner_device_step(p, STEP_OVERRIDE, d, now, override);
}

static void return_device(struct planner *p, const struct pci_device *d,
			  const struct lent_device *row)
{
	const char *override = row->override_before ? row->override_before : "";
	bool is_away = driver_is_vfio(d->driver) || (!d->driver && row->driver_before);

	if (!is_away && !text_equal(d->driver, row->driver_before)) {
		planner_note(p, "%s is driven by %s now, which ferry did not do: it is left so.",
			     d->name, d->driver ? d->driver : "no driver");
		return;
	}
	if (is_away && row->driver_before) {
		return_to_driver(p, d, row->driver_before, override);
	} else {
		if (is_away)
			planner_device_step(p, STEP_UNBIND, d, d->driver, NULL);
		restore_override(p, d, override);
	}
	planner_return_display(p, row);
	planner_rest(p, d, row->power_before);
}

/* Its row is forgotten whatever was found: nothing of ferry's is left on it afterwards. */
void planner_return(struct planner *p, struct lent_device *row)
{
	const struct pci_device *d = host_find_device(p->host, &row->identity.address);
	char address[PCI_ADDRESS_SIZE];
	struct pci_identity now;

	if (!d) {
		planner_note(p, "%s is not there any more.",
			     pci_address_format(&row->identity.address, address));
	} else if (!planner_is_this_boot(p, row->boot_id)) {
		planner_note(p, "%s: the host was rebooted since, its driver came back by itself.",
			     d->name);
	} else {
		pci_device_identity(d, &now);
		if (!pci_identity_matches(&now, &row->identity))
			planner_note(p,
				     "%s is another device than the one that was lent: it is left "
				     "as it is.",
				     d->name);
		else if (row->is_detached_by_ferry)
			return_device(p, d, row);
	}
	planner_forget_device(p, row);
}

/* The guest whose running definition has the device; NULL: none. */
static const struct guest *live_holder(const struct planner *p, const struct pci_device *d)
{
	size_t i;

	for (i = 0; i < p->guests->count; i++) {
		if (guest_devices_find(&p->guests->list[i].live, &d->address))
			return &p->guests->list[i];
	}
	return NULL;
}

static bool check_reattach(struct planner *p, const struct pci_device *d)
{
	const struct lent_device *row = planner_lent_device(p, d);
	const struct guest *guest = live_holder(p, d);

	if (guest || (row && row->guest)) {
		const char *name = guest ? guest->name : row->guest;

		planner_refuse(p, "lent", d->name, planner_printf(p, "ferry down %s", name),
			       guest ? "the guest %s is using it" : "it is lent to the guest %s",
			       name);
		return false;
	}
	if (!row && !driver_is_vfio(d->driver))
		return true;
	if (!row && !p->request->force) {
		planner_refuse(
			p, "not-ours", d->name,
			"if you know that nobody needs it so, --force gives it to the host",
			"ferry did not detach it (driverctl, libvirt or a script may have): it is "
			"left alone");
		return false;
	}
	return planner_group_is_free(p, d->group, "end that process, or let it release the device");
}

/* Not ferry's, and --force: the override goes and the kernel picks the driver. */
static void force_return(struct planner *p, const struct pci_device *d)
{
	planner_device_step(p, STEP_UNBIND, d, d->driver, NULL);
	restore_override(p, d, "");
	planner_device_step(p, STEP_BIND, d, NULL, NULL);
}

/* In reverse order of the way out; only what is lent, or named. */
static void reattach_group(struct planner *p, int group)
{
	const struct iommu_group *g = &p->host->groups[group];
	size_t i;

	for (i = g->n_devices; i-- > 0;) {
		if (!check_reattach(p, &p->host->devices[g->devices[i]]))
			return;
	}
	for (i = g->n_devices; i-- > 0;) {
		const struct pci_device *d = &p->host->devices[g->devices[i]];
		struct lent_device *row = planner_lent_device(p, d);

		if (row)
			planner_return(p, row);
		else if (driver_is_vfio(d->driver))
			force_return(p, d);
	}
}

void plan_reattach(const struct host *host, const struct guests *guests,
		   const struct plan_request *request, struct arena *arena, struct plan *ret)
{
	struct planner p = {host, guests, request, arena, NULL, NULL, 0};
	bool *seen = arena_calloc(arena, host->n_groups + 1, sizeof(*seen));
	size_t i;

	planner_begin(&p, ret);
	for (i = 0; i < request->n_devices; i++) {
		const struct pci_device *d = &host->devices[request->devices[i]];

		if (d->group < 0) {
			planner_note(&p, "%s is in no IOMMU group and was never detached.",
				     d->name);
		} else if (!seen[d->group]) {
			seen[d->group] = true;
			reattach_group(&p, d->group);
		}
	}
}
