// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who is at fault: each function or port that the members of a group have in common and that does not
 * keep them apart, once, with what was read of it. Where a device stands alone, what lets it.
 */
#include <string.h>

#include "analysis/isolation_quirks.h"
#include "analysis/why_private.h"
#include "base/arena.h"
#include "base/text.h"

static const struct isolation_device *judged(const struct why_builder *b, size_t device)
{
	return &b->why->isolation.devices[device];
}

const char *why_role(const struct why_builder *b, size_t device)
{
	const struct isolation_device *d = judged(b, device);

	if (d->express == FACT_READ)
		return d->is_virtual ? "virtual function" : pci_port_type_name(d->port_type);
	return why_device(b, device)->header == PCI_HEADER_ENDPOINT ? "function" : "bridge";
}

static const char *unread_text(const struct why_builder *b, size_t device)
{
	const struct pci_device *d = why_device(b, device);
	const struct pci_function *f = d->function;

	if (f->is_silent)
		return "does not answer (all ones: it sleeps in D3cold, or is gone), so its "
		       "capabilities are not known";
	if (f->read == FACT_DENIED || (f->read == FACT_READ && d->config_size <= 64))
		return "has shown only the first 64 bytes of its config space, or none: the rest is "
		       "for root, and holds the capabilities";
	if (f->read == FACT_READ)
		return arena_printf(b->arena,
				    "has %zu bytes of config space here, and the ACS capability "
				    "would stand behind them",
				    d->config_size);
	return arena_printf(b->arena, "has no config space that could be read (%s)",
			    fact_name(f->read));
}

static void add_bits(struct text *t, unsigned int bits)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} names[] = {
		{PCI_ACS_SOURCE_VALIDATION, "source validation"},
		{PCI_ACS_REQUEST_REDIRECT, "request redirect"},
		{PCI_ACS_COMPLETION_REDIRECT, "completion redirect"},
		{PCI_ACS_UPSTREAM_FORWARDING, "upstream forwarding"},
	};
	const char *between = "";
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!(bits & names[i].bit))
			continue;
		text_addf(t, "%s%s", between, names[i].name);
		between = ", ";
	}
}

static const char *registers_text(const struct why_builder *b, size_t device)
{
	const struct acs_verdict *v = &judged(b, device)->acs;
	const struct pci_function *f = why_device(b, device)->function;
	TEXT_AUTO struct text t = {0};

	text_addf(&t, "offers ACS 0x%04x and has 0x%04x in force", f->acs_capability, v->control);
	if (v->rule)
		text_add(&t, " (control at offset 8, as in its chipset)");
	if (v->is_expected)
		text_add(&t, " once the IOMMU is on");
	if (v->lacks) {
		text_add(&t, ": not ");
		add_bits(&t, v->lacks);
	} else if (!(f->acs_capability & ISOLATION_ACS_FLAGS)) {
		text_add(&t, ": it has nothing to redirect");
	}
	return arena_strdup(b->arena, text_str(&t));
}

static const char *rule_text(const struct why_builder *b, const struct acs_verdict *v)
{
	if (v->rule->kind == ACS_RULE_INTEL_CHIPSET && !v->isolates)
		return arena_printf(b->arena,
				    "has no ACS capability, and Linux 5.9 up to 5.9.8 did not make "
				    "it isolate by its chipset's registers (%s)",
				    v->rule->what);
	return arena_printf(b->arena, "%s, by a rule of the kernel for it (%s)",
			    v->isolates ? "isolates" : "does not isolate", v->rule->what);
}

const char *why_acs_text(const struct why_builder *b, size_t device)
{
	const struct acs_verdict *v = &judged(b, device)->acs;

	switch (v->basis) {
	case ACS_UNREAD:
		return unread_text(b, device);
	case ACS_RULE:
		return v->rule->kind == ACS_RULE_WIDE ? registers_text(b, device) : rule_text(b, v);
	case ACS_CONVENTIONAL:
		return "is conventional PCI, which has no ACS";
	case ACS_NEVER:
		return "is of a kind that never counts as isolating";
	case ACS_SINGLE:
		return "is the only function of its slot";
	case ACS_NO_CAPABILITY:
		return why_device(b, device)->function->acs == FACT_UNREADABLE
			       ? "has no ACS capability that can be found: its list is damaged"
			       : "has no ACS capability";
	case ACS_REGISTERS:
		return registers_text(b, device);
	}
	return "";
}

