// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The stored definition, read and written whole. Two things that virDomainDefineXML does by itself are
 * no part of an edit and are refused: it brings a guest back that somebody has undefined, and it makes
 * a transient guest a stored one.
 */
#include "guest/edit.h"

#include <errno.h>

#include "base/arena.h"
#include "base/error.h"
#include "guest/connection_private.h"
#include "guest/domain_xml.h"

static int check_persistent(struct guest_connection *c, virDomainPtr domain, struct error *err)
{
	const char *name = guest_domain_name(c, domain);
	int is_persistent = c->api->virDomainIsPersistent(domain);

	if (is_persistent < 0)
		return libvirt_error(c, err, name, "whether it is stored can't be read");
	if (!is_persistent)
		return error_set(
			err, -EBUSY, name,
			"ferry assign --live reaches it while it runs; virsh define stores it",
			"it is transient: it has no stored definition");
	return 0;
}

static int stored_xml(struct guest_connection *c, virDomainPtr domain, struct arena *arena,
		      const char **ret, struct error *err)
{
	int r = check_persistent(c, domain, err);

	if (r < 0)
		return r;
	return guest_domain_xml(c, domain, VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE, arena,
				ret, err);
}

int guest_stored_xml(struct guest_connection *c, const char *uuid, struct arena *arena,
		     const char **ret_xml, struct error *err)
{
	PIPE_GUARD;
	virDomainPtr domain;
	int r = guest_connection_ready(c, err);

	if (r < 0)
		return r;
	if (c->is_read_only)
		return error_set(err, -EACCES, uuid, "run ferry as root",
				 "libvirt gives the whole definition only to those who may "
				 "change it");
	r = guest_domain(c, uuid, &domain, err);
	if (r < 0)
		return r;
	r = stored_xml(c, domain, arena, ret_xml, err);
	guest_domain_free(c, domain);
	return r;
}

static int uuid_of(const char *xml, struct arena *arena, const char **ret, struct error *err)
{
	struct domain_xml facts;
	int r = domain_xml_read(xml, arena, &facts);

	if (r < 0)
		return error_set(err, r, NULL, NULL, "this is not a guest's definition");
	*ret = facts.uuid;
	return 0;
}

static int define(struct guest_connection *c, virDomainPtr domain, const char *xml,
		  struct arena *arena, const char **ret_xml, struct error *err)
{
	virDomainPtr defined;
	int r = check_persistent(c, domain, err);

	if (r < 0)
		return r;
	/*
	 * Not VIR_DOMAIN_DEFINE_VALIDATE: what libvirt itself gave as this guest's definition must be
	 * taken back even where its schema is stricter than its parser.
	 */
	defined = c->api->virDomainDefineXMLFlags(c->connection, xml, 0);
	if (!defined)
		return libvirt_domain_error(c, err, domain,
					    "libvirt does not take the new definition");
	if (ret_xml)
		r = stored_xml(c, defined, arena, ret_xml, err);
	guest_domain_free(c, defined);
	return r;
}

int guest_define(struct guest_connection *c, const char *xml, struct arena *arena,
		 const char **ret_xml, struct error *err)
{
	PIPE_GUARD;
	virDomainPtr domain;
	const char *uuid = NULL;
	int r = uuid_of(xml, arena, &uuid, err);

	if (!r)
		r = guest_connection_may_change(c, uuid, err);
	if (!r)
		r = guest_domain(c, uuid, &domain, err);
	if (r)
		return r;
	r = define(c, domain, xml, arena, ret_xml, err);
	guest_domain_free(c, domain);
	return r;
}
