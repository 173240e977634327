// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The vocabulary of plans and the words in which planners add to one. A plan begins as "nothing to do,
 * the table of what is lent stays as it is".
 */
#include "analysis/planner.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

const char *step_kind_name(enum step_kind kind)
{
	static const char *const names[STEP_KINDS] = {
		[STEP_MODULE] = "module", [STEP_OVERRIDE] = "override",   [STEP_UNBIND] = "unbind",
		[STEP_BIND] = "bind",     [STEP_CONSOLE] = "console",     [STEP_POWER] = "power",
		[STEP_DEFINE] = "define", [STEP_ATTACH] = "attach",       [STEP_DETACH] = "detach",
		[STEP_START] = "start",   [STEP_SHUTDOWN] = "shutdown",   [STEP_FILE] = "file",
		[STEP_RUN] = "run",       [STEP_GENERATED] = "generated",
	};

	return names[kind];
}

const char *step_state_name(enum step_state state)
{
	static const char *const names[] = {
		[STEP_PLANNED] = "planned", [STEP_DONE] = "done",       [STEP_UNDONE] = "undone",
		[STEP_FAILED] = "failed",   [STEP_SKIPPED] = "skipped",
	};

	return names[state];
}

const char *loss_severity_name(enum loss_severity severity)
{
	static const char *const names[] = {
		[LOSS_MINOR] = "minor",
		[LOSS_SERIOUS] = "serious",
		[LOSS_FATAL] = "fatal",
	};

	return names[severity];
}

const char *plan_revert_name(enum plan_revert revert)
{
	static const char *const names[] = {
		[REVERT_NONE] = NULL,
		[REVERT_GUEST] = "guest",
		[REVERT_CONFIRM] = "confirm",
	};

	return names[revert];
}

/* The table is copied, for the plan changes its rows. */
void planner_begin(struct planner *p, struct plan *ret)
{
	const struct lent *lent = &p->host->lent;
	size_t i;

	*ret = (struct plan){0};
	p->plan = ret;
	ret->lent.sequence = lent->sequence + 1;
	for (i = 0; i < lent->n_devices; i++)
		*arena_append(p->arena, ret->lent.devices, ret->lent.n_devices) = lent->devices[i];
	for (i = 0; i < lent->n_guests; i++)
		*arena_append(p->arena, ret->lent.guests, ret->lent.n_guests) = lent->guests[i];
	for (i = 0; i < lent->n_boot; i++)
		*arena_append(p->arena, ret->lent.boot, ret->lent.n_boot) = lent->boot[i];
}

struct plan_step *planner_step(struct planner *p, enum step_kind kind, const char *subject,
			       const char *before, const char *after)
{
	struct plan_step *step = arena_append(p->arena, p->plan->steps, p->plan->n_steps);

	step->kind = kind;
	step->subject = subject;
	step->before = before;
	step->after = after;
	return step;
}

/* Who is in its group, so that the executor sees where that has changed. */
static const char *group_members(struct planner *p, const struct pci_device *device)
{
	const struct iommu_group *g;
	TEXT_AUTO struct text t = {0};
	size_t i;

	if (device->group < 0)
		return NULL;
	g = &p->host->groups[device->group];
	for (i = 0; i < g->n_devices; i++)
		text_addf(&t, "%s%s", t.len ? " " : "", p->host->devices[g->devices[i]].name);
	for (i = 0; i < g->n_others; i++)
		text_addf(&t, "%s%s", t.len ? " " : "", g->others[i]);
	return arena_strdup(p->arena, text_str(&t));
}

struct plan_step *planner_device_step(struct planner *p, enum step_kind kind,
				      const struct pci_device *device, const char *before,
				      const char *after)
{
	struct plan_step *step = planner_step(p, kind, device->name, before, after);

	pci_device_identity(device, &step->identity);
	step->group = group_members(p, device);
	return step;
}

void planner_refuse(struct planner *p, const char *reason, const char *subject, const char *remedy,
		    const char *evidence, ...)
{
	struct plan_refusal *r = arena_append(p->arena, p->plan->refusals, p->plan->n_refusals);
	va_list ap;

	r->reason = reason;
	r->subject = subject;
	r->remedy = remedy;
	va_start(ap, evidence);
	r->evidence = arena_vprintf(p->arena, evidence, ap);
	va_end(ap);
}

void planner_note(struct planner *p, const char *fmt, ...)
{
	va_list ap;
	char *note;
	size_t i;

	va_start(ap, fmt);
	note = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	for (i = 0; i < p->plan->n_notes; i++) {
		if (!strcmp(p->plan->notes[i], note))
			return;
	}
	*arena_append(p->arena, p->plan->notes, p->plan->n_notes) = note;
}

char *planner_printf(struct planner *p, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	return s;
}

char *planner_address(struct planner *p, const struct pci_address *address)
{
	return pci_address_format(address, arena_alloc(p->arena, PCI_ADDRESS_SIZE));
}
