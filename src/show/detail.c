// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See detail.h. The judgements stand beside the figures they are made of: a link below what both ends
 * could do, regions that a guest's firmware finds no room for.
 */
#include "show/detail.h"

#include <string.h>

#include "analysis/fitness.h"
#include "analysis/loss.h"
#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"

/*
 * What a guest's firmware has for devices. OVMF of edk2 before 2022-11 keeps 32 GiB above 4 GiB
 * (PcdPciMmio64Size); since then it takes what the processor's address width leaves, where the guest is
 * given the host's. Below 4 GiB a q35 has some 2 GiB less the guest's own devices (QEMU, hw/i386/pc_q35.c).
 */
#define ROOM_64 ((uint64_t)32 << 30)
#define ROOM_32 ((uint64_t)1 << 30)

static uint64_t regions_size(const struct device_detail *d, bool is_64_bit)
{
	uint64_t size = 0;
	size_t i;

	for (i = 0; i < d->n_regions; i++) {
		const struct device_region *r = &d->regions[i];

		if (!r->is_io && r->index < 6 && r->is_64_bit == is_64_bit)
			size = size + r->size < size ? UINT64_MAX : size + r->size;
	}
	return size;
}

/* NULL: there is room. */
static const char *no_room(const struct device_detail *d)
{
	if (regions_size(d, true) > ROOM_64)
		return "more than the 32 GiB that OVMF before 2022-11 keeps above 4 GiB: use a newer "
		       "one with the host's address width (cpu mode host-passthrough), or "
		       "-fw_cfg opt/ovmf/X-PciMmio64Mb";
	if (regions_size(d, false) > ROOM_32)
		return "more than what a guest surely has free below 4 GiB";
	return NULL;
}

/* What both ends can do; 0 and -1 where it is not told. */
static bool link_is_slower(const struct device_detail *d)
{
	double speed = device_link_speed(&d->most), above = device_link_speed(&d->above_most);
	int64_t width = d->most.width;

	if (!d->now.speed || !d->most.speed)
		return false;
	if (above && above < speed)
		speed = above;
	if (d->above_most.width > 0 && d->above_most.width < width)
		width = d->above_most.width;
	return device_link_speed(&d->now) < speed || (d->now.width > 0 && d->now.width < width);
}

static const char *size_text(struct arena *a, uint64_t size)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	size_t i = 0;

	for (; size >= 1024 && !(size % 1024) && i < 6; i++)
		size /= 1024;
	return arena_printf(a, "%llu %s", (unsigned long long)size, units[i]);
}

static void row(FILE *out, struct arena *a, const char *title, const char *text)
{
	if (text && *text)
		fprintf(out, "%-11s %s\n", title, text_printable(a, text));
}

static const char *ids_text(struct arena *a, const struct pci_device *d)
{
	if (d->vendor < 0 || d->device < 0)
		return "unknown";
	if (d->subsystem_vendor < 0)
		return arena_printf(a, "%04x:%04x", (unsigned int)d->vendor,
				    (unsigned int)d->device);
	return arena_printf(a, "%04x:%04x, subsystem %04x:%04x", (unsigned int)d->vendor,
			    (unsigned int)d->device, (unsigned int)d->subsystem_vendor,
			    (unsigned int)d->subsystem_device);
}

static void show_identity(const struct survey *s, size_t device, const struct device_detail *detail,
			  struct arena *a, FILE *out)
{
	const struct pci_device *d = &s->host->devices[device];
	const struct iommu_group *g = d->group >= 0 ? &s->host->groups[d->group] : NULL;
	TEXT_AUTO struct text mates = {0};
	size_t i;

	fprintf(out, "%s%s%s  %s\n", style_on(s->style, SHOW_STRONG), d->name, style_off(s->style),
		device_title(a, d));
	row(out, a, "class", d->class_name);
	row(out, a, "ids", ids_text(a, d));
	if (d->revision >= 0)
		fprintf(out, "%-11s %02x\n", "revision", (unsigned int)d->revision);
	row(out, a, "serial", d->serial);
	row(out, a, "driver", d->driver ? d->driver : "none");
	row(out, a, "module", detail->module);
	row(out, a, "override", detail->override);
	if (d->parent >= 0)
		row(out, a, "below", s->host->devices[d->parent].name);
	for (i = 0; g && i < g->n_devices; i++) {
		if (g->devices[i] != device)
			text_addf(&mates, "%s%s", mates.len ? " " : " with ",
				  s->host->devices[g->devices[i]].name);
	}
	for (i = 0; g && i < g->n_others; i++)
		text_addf(&mates, " %s", g->others[i]);
	row(out, a, "group", g ? arena_printf(a, "%u%s", g->id, text_str(&mates)) : "none");
}

