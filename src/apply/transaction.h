/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one executor. Every write of ferry to the machine or to a guest is a step of a plan that goes
 * through here: the journal line is written and synced before the act, its seal after; where a step
 * fails, all that was done is undone in reverse. The table of what is lent is replaced at the end, in
 * one rename: that is the moment at which the transaction counts.
 */
#ifndef FERRY_APPLY_TRANSACTION_H
#define FERRY_APPLY_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "analysis/plan.h"

struct arena;
struct error;
struct guest_connection;
struct root;
struct step_ops;
struct timer_ops;

/* What the executor may touch, and whom it tells. */
struct actor {
	struct arena *arena;
	const struct root *root;             /* this machine */
	struct guest_connection *connection; /* NULL: no step of the plan needs libvirt */
	const char *state_dir;               /* "/var/lib/ferry" */
	const char *run_dir;                 /* "/run/ferry" */
	const char *command;                 /* "up guest 0000:01:00.0", for journal and lock */
	const char *boot_id;
	unsigned int write_deadline_ms;    /* for one write to the kernel */
	unsigned int shutdown_deadline_ms; /* for a guest to stop, or to let a device go */
	bool force;                        /* a guest that does not stop is forced off */
	const char *connect;            /* libvirt's URI as typed, for the timer; NULL: none was */
	unsigned int watch_ms;          /* how long a guest has to run before a revert ends by it */
	const struct step_ops *ops;     /* by enum step_kind; NULL: the real ones */
	const struct timer_ops *timers; /* NULL: systemd's */
	/* Called as a step begins (state still STEP_PLANNED) and ends, also while undoing. May be NULL. */
	void (*progress)(void *arg, const struct plan *plan, size_t step, bool begins);
	void *progress_arg;
	/* A child that a deadline found still in a write to the kernel, and for which device; 0: none. */
	pid_t stuck;
	const char *stuck_on;
};

enum transaction_outcome {
	TRANSACTION_DONE,
	TRANSACTION_REFUSED, /* nothing was written: what was planned for is no longer so, or no journal */
	TRANSACTION_PUT_BACK, /* a step failed or a signal came, all of it was undone */
	TRANSACTION_LEFT      /* something could not be put back; left names it */
};
/* The words of json.md: "done", "refused", "put-back", "left". */
const char *transaction_outcome_name(enum transaction_outcome outcome);

struct transaction_report {
	enum transaction_outcome outcome;
	const char **left; /* whole sentences: what could not be put back */
	size_t n_left;
	/* DONE, but undone by itself after so many seconds unless somebody confirms it; NULL: not so. */
	const char *revert_id;
	unsigned int revert_seconds;
};

/* A transaction that is done and awaits confirmation. */
struct transaction_pending {
	const char *id, *command;
	double seconds_left; /* below 0: its timer should have undone it */
	struct lent lent;    /* the table as it will be when it is confirmed */
};

/*
 * Runs the plan (it has no refusals). The lock must be held. States and times are written into the
 * plan's steps. err: why it is not DONE. SIGINT, SIGTERM and SIGHUP between two steps put back; where
 * a revert is armed a hangup is the loss that was foreseen, and the revert is there for it.
 */
void transaction_run(struct actor *actor, struct plan *plan, struct transaction_report *ret,
		     struct error *err);

#endif
