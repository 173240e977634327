// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The order of every command that changes something: lock, undo what an interrupted run left, read,
 * plan, show, ask, act. --dry-run stops before the lock.
 */
#include "cmd/session.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "apply/recover.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/text.h"
#include "host/read.h"
#include "show/plan.h"
#include "show/progress.h"

#define WRITE_DEADLINE_MS   60000
#define SHUTDOWN_DEADLINE_S 120
#define PARTS                                                                            \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_UNDER) |          \
	 HOST_PART(HOST_OVERRIDE) | HOST_PART(HOST_IDENTITY) | HOST_PART(HOST_STORAGE) | \
	 HOST_PART(HOST_KERNEL) | HOST_PART(HOST_NAMES) | HOST_PART(HOST_HOLDERS) |      \
	 HOST_PART(HOST_LENT))

/* As typed, for the journal and for whoever waits for the lock. */
static const char *command_line(const struct invocation *inv)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	text_add(&t, inv->command->name);
	for (i = 0; i < inv->n_words; i++)
		text_addf(&t, " %s", inv->words[i]);
	return text_printable(inv->arena, text_str(&t));
}

static int timeout_ms(const struct invocation *inv, unsigned int *ret, struct error *err)
{
	const char *s = inv->options[OPTION_TIMEOUT];
	uint64_t seconds = SHUTDOWN_DEADLINE_S;

	if (s && text_parse_u64(s, 10, 86400, &seconds))
		return error_set(err, -EINVAL, NULL, NULL,
				 "--timeout takes seconds, 0 to 86400, not \"%s\"", s);
	*ret = (unsigned int)seconds * 1000;
	return 0;
}

int change_lock(struct invocation *inv, struct lock *ret, struct error *err)
{
	const char *path = FERRY_RUN_DIR "/lock", *holder = NULL, *line = command_line(inv);
	int code;

	if (geteuid() != 0)
		return error_set(
			err, -EPERM, NULL,
			arena_printf(inv->arena, "sudo ferry %s; --dry-run needs no root", line),
			"only root may change the devices of this machine");
	code = lock_take(path, line, 0, inv->arena, ret, &holder);
	if (code == -EWOULDBLOCK && !invocation_has(inv, OPTION_NO_WAIT)) {
		fprintf(inv->err, "ferry: waiting for another one: %s\n",
			text_printable(inv->arena, holder ? holder : "it does not say which"));
		code = lock_take(path, line, -1, inv->arena, ret, &holder);
	}
	if (code == -EWOULDBLOCK)
		return error_set(
			err, code, path, "wait until it has ended; without --no-wait ferry does",
			"another ferry is at work: %s", holder ? holder : "it does not say which");
	if (code)
		return error_set(err, code, path, "/run/ferry must be root's own folder",
				 "the lock can't be taken: %s", strerror(-code));
	return 0;
}

int change_actor(struct invocation *inv, struct session *session, struct actor *ret,
		 struct error *err)
{
	*ret = (struct actor){
		.arena = inv->arena,
		.root = &session->root,
		.connection = session->connection,
		.state_dir = FERRY_STATE_DIR,
		.run_dir = FERRY_RUN_DIR,
		.command = command_line(inv),
		.boot_id = session->host.kernel.boot_id,
		.write_deadline_ms = WRITE_DEADLINE_MS,
		.force = invocation_has(inv, OPTION_FORCE),
	};
	return timeout_ms(inv, &ret->shutdown_deadline_ms, err);
}

