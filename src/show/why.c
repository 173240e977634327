// SPDX-License-Identifier: LGPL-2.1-or-later
/* See why.h. */
#include "show/why.h"

#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"
#include "show/survey.h"

static const char *name_of(const struct host *host, size_t device)
{
	return host->devices[device].name;
}

static bool is_wanted(const struct why_choice *choice, const struct why_group *g)
{
	size_t i;

	if (!choice->wants_device)
		return choice->wants_all || g->members.n_devices > 1;
	for (i = 0; i < g->members.n_devices; i++) {
		if (choice->wants_device[g->members.devices[i]])
			return true;
	}
	return false;
}

static struct json_object *set_json(const struct host *host, const size_t *devices, size_t n)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_object_array_add(list, json_text(name_of(host, devices[i])));
	return list;
}

static struct json_object *reasons_json(const struct host *host, const struct why_group *g)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < g->n_reasons; i++) {
		struct json_object *o = json_object_new_object();

		json_add_text(o, "kind", why_kind_name(g->reasons[i].kind));
		json_add_text(o, "device", name_of(host, g->reasons[i].device));
		json_add_text(o, "evidence", g->reasons[i].evidence);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *sets_json(const struct host *host, const struct why_set *sets, size_t n)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_object_array_add(list, set_json(host, sets[i].devices, sets[i].n_devices));
	return list;
}

static struct json_object *help_json(const struct host *host, const struct why_group *g)
{
	struct json_object *list = json_object_new_array();
	size_t i;

