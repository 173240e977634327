// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * All guests of a machine as a value. One that vanished while it was read is not there; one that could
 * not be read makes the whole list unreliable, and is said so: the device that it holds must not look
 * free.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/connection_private.h"
#include "guest/domain_xml.h"

const char *guest_state_name(enum guest_state state)
{
	static const char *const names[] = {
		[GUEST_SHUT_OFF] = "shut off",   [GUEST_RUNNING] = "running",
		[GUEST_PAUSED] = "paused",       [GUEST_SHUTTING_DOWN] = "in shutdown",
		[GUEST_CRASHED] = "crashed",     [GUEST_SUSPENDED] = "pmsuspended",
		[GUEST_MIGRATING] = "migrating", [GUEST_STATE_UNKNOWN] = "unknown",
	};

	return names[state];
}

static enum guest_state state_from_libvirt(int state, int reason)
{
	switch (state) {
	case VIR_DOMAIN_RUNNING:
	case VIR_DOMAIN_BLOCKED:
		return reason == VIR_DOMAIN_RUNNING_POSTCOPY ? GUEST_MIGRATING : GUEST_RUNNING;
	case VIR_DOMAIN_PAUSED:
		return reason == VIR_DOMAIN_PAUSED_MIGRATION ||
				       reason == VIR_DOMAIN_PAUSED_POSTCOPY ||
				       reason == VIR_DOMAIN_PAUSED_POSTCOPY_FAILED
			       ? GUEST_MIGRATING
			       : GUEST_PAUSED;
	case VIR_DOMAIN_SHUTDOWN:
		return GUEST_SHUTTING_DOWN;
	case VIR_DOMAIN_SHUTOFF:
		return GUEST_SHUT_OFF;
	case VIR_DOMAIN_CRASHED:
		return GUEST_CRASHED;
	case VIR_DOMAIN_PMSUSPENDED:
		return GUEST_SUSPENDED;
	default:
		return GUEST_STATE_UNKNOWN;
	}
}

/* Whether a job is under way that moves the guest; a driver without jobs has none. */
static bool is_migrating(struct guest_connection *c, virDomainPtr domain)
{
	virTypedParameterPtr list = NULL;
	int n = 0, type = VIR_DOMAIN_JOB_NONE, operation = VIR_DOMAIN_JOB_OPERATION_UNKNOWN;

	if (c->api->virDomainGetJobStats(domain, &type, &list, &n, 0) < 0)
		return false;
	c->api->virTypedParamsGetInt(list, n, VIR_DOMAIN_JOB_OPERATION, &operation);
	c->api->virTypedParamsFree(list, n);
	return type != VIR_DOMAIN_JOB_NONE && (operation == VIR_DOMAIN_JOB_OPERATION_MIGRATION_IN ||
					       operation == VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT);
}

int guest_domain_state(struct guest_connection *c, virDomainPtr domain, enum guest_state *ret,
		       struct error *err)
{
	enum guest_state state;
	int number, reason;

	if (c->api->virDomainGetState(domain, &number, &reason, 0) < 0)
		return libvirt_domain_error(c, err, domain, "its state can't be read");
	state = state_from_libvirt(number, reason);
	if ((state == GUEST_RUNNING || state == GUEST_PAUSED) && is_migrating(c, domain))
		state = GUEST_MIGRATING;
	*ret = state;
	return 0;
}

int guest_domain_xml(struct guest_connection *c, virDomainPtr domain, unsigned int flags,
		     struct arena *arena, const char **ret, struct error *err)
{
	char *xml = c->api->virDomainGetXMLDesc(domain, flags);

	if (!xml)
		return libvirt_domain_error(c, err, domain, "its definition can't be read");
	*ret = arena_strdup(arena, xml);
	free(xml);
	return 0;
}

/* The facts of an XML; one that can't be understood is an error, not a guest without devices. */
static int understand(const char *name, const char *xml, struct arena *arena,
		      struct domain_xml *ret, struct error *err)
{
	int r = domain_xml_read(xml, arena, ret);

	if (r == -EINVAL)
		return error_set(err, r, name, NULL,
				 "ferry can't make sense of what libvirt gives as its definition");
	if (r < 0)
		return error_set(err, r, "libxml2", "install libxml2",
				 "the library is not installed, or lacks a function");
	return 0;
}

static int read_stored(struct guest_connection *c, virDomainPtr domain, struct arena *arena,
		       struct guest *g, struct error *err)
{
	struct domain_xml facts;
	const char *xml;
	int r = -EACCES;

	if (!c->is_read_only)
		r = guest_domain_xml(c, domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE,
				     arena, &xml, err);
	if (!r)
		g->xml = xml;
	/* An access driver may keep the secrets from us: the devices can be read all the same. */
	if (r == -EACCES)
		r = guest_domain_xml(c, domain, VIR_DOMAIN_XML_INACTIVE, arena, &xml, err);
	if (!r)
		r = understand(g->name, xml, arena, &facts, err);
	if (r)
		return r;
	g->stored = facts.devices;
	g->images = facts.images;
	g->n_images = facts.n_images;
	return 0;
}

static int read_live(struct guest_connection *c, virDomainPtr domain, struct arena *arena,
		     struct guest *g, struct error *err)
{
	struct domain_xml facts;
	const char *xml;
	int r = guest_domain_xml(c, domain, 0, arena, &xml, err);

	if (!r)
		r = understand(g->name, xml, arena, &facts, err);
	/* Where it has gone off since its state was read, libvirt gives the stored definition. */
	if (r || !facts.is_live)
		return r;
	g->live_xml = xml;
	g->live = facts.devices;
	g->images = facts.images;
	g->n_images = facts.n_images;
	g->free_live_ports = facts.free_ports;
	g->has_hotplug_bus = facts.has_hotplug_bus;
	return 0;
}

