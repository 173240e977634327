// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One device into a running guest and out of it. Going in is libvirt's call alone. Going out is the
 * guest's: libvirt asks it, waits for five seconds and then says "done" whether the device is gone or
 * not. So the live definition is asked, at each of libvirt's events, until the deadline.
 */
#include "guest/edit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/connection_private.h"
#include "guest/domain_xml.h"
#include "guest/topology.h"
#include "guest/xml.h"

/* A guest that was still booting did not hear the first time. */
#define ASK_AGAIN_MS  10000
#define STILL_BUSY_MS 1000

/* What is done to whom. */
struct hotplug {
	struct guest_connection *c;
	virDomainPtr domain;
	const char *name; /* the guest's */
	struct pci_address address;
	char device[PCI_ADDRESS_SIZE];
	unsigned int deadline_ms;
	bool has_place; /* of the port chosen for it */
	struct guest_place place;
};

/* 1: the live definition has the device; 0: it has not, or the guest is off. */
static int live_has_device(struct hotplug *h, struct error *err)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct domain_xml facts;
	const char *xml;
	size_t i;
	int r = guest_domain_xml(h->c, h->domain, 0, arena, &xml, err);

	if (r == -ENOENT && err)
		error_clear(err);
	if (r == -ENOENT)
		return 0; /* a transient guest that went off */
	if (r < 0)
		return r;
	r = domain_xml_read(xml, arena, &facts);
	if (r < 0)
		return error_set(err, r, h->name, NULL,
				 "ferry can't make sense of its live definition");
	for (i = 0; facts.is_live && i < facts.devices.count; i++)
		if (pci_address_equal(&facts.devices.list[i].source, &h->address))
			return 1;
	return 0;
}

/*
 * The port is ferry's choice on PCIe boards: libvirt would look for a conventional slot where the
 * device is a conventional one, and refuse though a port is free that takes both.
 */
static int choose_port(struct hotplug *h, struct error *err)
{
	ARENA_AUTO struct arena *arena = arena_new();
	XML_AUTO struct xml x = {0};
	struct guest_topology topology = {0};
	const char *xml;
	int r = guest_domain_xml(h->c, h->domain, 0, arena, &xml, err);

	if (r < 0)
		return r;
	r = domain_xml_parse(xml, &x);
	if (!r)
		r = guest_topology_read(&x, arena, &topology);
	if (r < 0)
		return error_set(err, r, h->name, NULL,
				 "ferry can't make sense of its live definition");
	if (guest_topology_free_slot(&topology, true, &h->place) < 0)
		return error_set(err, -ENOSPC, h->name,
				 topology.is_pcie
					 ? "add <controller type='pci' model='pcie-root-port'/> to "
					   "its definition and start it anew, or assign the device "
					   "while it is off"
					 : "assign the device while it is off",
				 "it has no free port that takes a device while it runs");
	h->has_place = topology.is_pcie;
	return 0;
}

static void compose(const struct hotplug *h, struct text *t)
{
	text_addf(t,
		  "<hostdev mode='subsystem' type='pci' managed='no'><source>"
		  "<address domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'/></source>",
		  h->address.domain, h->address.bus, h->address.slot, h->address.function);
	if (h->has_place)
		text_addf(t,
			  "<address type='pci' domain='0x0000' bus='0x%02x' slot='0x%02x' "
			  "function='0x0'/>",
			  h->place.bus, h->place.slot);
	text_add(t, "</hostdev>");
}

static int attach(struct hotplug *h, struct error *err)
{
	TEXT_AUTO struct text xml = {0};
	int r = live_has_device(h, err);

	if (r < 0)
		return r;
	if (r)
		return error_set(err, -EEXIST, h->device, NULL, "it is in the running %s already",
				 h->name);
	r = choose_port(h, err);
	if (r < 0)
		return r;
	compose(h, &xml);
	if (h->c->api->virDomainAttachDeviceFlags(h->domain, text_str(&xml),
						  VIR_DOMAIN_AFFECT_LIVE) < 0)
		return libvirt_error(h->c, err, h->device, "it can't be plugged in");
	r = live_has_device(h, err);
	if (r == 0)
		return error_set(err, -EIO, h->device, "ferry diagnose says what libvirt's log has",
				 "libvirt says that it is plugged in, and does not list it in %s",
				 h->name);
	return r < 0 ? r : 0;
}

/* 1: it is gone from the live guest. */
static int is_gone(struct guest_watch *w, void *data, struct error *err)
{
	struct hotplug *h = data;
	int r = live_has_device(h, err);

	if (r < 0)
		return r;
	if (r && w->is_refused)
		return error_set(err, -EBUSY, h->device, "shut the guest down, or try again later",
				 "%s refuses to let it go", h->name);
	return !r;
}