static void show_regions(const struct device_detail *d, struct arena *a, FILE *out)
{
	const char *room = no_room(d);
	size_t i;

	for (i = 0; i < d->n_regions; i++) {
		const struct device_region *r = &d->regions[i];

		row(out, a, r->index == 6 ? "ROM" : arena_printf(a, "BAR %u", r->index),
		    arena_printf(a, "%s %s%s%s at 0x%llx", size_text(a, r->size),
				 r->is_io ? "I/O" : "memory", r->is_64_bit ? ", 64-bit" : "",
				 r->is_prefetchable ? ", prefetchable" : "",
				 (unsigned long long)r->start));
	}
	if (d->regions_read != FACT_READ)
		row(out, a, "BARs", fact_name(d->regions_read));
	else if (room)
		row(out, a, "room", room);
}

static void show_link(const struct survey *s, const struct device_detail *d, struct arena *a,
		      FILE *out)
{
	const char *most = "";

	if (!d->now.speed)
		return;
	if (link_is_slower(d))
		most = arena_printf(a, "; it could do %s x%lld%s", d->most.speed,
				    (long long)d->most.width,
				    d->runtime_status && !strcmp(d->runtime_status, "suspended")
					    ? " (it sleeps)"
					    : "");
	else if (d->above >= 0 && d->above_most.speed)
		most = arena_printf(a, ", all that it and %s can do",
				    s->host->devices[d->above].name);
	row(out, a, "link",
	    arena_printf(a, "%s x%lld%s", d->now.speed, (long long)d->now.width, most));
}

static void show_rest(const struct survey *s, size_t device, const struct device_detail *d,
		      struct arena *a, FILE *out)
{
	int node = s->host->devices[device].numa_node;

	row(out, a, "reset",
	    d->reset_methods && *d->reset_methods ? d->reset_methods
	    : d->can_reset                        ? "yes; how is not told"
						  : "the kernel knows no way");
	row(out, a, "NUMA",
	    node >= 0       ? arena_printf(a, "node %d, CPUs %s", node,
                                     d->local_cpus ? d->local_cpus : "not told")
	    : d->local_cpus ? arena_printf(a, "no node, CPUs %s", d->local_cpus)
			    : NULL);
	row(out, a, "power",
	    d->power_state
		    ? arena_printf(a, "%s%s%s", d->power_state, d->runtime_status ? ", " : "",
				   d->runtime_status ? d->runtime_status : "")
		    : d->runtime_status);
	if (d->most_functions >= 0)
		row(out, a, "SR-IOV",
		    arena_printf(a, "%lld of %lld virtual functions", (long long)d->functions,
				 (long long)d->most_functions));
	if (d->n_msi)
		row(out, a, "interrupts",
		    arena_printf(a, "%zu %s", d->n_msi, d->is_msix ? "MSI-X" : "MSI"));
	else if (d->irq >= 0)
		row(out, a, "interrupts", arena_printf(a, "IRQ %lld", (long long)d->irq));
}

static void show_under(const struct survey *s, size_t device, struct arena *a, FILE *out)
{
	const struct pci_device *d = &s->host->devices[device];
	size_t i;

	for (i = 0; i < d->n_nodes; i++) {
		const struct host_node *node = &s->host->nodes[d->first_node + i];

		row(out, a, i ? "" : "under it",
		    arena_printf(a, "%s %s%s%s%s", node->kind, node->name, node->detail ? " (" : "",
				 node->detail ? node->detail : "", node->detail ? ")" : ""));
	}
}

static void show_fitness(const struct survey *s, size_t device, struct arena *a, FILE *out)
{
	const char *arrow = arena_printf(a, " %s ", style_arrow(s->style));
	struct fitness_of_device f;
	size_t i;

	fitness_judge(s->fitness, device, &f);
	for (i = 0; i < f.n_losses; i++) {
		row(out, a, i ? "" : "loses",
		    arena_printf(a, "%s: %s", loss_severity_name(f.losses[i].severity),
				 loss_text(a, &f.losses[i], arrow)));
		if (f.losses[i].remedy)
			row(out, a, "", arena_printf(a, "  frees it: %s", f.losses[i].remedy));
	}
	row(out, a, "fitness",
	    arena_printf(a, "%s%s%s",
			 f.is_known || f.worst == FITNESS_NEVER
				 ? fitness_name(f.worst)
				 : "not known: what the host uses of it could not be read",
			 f.reason ? ": " : "", f.reason ? f.reason : ""));
}

