/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Edits of guests: the stored definition as a tree (libxml2), defined whole in one call; the live guest
 * through attach and detach, one device a call. A definition is never edited as text.
 */
#ifndef FERRY_GUEST_EDIT_H
#define FERRY_GUEST_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "decode/pci_address.h"

struct arena;
struct error;
struct guest_connection;

/*
 * The definition xml with a <hostdev managed='no'> for each of the addresses. Functions of one slot
 * stay functions of one slot (multifunction='on' on the first), on a free or an added root port, or on
 * a free slot of an i440fx guest; single ones get their address from libvirt. Pure: no connection.
 * -EEXIST: one of them is in it already (err names it); -EINVAL: xml is not a domain.
 */
int guest_xml_with_hostdevs(const char *xml, const struct pci_address *addresses, size_t n,
			    struct arena *arena, const char **ret_xml, struct error *err);
/*
 * xml without the <hostdev> of those addresses, and without PCI controllers that are empty now and were
 * not in the definition before (xml_before NULL: controllers stay). Pure.
 */
int guest_xml_without_hostdevs(const char *xml, const char *xml_before,
			       const struct pci_address *addresses, size_t n, struct arena *arena,
			       const char **ret_xml, struct error *err);

/* Inactive XML with secrets, as libvirt gives it now. */
int guest_stored_xml(struct guest_connection *c, const char *uuid, struct arena *arena,
		     const char **ret_xml, struct error *err);
/* Defines xml; *ret_xml (may be NULL) is what libvirt then gives back as inactive XML. */
int guest_define(struct guest_connection *c, const char *xml, struct arena *arena,
		 const char **ret_xml, struct error *err);

/* Live, one device; returns when libvirt's live XML holds it. */
int guest_attach_live(struct guest_connection *c, const char *uuid,
		      const struct pci_address *address, struct error *err);
/*
 * Live: asks the guest to let go and waits for libvirt's device-removed event. -ETIMEDOUT: the guest
 * did not let go within deadline_ms; the device is still there.
 */
int guest_detach_live(struct guest_connection *c, const char *uuid,
		      const struct pci_address *address, unsigned int deadline_ms,
		      struct error *err);

#endif
