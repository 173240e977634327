/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What transaction and recover share: the two folders with their journals, and the way back, step by
 * step in reverse order.
 */
#ifndef FERRY_APPLY_UNDO_H
#define FERRY_APPLY_UNDO_H

#include <stddef.h>

#include "apply/journal.h"
#include "apply/transaction.h"

/* Which of the two: what the kernel forgets at a reboot, and what outlives it. */
enum journal_place { JOURNAL_RUN, JOURNAL_STATE, JOURNAL_PLACES };

struct journals {
	int folders[JOURNAL_PLACES];
	const char *paths[JOURNAL_PLACES]; /* of the folders */
	struct journal files[JOURNAL_PLACES];
};
#define JOURNALS_CLOSED \
	((struct journals){.folders = {-1, -1}, .files = {JOURNAL_CLOSED, JOURNAL_CLOSED}})

/* -ENODATA: the boot has no id, so that nothing could be told of a reboot in between. */
int actor_check_boot(const struct actor *actor, struct error *err);
/* Opens (and makes) both folders and proves that they can be written; err names the one that can't. */
int journals_open(struct actor *actor, struct journals *ret, struct error *err);
/* Both journals are removed: nothing is to be undone any more. */
int journals_remove(struct journals *j, struct error *err);
void journals_close(struct journals *j);

const struct step_ops *actor_ops(const struct actor *actor, enum step_kind kind);
enum journal_place step_place(const struct actor *actor, const struct plan_step *step);
void actor_progress(const struct actor *actor, const struct plan *plan, size_t step, bool begins);
double seconds_now(void);

/* Adds a sentence to report->left, from what err says of the subject. */
void report_left(struct actor *actor, struct transaction_report *report, const char *subject,
		 const struct error *err);
/*
 * Programs that take back what another did read files which are put back first: they come in a pass of
 * their own, after all else. Within a pass the order is the reverse of the doing.
 */
#define UNDO_PASSES 2
int undo_pass(const struct plan_step *step);
/*
 * Undoes plan->steps[index], which the journal knows as number, and notes it there. 0: it is as it was;
 * else the report says what is left. Notes go to plan->notes.
 */
int undo_step(struct actor *actor, struct plan *plan, size_t index, size_t number,
	      struct journals *journals, struct transaction_report *report);

#endif
