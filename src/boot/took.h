/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Did it take: what ferry wrote into boot files, compared with the command line of the kernel that runs.
 * Written, waiting for a reboot, and running are three states.
 */
#ifndef FERRY_BOOT_TOOK_H
#define FERRY_BOOT_TOOK_H

#include "host/lent.h"

struct arena;
struct root;

enum boot_took {
	BOOT_TOOK_NOTHING, /* ferry has written nothing */
	BOOT_TOOK_PENDING, /* it was written in this boot: the next one has it */
	BOOT_TOOK,         /* the kernel that runs has it */
	BOOT_TOOK_NOT,     /* booted since, and without it */
	BOOT_TOOK_UNKNOWN  /* the command line could not be read */
};
/* "nothing", "pending", "running", "not-taken", "unknown" */
const char *boot_took_name(enum boot_took took);

/* *ret_sentence: for a person, with what to do; NULL where nothing was written. */
enum boot_took boot_took(const struct root *root, const struct lent *lent, const char *boot_id,
			 struct arena *arena, const char **ret_sentence);

#endif