static void add_reason(const struct why_builder *b, struct why_group *g, enum why_kind kind,
		       size_t device, const char *evidence)
{
	struct why_reason *r = arena_append(b->arena, g->reasons, g->n_reasons);

	*r = (struct why_reason){kind, device, evidence};
}

static enum why_kind kind_of_verdict(const struct acs_verdict *v)
{
	if (v->basis == ACS_UNREAD)
		return WHY_UNREAD;
	return v->lacks ? WHY_ACS_OFF : WHY_ACS_MISSING;
}

/* Each device once for a group. */
static bool is_first(const struct why_builder *b, size_t device, size_t number)
{
	bool first = b->seen[device] != number + 1;

	b->seen[device] = number + 1;
	return first;
}

/* The ports above that do not isolate, up to where the way is safe. */
static void add_ports(const struct why_builder *b, struct why_group *g, size_t device,
		      size_t number)
{
	int at;

	for (at = judged(b, device)->bridge; at >= 0; at = judged(b, (size_t)at)->bridge) {
		const struct isolation_device *d = judged(b, (size_t)at);

		if (!d->is_path_unsafe || !is_first(b, (size_t)at, number))
			return;
		if (!d->acs.isolates)
			add_reason(b, g, kind_of_verdict(&d->acs), (size_t)at,
				   arena_printf(b->arena, "%s, the %s above %s, %s",
						why_device(b, (size_t)at)->name,
						why_role(b, (size_t)at),
						why_device(b, device)->name,
						why_acs_text(b, (size_t)at)));
	}
}

static bool same_slot(const struct pci_device *a, const struct pci_device *b)
{
	return a->address.domain == b->address.domain && a->address.bus == b->address.bus &&
	       a->address.slot == b->address.slot;
}

/* "functions 0, 2 and 3" of the slot, those that are not kept apart. */
static const char *slot_functions(const struct why_builder *b, size_t first)
{
	TEXT_AUTO struct text t = {0};
	size_t i, n = 0, end = first;

	while (end < b->host->n_devices && same_slot(why_device(b, first), why_device(b, end)))
		n += !judged(b, end++)->acs.isolates;
	for (i = first; i < end; i++) {
		if (judged(b, i)->acs.isolates)
			continue;
		n--;
		text_addf(&t, "%s%u",
			  !t.len ? ""
			  : n    ? ", "
				 : " and ",
			  why_device(b, i)->address.function);
	}
	return arena_strdup(b->arena, text_str(&t));
}

/* Every function of the slot that does not keep itself apart from the others. */
static void add_slot(const struct why_builder *b, struct why_group *g, size_t device, size_t number)
{
	size_t first = device, i;
	const char *front;

	while (first && same_slot(why_device(b, device), why_device(b, first - 1)))
		first--;
	front = arena_printf(b->arena, "functions %s of one multifunction device, of which ",
			     slot_functions(b, first));
	for (i = first;
	     i < b->host->n_devices && same_slot(why_device(b, device), why_device(b, i)); i++) {
		const struct acs_verdict *v = &judged(b, i)->acs;

		if (v->isolates || !is_first(b, i, number))
			continue;
		add_reason(b, g, kind_of_verdict(v), i,
			   arena_printf(b->arena, "%s%s (%s) %s", front, why_device(b, i)->name,
					why_role(b, i), why_acs_text(b, i)));
		front = "and ";
	}
}

static void add_bridge(const struct why_builder *b, struct why_group *g, size_t device,
		       size_t number)
{
	size_t bridge = (size_t)judged(b, device)->culprit;

	if (is_first(b, bridge, number))
		add_reason(
			b, g, WHY_BRIDGE, bridge,
			arena_printf(
				b->arena,
				"%s (%s): requests of all that is behind it reach the IOMMU under "
				"its id",
				why_device(b, bridge)->name, why_role(b, bridge)));
}

static void add_alias(const struct why_builder *b, struct why_group *g, size_t device,
		      size_t number)
{
	size_t with = (size_t)judged(b, device)->with;
	size_t by = judged(b, device)->aliases ? device : with;

	if (is_first(b, by, number))
		add_reason(
			b, g, WHY_ALIAS, by,
			arena_printf(b->arena,
				     "%s does DMA under the id of another function of its bus, so "
				     "the IOMMU can't tell %s and %s apart",
				     why_device(b, by)->name, why_device(b, device)->name,
				     why_device(b, with)->name));
}

