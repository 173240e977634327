/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What ferry wants to know of a domain's XML, read without a connection: a pure function of the text. */
#ifndef FERRY_GUEST_DOMAIN_XML_H
#define FERRY_GUEST_DOMAIN_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/guest.h"

struct arena;
struct xml;
struct xml_node;

struct domain_xml {
	bool is_live; /* it describes a running domain: <domain id='1'> */
	char *name, *uuid;
	struct guest_devices devices;
	const char **images; /* as guest.images */
	size_t n_images;
	size_t free_ports; /* as guest.free_live_ports */
	bool has_hotplug_bus;
};

/*
 * -EINVAL: not XML, not a domain, or an address that makes no sense: a device that can't be read must
 * not look like one that nobody holds. -ENOPKG, -ENOSYS: no libxml2.
 */
int domain_xml_read(const char *text, struct arena *arena, struct domain_xml *ret);

/* The host's device behind an element of <devices>. -ENOENT: it is none of the host's PCI devices. */
int domain_xml_hostdev(const struct xml_node *element, struct arena *arena,
		       struct guest_hostdev *ret);
/* xml_parse(), and the root is <domain>: else -EINVAL. */
int domain_xml_parse(const char *text, struct xml *ret);

#endif
