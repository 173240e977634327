/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is lent, to whom, and in what the machine differs from what ferry left. */
#ifndef FERRY_ANALYSIS_STATUS_H
#define FERRY_ANALYSIS_STATUS_H

#include <stddef.h>

#include "guest/guest.h"
#include "host/host.h"

struct arena;

enum lent_state { STATE_HOST, STATE_DETACHED, STATE_ASSIGNED, STATE_PARKED, STATE_IN_GUEST };
/* "host", "detached", "assigned", "parked", "in-guest" */
const char *lent_state_name(enum lent_state state);

struct status_row {
	struct pci_identity identity;
	int device; /* index into host.devices, or -1: it is not there any more */
	enum lent_state state;
	const char *guest, *since, *driver_before; /* NULL: none */
	const char **drift; /* whole sentences: what is not as ferry left it */
	size_t n_drift;
};

struct status {
	struct status_row *rows;
	size_t n_rows;
};

/* Needs HOST_PCI, HOST_OVERRIDE, HOST_KERNEL, HOST_LENT; guests may be unread. */
void status_of(const struct host *host, const struct guests *guests, struct arena *arena,
	       struct status *ret);

#endif
