/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the host can no longer use once devices are gone, as chains that a person can check. */
#ifndef FERRY_ANALYSIS_LOSS_H
#define FERRY_ANALYSIS_LOSS_H

#include "analysis/plan.h"

struct loss_table;

/*
 * An index of what hangs on what, built once for any number of questions. guests may be NULL; starting:
 * the guest that is to be started with the devices, or NULL.
 */
struct loss_table *loss_table_new(const struct host *host, const struct guests *guests,
				  const struct guest *starting, struct arena *arena);
/*
 * Appends the losses of devices that leave together to an array that began as NULL with a count of 0.
 * Together matters: of two ways to a disk, or two keyboards, one may stay. What is on vfio-pci has left
 * already and loses nothing more.
 */
void losses_of(struct loss_table *table, const size_t *devices, size_t n, struct plan_loss **losses,
	       size_t *n_losses);
/* The chain as one line: "0000:00:1f.2 → ata1 → sda → /"; arrow is the text between two. */
char *loss_text(struct arena *arena, const struct plan_loss *loss, const char *arrow);
#define LOSS_ARROW " \xe2\x86\x92 "

/*
 * Could what the host uses be read at all? A captured tree that never held a part is no failure of
 * reading it.
 */
bool losses_are_known(const struct host *host);

#endif
