// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See status.h. Two kinds of devices have a row: those in ferry's table, and those that are away from
 * the host without ferry having done it (on vfio-pci, or in a running guest): they are shown as they
 * are, so that nothing that is gone from the host is missing here.
 */
#include "analysis/status.h"

#include <stdarg.h>

#include "analysis/group.h"
#include "analysis/planner.h"
#include "base/arena.h"
#include "base/text.h"

const char *lent_state_name(enum lent_state state)
{
	static const char *const names[] = {
		[STATE_HOST] = "host",         [STATE_DETACHED] = "detached",
		[STATE_ASSIGNED] = "assigned", [STATE_PARKED] = "parked",
		[STATE_IN_GUEST] = "in-guest",
	};

	return names[state];
}

static void drift(struct arena *arena, struct status_row *row, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void drift(struct arena *arena, struct status_row *row, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*arena_append(arena, row->drift, row->n_drift) = arena_vprintf(arena, fmt, ap);
	va_end(ap);
}

/* The guest that has it in its running, or else in its stored definition. */
static const struct guest *holder(const struct guests *guests, const struct pci_address *address,
				  bool live)
{
	size_t i;

	for (i = 0; i < guests->count; i++) {
		const struct guest *g = &guests->list[i];

		if (guest_devices_find(live ? &g->live : &g->stored, address))
			return g;
	}
	return NULL;
}

static const char *driver_text(const char *driver)
{
	return driver ? driver : "no driver";
}

/* After a reboot the kernel's part is undone by itself; within one boot somebody undid it. */
static void add_driver_drift(const struct host *host, struct arena *arena, struct status_row *row,
			     const struct lent_device *lent, const struct pci_device *d)
{
	const char *again = lent->guest ? arena_printf(arena, "ferry up %s", lent->guest)
					: arena_printf(arena, "ferry detach %s", d->name);
	bool is_away = lent->role == LENT_UNBOUND ? !d->driver : driver_is_vfio(d->driver);

	if (is_away || !lent->is_detached_by_ferry)
		return;
	if (text_equal(lent->boot_id, host->kernel.boot_id))
		drift(arena, row, "it is on %s, though ferry left it on %s: %s takes it again",
		      driver_text(d->driver), lent->role == LENT_UNBOUND ? "no driver" : "vfio-pci",
		      again);
	else
		drift(arena, row,
		      "the host was rebooted since: it is on %s; %s takes it again%s%s%s",
		      driver_text(d->driver), again, lent->guest ? ", ferry down " : "",
		      lent->guest ? lent->guest : "", lent->guest ? " ends it" : "");
}

static void add_guest_drift(const struct guests *guests, struct arena *arena,
			    struct status_row *row, const struct lent_device *lent)
{
	const struct guest *g = NULL;
	size_t i;

	if (guests->access != GUESTS_READ || !lent->guest)
		return;
	for (i = 0; i < guests->count; i++) {
		if (text_equal(guests->list[i].name, lent->guest))
			g = &guests->list[i];
	}
	if (!g)
		drift(arena, row, "the guest %s is not there any more: ferry down %s ends it",
		      lent->guest, lent->guest);
	else if (lent->role == LENT_ASSIGNED && lent->is_assigned_by_ferry &&
		 !guest_devices_find(&g->stored, &lent->identity.address) &&
		 !guest_devices_find(&g->live, &lent->identity.address))
		drift(arena, row, "somebody took it out of the definition of %s", lent->guest);
}

static enum lent_state state_of(const struct guests *guests, const struct lent_device *lent,
				const struct pci_device *d)
{
	bool is_away = d && (driver_is_vfio(d->driver) || lent->role == LENT_UNBOUND);

	if (holder(guests, &lent->identity.address, true))
		return STATE_IN_GUEST;
	if (lent->role != LENT_ASSIGNED)
		return is_away ? STATE_PARKED : STATE_HOST;
	if (lent->guest)
		return STATE_ASSIGNED;
	return is_away ? STATE_DETACHED : STATE_HOST;
}

static void add_lent_row(const struct host *host, const struct guests *guests, struct arena *arena,
			 struct status *status, const struct lent_device *lent)
{
	const struct pci_device *d = host_find_device(host, &lent->identity.address);
	struct status_row *row = arena_append(arena, status->rows, status->n_rows);
	struct pci_identity now;

	*row = (struct status_row){
		.identity = lent->identity,
		.device = d ? (int)(d - host->devices) : -1,
		.state = state_of(guests, lent, d),
		.guest = lent->guest,
		.since = lent->since,
		.driver_before = lent->driver_before,
	};
	if (!d) {
		drift(arena, row, "no device has this address now");
		return;
	}
	pci_device_identity(d, &now);
	if (!pci_identity_matches(&now, &lent->identity))
		drift(arena, row,
		      "another device has this address now (%04x:%04x instead of %04x:%04x)",
		      (unsigned int)now.vendor, (unsigned int)now.device,
		      (unsigned int)lent->identity.vendor, (unsigned int)lent->identity.device);
	else
		add_driver_drift(host, arena, row, lent, d);
	add_guest_drift(guests, arena, row, lent);
}

static bool is_lent(const struct lent *lent, const struct pci_address *address)
{
	size_t i;

	for (i = 0; i < lent->n_devices; i++) {
		if (pci_address_equal(&lent->devices[i].identity.address, address))
			return true;
	}
	return false;
}

static void add_other_row(const struct guests *guests, struct arena *arena, struct status *status,
			  const struct host *host, size_t device)
{
	const struct pci_device *d = &host->devices[device];
	const struct guest *live = holder(guests, &d->address, true);
	const struct guest *stored = holder(guests, &d->address, false);
	struct status_row *row;

	if (is_lent(&host->lent, &d->address) || (!live && !driver_is_vfio(d->driver)))
		return;
	row = arena_append(arena, status->rows, status->n_rows);
	*row = (struct status_row){
		.device = (int)device,
		.state = live     ? STATE_IN_GUEST
			 : stored ? STATE_ASSIGNED
				  : STATE_DETACHED,
		.guest = live     ? live->name
			 : stored ? stored->name
				  : NULL,
	};
	pci_device_identity(d, &row->identity);
}

void status_of(const struct host *host, const struct guests *guests, struct arena *arena,
	       struct status *ret)
{
	size_t i;

	*ret = (struct status){0};
	for (i = 0; i < host->lent.n_devices; i++)
		add_lent_row(host, guests, arena, ret, &host->lent.devices[i]);
	for (i = 0; i < host->n_devices; i++)
		add_other_row(guests, arena, ret, host, i);
}
