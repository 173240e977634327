// SPDX-License-Identifier: LGPL-2.1-or-later
/* See plan.h. */
#include "show/plan.h"

#include <string.h>

#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "show/json.h"
#include "show/style.h"

static char *override_text(struct arena *arena, const struct plan_step *s)
{
	if (!s->after || !*s->after)
		return arena_printf(arena, "%s: clear driver_override (was %s)", s->subject,
				    s->before);
	if (!s->before || !*s->before)
		return arena_printf(arena, "%s: set driver_override to %s", s->subject, s->after);
	return arena_printf(arena, "%s: set driver_override to %s (was %s)", s->subject, s->after,
			    s->before);
}

static const char *arguments_line(struct arena *arena, const char *arguments)
{
	char *line = arena_strdup(arena, arguments), *p;

	for (p = line; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	return text_trim_end(line);
}

static char *console_text(struct arena *arena, const struct plan_step *s)
{
	if (text_has_prefix(s->subject, "vtcon"))
		return arena_printf(arena, "%s: %s the text console", s->subject,
				    text_equal(s->after, "1") ? "bind" : "unbind");
	if (!s->after)
		return arena_printf(arena, "%s: unbind from %s", s->subject, s->before);
	return arena_printf(arena, "%s: bind to %s", s->subject, s->after);
}

char *show_step_text(struct arena *arena, const struct plan_step *s)
{
	switch (s->kind) {
	case STEP_MODULE:
		return arena_printf(arena, "%s: load the module", s->subject);
	case STEP_OVERRIDE:
		return override_text(arena, s);
	case STEP_UNBIND:
		return arena_printf(arena, "%s: unbind from %s", s->subject, s->before);
	case STEP_BIND:
		if (!s->after)
			return arena_printf(arena, "%s: let the kernel choose a driver",
					    s->subject);
		return arena_printf(arena, "%s: bind to %s", s->subject, s->after);
	case STEP_CONSOLE:
		return console_text(arena, s);
	case STEP_POWER:
		return arena_printf(arena, "%s: set power/control to %s", s->subject, s->after);
	case STEP_DEFINE:
		return arena_printf(arena, "%s: write the stored definition", s->subject);
	case STEP_ATTACH:
		return arena_printf(arena, "%s: plug %s in", s->subject, s->after);
	case STEP_DETACH:
		return arena_printf(arena, "%s: unplug %s", s->subject, s->before);
	case STEP_START:
		return arena_printf(arena, "%s: start", s->subject);
	case STEP_SHUTDOWN:
		return arena_printf(arena, "%s: shut down", s->subject);
	case STEP_FILE:
		return arena_printf(arena, "%s: %s", s->subject,
				    !s->before  ? "make it"
				    : !s->after ? "remove it"
						: "change the command line");
	case STEP_RUN:
		return arena_printf(arena, "run %s", arguments_line(arena, s->after));
	case STEP_GENERATED:
		return arena_printf(arena, "%s: read %s and put it in its place", s->subject,
				    s->after);
	case STEP_KINDS:
		break;
	}
	return arena_strdup(arena, s->subject);
}

static void put_text(FILE *out, const char *s)
{
	ARENA_AUTO struct arena *a = arena_new();

	fputs(text_printable(a, s), out);
}

static void show_members(const struct host *host, const char *title, const size_t *devices,
			 size_t n, FILE *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct pci_device *d = &host->devices[devices[i]];

		fprintf(out, "%-10s%s", i ? "" : title, d->name);
		if (d->driver)
			fprintf(out, "  (%s)", d->driver);
		if (d->device_name) {
			fputs("  ", out);
			put_text(out, d->device_name);
		}
		fputc('\n', out);
	}
}

static void show_losses(const struct plan *plan, const struct show_style *style, FILE *out)
{
	size_t i, k;

	for (i = 0; i < plan->n_losses; i++) {
		const struct plan_loss *loss = &plan->losses[i];

		fprintf(out, "%-10s%s%s%s: ", i ? "" : "loses",
			style_on(style, loss->severity == LOSS_FATAL ? SHOW_BAD : SHOW_CAUTION),
			loss_severity_name(loss->severity), style_off(style));
		for (k = 0; k < loss->n_chain; k++) {
			fprintf(out, "%s%s%s", k ? " " : "", k ? style_arrow(style) : "",
				k ? " " : "");
			put_text(out, loss->chain[k]);
		}
		fputc('\n', out);
	}
	if (!plan->n_losses && plan->n_steps)
		fprintf(out, "%-10snothing that the host uses\n", "loses");
}

void show_refusals(const struct plan *plan, const struct show_style *style, FILE *out)
{
	size_t i;

	for (i = 0; i < plan->n_refusals; i++) {
		const struct plan_refusal *r = &plan->refusals[i];

		fprintf(out, "%srefused%s   ", style_on(style, SHOW_BAD), style_off(style));
		put_text(out, r->subject);
		fputs(": ", out);
		put_text(out, r->evidence);
		fputc('\n', out);
		if (!r->remedy)
			continue;
		fputs("          ", out);
		put_text(out, r->remedy);
		fputc('\n', out);
	}
}

void show_notes(const struct plan *plan, FILE *out)
{
	size_t i;

	for (i = 0; i < plan->n_notes; i++) {
		fprintf(out, "%-10s", i ? "" : "note");
		put_text(out, plan->notes[i]);
		fputc('\n', out);
	}
}

