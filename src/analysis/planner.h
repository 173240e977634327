/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the planners share: the facts that they judge, the plan that they build, and the words in which
 * they add to it. Only for files in analysis/.
 */
#ifndef FERRY_ANALYSIS_PLANNER_H
#define FERRY_ANALYSIS_PLANNER_H

#include "analysis/plan.h"
#include "analysis/request.h"

struct planner {
	const struct host *host;
	const struct guests *guests;
	const struct plan_request *request;
	struct arena *arena;
	struct plan *plan;
	size_t *leaving; /* the devices that leave the host, for the losses of all of them together */
	size_t n_leaving;
};

/* plan.c */
void planner_begin(struct planner *p, struct plan *ret);
struct plan_step *planner_step(struct planner *p, enum step_kind kind, const char *subject,
			       const char *before, const char *after);
/* Of a device: its identity goes into the step. */
struct plan_step *planner_device_step(struct planner *p, enum step_kind kind,
				      const struct pci_device *device, const char *before,
				      const char *after);
/* evidence is composed; remedy may be NULL. */
void planner_refuse(struct planner *p, const char *reason, const char *subject, const char *remedy,
		    const char *evidence, ...) __attribute__((format(printf, 5, 6)));
void planner_note(struct planner *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *planner_address(struct planner *p, const struct pci_address *address);
char *planner_printf(struct planner *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* lending.c: the row of plan->lent for a device or a guest, NULL where there is none. */
struct lent_device *planner_lent_device(struct planner *p, const struct pci_device *device);
struct lent_guest *planner_lent_guest(struct planner *p, const char *uuid);
void planner_forget_device(struct planner *p, const struct lent_device *row);
void planner_forget_guest(struct planner *p, const char *uuid);
/* Was it lent in this boot? What an earlier boot did to drivers, the kernel has forgotten. */
bool planner_is_this_boot(const struct planner *p, const char *boot_id);

/* assign.c: steps for the running guest. */
void planner_attach_live(struct planner *p, const size_t *devices, size_t n);
void planner_detach_live(struct planner *p, const struct lent_device *row);
/* walk.c */
void planner_start(struct planner *p, bool by_up);
void planner_release(struct planner *p, const size_t *devices, size_t n);

/* leave.c: everything that takes the groups of the named devices from the host. */
void planner_leave(struct planner *p, const char *guest_name);
/* revert.c: the revert that the plan's losses ask for; when all its steps and losses are there. */
void planner_revert(struct planner *p);
/* handover.c: around the change of drivers. What the host was before is for the table's row. */
const char *planner_power_before(const struct planner *p, const struct pci_device *d);
void planner_wake(struct planner *p, const struct pci_device *d);
void planner_rest(struct planner *p, const struct pci_device *d, const char *control);
const char *planner_consoles_before(struct planner *p, const struct pci_device *d);
void planner_release_display(struct planner *p, const struct pci_device *d);
void planner_return_display(struct planner *p, const struct lent_device *row);
void planner_lose_aperture(struct planner *p);
/* vfio-pci or the variant that is made for the device; a note where the latter can't be used. */
const char *planner_vfio_driver(struct planner *p, const struct pci_device *d);
void planner_note_reset(struct planner *p, const struct pci_device *d);
/* return.c: steps that give a lent device back, and its row away. */
void planner_return(struct planner *p, struct lent_device *row);
bool planner_group_is_free(struct planner *p, int group, const char *remedy);

/* guest_checks.c: refusals for a guest that must not or cannot be changed; false: refused. */
bool planner_check_libvirt(struct planner *p);
bool planner_check_guest_state(struct planner *p, bool live);
bool planner_check_not_saved(struct planner *p);
/* The definition with the named devices that are not in it; keeps the way back. */
void planner_define_with(struct planner *p, const size_t *devices, size_t n);
void planner_define_without(struct planner *p, const struct lent_device *const *rows, size_t n);
const struct guest_hostdev *guest_devices_find(const struct guest_devices *devices,
					       const struct pci_address *address);

#endif
