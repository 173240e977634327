/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernel parameters written for the boot loader that a system really boots with. What comes out is a plan
 * like any other: files with their whole text, tools with their arguments. Nothing is written here.
 */
#ifndef FERRY_BOOT_BOOT_H
#define FERRY_BOOT_BOOT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/plan.h"

struct arena;
struct error;
struct root;

enum boot_loader {
	LOADER_GRUB,
	LOADER_SYSTEMD_BOOT,
	LOADER_UKI, /* unified kernel images */
	LOADER_PROXMOX,
	LOADER_KERNELSTUB, /* Pop!_OS */
	LOADER_RPM_OSTREE,
	LOADERS,
	LOADER_UNKNOWN = LOADERS
};
/* "grub", "systemd-boot", "uki", "proxmox", "kernelstub", "rpm-ostree"; NULL: unknown */
const char *boot_loader_name(enum boot_loader loader);
/* Also the names of their tools ("grubby", "proxmox-boot-tool"). LOADER_UNKNOWN: there is none. */
enum boot_loader boot_loader_parse(const char *name);

struct boot_word_wanted {
	const char *word;
	bool only_replace; /* where its opposite was written, and nowhere else */
};

struct boot_request {
	const char *loader; /* as typed; NULL: found from evidence */
	const char *
		file; /* the only one to be edited, in the system; NULL: all that the loader reads */
	const struct boot_word_wanted *words;
	size_t n_words;
	const char *now;     /* "2026-11-25T14:06:29Z" */
	const char *boot_id; /* of this boot; NULL: another system */
};

struct boot_found {
	enum boot_loader loader;
	const char *name; /* of an unknown one, "LILO"; NULL: nothing was found */
	/* Where a loader that ferry can't edit takes its parameters from; NULL: not known. */
	const char *by_hand;
	bool is_ambiguous;     /* several fit: evidence says which */
	const char **evidence; /* whole sentences, the strongest first */
	size_t n_evidence;
};

/* Which boot loader the system in root boots with. Never fails: it may be unknown. */
void boot_find(const struct root *root, struct arena *arena, struct boot_found *ret);

/*
 * The steps that bring the words in, or take out what ferry put in. lent: ferry's table of that system,
 * which the plan carries on. Never fails: what can't be done is a refusal.
 */
void boot_plan_enable(const struct root *root, const struct boot_request *request,
		      const struct lent *lent, struct arena *arena, struct plan *ret,
		      struct boot_found *ret_found);
void boot_plan_disable(const struct root *root, const struct boot_request *request,
		       const struct lent *lent, struct arena *arena, struct plan *ret,
		       struct boot_found *ret_found);

/* The table of a system; -EBADMSG: it was altered. No file is an empty table. */
int boot_read_lent(const struct root *root, struct arena *arena, struct lent *ret,
		   struct error *err);

#endif
