// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See recover.h. A journal whose sequence the table of what is lent has reached belongs to a transaction
 * that counts: only the file is left to remove. Anything else is undone, newest step first.
 */
#include "apply/recover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply/revert.h"
#include "apply/signals.h"
#include "apply/step.h"
#include "apply/table.h"
#include "apply/undo.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"

/* One step to be undone: where it stands, and the order in which it was begun. */
struct remnant {
	uint64_t sequence;
	size_t number;
	const struct plan_step *step;
};

struct remains {
	struct journals journals;
	struct journal_content content[JOURNAL_PLACES];
	struct lent lent;
	bool is_unsealed[JOURNAL_PLACES]; /* it belongs to a transaction that does not count */
	struct remnant *list;             /* oldest first */
	size_t count;
};

/* Folders that are not there hold nothing; they are not made for looking. */
static int open_for_reading(struct actor *actor, struct journals *ret, struct error *err)
{
	int place;

	*ret = JOURNALS_CLOSED;
	ret->paths[JOURNAL_RUN] = actor->run_dir;
	ret->paths[JOURNAL_STATE] = actor->state_dir;
	for (place = 0; place < JOURNAL_PLACES; place++) {
		int fd = folder_open(ret->paths[place], 0);

		if (fd < 0 && fd != -ENOENT)
			return error_set(err, fd, ret->paths[place], NULL,
					 fd == -EPERM ? "ferry's folder must be root's own"
						      : "it could not be opened: %s",
					 strerror(-fd));
		ret->folders[place] = fd < 0 ? -1 : fd;
	}
	return 0;
}

/*
 * The kernel has forgotten what it was told in another boot: these steps count as undone. What stands in
 * state_dir outlives the boot.
 */
static bool is_of_this_boot(const struct actor *actor, int place,
			    const struct journal_content *content)
{
	return place == JOURNAL_STATE || text_equal(content->head.boot_id, actor->boot_id);
}

static void collect(struct actor *actor, struct remains *r, int place)
{
	const struct journal_content *c = &r->content[place];
	size_t i;

	r->is_unsealed[place] = c->is_there && c->head.sequence > r->lent.sequence &&
				is_of_this_boot(actor, place, c);
	for (i = 0; r->is_unsealed[place] && i < c->n_steps; i++) {
		if (!c->steps[i].is_undone)
			*arena_append(actor->arena, r->list, r->count) = (struct remnant){
				.sequence = c->head.sequence,
				.number = c->steps[i].number,
				.step = &c->steps[i].step,
			};
	}
}

