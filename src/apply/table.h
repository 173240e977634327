/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of what is lent, as the transaction sees it: replaced whole in one rename, which is the
 * moment at which the transaction counts.
 */
#ifndef FERRY_APPLY_TABLE_H
#define FERRY_APPLY_TABLE_H

#include <stdbool.h>

#include "host/host.h"

struct arena;
struct error;

#define TABLE_NAME "lent.json"

/* No file is an empty table of sequence 0. -EPERM: it is not root's own, or a link. */
int table_read(int folder, const char *folder_path, struct arena *arena, struct lent *ret,
	       struct error *err);
/*
 * 0: the table is lent now, and will be after a power cut; 1: it is lent now, but the folder could not be
 * synced; negative: the old table stands.
 */
int table_replace(int folder, const char *folder_path, const struct lent *lent, struct arena *arena,
		  struct error *err);
/* Whether the rows are the same; the sequence is not compared. */
bool table_equals(const struct lent *a, const struct lent *b, struct arena *arena);

#endif