/* What an interrupted run left is undone first, by whatever command comes next. */
static enum outcome recover_first(struct invocation *inv, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	struct transaction_report report = {0};
	const char *command = NULL;
	struct actor actor;
	int needed;

	if (session_open(inv, HOST_PART(HOST_KERNEL), SESSION_NO_GUESTS, &session, err) ||
	    change_actor(inv, &session, &actor, err))
		return OUTCOME_REFUSED;
	needed = recover_needed(&actor, &command, err);
	if (needed < 0)
		return OUTCOME_REFUSED;
	if (!needed)
		return OUTCOME_DONE;
	fprintf(inv->err, "ferry: undoing what an interrupted run left (%s)\n",
		command ? text_printable(inv->arena, command) : "it does not say which");
	guest_connection_open(inv->options[OPTION_CONNECT], true, SESSION_CONNECT_DEADLINE_MS,
			      &session.connection, NULL);
	actor.connection = session.connection;
	recover_run(&actor, NULL, &report, err);
	return report.outcome == TRANSACTION_DONE ? OUTCOME_DONE : OUTCOME_LEFT;
}

static bool only_needs_yes(const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_refusals; i++) {
		if (strcmp(plan->refusals[i].reason, "needs-yes") != 0)
			return false;
	}
	return plan->n_refusals;
}