static int read_guest(struct guest_connection *c, virDomainPtr domain, struct arena *arena,
		      struct guest *ret, struct error *err)
{
	char uuid[VIR_UUID_STRING_BUFLEN] = "";
	struct guest g = {.name = arena_strdup(arena, guest_domain_name(c, domain))};
	int autostart = 0, is_active, is_persistent, r;

	c->api->virDomainGetUUIDString(domain, uuid);
	g.uuid = arena_strdup(arena, uuid);
	r = guest_domain_state(c, domain, &g.state, err);
	if (r < 0)
		return r;
	is_active = c->api->virDomainIsActive(domain);
	is_persistent = c->api->virDomainIsPersistent(domain);
	if (is_active < 0 || is_persistent < 0)
		return libvirt_error(c, err, g.name, "its state can't be read");
	g.is_persistent = is_persistent;
	/* Neither is known of a guest without a definition, nor to every driver. */
	g.has_managed_save = c->api->virDomainHasManagedSaveImage(domain, 0) > 0;
	g.is_autostarted = !c->api->virDomainGetAutostart(domain, &autostart) && autostart;
	if (is_persistent)
		r = read_stored(c, domain, arena, &g, err);
	if (!r && is_active)
		r = read_live(c, domain, arena, &g, err);
	if (!r)
		*ret = g;
	return r;
}

static enum guests_access access_from_code(int code)
{
	switch (code) {
	case 0:
		return GUESTS_READ;
	case -ENOPKG:
	case -ENOSYS:
		return GUESTS_NO_LIBRARY;
	case -EACCES:
		return GUESTS_DENIED;
	case -ETIMEDOUT:
		return GUESTS_SILENT;
	default:
		return GUESTS_UNREACHABLE;
	}
}

static void keep_error(const struct error *error, struct arena *arena, struct guests *ret)
{
	ret->access = access_from_code(error->code);
	ret->message = error->subject
			       ? arena_printf(arena, "%s: %s", error->subject, error->message)
			       : arena_strdup(arena, error->message);
	ret->remedy = error->remedy ? arena_strdup(arena, error->remedy) : NULL;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(((const struct guest *)a)->name, ((const struct guest *)b)->name);
}

/* The first error is kept; the others' guests are read all the same. */
static int read_all(struct guest_connection *c, virDomainPtr *domains, int n, struct arena *arena,
		    struct guests *ret, struct error *err)
{
	ERROR_AUTO struct error later = {0};
	struct guest g;
	int i, r, first = 0;

	for (i = 0; i < n; i++) {
		r = read_guest(c, domains[i], arena, &g, first ? &later : err);
		if (!r)
			*arena_append(arena, ret->list, ret->count) = g;
		else if (r != -ENOENT && !first)
			first = r;
		guest_domain_free(c, domains[i]);
	}
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), compare_names);
	return first;
}

static int read_list(struct guest_connection *c, struct arena *arena, struct guests *ret,
		     struct error *err)
{
	virDomainPtr *domains = NULL;
	int n, r = guest_connection_ready(c, err);

	if (r < 0)
		return r;
	ret->is_read_only = c->is_read_only;
	ret->is_remote = c->is_remote;
	ret->uri = arena_strdup(arena, c->uri);
	ret->host_name = c->host_name ? arena_strdup(arena, c->host_name) : NULL;
	ret->version = c->version;
	ret->hypervisor_version = c->hypervisor_version;
	n = c->api->virConnectListAllDomains(c->connection, &domains, 0);
	if (n < 0)
		return libvirt_error(c, err, c->uri, "the guests can't be listed");
	r = read_all(c, domains, n, arena, ret, err);
	free(domains);
	return r;
}

void guests_read(struct guest_connection *c, const struct error *open_error, struct arena *arena,
		 struct guests *ret)
{
	PIPE_GUARD;
	ERROR_AUTO struct error err = {0};
	struct guests guests = {.access = GUESTS_READ};

	if (!c && open_error)
		keep_error(open_error, arena, &guests);
	else if (!c)
		guests.access = GUESTS_NOT_READ;
	else if (read_list(c, arena, &guests, &err) < 0)
		keep_error(&err, arena, &guests);
	*ret = guests;
}

const struct guest *guests_find(const struct guests *guests, const char *name)
{
	size_t i;

	for (i = 0; i < guests->count; i++)
		if (!strcmp(guests->list[i].name, name))
			return &guests->list[i];
	for (i = 0; i < guests->count; i++)
		if (!strcasecmp(guests->list[i].uuid, name))
			return &guests->list[i];
	return NULL;
}

static bool holds(const struct guest_devices *devices, const struct pci_address *address)
{
	size_t i;

	for (i = 0; i < devices->count; i++)
		if (pci_address_equal(&devices->list[i].source, address))
			return true;
	return false;
}

static const struct guest *find_holder(const struct guests *guests,
				       const struct pci_address *address, bool live)
{
	size_t i;

	for (i = 0; i < guests->count; i++) {
		const struct guest *g = &guests->list[i];

		if (holds(live ? &g->live : &g->stored, address))
			return g;
	}
	return NULL;
}

const struct guest *guests_find_holder(const struct guests *guests,
				       const struct pci_address *address, bool *ret_is_live)
{
	const struct guest *g = find_holder(guests, address, true);

	if (ret_is_live)
		*ret_is_live = g;
	return g ? g : find_holder(guests, address, false);
}
