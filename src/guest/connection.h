/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The connection to libvirt, loaded with dlopen(3) when a command first needs it: linked, libvirt would
 * cost every start of ferry 11 ms. Everything that libvirt says goes into struct error; nothing of it
 * reaches stderr by itself.
 */
#ifndef FERRY_GUEST_CONNECTION_H
#define FERRY_GUEST_CONNECTION_H

#include <stdbool.h>

#include "guest/guest.h"

struct arena;
struct error;
struct guest_connection;

/*
 * uri NULL: LIBVIRT_DEFAULT_URI, else qemu:///system. Where is_for_changes is set, or the user is root,
 * it is opened read-write, and read-only where that is not allowed; else read-only at once, because
 * asking for more makes polkit ask a desktop's user for a password. deadline_ms bounds the connecting.
 * -ENOPKG, -ENOSYS: no libvirt library, or one too old; -ECONNREFUSED: libvirt is not running;
 * -EACCES: not allowed; -ETIMEDOUT: it did not answer in time; -EINVAL: the URI makes no sense.
 */
int guest_connection_open(const char *uri, bool is_for_changes, unsigned int deadline_ms,
			  struct guest_connection **ret, struct error *err);
void guest_connection_close(struct guest_connection *c);
void guest_connection_closep(struct guest_connection **c);
#define GUEST_CONNECTION_AUTO __attribute__((cleanup(guest_connection_closep)))

/*
 * All guests. Never fails: what could not be read is said in ret->access and ret->message; the list is
 * whole only where access is GUESTS_READ. c may be NULL together with the error that opening gave.
 */
void guests_read(struct guest_connection *c, const struct error *open_error, struct arena *arena,
		 struct guests *ret);
/* By name, then by UUID; NULL: none. */
const struct guest *guests_find(const struct guests *guests, const char *name);
/* The guest that holds the device, live first, then stored; *ret_is_live may be NULL. */
const struct guest *guests_find_holder(const struct guests *guests,
				       const struct pci_address *address, bool *ret_is_live);

#endif