	for (i = 0; i < g->n_help; i++) {
		const struct why_help *h = &g->help[i];
		struct json_object *o = json_object_new_object();

		json_add_text(o, "kind", why_help_name(h->kind));
		json_add_text(o, "text", h->text);
		json_object_object_add(o, "would_be",
				       h->n_would_be ? sets_json(host, h->would_be, h->n_would_be)
						     : NULL);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *group_json(const struct host *host, const struct why *why,
				      const struct why_group *g)
{
	struct json_object *o = json_object_new_object();

	json_add_number(o, "id", g->group >= 0 ? (int64_t)host->groups[g->group].id : -1);
	json_object_object_add(o, "devices",
			       set_json(host, g->members.devices, g->members.n_devices));
	json_object_object_add(
		o, "predicted",
		why->isolation.is_known ? sets_json(host, g->predicted, g->n_predicted) : NULL);
	json_object_object_add(o, "reasons", reasons_json(host, g));
	json_object_object_add(o, "help", help_json(host, g));
	return o;
}

static void predicted_json(struct json_stream *s, const struct host *host, const struct why *why)
{
	const struct isolation *i = &why->isolation;
	size_t k;

	if (!i->is_known) {
		json_stream_value(s, "predicted", NULL);
		return;
	}
	json_stream_list(s, "predicted");
	for (k = 0; k < i->n_groups; k++)
		json_stream_row(s, set_json(host, i->groups[k].devices, i->groups[k].n_devices));
}

/* What could not be read stands beside what was made without it. */
static void unsure_json(struct json_stream *s, const struct host *host, const struct why *why)
{
	struct json_object *list = json_object_new_array();
	size_t k;

	if (!why->isolation.is_known)
		json_object_array_add(list, json_text("predicted"));
	json_stream_value(s, "unreadable", list);
	json_stream_list(s, "not_read");
	for (k = 0; k < host->n_devices; k++) {
		if (why->isolation.devices[k].acs.basis == ACS_UNREAD)
			json_stream_row(s, json_text(name_of(host, k)));
	}
	json_stream_list(s, "unsure");
	for (k = 0; k < host->n_devices; k++) {
		if (why->isolation.devices[k].is_unsure)
			json_stream_row(s, json_text(name_of(host, k)));
	}
}

static void ungrouped_json(struct json_stream *s, const struct host *host, const struct why *why)
{
	size_t k;

	json_stream_list(s, "ungrouped");
	for (k = 0; k < why->n_ungrouped; k++) {
		const struct why_ungrouped *u = &why->ungrouped[k];
		struct json_object *o = json_object_new_object();

		json_add_text(o, "device", name_of(host, u->device));
		json_add_text(o, "because", u->because);
		json_add_text(o, "remedy", u->remedy);
		json_stream_row(s, o);
	}
}

static void slots_json(struct json_stream *s, const struct host *host, const struct why *why)
{
	size_t k;

	json_stream_list(s, "slots");
	for (k = 0; k < why->n_slots; k++) {
		const struct why_slot *slot = &why->slots[k];
		struct json_object *o = json_object_new_object();

		json_add_text(o, "port", name_of(host, slot->port));
		json_add_int(o, "slot", host->devices[slot->port].function->slot);
		json_add_bool(o, "isolates", slot->isolates);
		json_add_text(o, "taken_by",
			      slot->taken_by >= 0 ? name_of(host, (size_t)slot->taken_by) : NULL);
		json_stream_row(s, o);
	}
}

void show_why_json(const struct host *host, const struct why *why, const struct why_choice *choice,
		   FILE *out)
{
	struct json_stream s;
	size_t k;

	json_stream_begin(&s, out);
	json_stream_value(&s, "kernel", json_text(why->kernel));
	json_stream_list(&s, "groups");
	for (k = 0; why->is_on && k < why->n_groups; k++) {
		if (is_wanted(choice, &why->groups[k]))
			json_stream_row(&s, group_json(host, why, &why->groups[k]));
	}
	predicted_json(&s, host, why);
	json_stream_list(&s, "differs");
	for (k = 0; why->isolation.is_known && k < why->n_differs; k++) {
		struct json_object *o = json_object_new_object();
		const struct why_set *set = &why->differs[k].devices;

		json_object_object_add(o, "devices", set_json(host, set->devices, set->n_devices));
		json_add_text(o, "because", why->differs[k].because);
		json_stream_row(&s, o);
	}
	json_stream_list(&s, "expected");
	for (k = 0; !why->is_on && why->isolation.is_known && k < why->n_groups; k++) {
		if (is_wanted(choice, &why->groups[k]))
			json_stream_row(&s, group_json(host, why, &why->groups[k]));
	}
	ungrouped_json(&s, host, why);
	unsure_json(&s, host, why);
	slots_json(&s, host, why);
	json_stream_end(&s);
}

/* What is printed on, and where to. */
struct page {
	const struct host *host;
	const struct why *why;
	const struct show_style *style;
	struct arena *arena;
	FILE *out;
};

static void print_set(const struct page *p, const struct why_set *set, const char *between)
{
	size_t i;

	for (i = 0; i < set->n_devices; i++)
		fprintf(p->out, "%s%s", i ? between : "", name_of(p->host, set->devices[i]));
}

static void print_sets(const struct page *p, const struct why_set *sets, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		fprintf(p->out, "      %zu: ", i + 1);
		print_set(p, &sets[i], " ");
		fputc('\n', p->out);
	}
}

static void print_members(const struct page *p, const struct why_group *g)
{
	size_t i;

	for (i = 0; i < g->members.n_devices; i++) {
		const struct pci_device *d = &p->host->devices[g->members.devices[i]];

		fprintf(p->out, "  %s  %s\n", d->name, device_title(p->arena, d));
	}
}

/* Does the rule book say the same as the kernel did? */
static void print_verdict(const struct page *p, const struct why_group *g)
{
	if (g->group < 0)
		return;
	if (!p->why->isolation.is_known) {
		fprintf(p->out,
			"    %sWhat decides could not be read, so nothing is predicted.%s\n",
			style_on(p->style, SHOW_CAUTION), style_off(p->style));
	} else if (g->n_predicted > 1) {
		fprintf(p->out, "    %sThe rules of Linux %s would make %zu groups of it:%s\n",
			style_on(p->style, SHOW_CAUTION), p->why->kernel, g->n_predicted,
			style_off(p->style));
		print_sets(p, g->predicted, g->n_predicted);
	}
}

static void print_group(const struct page *p, const struct why_group *g)
{
	size_t i;

	if (g->group >= 0)
		fprintf(p->out, "%sgroup %u%s\n", style_on(p->style, SHOW_STRONG),
			p->host->groups[g->group].id, style_off(p->style));
	else
		fprintf(p->out, "%swill be one group%s\n", style_on(p->style, SHOW_STRONG),
			style_off(p->style));
	print_members(p, g);
	for (i = 0; i < g->n_reasons; i++)
		fprintf(p->out, "    %s %s\n", i ? "   " : "why",
			text_printable(p->arena, g->reasons[i].evidence));
	print_verdict(p, g);
	for (i = 0; i < g->n_help; i++) {
		fprintf(p->out, "    %s %s\n", i ? "    " : "help", g->help[i].text);
		print_sets(p, g->help[i].would_be, g->help[i].n_would_be);
	}
	fputc('\n', p->out);
}

static void print_ungrouped(const struct page *p, const struct why_choice *choice)
{
	size_t i;

	for (i = 0; i < p->why->n_ungrouped; i++) {
		const struct why_ungrouped *u = &p->why->ungrouped[i];

		if (choice->wants_device ? !choice->wants_device[u->device]
					 : u->is_expected && !choice->wants_all)
			continue;
		fprintf(p->out, "%s%s is in no group%s: %s\n", style_on(p->style, SHOW_STRONG),
			name_of(p->host, u->device), style_off(p->style), u->because);
		if (u->remedy)
			fprintf(p->out, "    help %s\n", u->remedy);
	}
}

static void print_differences(const struct page *p)
{
	size_t i;

	for (i = 0; i < p->why->n_differs; i++) {
		fprintf(p->out, "%sdiffers%s ", style_on(p->style, SHOW_CAUTION),
			style_off(p->style));
		print_set(p, &p->why->differs[i].devices, " ");
		fprintf(p->out, "\n    %s\n", text_printable(p->arena, p->why->differs[i].because));
	}
}

static void print_summary(const struct page *p)
{
	const struct isolation *i = &p->why->isolation;
	size_t k, n = 0;

	if (!i->is_known) {
		fputs("No function's capabilities could be read: they stand behind the first 64 bytes "
		      "of config space, which are for root alone.\n",
		      p->out);
		return;
	}
	for (k = 0; k < p->host->n_groups; k++)
		n += p->host->groups[k].n_devices > 0;
	if (p->why->is_on)
		fprintf(p->out,
			"%zu of %zu groups are what the rules of Linux %s make of this machine.\n",
			p->why->n_agree, n, p->why->kernel);
	else
		fprintf(p->out, "No group yet: the IOMMU is off. Linux %s would make %zu groups.\n",
			p->why->kernel, i->n_groups);
	if (i->n_unsure)
		fprintf(p->out,
			"%zu devices depend on what could not be read; --json names them.\n",
			i->n_unsure);
}

void show_why(const struct host *host, const struct why *why, const struct why_choice *choice,
	      const struct show_style *style, FILE *out)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct page p = {host, why, style, arena, out};
	size_t i;

	for (i = 0; i < why->n_groups; i++) {
		if (is_wanted(choice, &why->groups[i]) && (why->is_on || why->isolation.is_known))
			print_group(&p, &why->groups[i]);
	}
	print_ungrouped(&p, choice);
	if (why->is_on && why->isolation.is_known)
		print_differences(&p);
	print_summary(&p);
}
