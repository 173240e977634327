// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What would split a group, and what the groups would be then: which slots of this board keep apart what
 * is plugged in, a setting of the firmware, a newer kernel, and last the ACS override patch, which changes
 * nothing but what the kernel believes.
 */
#include <string.h>

#include "analysis/isolation_quirks.h"
#include "analysis/why_private.h"
#include "base/arena.h"
#include "base/text.h"

const char *why_help_name(enum why_help_kind kind)
{
	static const char *const names[] = {
		[HELP_NOTHING_NEEDED] = "nothing-needed",
		[HELP_SLOT] = "slot",
		[HELP_ADD_IN] = "add-in",
		[HELP_FIRMWARE] = "firmware",
		[HELP_COMMAND_LINE] = "command-line",
		[HELP_KERNEL] = "kernel",
		[HELP_OVERRIDE] = "override",
	};

	return names[kind];
}

static bool is_slot(const struct why_builder *b, size_t device)
{
	const struct isolation_device *d = &b->why->isolation.devices[device];

	return d->express == FACT_READ && why_device(b, device)->function->has_slot &&
	       (d->port_type == PCI_PORT_ROOT || d->port_type == PCI_PORT_DOWNSTREAM);
}

/* What is behind each bridge: the first device, plus one. */
static void add_slots(const struct why_builder *b)
{
	struct why *w = b->why;
	int *below = arena_calloc(b->arena, b->host->n_devices, sizeof(*below));
	size_t i;

	for (i = b->host->n_devices; i--;) {
		int bridge = w->isolation.devices[i].bridge;

		if (bridge >= 0)
			below[bridge] = (int)i + 1;
	}
	for (i = 0; i < b->host->n_devices; i++) {
		struct why_slot *s;

		if (!is_slot(b, i))
			continue;
		s = arena_append(b->arena, w->slots, w->n_slots);
		s->port = i;
		s->isolates = !w->isolation.devices[i].is_path_unsafe;
		s->taken_by = below[i] - 1;
	}
}

/* The board's slots that isolate, free or taken; the same for every group, so made once. */
static const char *list_slots(const struct why_builder *b, bool wants_free)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < b->why->n_slots; i++) {
		const struct why_slot *s = &b->why->slots[i];

		if (!s->isolates || (s->taken_by < 0) != wants_free)
			continue;
		text_addf(&t, "%sbelow %s (slot %u", t.len ? ", " : "",
			  why_device(b, s->port)->name, why_device(b, s->port)->function->slot);
		if (s->taken_by >= 0)
			text_addf(&t, ", taken by %s", why_device(b, (size_t)s->taken_by)->name);
		text_add(&t, ")");
	}
	return t.len ? arena_printf(b->arena,
				    wants_free ? "put the card into a slot whose port isolates; "
						 "free: %s"
					       : "or change places with a card below such a port: "
						 "%s",
				    text_str(&t))
		     : NULL;
}

void why_prepare_help(struct why_builder *b)
{
	add_slots(b);
	b->free_slots = list_slots(b, true);
	b->taken_slots = list_slots(b, false);
	isolation_predict_override(b->host, &b->why->isolation.kernel, b->arena,
				   &b->why->with_override);
	isolation_predict(b->host, &isolation_kernel_newest, b->arena, &b->why->with_newest);
}

static struct why_help *add(const struct why_builder *b, struct why_group *g,
			    enum why_help_kind kind, const char *text)
{
	struct why_help *h = arena_append(b->arena, g->help, g->n_help);

	h->kind = kind;
	h->text = text;
	return h;
}

/* Host bridges are endpoints by their header, and nobody gives them away. */
static bool is_endpoint(const struct why_builder *b, size_t device)
{
	const struct pci_device *d = why_device(b, device);

	return d->header == PCI_HEADER_ENDPOINT && d->class >> 8 != 0x0600;
}

static size_t count_endpoints(const struct why_builder *b, const struct why_set *set,
			      size_t *ret_plugged)
{
	size_t n = 0, i;

	*ret_plugged = 0;
	for (i = 0; i < set->n_devices; i++) {
		if (!is_endpoint(b, set->devices[i]))
			continue;
		n++;
		*ret_plugged += b->why->isolation.devices[set->devices[i]].bridge >= 0;
	}
	return n;
}

