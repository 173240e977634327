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
#include "guest/definition.h"

struct arena;
struct error;
struct guest_connection;

/*
 * Inactive XML with secrets, as libvirt gives it now. -ENOENT: no such guest; -EBUSY: it is transient, it
 * has no stored definition; -EACCES: the connection is read-only.
 */
int guest_stored_xml(struct guest_connection *c, const char *uuid, struct arena *arena,
		     const char **ret_xml, struct error *err);
/*
 * Defines xml, for a stored guest that is there: -ENOENT where no guest has its UUID (a guest that
 * somebody has undefined is not brought back), -EBUSY where that guest is transient (it would become a
 * stored one). *ret_xml (may be NULL) is what libvirt then gives back as inactive XML.
 */
int guest_define(struct guest_connection *c, const char *xml, struct arena *arena,
		 const char **ret_xml, struct error *err);

/*
 * Live, one device, bound to vfio-pci before; returns when libvirt's live XML holds it. -ENOSPC: no free
 * port; -EEXIST: it is in the guest already; -EINVAL: the guest does not run.
 */
int guest_attach_live(struct guest_connection *c, const char *uuid,
		      const struct pci_address *address, struct error *err);
/*
 * Live: asks the guest to let go, again every ten seconds, and waits for libvirt's device-removed event.
 * -ETIMEDOUT: the guest did not let go within deadline_ms; the device is still there, and the guest may
 * yet let it go. -EBUSY: it refuses; -ENODEV: the device is not in the live guest; -EINVAL: the guest is
 * off or paused; -EIO: among others, the device shares its slot (libvirt unplugs none of those).
 */
int guest_detach_live(struct guest_connection *c, const char *uuid,
		      const struct pci_address *address, unsigned int deadline_ms,
		      struct error *err);

#endif
