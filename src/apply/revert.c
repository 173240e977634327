// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See revert.h. Two timers: one for the command's whole deadline, armed before the first write, so that
 * also a ferry that is killed in the middle is undone; one for the time to confirm. Whichever fires looks
 * in the journal whether its moment has come, so that a timer too many does no harm.
 */
#include "apply/revert.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "apply/journal.h"
#include "apply/signals.h"
#include "apply/step.h"
#include "apply/table.h"
#include "apply/timer.h"
#include "apply/undo.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"

/* A timer's AccuracySec, and the time in which it may wait for the lock of a command that refuses. */
#define OVERDUE_SECONDS 30.0
#define EARLY_SECONDS   1.0
#define LOOK_AGAIN_MS   200

static const struct timer_ops *timers(const struct actor *actor)
{
	return actor->timers ? actor->timers : &timer_systemd;
}

static const char *whole_unit(struct actor *actor, const char *id)
{
	return arena_printf(actor->arena, "ferry-revert-%s", id);
}

static const char *confirm_unit(struct actor *actor, const char *id)
{
	return arena_printf(actor->arena, "ferry-confirm-%s", id);
}

int revert_new_id(struct actor *actor, const char **ret, struct error *err)
{
	uint64_t n;

	if (getrandom(&n, sizeof(n), 0) != sizeof(n))
		return error_set(err, -EIO, NULL, NULL, "the kernel gave no random number: %s",
				 strerror(errno));
	*ret = arena_printf(actor->arena, "%016" PRIx64, n);
	return 0;
}

/* As long as every step may take that long; one that comes too early waits for the lock. */
static unsigned int whole_seconds(const struct actor *actor, const struct plan *plan)
{
	unsigned int ms = 0;
	size_t i;

	for (i = 0; i < plan->n_steps; i++)
		ms += plan->steps[i].guest_uuid ? actor->shutdown_deadline_ms
						: actor->write_deadline_ms;
	return PLAN_CONFIRM_SECONDS + ms / 1000;
}

int revert_arm(struct actor *actor, const struct plan *plan, const char *id, struct error *err)
{
	return timers(actor)->arm(actor, whole_unit(actor, id), id, whole_seconds(actor, plan),
				  err);
}

int revert_await(struct actor *actor, struct journal *journal, const char *id,
		 const struct lent *lent, struct error *err)
{
	uint64_t deadline_ms = (uint64_t)((seconds_now() + PLAN_CONFIRM_SECONDS) * 1000);
	int code =
		timers(actor)->arm(actor, confirm_unit(actor, id), id, PLAN_CONFIRM_SECONDS, err);

	if (!code)
		code = journal_await(journal, deadline_ms, lent_to_json(actor->arena, lent), err);
	if (!code)
		timers(actor)->disarm(actor, whole_unit(actor, id));
	return code;
}

void revert_disarm(struct actor *actor, const char *id)
{
	timers(actor)->disarm(actor, whole_unit(actor, id));
	timers(actor)->disarm(actor, confirm_unit(actor, id));
}

/* A folder that is not there holds nothing. */
static int read_journal(struct actor *actor, struct journal_content *ret, struct error *err)
{
	int folder = folder_open(actor->run_dir, 0), code;

	*ret = (struct journal_content){0};
	if (folder == -ENOENT)
		return 0;
	if (folder < 0)
		return error_set(err, folder, actor->run_dir, NULL, "it could not be opened: %s",
				 strerror(-folder));
	code = journal_read(folder, actor->run_dir, actor->arena, ret, err);
	close(folder);
	return code;
}

static int read_sequence(struct actor *actor, uint64_t *ret, struct error *err)
{
	int folder = folder_open(actor->state_dir, 0), code;
	struct lent lent;

	if (folder < 0)
		return error_set(err, folder, actor->state_dir, NULL, "it could not be opened: %s",
				 strerror(-folder));
	code = table_read(folder, actor->state_dir, actor->arena, &lent, err);
	close(folder);
	if (!code)
		*ret = lent.sequence;
	return code;
}

