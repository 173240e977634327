// SPDX-License-Identifier: LGPL-2.1-or-later
/* The kernel parameters that this machine needs, written for the boot loader that it boots with; and back. */
#include "cmd/iommu.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/session.h"
#include "show/outcome.h"
#include "show/plan.h"
#include "show/progress.h"

struct work {
	struct invocation *inv;
	struct iommu_system *system;
	struct plan plan;
	struct boot_found found;
	struct show_boot shown;
	bool disables;
};

static void add_front(struct arena *arena, struct plan *plan, const struct plan *front)
{
	size_t n = plan->n_notes, i;
	const char **notes = plan->notes;

	plan->notes = NULL;
	plan->n_notes = 0;
	for (i = 0; i < front->n_notes; i++)
		*arena_append(arena, plan->notes, plan->n_notes) = front->notes[i];
	for (i = 0; i < n; i++)
		*arena_append(arena, plan->notes, plan->n_notes) = notes[i];
}

static void make_plan(struct work *w)
{
	struct invocation *inv = w->inv;
	struct iommu_system *s = w->system;
	struct plan words = {.lent = s->lent};
	struct boot_request request = {
		.loader = inv->options[OPTION_LOADER],
		.file = inv->options[OPTION_FILE],
		.now = session_now(inv->arena),
		.boot_id = s->boot_id,
	};

	words.lent.sequence++;
	w->found.loader = LOADER_UNKNOWN;
	if (w->disables) {
		iommu_words_named(inv, &request);
		boot_plan_disable(&s->root, &request, &s->lent, inv->arena, &w->plan, &w->found);
		return;
	}
	iommu_words(inv, s, &request, &words);
	if (words.n_refusals || !request.n_words) {
		w->plan = words;
		return;
	}
	boot_plan_enable(&s->root, &request, &s->lent, inv->arena, &w->plan, &w->found);
	add_front(inv->arena, &w->plan, &words);
}

static bool print_json(struct work *w, bool is_command, const struct transaction_report *report,
		       const struct error *err)
{
	if (!invocation_has(w->inv, OPTION_JSON))
		return false;
	show_boot_json(&w->plan, &w->shown, is_command, report, err, w->inv->out);
	w->inv->has_printed_json = true;
	return true;
}

static void act(struct work *w, struct transaction_report *report, struct error *err)
{
	FILE *out = invocation_has(w->inv, OPTION_JSON) ? NULL : w->inv->out;
	struct show_progress *progress = progress_new(out, &w->system->style);
	struct actor actor;

	iommu_system_actor(w->inv, w->system, &actor);
	actor.progress = progress_step;
	actor.progress_arg = progress;
	transaction_run(&actor, &w->plan, report, err);
	progress_free(progress);
}

/* A program that can't be run in a system that only lies in a folder. */
static void note_left(struct work *w)
{
	struct plan *plan = &w->plan;
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		const struct plan_step *s = &plan->steps[i];

		if (s->kind == STEP_RUN && s->state == STEP_SKIPPED)
			*arena_append(w->inv->arena, plan->notes, plan->n_notes) = arena_printf(
				w->inv->arena,
				"%s was not run: it can't be run in that system from here.",
				s->subject);
	}
}

static const char *sentence(const struct work *w)
{
	if (!w->plan.n_steps)
		return "Nothing to do.";
	if (!w->system->root.live)
		return w->disables ? "Taken out." : "Written.";
	return w->disables ? "Taken out; the next boot is without it."
			   : "Written; reboot, then ferry check says whether it took.";
}

static enum outcome change(struct work *w, struct error *err)
{
	static const enum outcome outcomes[] = {
		[TRANSACTION_DONE] = OUTCOME_DONE,
		[TRANSACTION_REFUSED] = OUTCOME_REFUSED,
		[TRANSACTION_PUT_BACK] = OUTCOME_PUT_BACK,
		[TRANSACTION_LEFT] = OUTCOME_LEFT,
	};
	struct transaction_report report = {0};

	if (w->plan.n_refusals) {
		print_json(w, true, NULL, NULL);
		show_refusals(&w->plan, &w->system->style, w->inv->err);
		return OUTCOME_REFUSED;
	}
	/* Nothing to do needs no folder that can be written. */
	if (w->plan.n_steps || w->plan.lent.n_boot != w->system->lent.n_boot)
		act(w, &report, err);
	note_left(w);
	if (!print_json(w, true, &report, err)) {
		show_left(&report, w->inv->err);
		if (report.outcome == TRANSACTION_DONE) {
			show_notes(&w->plan, w->inv->out);
			show_sentence(sentence(w), w->inv->out);
		}
	}
	return outcomes[report.outcome];
}

static enum outcome run(struct invocation *inv, bool disables, struct error *err)
{
	IOMMU_SYSTEM_AUTO struct iommu_system system = IOMMU_SYSTEM_CLOSED;
	struct work w = {.inv = inv, .system = &system, .disables = disables};
	enum outcome outcome = iommu_system_open(inv, &system, err);

	if (outcome != OUTCOME_DONE)
		return outcome;
	make_plan(&w);
	w.shown = (struct show_boot){
		.loader = boot_loader_name(w.found.loader),
		.evidence = w.found.evidence,
		.n_evidence = w.found.n_evidence,
	};
	if (!invocation_has(inv, OPTION_DRY_RUN))
		return change(&w, err);
	if (!print_json(&w, false, NULL, NULL))
		show_boot_plan(&w.plan, &w.shown, &system.style, inv->out);
	return w.plan.n_refusals ? OUTCOME_REFUSED : OUTCOME_DONE;
}

static enum outcome run_enable(struct invocation *inv, struct error *err)
{
	return run(inv, false, err);
}

static enum outcome run_disable(struct invocation *inv, struct error *err)
{
	return run(inv, true, err);
}

#define OPTIONS_IOMMU                                                                           \
	(OPTIONS_CHANGING | OPTION(OPTION_ROOT) | OPTION(OPTION_LOADER) | OPTION(OPTION_FILE) | \
	 OPTION(OPTION_PARAMETER))

const struct command command_iommu_enable = {
	.name = "iommu enable",
	.words = "",
	.summary = "write the kernel parameters that this machine needs",
	.options = OPTIONS_IOMMU,
	.run = run_enable,
};

const struct command command_iommu_disable = {
	.name = "iommu disable",
	.words = "",
	.summary = "take out the kernel parameters that ferry wrote",
	.options = OPTIONS_IOMMU,
	.run = run_disable,
};