static int compare(const void *a, const void *b)
{
	const struct remnant *x = a, *y = b;

	if (x->sequence != y->sequence)
		return x->sequence < y->sequence ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int check_kinds(const struct actor *actor, const struct remains *r, int place,
		       struct error *err)
{
	const struct journal_content *c = &r->content[place];
	size_t i;

	for (i = 0; i < c->n_steps; i++) {
		if ((int)step_place(actor, &c->steps[i].step) != place)
			return error_set(err, -EBADMSG, r->journals.paths[place],
					 "look at its journal, and remove it when all is set right",
					 "the journal holds a step that does not belong there (%s)",
					 step_kind_name(c->steps[i].step.kind));
	}
	return 0;
}

static int read_remains(struct actor *actor, struct remains *ret, struct error *err)
{
	int place, code;

	code = actor_check_boot(actor, err);
	if (!code)
		code = open_for_reading(actor, &ret->journals, err);
	for (place = 0; place < JOURNAL_PLACES && !code; place++) {
		if (ret->journals.folders[place] < 0)
			continue;
		code = journal_read(ret->journals.folders[place], ret->journals.paths[place],
				    actor->arena, &ret->content[place], err);
		if (!code)
			code = check_kinds(actor, ret, place, err);
	}
	if (!code && ret->journals.folders[JOURNAL_STATE] >= 0)
		code = table_read(ret->journals.folders[JOURNAL_STATE], actor->state_dir,
				  actor->arena, &ret->lent, err);
	if (code)
		return code;
	for (place = 0; place < JOURNAL_PLACES; place++)
		collect(actor, ret, place);
	if (ret->count)
		qsort(ret->list, ret->count, sizeof(*ret->list), compare);
	return 0;
}

int recover_needed(struct actor *actor, const char **ret_command, struct error *err)
{
	struct remains r = {.journals = JOURNALS_CLOSED};
	int place, code = read_remains(actor, &r, err);

	journals_close(&r.journals);
	for (place = 0; place < JOURNAL_PLACES && !code; place++) {
		if (!r.content[place].has_file)
			continue;
		code = 1;
		if (ret_command)
			*ret_command = r.content[place].is_there ? r.content[place].head.command
								 : "a command that had not begun";
	}
	return code;
}

static int reopen(struct actor *actor, struct remains *r, struct error *err)
{
	struct journals *j = &r->journals;
	int place, code = 0;

	for (place = 0; place < JOURNAL_PLACES && !code; place++) {
		if (r->is_unsealed[place])
			code = journal_reopen(j->folders[place], j->paths[place],
					      &r->content[place], actor->arena, &j->files[place],
					      err);
	}
	return code;
}

static bool needs_libvirt(const struct plan_step *step)
{
	return step->guest_uuid != NULL;
}

static int undo_one(struct actor *actor, struct remains *r, struct plan *plan, size_t i,
		    struct transaction_report *report, struct error *err)
{
	struct plan_step *step = &plan->steps[i];

	if (needs_libvirt(step) && !actor->connection && !actor->ops) {
		ERROR_AUTO struct error why = {0};

		error_set(&why, -ENOTCONN, step->subject, NULL,
			  "%s was not undone: that needs libvirt", step_kind_name(step->kind));
		report_left(actor, report, step->subject, &why);
		return error_set(err, -ENOTCONN, step->subject,
				 "run ferry recover once libvirt is running",
				 "what was done to the guest can't be undone without libvirt");
	}
	return undo_step(actor, plan, i, r->list[i].number, &r->journals, report);
}

static void undo_all(struct actor *actor, struct remains *r, struct plan *plan,
		     struct transaction_report *report, struct error *err)
{
	int pass, code = 0;
	size_t i;

	for (i = 0; i < r->count; i++)
		*arena_append(actor->arena, plan->steps, plan->n_steps) = *r->list[i].step;
	for (pass = 0; pass < UNDO_PASSES; pass++) {
		for (i = r->count; i-- > 0;) {
			if (undo_pass(&plan->steps[i]) == pass &&
			    undo_one(actor, r, plan, i, report, err))
				code = -EBUSY;
		}
	}
	if (!code)
		return;
	report->outcome = TRANSACTION_LEFT;
	if (err && !err->code)
		error_set(err, code, NULL, "set it right as named, then run ferry recover again",
			  "%s", report->left[0]);
}

static void clean(struct actor *actor, struct remains *r, struct transaction_report *report,
		  struct error *err)
{
	struct journals *j = &r->journals;
	int place;

	for (place = 0; place < JOURNAL_PLACES; place++) {
		if (r->content[place].has_file &&
		    journal_remove(j->folders[place], j->paths[place], err))
			report->outcome = TRANSACTION_LEFT;
	}
	if (report->outcome == TRANSACTION_DONE && r->content[JOURNAL_RUN].head.revert_id)
		revert_disarm(actor, r->content[JOURNAL_RUN].head.revert_id);
}

static void refuse(struct transaction_report *report)
{
	report->outcome = TRANSACTION_REFUSED;
}

void recover_run(struct actor *actor, struct plan *ret_plan, struct transaction_report *ret,
		 struct error *err)
{
	struct remains r = {.journals = JOURNALS_CLOSED};
	ERROR_AUTO struct error unheard = {0};
	struct plan own = {0}, *plan = ret_plan ? ret_plan : &own;
	struct signals signals;

	*ret = (struct transaction_report){.outcome = TRANSACTION_DONE};
	*plan = (struct plan){0};
	err = err ? err : &unheard;
	signals_catch(&signals);
	if (read_remains(actor, &r, err) || reopen(actor, &r, err)) {
		refuse(ret);
	} else {
		undo_all(actor, &r, plan, ret, err);
		if (ret->outcome == TRANSACTION_DONE)
			clean(actor, &r, ret, err);
	}
	journals_close(&r.journals);
	signals_restore(&signals);
}
