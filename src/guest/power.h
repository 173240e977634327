/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Starting and stopping guests; waiting is done on libvirt's lifecycle events. */
#ifndef FERRY_GUEST_POWER_H
#define FERRY_GUEST_POWER_H

#include "guest/guest.h"

struct error;
struct guest_connection;

int guest_state_now(struct guest_connection *c, const char *uuid, enum guest_state *ret,
		    struct error *err);
/*
 * Starts a stored guest. Where QEMU dies at start, err holds libvirt's message with QEMU's own words, its
 * lines divided by '\n'; text of others, to be made printable line by line. Never
 * VIR_DOMAIN_START_FORCE_BOOT: a managed-save image is the caller's refusal, and -EBUSY here.
 * -EALREADY: it runs.
 */
int guest_start(struct guest_connection *c, const char *uuid, struct error *err);
/*
 * Presses the power button (ACPI) and again every ten seconds; returns when the guest is off, at once
 * where it is off already. -ETIMEDOUT: it still runs after deadline_ms, nothing else was done to it;
 * -EINVAL: it is paused, and does not hear the button.
 */
int guest_shutdown(struct guest_connection *c, const char *uuid, unsigned int deadline_ms,
		   struct error *err);
/* Pulls the plug: only where a person said --force. 0 where it is off already. */
int guest_destroy(struct guest_connection *c, const char *uuid, struct error *err);

#endif
