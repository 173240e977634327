// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See start_failure.h. libvirt's own message is seldom the cause: QEMU's lines stand in the guest's log,
 * and which of two causes "Operation not permitted" has only the kernel says.
 */
#include "cmd/start_failure.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "analysis/diagnosis.h"
#include "base/arena.h"
#include "base/error.h"
#include "cmd/diagnose_read.h"
#include "cmd/session.h"
#include "show/diagnose.h"

/* The kernel's log has a clock of its own, which may be behind the monotonic one. */
#define CLOCK_SLACK_S 3

static bool is_of_guest(const struct plan_step *s)
{
	return s->kind == STEP_START || s->kind == STEP_ATTACH;
}

static const struct plan_step *guest_step(const struct plan *plan, bool has_failed)
{
	size_t i;

	for (i = 0; i < plan->n_steps; i++)
		if (is_of_guest(&plan->steps[i]) &&
		    (!has_failed || plan->steps[i].state == STEP_FAILED))
			return &plan->steps[i];
	return NULL;
}

void start_mark_set(const struct invocation *inv, const struct session *session,
		    const struct plan *plan, struct start_mark *ret)
{
	const struct plan_step *step = guest_step(plan, false);
	struct timespec now;
	struct stat st;
	int fd;

	*ret = (struct start_mark){0};
	if (!step)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	ret->seconds = (double)now.tv_sec + (double)now.tv_nsec / 1e9 - CLOCK_SLACK_S;
	fd = root_open_file(&session->root, diagnose_guest_path(inv->arena, step->subject) + 1,
			    O_PATH);
	if (fd < 0)
		return;
	if (!fstat(fd, &st))
		ret->log_size = (size_t)st.st_size;
	close(fd);
}

static void show(const struct invocation *inv, const struct session *session,
		 const struct plan_step *step, const struct diagnosis *d, const char *unreadable)
{
	const struct diagnose_view view = {
		.diagnosis = d, .what = step->subject, .unreadable = unreadable};

	if (!invocation_has(inv, OPTION_JSON) && (d->n_findings || d->n_unknown))
		show_diagnosis(&view, &session->style, inv->err);
}

void start_failure_explain(const struct invocation *inv, const struct session *session,
			   const struct plan *plan, const struct start_mark *mark,
			   struct error *err)
{
	const struct plan_step *step = guest_step(plan, true);
	const struct diagnosis_finding *f;
	const char *unreadable = NULL;
	struct diagnosis d;

	if (!step || !err->message || session->guests.is_remote)
		return;
	diagnose_start(&session->root, inv->arena,
		       &(struct start_logs){
			       .guest = step->subject,
			       .message = err->message,
			       .from = mark->log_size,
			       .since = mark->seconds,
			       .has_failed = true,
		       },
		       &d, &unreadable, NULL);
	diagnose_name_devices(&d, &session->root, inv->arena);
	show(inv, session, step, &d, unreadable);
	f = d.findings;
	if (diagnosis_stops(&d))
		error_remedy(err, "%s: %s %s", f->cause, f->meaning, f->remedy);
	else if (!err->remedy)
		error_remedy(err,
			     "no cause that ferry knows is in libvirt's words, %s or the kernel's "
			     "log",
			     diagnose_guest_path(inv->arena, step->subject));
}
