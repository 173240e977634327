// SPDX-License-Identifier: LGPL-2.1-or-later
/* See undo.h. A step that can't be undone stops nothing: what is left is named, the others go back. */
#include "apply/undo.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "apply/step.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"

static int open_folder(const char *path, mode_t mode, int *ret, struct error *err)
{
	int fd = folder_open_writable(path, mode);

	if (fd >= 0) {
		*ret = fd;
		return 0;
	}
	if (fd == -EPERM || fd == -ELOOP || fd == -ENOTDIR)
		return error_set(err, fd, path,
				 "remove it, or give it to root alone (chown, chmod)",
				 "ferry's folder must be root's own and no link");
	return error_set(
		err, fd, path,
		"ferry changes nothing that it could not put back: make the folder writable",
		"the journal can't be kept there: %s", strerror(-fd));
}

int actor_check_boot(const struct actor *actor, struct error *err)
{
	if (actor->boot_id && *actor->boot_id)
		return 0;
	return error_set(
		err, -ENODATA, "/proc/sys/kernel/random/boot_id", NULL,
		"the id of this boot could not be read: a journal without it could not say "
		"what a reboot has undone");
}

int journals_open(struct actor *actor, struct journals *ret, struct error *err)
{
	struct journals j = JOURNALS_CLOSED;
	int code = actor_check_boot(actor, err);

	if (code)
		return code;
	j.paths[JOURNAL_RUN] = actor->run_dir;
	j.paths[JOURNAL_STATE] = actor->state_dir;
	code = open_folder(actor->run_dir, 0755, &j.folders[JOURNAL_RUN], err);
	if (!code)
		code = open_folder(actor->state_dir, 0700, &j.folders[JOURNAL_STATE], err);
	if (code)
		journals_close(&j);
	else
		*ret = j;
	return code;
}

int journals_remove(struct journals *j, struct error *err)
{
	int place, code = 0;

	for (place = 0; place < JOURNAL_PLACES; place++) {
		int one = journal_remove(j->folders[place], j->paths[place], err);

		code = code ? code : one;
	}
	return code;
}

void journals_close(struct journals *j)
{
	int place;

	for (place = 0; place < JOURNAL_PLACES; place++) {
		journal_close(&j->files[place]);
		if (j->folders[place] >= 0)
			close(j->folders[place]);
		j->folders[place] = -1;
	}
}

const struct step_ops *actor_ops(const struct actor *actor, enum step_kind kind)
{
	return &(actor->ops ? actor->ops : step_table)[kind];
}

enum journal_place step_place(const struct actor *actor, const struct plan_step *step)
{
	return actor_ops(actor, step->kind)->outlives_boot ? JOURNAL_STATE : JOURNAL_RUN;
}

void actor_progress(const struct actor *actor, const struct plan *plan, size_t step, bool begins)
{
	if (actor->progress)
		actor->progress(actor->progress_arg, plan, step, begins);
}

double seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void report_left(struct actor *actor, struct transaction_report *report, const char *subject,
		 const struct error *err)
{
	*arena_append(actor->arena, report->left, report->n_left) =
		arena_printf(actor->arena, "%s: %s%s%s", err->subject ? err->subject : subject,
			     err->message ? err->message : strerror(-err->code),
			     err->remedy ? "; " : "", err->remedy ? err->remedy : "");
}

int undo_pass(const struct plan_step *step)
{
	return step->kind == STEP_RUN;
}

int undo_step(struct actor *actor, struct plan *plan, size_t index, size_t number,
	      struct journals *journals, struct transaction_report *report)
{
	struct plan_step *step = &plan->steps[index];
	bool has_failed = step->state == STEP_FAILED;
	double begin = seconds_now();
	ERROR_AUTO struct error err = {0};
	const char *note = NULL;
	int code;

	/* That it failed has been told, and why comes at the end: only the others are told to go back. */
	if (!has_failed)
		actor_progress(actor, plan, index, true);
	code = actor_ops(actor, step->kind)->undo(actor, step, &note, &err);
	if (note)
		*arena_append(actor->arena, plan->notes, plan->n_notes) = note;
	if (code) {
		err.code = err.code ? err.code : code;
		report_left(actor, report, step->subject, &err);
	} else {
		/* Where this can't be written the step is only undone once more by the next recover. */
		journal_undone(&journals->files[step_place(actor, step)], number, NULL);
	}
	step->state = code || has_failed ? STEP_FAILED : STEP_UNDONE;
	step->seconds += seconds_now() - begin;
	if (!has_failed)
		actor_progress(actor, plan, index, false);
	return code;
}