/* 1: the journal of this boot has something that does not count yet. */
static int read_unsealed(struct actor *actor, struct journal_content *ret, struct error *err)
{
	uint64_t sequence;
	int code = read_journal(actor, ret, err);

	if (code || !ret->is_there || !text_equal(ret->head.boot_id, actor->boot_id))
		return code;
	code = read_sequence(actor, &sequence, err);
	return code ? code : ret->head.sequence > sequence;
}

static bool has_undone(const struct journal_content *c)
{
	size_t i;

	for (i = 0; i < c->n_steps; i++) {
		if (c->steps[i].is_undone)
			return true;
	}
	return false;
}

static double seconds_left(const struct journal_content *c)
{
	return (double)c->awaits_until_ms / 1000 - seconds_now();
}

int revert_pending(struct actor *actor, struct transaction_pending *ret, struct error *err)
{
	struct journal_content c;
	struct lent lent;
	int code = read_unsealed(actor, &c, err);

	if (code <= 0 || !c.awaits_lent || has_undone(&c))
		return code < 0 ? code : 0;
	code = lent_from_json(c.awaits_lent, actor->arena, &lent);
	if (code || lent.sequence != c.head.sequence)
		return error_set(err, -EBADMSG, actor->run_dir, "ferry recover undoes it",
				 "the table in its journal makes no sense");
	*ret = (struct transaction_pending){
		.id = c.head.revert_id,
		.command = c.head.command,
		.seconds_left = seconds_left(&c),
		.lent = lent,
	};
	return 1;
}

bool revert_is_overdue(const struct transaction_pending *pending)
{
	return pending->seconds_left < -OVERDUE_SECONDS;
}

int revert_confirm(struct actor *actor, const struct transaction_pending *pending,
		   struct error *err)
{
	struct journals journals;
	int code = journals_open(actor, &journals, err);

	if (code)
		return code;
	code = table_replace(journals.folders[JOURNAL_STATE], actor->state_dir, &pending->lent,
			     actor->arena, err);
	/* From here it counts: a journal that stays says nothing any more. */
	if (code >= 0) {
		journals_remove(&journals, NULL);
		revert_disarm(actor, pending->id);
		code = 0;
	}
	journals_close(&journals);
	return code;
}

int revert_is_due(struct actor *actor, const char *id, struct error *err)
{
	struct journal_content c;
	int code = read_unsealed(actor, &c, err);

	if (code <= 0)
		return code;
	if (!text_equal(c.head.revert_id, id))
		return 0;
	return !c.awaits_lent || seconds_left(&c) < EARLY_SECONDS;
}

static const struct plan_step *start_step(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].kind == STEP_START)
			return &plan->steps[i];
	}
	return NULL;
}

/* A step that starts a guest finds nothing to do where it runs. */
static bool is_running(struct actor *actor, const struct plan_step *step)
{
	ERROR_AUTO struct error unheard = {0};
	struct plan_step copy = *step;

	return actor_ops(actor, STEP_START)->check(actor, &copy, &unheard) == 1;
}

static bool runs_on(struct actor *actor, const struct plan_step *step)
{
	const struct timespec pause = {.tv_nsec = LOOK_AGAIN_MS * 1000000L};
	double end = seconds_now() + actor->watch_ms / 1000.0;

	for (;;) {
		if (signals_seen_wilful() || !is_running(actor, step))
			return false;
		if (seconds_now() >= end)
			return true;
		nanosleep(&pause, NULL);
	}
}

int revert_watch(struct actor *actor, const struct plan *plan, struct error *err)
{
	const struct plan_step *step = start_step(plan);
	struct transaction_pending pending;
	struct signals signals;
	int code = 0;

	if (!step)
		return 0;
	/* The terminal may have gone with the display. */
	signals_catch(&signals);
	if (runs_on(actor, step))
		code = revert_pending(actor, &pending, err);
	if (code > 0)
		code = revert_confirm(actor, &pending, err) ? -EIO : 1;
	signals_restore(&signals);
	return code;
}
