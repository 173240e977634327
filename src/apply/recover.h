/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a run that was interrupted left behind is undone from its journal alone: by `ferry recover`, by
 * the next command that changes something, and at boot.
 */
#ifndef FERRY_APPLY_RECOVER_H
#define FERRY_APPLY_RECOVER_H

#include "apply/transaction.h"

/*
 * Is there anything to recover? 0: no; 1: yes; negative: the journal can't be read, is torn in the
 * middle or altered (err names it). *ret_command (may be NULL): the command that was interrupted.
 */
int recover_needed(struct actor *actor, const char **ret_command, struct error *err);
/*
 * Undoes it; the lock must be held. ret_plan (may be NULL): the steps that were undone, for the
 * showing. Nothing to do is DONE with no steps. Steps on guests need actor->connection; where it is
 * NULL and there are such steps, they stay in the journal and err says so.
 */
void recover_run(struct actor *actor, struct plan *ret_plan, struct transaction_report *ret,
		 struct error *err);

#endif