void show_detail(const struct survey *s, size_t device, const struct device_detail *d, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	show_identity(s, device, d, a, out);
	show_regions(d, a, out);
	show_link(s, d, a, out);
	show_rest(s, device, d, a, out);
	show_under(s, device, a, out);
	show_fitness(s, device, a, out);
}

static struct json_object *regions_json(const struct device_detail *d, bool is_rom)
{
	struct json_object *list = json_object_new_array(), *o;
	size_t i;

	for (i = 0; i < d->n_regions; i++) {
		const struct device_region *r = &d->regions[i];

		if ((r->index == 6) != is_rom)
			continue;
		o = json_object_new_object();
		json_add_int(o, "index", r->index);
		json_add_register(o, "start", r->start);
		json_add_register(o, "size", r->size);
		json_add_text(o, "type", r->is_io ? "io" : "memory");
		json_add_bool(o, "64_bit", r->is_64_bit);
		json_add_bool(o, "prefetchable", r->is_prefetchable);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *link_json(const struct device_detail *d)
{
	struct json_object *o;

	if (!d->now.speed && !d->most.speed)
		return NULL;
	o = json_object_new_object();
	json_add_text(o, "speed", d->now.speed);
	json_add_number(o, "width", d->now.width);
	json_add_text(o, "max_speed", d->most.speed);
	json_add_number(o, "max_width", d->most.width);
	json_add_bool(o, "slower", link_is_slower(d));
	return o;
}

/* "flr bus" */
static struct json_object *words_json(const char *text)
{
	struct json_object *list;
	size_t len;

	if (!text)
		return NULL;
	list = json_object_new_array();
	for (; *text; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		json_object_array_add(list, json_object_new_string_len(text, (int)len));
	}
	return list;
}

static struct json_object *interrupts_json(const struct device_detail *d)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "type",
		      d->n_msi      ? d->is_msix ? "msi-x" : "msi"
		      : d->irq >= 0 ? "pin"
				    : NULL);
	json_add_int(o, "count", d->n_msi ? (int64_t)d->n_msi : d->irq >= 0);
	json_add_number(o, "irq", d->irq);
	return o;
}

static struct json_object *losses_json(const struct survey *s, size_t device)
{
	struct json_object *list = json_object_new_array(), *o;
	struct fitness_of_device f;
	size_t i;

	fitness_judge(s->fitness, device, &f);
	for (i = 0; i < f.n_losses; i++) {
		o = json_object_new_object();
		json_add_text(o, "device", s->host->devices[f.losses[i].device].name);
		json_add_text(o, "severity", loss_severity_name(f.losses[i].severity));
		json_add_list(o, "chain", f.losses[i].chain, f.losses[i].n_chain);
		json_add_text(o, "remedy", f.losses[i].remedy);
		json_object_array_add(list, o);
	}
	return list;
}

static struct json_object *functions_json(const struct device_detail *d)
{
	struct json_object *o;

	if (d->most_functions < 0)
		return NULL;
	o = json_object_new_object();
	json_add_number(o, "functions", d->functions);
	json_add_int(o, "max", d->most_functions);
	return o;
}

void show_detail_json(const struct survey *s, size_t device, const struct device_detail *d,
		      FILE *out)
{
	struct json_object *all = json_new(), *o = show_device_json(s, device);
	const char *room = no_room(d);

	json_add_text(o, "driver_override", d->override && *d->override ? d->override : NULL);
	json_add_text(o, "module", d->module);
	json_add_text(o, "modalias", d->modalias);
	json_add_text(o, "serial", s->host->devices[device].serial);
	json_object_object_add(o, "bars",
			       d->regions_read == FACT_READ ? regions_json(d, false) : NULL);
	json_add_bool(o, "bars_fit", !room);
	json_add_text(o, "bars_advice", room);
	json_object_object_add(o, "rom", regions_json(d, true));
	json_add_bool(o, "has_rom", d->has_rom);
	json_object_object_add(o, "reset_methods", words_json(d->reset_methods));
	json_add_bool(o, "can_reset", d->can_reset);
	json_object_object_add(o, "link", link_json(d));
	json_add_text(o, "numa_cpus", d->local_cpus);
	json_add_text(o, "power_state", d->power_state);
	json_add_text(o, "runtime_status", d->runtime_status);
	json_object_object_add(o, "sriov", functions_json(d));
	json_object_object_add(o, "interrupts", interrupts_json(d));
	json_object_object_add(o, "losses", losses_json(s, device));
	json_object_object_add(all, "device", o);
	json_print(all, out);
}