static bool says_busy(struct guest_connection *c)
{
	virErrorPtr e = c->api->virGetLastError();
	const char *message = e && e->message ? e->message : "";

	/* QEMU's words (hw/pci/pcie.c, system/qdev-monitor): the guest is at it already. */
	return strstr(message, "guest is busy") || strstr(message, "in the process of unplug");
}

/* 1: the guest is busy with this port or device; ask again soon. */
static int ask(struct hotplug *h, struct error *err)
{
	TEXT_AUTO struct text xml = {0};
	int r;

	compose(h, &xml);
	if (!h->c->api->virDomainDetachDeviceFlags(h->domain, text_str(&xml),
						   VIR_DOMAIN_AFFECT_LIVE))
		return 0;
	if (says_busy(h->c))
		return 1;
	r = libvirt_error(h->c, err, h->device, "it can't be unplugged");
	if (err && strstr(err->message, "multifunction"))
		error_remedy(err,
			     "shut %s down: libvirt takes no function of a shared slot out of "
			     "a running guest",
			     h->name);
	return r;
}

/* A guest that does not run would find the request when it goes on, long after ferry has given up. */
static int check_runs(struct hotplug *h, struct error *err)
{
	enum guest_state state;
	int r = guest_domain_state(h->c, h->domain, &state, err);

	if (r < 0 || state == GUEST_RUNNING)
		return r;
	return error_set(err, -EINVAL, h->device,
			 "virsh resume, then try again; or shut the guest down",
			 "%s is %s and can't let it go", h->name, guest_state_name(state));
}

static int refuse_timeout(struct hotplug *h, struct error *err)
{
	return error_set(
		err, -ETIMEDOUT, h->device,
		"see whether the guest has booted and uses the device; or shut the guest down",
		"%s did not let it go within %u s; it has been asked, and may yet do so", h->name,
		h->deadline_ms / 1000);
}

static int detach_watched(struct hotplug *h, struct guest_watch *w, struct error *err)
{
	uint64_t until = guest_clock_ms() + h->deadline_ms, next;
	int r, gone;

	do {
		r = ask(h, err);
		next = guest_clock_ms() + (r == 1 ? STILL_BUSY_MS : ASK_AGAIN_MS);
		if (r < 0 && live_has_device(h, NULL))
			return r;
		gone = guest_watch_wait(w, next < until ? next : until, is_gone, h, err);
		if (gone == 1 && err)
			error_clear(err);
		if (gone)
			return gone < 0 ? gone : 0;
	} while (guest_clock_ms() < until);
	return refuse_timeout(h, err);
}

static int detach(struct hotplug *h, struct error *err)
{
	struct guest_watch w;
	int r = live_has_device(h, err);

	if (r < 0)
		return r;
	if (!r)
		return error_set(err, -ENODEV, h->device, NULL, "it is not in the running %s",
				 h->name);
	r = check_runs(h, err);
	if (r < 0)
		return r;
	guest_watch_begin(h->c, h->domain, &w);
	r = detach_watched(h, &w, err);
	guest_watch_end(&w);
	return r;
}

static int with_running_guest(struct hotplug *h, const char *uuid,
			      int (*act)(struct hotplug *, struct error *), struct error *err)
{
	PIPE_GUARD;
	enum guest_state state;
	int r = guest_connection_may_change(h->c, uuid, err);

	if (!r)
		r = guest_domain(h->c, uuid, &h->domain, err);
	if (r < 0)
		return r;
	pci_address_format(&h->address, h->device);
	h->name = guest_domain_name(h->c, h->domain);
	r = guest_domain_state(h->c, h->domain, &state, err);
	if (!r && (state == GUEST_SHUT_OFF || state == GUEST_CRASHED))
		r = error_set(err, -EINVAL, h->name, "start it, or leave out --live",
			      "it does not run: it is %s", guest_state_name(state));
	if (!r)
		r = act(h, err);
	guest_domain_free(h->c, h->domain);
	return r;
}

int guest_attach_live(struct guest_connection *c, const char *uuid,
		      const struct pci_address *address, struct error *err)
{
	struct hotplug h = {.c = c, .address = *address};

	return with_running_guest(&h, uuid, attach, err);
}

int guest_detach_live(struct guest_connection *c, const char *uuid,
		      const struct pci_address *address, unsigned int deadline_ms,
		      struct error *err)
{
	struct hotplug h = {.c = c, .address = *address, .deadline_ms = deadline_ms};

	return with_running_guest(&h, uuid, detach, err);
}