static bool ask(struct invocation *inv, const char *question)
{
	char answer[16];

	if (!isatty(STDIN_FILENO) || invocation_has(inv, OPTION_JSON))
		return false;
	fprintf(inv->err, "%s [y/N] ", question);
	fflush(inv->err);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static int fill_request(struct invocation *inv, const struct change *change,
			const struct session *session, struct plan_request *ret, struct error *err)
{
	int code;

	*ret = (struct plan_request){
		.now = session_now(inv->arena),
		.whole_group = invocation_has(inv, OPTION_WHOLE_GROUP),
		.yes = invocation_has(inv, OPTION_YES),
		.force = invocation_has(inv, OPTION_FORCE),
		.live = invocation_has(inv, OPTION_LIVE),
		.both = invocation_has(inv, OPTION_BOTH),
	};
	if (change->takes_guest) {
		code = session_guest(inv, session, ret, err);
		if (code == -ENOENT && change->guest_may_be_gone &&
		    session_lends_to(session, ret->guest_name)) {
			error_clear(err);
			code = 0;
		}
		if (code)
			return code;
	}
	code = session_devices(inv, session, change->takes_guest ? 1 : 0, ret, err);
	if (code || ret->n_devices || !change->knows_lent_devices)
		return code;
	return session_lent_devices(inv, session, ret, err);
}

static bool print_json(struct invocation *inv, const struct session *session,
		       const struct plan *plan, bool is_command,
		       const struct transaction_report *report, const struct error *err)
{
	if (!invocation_has(inv, OPTION_JSON))
		return false;
	show_plan_json(plan, &session->host, is_command, report, err, inv->out);
	inv->has_printed_json = true;
	return true;
}

static void show_dry_run(struct invocation *inv, const struct session *session,
			 const struct plan *plan)
{
	if (print_json(inv, session, plan, false, NULL, NULL))
		return;
	show_plan(plan, &session->host, &session->style, inv->out);
}

static void show_refused(struct invocation *inv, const struct session *session,
			 const struct plan *plan)
{
	print_json(inv, session, plan, true, NULL, NULL);
	show_refusals(plan, &session->style, inv->err);
}

static enum outcome outcome_of(const struct transaction_report *report)
{
	static const enum outcome outcomes[] = {
		[TRANSACTION_DONE] = OUTCOME_DONE,
		[TRANSACTION_REFUSED] = OUTCOME_REFUSED,
		[TRANSACTION_PUT_BACK] = OUTCOME_PUT_BACK,
		[TRANSACTION_LEFT] = OUTCOME_LEFT,
	};

	return outcomes[report->outcome];
}

/* A guest that did not heed the power button: a person at a terminal is asked, once. */
static bool force_is_wanted(struct invocation *inv, const struct plan *plan,
			    const struct error *err)
{
	size_t i;

	if (err->code != -ETIMEDOUT || invocation_has(inv, OPTION_FORCE))
		return false;
	for (i = 0; i < plan->n_steps; i++) {
		if (plan->steps[i].kind == STEP_SHUTDOWN && plan->steps[i].state == STEP_FAILED)
			return ask(
				inv,
				"It did not heed the power button. Pull its plug? Unsaved work in "
				"it is lost.");
	}
	return false;
}

static void act(struct invocation *inv, struct session *session, struct actor *actor,
		struct plan *plan, struct transaction_report *report, struct error *err)
{
	FILE *out = invocation_has(inv, OPTION_JSON) ? NULL : inv->out;
	struct show_progress *progress = progress_new(out, &session->style);
	size_t i;

	actor->progress = progress_step;
	actor->progress_arg = progress;
	transaction_run(actor, plan, report, err);
	if (report->outcome == TRANSACTION_PUT_BACK && force_is_wanted(inv, plan, err)) {
		for (i = 0; i < plan->n_steps; i++)
			plan->steps[i].state = STEP_PLANNED;
		error_clear(err);
		actor->force = true;
		transaction_run(actor, plan, report, err);
	}
	progress_free(progress);
}

static void show_acted(struct invocation *inv, const struct change *change,
		       const struct session *session, const struct plan *plan,
		       const struct transaction_report *report, const struct error *err)
{
	const char *done;
	size_t i;

	if (print_json(inv, session, plan, true, report, err))
		return;
	for (i = 0; i < report->n_left; i++)
		fprintf(inv->err, "ferry: left: %s\n", text_printable(inv->arena, report->left[i]));
	if (report->outcome != TRANSACTION_DONE)
		return;
	show_notes(plan, inv->out);
	done = change->done ? change->done(inv, session, plan) : "";
	if (*done)
		fprintf(inv->out, "%s\n", done);
}

static enum outcome change_machine(struct invocation *inv, const struct change *change,
				   struct session *session, struct error *err)
{
	struct transaction_report report = {0};
	struct plan_request request;
	struct actor actor;
	struct plan plan;

	if (change_actor(inv, session, &actor, err))
		return OUTCOME_USAGE;
	if (fill_request(inv, change, session, &request, err))
		return OUTCOME_REFUSED;
	change->plan(&session->host, &session->guests, &request, inv->arena, &plan);
	if (invocation_has(inv, OPTION_DRY_RUN)) {
		show_dry_run(inv, session, &plan);
		return plan.n_refusals ? OUTCOME_REFUSED : OUTCOME_DONE;
	}
	if (only_needs_yes(&plan)) {
		show_plan(&plan, &session->host, &session->style, inv->err);
		if (ask(inv, "Go on all the same?")) {
			request.yes = true;
			change->plan(&session->host, &session->guests, &request, inv->arena, &plan);
		}
	}
	if (plan.n_refusals) {
		show_refused(inv, session, &plan);
		return OUTCOME_REFUSED;
	}
	act(inv, session, &actor, &plan, &report, err);
	show_acted(inv, change, session, &plan, &report, err);
	return outcome_of(&report);
}

enum outcome change_run(struct invocation *inv, const struct change *change, struct error *err)
{
	SESSION_AUTO struct session session = SESSION_CLOSED;
	LOCK_AUTO struct lock lock = LOCK_NONE;
	enum outcome outcome;

	if (!invocation_has(inv, OPTION_DRY_RUN)) {
		if (change_lock(inv, &lock, err))
			return OUTCOME_REFUSED;
		outcome = recover_first(inv, err);
		if (outcome != OUTCOME_DONE)
			return outcome;
	}
	if (session_open(inv, PARTS,
			 change->needs_libvirt ? SESSION_CHANGES_GUESTS : SESSION_NO_GUESTS,
			 &session, err))
		return OUTCOME_REFUSED;
	return change_machine(inv, change, &session, err);
}

const char *change_says_drivers(const struct invocation *inv, const struct session *session,
				const struct plan *plan)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		const struct plan_step *s = &plan->steps[i];

		if (s->kind == STEP_BIND && s->after)
			text_addf(&t, "%s%s is on %s", t.len ? ", " : "", s->subject, s->after);
	}
	if (t.len)
		text_add(&t, ".");
	else if (!plan->n_notes)
		text_add(&t, "Nothing to do: it is so already.");
	return arena_strdup(inv->arena, text_str(&t));
}