void show_plan(const struct plan *plan, const struct host *host, const struct show_style *style,
	       FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t i;

	show_members(host, "assigns", plan->assigned, plan->n_assigned, out);
	show_members(host, "parks", plan->parked, plan->n_parked, out);
	show_members(host, "unbinds", plan->unbound, plan->n_unbound, out);
	show_losses(plan, style, out);
	for (i = 0; i < plan->n_steps; i++) {
		fprintf(out, "%4zu      ", i + 1);
		put_text(out, show_step_text(a, &plan->steps[i]));
		fputc('\n', out);
	}
	if (!plan->n_steps && !plan->n_refusals)
		fprintf(out, "%-10snothing to do\n", "");
	show_notes(plan, out);
	show_refusals(plan, style, out);
}

/* A newline behind each of them. */
static struct json_object *arguments_json(const char *arguments)
{
	struct json_object *list = json_object_new_array();
	ARENA_AUTO struct arena *a = arena_new();
	size_t len;

	if (!arguments) {
		json_object_put(list);
		return NULL;
	}
	for (; *arguments; arguments += len + (arguments[len] == '\n')) {
		len = strcspn(arguments, "\n");
		json_object_array_add(list, json_text(arena_memdup(a, arguments, len)));
	}
	return list;
}

static struct json_object *step_json(const struct plan_step *s, bool is_run)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "kind", step_kind_name(s->kind));
	json_add_text(o, "subject", s->subject);
	if (s->kind == STEP_RUN) {
		json_object_object_add(o, "before", arguments_json(s->before));
		json_object_object_add(o, "after", arguments_json(s->after));
	} else {
		json_add_text(o, "before", s->before);
		json_add_text(o, "after", s->after);
	}
	if (is_run) {
		json_add_text(o, "state",
			      s->state == STEP_PLANNED ? NULL : step_state_name(s->state));
		json_object_object_add(o, "seconds", json_object_new_double(s->seconds));
	}
	return o;
}

static struct json_object *loss_json(const struct plan_loss *loss, const struct host *host)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "device", host->devices[loss->device].name);
	json_add_text(o, "severity", loss_severity_name(loss->severity));
	json_add_list(o, "chain", loss->chain, loss->n_chain);
	json_add_text(o, "remedy", loss->remedy);
	return o;
}

static struct json_object *refusal_json(const struct plan_refusal *r)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "reason", r->reason);
	json_add_text(o, "subject", r->subject);
	json_add_text(o, "evidence", r->evidence);
	json_add_text(o, "remedy", r->remedy);
	return o;
}

static void add_members(struct json_object *o, const char *key, const struct host *host,
			const size_t *devices, size_t n)
{
	struct json_object *list = json_object_new_array_ext((int)n);
	size_t i;

	for (i = 0; i < n; i++)
		json_object_array_add(list, json_text(host->devices[devices[i]].name));
	json_object_object_add(o, key, list);
}

static void add_rows(struct json_object *o, const struct plan *plan, const struct host *host,
		     bool is_run)
{
	struct json_object *steps = json_object_new_array(), *losses = json_object_new_array();
	struct json_object *refusals = json_object_new_array();
	size_t i;

	for (i = 0; i < plan->n_steps; i++)
		json_object_array_add(steps, step_json(&plan->steps[i], is_run));
	for (i = 0; i < plan->n_losses; i++)
		json_object_array_add(losses, loss_json(&plan->losses[i], host));
	for (i = 0; i < plan->n_refusals; i++)
		json_object_array_add(refusals, refusal_json(&plan->refusals[i]));
	json_object_object_add(o, "steps", steps);
	json_object_object_add(o, "losses", losses);
	json_object_object_add(o, "refusals", refusals);
}

static struct json_object *confirm_json(const struct transaction_report *report)
{
	struct json_object *o;

	if (!report || !report->revert_id)
		return NULL;
	o = json_object_new_object();
	json_add_text(o, "id", report->revert_id);
	json_add_int(o, "seconds", report->revert_seconds);
	return o;
}

/* The error of a refused plan is its first refusal. */
static void add_error(struct json_object *o, const struct plan *plan, const struct error *err)
{
	struct json_object *e;

	if (!plan->n_refusals && (!err || !err->message))
		return;
	e = json_object_new_object();
	if (err && err->message) {
		json_add_text(e, "subject", err->subject);
		json_add_text(e, "message", err->message);
		json_add_text(e, "remedy", err->remedy);
	} else {
		json_add_text(e, "subject", plan->refusals[0].subject);
		json_add_text(e, "message", plan->refusals[0].evidence);
		json_add_text(e, "remedy", plan->refusals[0].remedy);
	}
	json_object_object_add(o, "error", e);
}

struct json_object *show_plan_object(const struct plan *plan, const struct host *host,
				     bool is_command, const struct transaction_report *report,
				     const struct error *err)
{
	struct json_object *o = json_new();
	const char *outcome = report             ? transaction_outcome_name(report->outcome)
			      : plan->n_refusals ? "refused"
						 : NULL;

	add_rows(o, plan, host, is_command);
	add_members(o, "parked", host, plan->parked, plan->n_parked);
	add_members(o, "assigned", host, plan->assigned, plan->n_assigned);
	add_members(o, "unbound", host, plan->unbound, plan->n_unbound);
	json_add_list(o, "notes", plan->notes, plan->n_notes);
	json_add_text(o, "revert", plan_revert_name(plan->revert));
	if (is_command) {
		json_add_text(o, "outcome", outcome);
		json_object_object_add(o, "confirm", confirm_json(report));
		json_add_list(o, "left", report ? report->left : NULL, report ? report->n_left : 0);
	}
	add_error(o, plan, err);
	return o;
}

void show_plan_json(const struct plan *plan, const struct host *host, bool is_command,
		    const struct transaction_report *report, const struct error *err, FILE *out)
{
	json_print(show_plan_object(plan, host, is_command, report, err), out);
}
