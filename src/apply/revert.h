/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Commit-confirm (Rule 3): a transaction that may have cut off the one who asked for it stands in the
 * journal as done, awaiting confirmation. Only then does the table of what is lent change; until then its
 * journal is a way back, which a timer takes, an explicit down or reattach, or a reboot.
 */
#ifndef FERRY_APPLY_REVERT_H
#define FERRY_APPLY_REVERT_H

#include "apply/transaction.h"

struct journal;

/* For transaction.c. The timer for the command's whole deadline, before the first write. */
int revert_new_id(struct actor *actor, const char **ret, struct error *err);
int revert_arm(struct actor *actor, const struct plan *plan, const char *id, struct error *err);
/* All is done: PLAN_CONFIRM_SECONDS from now, and the line in the journal. */
int revert_await(struct actor *actor, struct journal *journal, const char *id,
		 const struct lent *lent, struct error *err);
void revert_disarm(struct actor *actor, const char *id);

/*
 * Does something await confirmation? 1: *ret says what; 0: no, or its undoing has begun; negative: the
 * journal can't be read or is not to be believed.
 */
int revert_pending(struct actor *actor, struct transaction_pending *ret, struct error *err);
/* So long after its deadline that no timer comes any more: it is as an interrupted run is. */
bool revert_is_overdue(const struct transaction_pending *pending);
/* Seals it: what was done stays. The lock must be held. */
int revert_confirm(struct actor *actor, const struct transaction_pending *pending,
		   struct error *err);
/*
 * For the timer: is what is to be undone the transaction of that id, and its time over? 1: yes,
 * recover_run() does it; 0: nothing is to be done; negative: the journal can't be read.
 */
int revert_is_due(struct actor *actor, const char *id, struct error *err);
/*
 * A report with a revert_id, of a plan with REVERT_GUEST: waits actor->watch_ms and confirms where the
 * guest that the plan started still runs then. 1: confirmed; 0: the guest does not run, or a signal
 * came: the revert stays armed.
 */
int revert_watch(struct actor *actor, const struct plan *plan, struct error *err);

#endif
