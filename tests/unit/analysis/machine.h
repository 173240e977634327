/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small machine as a value, for tests of what is judged from values alone: the board of the lab in
 * miniature. What a test needs otherwise it changes in the value.
 */
#ifndef FERRY_TEST_MACHINE_H
#define FERRY_TEST_MACHINE_H

#include "analysis/request.h"
#include "base/arena.h"
#include "host/read.h"

/* In the order of their addresses. */
enum {
	PORT,         /* 0000:00:03.0, pcieport, group 2 */
	CONVENTIONAL, /* 0000:00:06.0, a bridge on shpchp, group 5 */
	ISA,          /* 0000:00:1f.0, lpc_ich, group 7 */
	SATA,         /* 0000:00:1f.2, ahci, group 7, the disk sda */
	SMBUS,        /* 0000:00:1f.3, i801_smbus, group 7 */
	NIC,          /* 0000:01:00.0, e1000e, group 13 */
	EDU,          /* 0000:07:01.0, no driver, group 5 */
	OLD_NIC       /* 0000:07:02.0, e1000, group 5 */
};

struct machine {
	struct arena *arena;
	struct host host;
	struct guests guests;
	struct guest *guest, *other; /* "guest", shut off, and "other" */
	struct plan_request request;
	size_t named[4];
	struct plan plan;
};

void machine_make(struct machine *m);
void machine_free(struct machine *m);
void machine_name(struct machine *m, size_t device);
/* Runs a planner and keeps its table for the next one, as a transaction that went through would. */
void machine_plan(struct machine *m,
		  void (*plan)(const struct host *, const struct guests *,
			       const struct plan_request *, struct arena *, struct plan *));
/* Does to the value what the steps say, and takes the plan's table over. */
void machine_act(struct machine *m);
/* "override 0000:01:00.0 '' vfio-pci; unbind ..." */
const char *machine_steps(struct machine *m);
/* The reason of the only refusal; "" where there is none, "several" where there are more. */
const char *machine_refusal(struct machine *m);

#endif
