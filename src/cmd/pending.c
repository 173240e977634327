// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What awaits confirmation, seen by the commands that end it: down and reattach by putting it back, up
 * itself by looking on while the guest that has the display now runs.
 */
#include "cmd/session.h"

#include <errno.h>

#include "apply/recover.h"
#include "apply/revert.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "show/outcome.h"

#define PARTS                                                                   \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_UNDER) | \
	 HOST_PART(HOST_KERNEL))

static bool names_guest(const struct invocation *inv, const struct lent *lent)
{
	size_t i;

	for (i = 0; i < lent->n_devices; i++) {
		if (text_equal(lent->devices[i].guest, inv->words[0]))
			return true;
	}
	return false;
}

static bool is_mate(const struct host *host, size_t device, const struct lent_device *row)
{
	const struct pci_device *a = &host->devices[device];
	const struct pci_device *b = host_find_device(host, &row->identity.address);

	return b && (a == b || (a->group >= 0 && a->group == b->group));
}

static bool names_device(const struct invocation *inv, const struct session *session,
			 const struct lent *lent)
{
	struct plan_request request = {0};
	size_t i, k;

	/* What names no device is a matter for the command itself. */
	if (session_devices(inv, session, 0, &request, NULL))
		return false;
	for (i = 0; i < request.n_devices; i++) {
		for (k = 0; k < lent->n_devices; k++) {
			if (is_mate(&session->host, request.devices[i], &lent->devices[k]))
				return true;
		}
	}
	return false;
}

static enum outcome put_back(struct invocation *inv, struct session *session, struct actor *actor,
			     struct error *err)
{
	struct transaction_report report = {0};

	guest_connection_open(inv->options[OPTION_CONNECT], true, SESSION_CONNECT_DEADLINE_MS,
			      &session->connection, NULL);
	actor->connection = session->connection;
	recover_run(actor, NULL, &report, err);
	show_left(&report, inv->err);
	return report.outcome == TRANSACTION_DONE ? OUTCOME_DONE : OUTCOME_LEFT;
}

enum outcome change_end_pending(struct invocation *inv, const struct change *change,
				bool *ret_ended, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	struct transaction_pending pending;
	enum outcome outcome;
	struct actor actor;
	int code;

	if (!change->ends_pending)
		return OUTCOME_DONE;
	if (session_open(inv, PARTS, SESSION_NO_GUESTS, &session, err) ||
	    change_actor(inv, &session, &actor, err))
		return OUTCOME_REFUSED;
	code = revert_pending(&actor, &pending, err);
	if (code <= 0)
		return code ? OUTCOME_REFUSED : OUTCOME_DONE;
	if (change->takes_guest ? !names_guest(inv, &pending.lent)
				: !names_device(inv, &session, &pending.lent))
		return OUTCOME_DONE;
	show_ending(pending.command, inv->err);
	outcome = put_back(inv, &session, &actor, err);
	*ret_ended = outcome == OUTCOME_DONE;
	return outcome;
}

void change_note_ended(struct invocation *inv, struct plan *plan)
{
	/* All that was asked for was to end it. */
	if (!plan->n_steps)
		plan->n_notes = 0;
	*arena_append(inv->arena, plan->notes, plan->n_notes) =
		"What awaited confirmation was put back.";
}

void change_watch(struct invocation *inv, struct actor *actor, struct plan *plan,
		  struct transaction_report *report)
{
	ERROR_AUTO struct error unheard = {0};
	const char *guest = inv->words[0], *note;

	if (!report->revert_id || plan->revert != REVERT_GUEST)
		return;
	show_watching(guest, actor->watch_ms / 1000, inv->err);
	if (revert_watch(actor, plan, &unheard) > 0) {
		report->revert_id = NULL;
		note = arena_printf(inv->arena,
				    "%s has run for %d s: nothing is put back by itself.", guest,
				    PLAN_GUEST_SECONDS);
	} else {
		note = arena_printf(inv->arena, "%s has not run for %d s.", guest,
				    PLAN_GUEST_SECONDS);
	}
	*arena_append(inv->arena, plan->notes, plan->n_notes) = note;
}
