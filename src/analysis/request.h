/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person asked for, and the planners that turn it into a plan. */
#ifndef FERRY_ANALYSIS_REQUEST_H
#define FERRY_ANALYSIS_REQUEST_H

#include "analysis/plan.h"

struct plan_request {
	size_t *devices; /* the devices named: indexes into host.devices */
	size_t n_devices;
	const struct guest *guest; /* NULL: the command takes none, or (down) it is gone */
	const char *guest_name;    /* as typed */
	const char *now;           /* "2026-11-25T14:06:29Z", for the table */
	bool whole_group;          /* assign every endpoint of the groups */
	bool yes;                  /* serious losses are accepted */
	bool force;
	bool live, both;
	bool no_revert;  /* a person wants none */
	bool can_revert; /* there is a systemd that could run it */
};

/*
 * Each fills *ret; none fails. host needs PCI, GROUPS, OVERRIDE, IDENTITY, STORAGE, KERNEL, HOLDERS and
 * LENT. guests may be unread only for detach and reattach of what no guest holds.
 */
void plan_detach(const struct host *host, const struct guests *guests,
		 const struct plan_request *request, struct arena *arena, struct plan *ret);
void plan_reattach(const struct host *host, const struct guests *guests,
		   const struct plan_request *request, struct arena *arena, struct plan *ret);
void plan_assign(const struct host *host, const struct guests *guests,
		 const struct plan_request *request, struct arena *arena, struct plan *ret);
void plan_unassign(const struct host *host, const struct guests *guests,
		   const struct plan_request *request, struct arena *arena, struct plan *ret);
void plan_start(const struct host *host, const struct guests *guests,
		const struct plan_request *request, struct arena *arena, struct plan *ret);
void plan_up(const struct host *host, const struct guests *guests,
	     const struct plan_request *request, struct arena *arena, struct plan *ret);
void plan_down(const struct host *host, const struct guests *guests,
	       const struct plan_request *request, struct arena *arena, struct plan *ret);

#endif
