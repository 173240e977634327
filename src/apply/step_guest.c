// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The live guest: devices in and out, start and shutdown. What a guest does not give up is left and
 * named; nothing is forced unless a person said so.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <string.h>

#include "analysis/group.h"
#include "apply/settle.h"
#include "apply/sysfs.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/connection.h"
#include "guest/edit.h"
#include "guest/power.h"

static int read_guest(struct actor *actor, const struct plan_step *step, struct guest *ret,
		      struct error *err)
{
	struct guests guests;
	size_t i;

	guests_read(actor->connection, NULL, actor->arena, &guests);
	if (guests.access != GUESTS_READ)
		return error_set(err, -ENOTCONN, step->subject, guests.remedy,
				 "the guests could not be read: %s",
				 guests.message ? guests.message : "libvirt does not say why");
	for (i = 0; i < guests.count; i++) {
		if (text_equal(guests.list[i].uuid, step->guest_uuid)) {
			*ret = guests.list[i];
			return 0;
		}
	}
	return error_set(err, -ENOENT, step->subject, NULL, "there is no such guest any more");
}

/* 1: the running guest has the device; 0: it has not, or it is off. */
static int has_device(struct actor *actor, const struct plan_step *step, const char *device,
		      bool *ret_is_off, struct error *err)
{
	struct pci_address address;
	struct guest guest;
	size_t i;
	int code = pci_address_parse(device, &address);

	if (code)
		return error_set(err, code, device, NULL, "it is no PCI device's address");
	code = read_guest(actor, step, &guest, err);
	if (code)
		return code;
	*ret_is_off = guest.state == GUEST_SHUT_OFF || guest.state == GUEST_CRASHED;
	for (i = 0; i < guest.live.count; i++) {
		if (pci_address_equal(&guest.live.list[i].source, &address))
			return 1;
	}
	return 0;
}

/* The device of an attach step is as planned, and can go into a guest. */
static int check_passenger(struct actor *actor, const struct plan_step *step, struct error *err)
{
	struct plan_step device = *step;
	const char *driver;
	int code;

	device.subject = step->after;
	code = sysfs_check_identity(actor, &device, err);
	if (!code)
		code = sysfs_check_group(actor, &device, err);
	if (!code)
		code = sysfs_driver(actor, device.subject, &driver, err);
	if (code || driver_is_vfio(driver))
		return code;
	return error_set(err, -ESTALE, device.subject, "run the command again",
			 "it is on %s and not on vfio-pci, so no guest can take it",
			 driver ? driver : "no driver");
}

int step_attach_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	bool is_off;
	int code = has_device(actor, step, step->after, &is_off, err);

	if (code)
		return code;
	if (is_off)
		return error_set(err, -ESTALE, step->subject, "run the command again",
				 "it has stopped since the plan was made");
	return check_passenger(actor, step, err);
}

int step_attach_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	struct pci_address address;
	int code = pci_address_parse(step->after, &address);

	return code ? code : guest_attach_live(actor->connection, step->guest_uuid, &address, err);
}

static int is_attached(struct actor *actor, const struct plan_step *step, struct error *err)
{
	bool is_off;

	return has_device(actor, step, step->after, &is_off, err);
}

/* A guest that is gone, or off, holds nothing. */
static int take_out(struct actor *actor, const struct plan_step *step, const char *device,
		    struct error *err)
{
	struct pci_address address;
	int code = pci_address_parse(device, &address);

	if (!code)
		code = guest_detach_live(actor->connection, step->guest_uuid, &address,
					 actor->shutdown_deadline_ms, err);
	return code == -ENODEV || code == -ENOENT ? 0 : code;
}

int step_attach_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		     struct error *err)
{
	int code = settle(actor, step, is_attached, err);

	if (code == -ENOENT)
		return 0;
	return code <= 0 ? code : take_out(actor, step, step->after, err);
}

int step_detach_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	bool is_off;
	int code = has_device(actor, step, step->before, &is_off, err);

	return code < 0 ? code : !code;
}

int step_detach_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	return take_out(actor, step, step->before, err);
}

static int is_detached(struct actor *actor, const struct plan_step *step, struct error *err)
{
	bool is_off;
	int code = has_device(actor, step, step->before, &is_off, err);

	return code < 0 ? code : !code;
}

int step_detach_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		     struct error *err)
{
	struct pci_address address;
	bool is_off = false;
	int code = settle(actor, step, is_detached, err);

	if (code > 0)
		code = has_device(actor, step, step->before, &is_off, err);
	else if (!code)
		return 0;
	if (is_off || code == -ENOENT) {
		*ret_note = arena_printf(actor->arena,
					 "%s does not run any more: %s was not plugged in "
					 "again.",
					 step->subject, step->before);
		return 0;
	}
	if (code)
		return code < 0 ? code : 0;
	code = pci_address_parse(step->before, &address);
	if (!code)
		code = guest_attach_live(actor->connection, step->guest_uuid, &address, err);
	return code == -EEXIST ? 0 : code;
}

/* 1: it runs, or is in some other state than off. */
static int is_up(struct actor *actor, const struct plan_step *step, struct error *err)
{
	enum guest_state state;
	int code = guest_state_now(actor->connection, step->guest_uuid, &state, err);

	return code ? code : state != GUEST_SHUT_OFF && state != GUEST_CRASHED;
}

static int shut_down(struct actor *actor, const struct plan_step *step, struct error *err)
{
	int code = guest_shutdown(actor->connection, step->guest_uuid, actor->shutdown_deadline_ms,
				  err);

	if (code == -ETIMEDOUT && actor->force)
		code = guest_destroy(actor->connection, step->guest_uuid, err);
	return code;
}

int step_start_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	enum guest_state state;
	int code = guest_state_now(actor->connection, step->guest_uuid, &state, err);

	if (code)
		return code;
	if (state == GUEST_RUNNING)
		return 1;
	if (state == GUEST_SHUT_OFF || state == GUEST_CRASHED)
		return 0;
	return error_set(err, -ESTALE, step->subject, "run the command again when it is shut off",
			 "it is %s, so it can't be started", guest_state_name(state));
}

int step_start_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	return guest_start(actor->connection, step->guest_uuid, err);
}

int step_start_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		    struct error *err)
{
	int code = settle(actor, step, is_up, err);

	if (code == -ENOENT)
		return 0;
	return code <= 0 ? code : shut_down(actor, step, err);
}

int step_shutdown_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	int code = is_up(actor, step, err);

	return code < 0 ? code : !code;
}

int step_shutdown_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	return shut_down(actor, step, err);
}

/* A guest that has stopped is not started again: what it did in there is over. */
int step_shutdown_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		       struct error *err)
{
	int code = is_up(actor, step, err);

	if (code)
		return code < 0 && code != -ENOENT ? code : 0;
	*ret_note = arena_printf(actor->arena,
				 "%s was shut down and is not started again: ferry start "
				 "%s does that.",
				 step->subject, step->subject);
	return 0;
}
