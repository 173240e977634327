/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `ferry iommu enable` and `disable` are made of. */
#ifndef FERRY_CMD_IOMMU_H
#define FERRY_CMD_IOMMU_H

#include "apply/transaction.h"
#include "base/lock.h"
#include "base/root.h"
#include "boot/boot.h"
#include "cmd/command.h"
#include "show/boot.h"
#include "show/style.h"

/* The system that is meant: this one, or one that lies in a folder and has its state there. */
struct iommu_system {
	struct root root;
	struct lock lock;
	struct lent lent;
	const char *state_dir, *run_dir;
	const char *boot_id;
	struct show_style style;
};
#define IOMMU_SYSTEM_CLOSED ((struct iommu_system){.root = {.fd = -1}, .lock = {.fd = -1}})

/* Opens it; unless it is a dry run, locks it and undoes what an interrupted run left there. */
enum outcome iommu_system_open(struct invocation *inv, struct iommu_system *ret, struct error *err);
void iommu_system_close(struct iommu_system *system);
#define IOMMU_SYSTEM_AUTO __attribute__((cleanup(iommu_system_close)))
void iommu_system_actor(struct invocation *inv, struct iommu_system *system, struct actor *ret);

/*
 * The words that are wanted: --parameter's, else what the machine needs. Refusals and notes go into plan;
 * no words and no refusal: nothing is needed.
 */
void iommu_words(struct invocation *inv, const struct iommu_system *system,
		 struct boot_request *request, struct plan *plan);
/* The same for disable: --parameter's, or none, which means all. */
void iommu_words_named(struct invocation *inv, struct boot_request *request);

#endif
