// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a command needs before it may change anything: the lock, the executor's means, and the machine
 * freed of what an interrupted run left.
 */
#include "cmd/session.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "apply/recover.h"
#include "apply/revert.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/lock.h"
#include "base/text.h"
#include "show/outcome.h"

#define WRITE_DEADLINE_MS   60000
#define SHUTDOWN_DEADLINE_S 120

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
		show_waiting(holder, inv->err);
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
		.connect = inv->options[OPTION_CONNECT],
		.watch_ms = PLAN_GUEST_SECONDS * 1000,
		.write_deadline_ms = WRITE_DEADLINE_MS,
		.force = invocation_has(inv, OPTION_FORCE),
	};
	return timeout_ms(inv, &ret->shutdown_deadline_ms, err);
}

int change_refuse_pending(struct actor *actor, struct error *err)
{
	struct transaction_pending pending;
	int code = revert_pending(actor, &pending, err);

	if (code <= 0 || revert_is_overdue(&pending))
		return code < 0 ? code : 0;
	return error_set(err, -EBUSY, arena_printf(actor->arena, "ferry %s", pending.command),
			 "ferry confirm keeps it; ferry down or ferry reattach of what it took "
			 "puts it back at once",
			 "it is done and awaits confirmation: before that, or its undoing in "
			 "%.0f s, nothing else is changed",
			 pending.seconds_left > 0 ? pending.seconds_left : 0);
}

enum outcome change_recover_first(struct invocation *inv, struct error *err)
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
	if (change_refuse_pending(&actor, err))
		return OUTCOME_REFUSED;
	show_recovering(command, inv->err);
	guest_connection_open(inv->options[OPTION_CONNECT], true, SESSION_CONNECT_DEADLINE_MS,
			      &session.connection, NULL);
	actor.connection = session.connection;
	recover_run(&actor, NULL, &report, err);
	return report.outcome == TRANSACTION_DONE ? OUTCOME_DONE : OUTCOME_LEFT;
}

int change_request(struct invocation *inv, const struct change *change,
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
		.no_revert = invocation_has(inv, OPTION_NO_REVERT),
		/* sd_booted(3); what another machine has is not known, and nothing is done there. */
		.can_revert =
			!session->root.live || !root_exists(&session->root, "run/systemd/system"),
	};
	/* A captured machine has no libvirt that could be asked: the plan is of its own side. */
	if (change->takes_guest && !session->root.live) {
		ret->guest_name = inv->words[0];
	} else if (change->takes_guest) {
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