static void help_by_slot(const struct why_builder *b, struct why_group *g)
{
	if (!b->free_slots && !b->taken_slots)
		add(b, g, HELP_SLOT,
		    "no slot that this board shows isolates what is plugged into it");
	if (b->free_slots)
		add(b, g, HELP_SLOT, b->free_slots);
	if (b->taken_slots)
		add(b, g, HELP_SLOT, b->taken_slots);
}

static bool has_reason(const struct why_group *g, enum why_kind kind)
{
	size_t i;

	for (i = 0; i < g->n_reasons; i++) {
		if (g->reasons[i].kind == kind)
			return true;
	}
	return false;
}

/* A port of AMD's at fault: their firmware has a switch for it. */
static bool blames_amd_port(const struct why_builder *b, const struct why_group *g)
{
	size_t i;

	for (i = 0; i < g->n_reasons; i++) {
		const struct pci_device *d = why_device(b, g->reasons[i].device);

		if (g->reasons[i].kind == WHY_ACS_MISSING && d->vendor == 0x1022 &&
		    d->header == PCI_HEADER_BRIDGE)
			return true;
	}
	return false;
}

static bool command_line_has(const struct why_builder *b, const char *word)
{
	return b->host->kernel.command_line && strstr(b->host->kernel.command_line, word);
}

static void help_by_settings(const struct why_builder *b, struct why_group *g)
{
	if (has_reason(g, WHY_REQUESTER))
		add(b, g, HELP_FIRMWARE,
		    "switch VMD off in the firmware: its disks become ordinary devices (an "
		    "installed Windows may not start then); else the whole VMD goes with them");
	if (blames_amd_port(b, g))
		add(b, g, HELP_FIRMWARE,
		    "some firmware for AMD boards has \"ACS Enable\" (AMD CBS, NBIO; shown once "
		    "AER is on), which gives its ports the capability");
	if (has_reason(g, WHY_ACS_OFF) &&
	    (command_line_has(b, "disable_acs_redir") || command_line_has(b, "config_acs")))
		add(b, g, HELP_COMMAND_LINE,
		    "the command line switches ACS off with pci=disable_acs_redir or config_acs: "
		    "take that out");
}

static void help_by_kernel(const struct why_builder *b, struct why_group *g)
{
	struct why_help *h;
	size_t n;
	struct why_set *sets = why_split(b, &b->why->with_newest, &g->members, &n);

	if (n <= g->n_predicted)
		return;
	h = add(b, g, HELP_KERNEL,
		arena_printf(b->arena, "the rules of Linux %s would make %zu groups of it",
			     isolation_kernel_name(&isolation_kernel_newest, b->arena), n));
	h->would_be = sets;
	h->n_would_be = n;
}

static void help_by_override(const struct why_builder *b, struct why_group *g)
{
	struct why_help *h;
	size_t n;
	struct why_set *sets = why_split(b, &b->why->with_override, &g->members, &n);

	if (n <= g->n_predicted) {
		add(b, g, HELP_OVERRIDE,
		    "pcie_acs_override would not split it, not even in a kernel with that patch");
		return;
	}
	h = add(b, g, HELP_OVERRIDE,
		arena_printf(
			b->arena,
			"pcie_acs_override=downstream,multifunction, which only patched kernels "
			"know, would make %zu groups of it; it isolates nothing: the devices "
			"can still reach each other past the IOMMU, so a guest may read and "
			"write what belongs to the host",
			n));
	h->would_be = sets;
	h->n_would_be = n;
}

void why_add_help(const struct why_builder *b, struct why_group *g)
{
	size_t plugged, endpoints = count_endpoints(b, &g->members, &plugged);

	if (g->members.n_devices < 2 || !b->why->isolation.is_known)
		return;
	if (endpoints < 2) {
		add(b, g, HELP_NOTHING_NEEDED,
		    endpoints ? "all other members are bridges, which stay with the host: the one "
				"device can be assigned as it is"
			      : "all members are bridges: nothing of it can be assigned");
		return;
	}
	if (plugged)
		help_by_slot(b, g);
	if (plugged < endpoints)
		add(b, g, HELP_ADD_IN,
		    "functions on the root bus are part of the chipset or the CPU: no slot changes "
		    "that; give the guest a card of its own instead");
	help_by_settings(b, g);
	help_by_kernel(b, g);
	help_by_override(b, g);
}