static void add_requester(const struct why_builder *b, struct why_group *g, size_t device,
			  size_t number)
{
	size_t by = (size_t)judged(b, device)->culprit;

	if (is_first(b, by, number))
		add_reason(b, g, WHY_REQUESTER, by,
			   arena_printf(b->arena,
					"%s (Volume Management Device): DMA of the devices in its "
					"domain goes under its id",
					why_device(b, by)->name));
}

static void add_joined(const struct why_builder *b, struct why_group *g, size_t device,
		       size_t number)
{
	const struct isolation_device *d = judged(b, device);

	switch (d->join) {
	case JOIN_NONE:
		return;
	case JOIN_REQUESTER:
		add_requester(b, g, device, number);
		return;
	case JOIN_BRIDGE:
		add_bridge(b, g, device, number);
		return;
	case JOIN_PORT:
		add_ports(b, g, device, number);
		return;
	case JOIN_ALIAS:
		add_alias(b, g, device, number);
		return;
	case JOIN_SLOT:
		/* The two that met may be bridges above. */
		add_ports(b, g, device, number);
		add_slot(b, g, (size_t)d->with, number);
		return;
	}
}

static const char *alone_text(const struct why_builder *b, size_t device)
{
	const struct isolation_device *d = judged(b, device);
	TEXT_AUTO struct text t = {0};
	int at;

	text_addf(&t, "%s (%s) %s", why_device(b, device)->name, why_role(b, device),
		  why_acs_text(b, device));
	if (d->acs.basis == ACS_CONVENTIONAL || d->acs.basis == ACS_NO_CAPABILITY)
		text_add(&t, ", and no other function of its slot needs it");
	for (at = d->bridge; at >= 0; at = judged(b, (size_t)at)->bridge)
		text_addf(&t, "; above it %s %s", why_device(b, (size_t)at)->name,
			  why_acs_text(b, (size_t)at));
	return arena_strdup(b->arena, text_str(&t));
}

static void add_others(const struct why_builder *b, struct why_group *g)
{
	const struct iommu_group *group = g->group >= 0 ? &b->host->groups[g->group] : NULL;
	TEXT_AUTO struct text t = {0};
	size_t i;

	if (!group || !group->n_others || !group->n_devices)
		return;
	for (i = 0; i < group->n_others; i++)
		text_addf(&t, "%s%s", i ? ", " : "", group->others[i]);
	add_reason(b, g, WHY_OTHERS, g->members.devices[0],
		   arena_printf(b->arena,
				"members that are no PCI devices share its IOMMU stream: %s",
				text_str(&t)));
}

void why_add_reasons(const struct why_builder *b, struct why_group *g, size_t number)
{
	size_t k;

	for (k = 0; k < g->members.n_devices; k++)
		add_joined(b, g, g->members.devices[k], number);
	add_others(b, g);
	if (g->members.n_devices == 1 && !g->n_reasons)
		add_reason(b, g,
			   judged(b, g->members.devices[0])->acs.basis == ACS_UNREAD ? WHY_UNREAD
										     : WHY_ISOLATED,
			   g->members.devices[0], alone_text(b, g->members.devices[0]));
}

static bool has_word(const char *command_line, const char *word)
{
	const char *at = command_line;
	size_t len = strlen(word);

	while (at && (at = strstr(at, word))) {
		if ((at == command_line || at[-1] == ' ') && (!at[len] || strchr(" ,\n", at[len])))
			return true;
		at += len;
	}
	return false;
}

const char *why_ungrouped_text(const struct why_builder *b, size_t device, const char **ret_remedy)
{
	const struct pci_device *d = why_device(b, device);
	const char *cmdline = b->host->kernel.command_line;

	*ret_remedy = NULL;
	if (judged(b, device)->is_outside)
		return judged(b, device)->requester >= 0
			       ? "before Linux 5.6 no IOMMU driver served the devices of a VMD"
			       : "it is the IOMMU itself, or its table leaves it out: no IOMMU serves it";
	if (d->vendor == 0x8086 && d->class >> 16 == 0x03) {
		if (cmdline && strstr(cmdline, "igfx_off")) {
			*ret_remedy = "take igfx_off out of intel_iommu= on the command line";
			return "intel_iommu=igfx_off keeps the IOMMU unit of the graphics off";
		}
		if (!has_word(cmdline, "intel_iommu=on"))
			*ret_remedy =
				"boot with intel_iommu=on: without the word this kernel leaves "
				"the graphics' unit off (INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF)";
		return "it is Intel graphics, whose own IOMMU unit is off while the others are on";
	}
	return "no IOMMU unit serves it: the table of the firmware, or the device tree, does not "
	       "name one for it, or that unit is off";
}
