// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Starting and stopping guests. A guest that was asked to stop may not hear it (no driver for the
 * button yet, a dialog on its screen): it is asked again, until the caller's deadline, and never forced
 * from here.
 */
#include "guest/power.h"

#include <errno.h>

#include "base/error.h"
#include "guest/connection_private.h"

#define PRESS_AGAIN_MS 10000

int guest_state_now(struct guest_connection *c, const char *uuid, enum guest_state *ret,
		    struct error *err)
{
	PIPE_GUARD;
	virDomainPtr domain = NULL;
	int r = guest_connection_ready(c, err);

	if (!r)
		r = guest_domain(c, uuid, &domain, err);
	if (r < 0)
		return r;
	r = guest_domain_state(c, domain, ret, err);
	guest_domain_free(c, domain);
	return r;
}

static int with_domain(struct guest_connection *c, const char *uuid, unsigned int deadline_ms,
		       int (*act)(struct guest_connection *, virDomainPtr, unsigned int,
				  struct error *),
		       struct error *err)
{
	PIPE_GUARD;
	virDomainPtr domain = NULL;
	int r = guest_connection_may_change(c, uuid, err);

	if (!r)
		r = guest_domain(c, uuid, &domain, err);
	if (r < 0)
		return r;
	r = act(c, domain, deadline_ms, err);
	guest_domain_free(c, domain);
	return r;
}

static int is_active(struct guest_connection *c, virDomainPtr domain, struct error *err)
{
	int r = c->api->virDomainIsActive(domain);

	return r < 0 ? libvirt_domain_error(c, err, domain, "whether it runs can't be read") : r;
}

static int start(struct guest_connection *c, virDomainPtr domain, unsigned int deadline_ms,
		 struct error *err)
{
	const char *name = guest_domain_name(c, domain);
	int r = is_active(c, domain, err);

	if (r < 0)
		return r;
	if (r)
		return error_set(err, -EALREADY, name, NULL, "it runs already");
	/* libvirt would resume it, with the devices that it had then. */
	if (c->api->virDomainHasManagedSaveImage(domain, 0) > 0) {
		r = error_set(err, -EBUSY, name, NULL,
			      "it has a managed-save image: it would not start anew");
		error_remedy(
			err,
			"virsh start %s resumes it as it was saved; virsh managedsave-remove %s "
			"throws its memory away, like pulling the plug",
			name, name);
		return r;
	}
	if (c->api->virDomainCreateWithFlags(domain, 0) < 0)
		return libvirt_error(c, err, name, NULL);
	return 0;
}

int guest_start(struct guest_connection *c, const char *uuid, struct error *err)
{
	return with_domain(c, uuid, 0, start, err);
}

/* 1: it is off. A transient guest is gone then, libvirt knows it no more. */
static int is_off(struct guest_watch *w, void *data, struct error *err)
{
	int r = is_active(w->c, w->domain, err);

	if (r == -ENOENT)
		return 1;
	return r < 0 ? r : !r;
}

static int press(struct guest_connection *c, virDomainPtr domain, struct error *err)
{
	virErrorPtr e;

	if (!c->api->virDomainShutdownFlags(domain, VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN))
		return 0;
	/* Not every driver knows of buttons; without a flag it takes the way that it has. */
	e = c->api->virGetLastError();
	if (e && (e->code == VIR_ERR_INVALID_ARG || e->code == VIR_ERR_ARGUMENT_UNSUPPORTED) &&
	    !c->api->virDomainShutdownFlags(domain, 0))
		return 0;
	return libvirt_domain_error(c, err, domain, "it can't be shut down");
}

/* A paused guest does not hear the power button. */
static void remedy_paused(struct guest_connection *c, virDomainPtr domain, struct error *err)
{
	error_remedy(err, "virsh resume %s, then shut it down; --force pulls its plug",
		     guest_domain_name(c, domain));
}

static int refuse_timeout(struct guest_connection *c, virDomainPtr domain, unsigned int deadline_ms,
			  struct error *err)
{
	enum guest_state state;
	int r = guest_domain_state(c, domain, &state, err);

	if (r < 0)
		return r;
	r = error_set(err, -ETIMEDOUT, guest_domain_name(c, domain),
		      "shut it down from within; --force pulls its plug",
		      "it was asked to shut down and is still %s after %u s",
		      guest_state_name(state), deadline_ms / 1000);
	if (state == GUEST_PAUSED)
		remedy_paused(c, domain, err);
	return r;
}

static int shut_down_watched(struct guest_watch *w, unsigned int deadline_ms, struct error *err)
{
	uint64_t until = guest_clock_ms() + deadline_ms, next;
	int r, pressed;

	do {
		pressed = press(w->c, w->domain, err);
		next = guest_clock_ms() + PRESS_AGAIN_MS;
		/* It may have gone off just before the button was pressed. */
		if (pressed < 0 && is_off(w, NULL, NULL) != 1)
			return pressed;
		r = guest_watch_wait(w, next < until ? next : until, is_off, NULL, err);
		if (r == 1 && err)
			error_clear(err);
		if (r)
			return r < 0 ? r : 0;
	} while (guest_clock_ms() < until);
	return refuse_timeout(w->c, w->domain, deadline_ms, err);
}

static int shut_down(struct guest_connection *c, virDomainPtr domain, unsigned int deadline_ms,
		     struct error *err)
{
	enum guest_state state;
	struct guest_watch w;
	int r = is_active(c, domain, err);

	if (r <= 0)
		return r;
	r = guest_domain_state(c, domain, &state, err);
	if (r < 0)
		return r;
	if (state == GUEST_PAUSED) {
		r = error_set(err, -EINVAL, guest_domain_name(c, domain), NULL,
			      "it is paused: it does not hear the power button");
		remedy_paused(c, domain, err);
		return r;
	}
	guest_watch_begin(c, domain, &w);
	r = shut_down_watched(&w, deadline_ms, err);
	guest_watch_end(&w);
	return r;
}

int guest_shutdown(struct guest_connection *c, const char *uuid, unsigned int deadline_ms,
		   struct error *err)
{
	return with_domain(c, uuid, deadline_ms, shut_down, err);
}

static int destroy(struct guest_connection *c, virDomainPtr domain, unsigned int deadline_ms,
		   struct error *err)
{
	int r = is_active(c, domain, err);

	if (r <= 0)
		return r;
	if (!c->api->virDomainDestroyFlags(domain, 0))
		return 0;
	r = libvirt_domain_error(c, err, domain, "its plug can't be pulled");
	return is_active(c, domain, NULL) == 0 ? 0 : r;
}

int guest_destroy(struct guest_connection *c, const char *uuid, struct error *err)
{
	return with_domain(c, uuid, 0, destroy, err);
}
