// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The facts of a machine. The order of trust: groups in sysfs, then the kernel's log, then its command
 * line; a module that is loaded says nothing of hardware. What none of them says stays unknown.
 */
#include <stdio.h>
#include <string.h>

#include "analysis/readiness_judge.h"
#include "base/arena.h"
#include "base/text.h"

/* What is being weighed. */
struct weighing {
	const struct host *host;
	const struct host_platform *platform;
	struct arena *arena;
	struct kernel_log_facts *facts;
	struct kernel_cmdline words;
	struct kernel_cmdline_iommu asked;
	size_t grouped; /* PCI devices that are in a group of an IOMMU */
};

static struct log_evidence said(const char *text)
{
	return (struct log_evidence){.text = text};
}

static bool is_there(const struct host_table *table)
{
	return table->read == FACT_READ || table->read == FACT_DENIED;
}

static bool set_vendor(struct weighing *w, enum iommu_vendor vendor, const char *text)
{
	w->facts->vendor = vendor;
	w->facts->vendor_line = said(text);
	return true;
}

static bool vendor_of_units(struct weighing *w)
{
	size_t i;

	for (i = 0; i < w->platform->n_units; i++) {
		const struct host_unit *u = &w->platform->units[i];
		const char *text = arena_printf(w->arena, "/sys/class/iommu/%s", u->name);

		if (u->is_intel)
			return set_vendor(w, IOMMU_VENDOR_INTEL, text);
		if (u->is_amd)
			return set_vendor(w, IOMMU_VENDOR_AMD, text);
		if (strstr(u->name, "smmu"))
			return set_vendor(w, IOMMU_VENDOR_ARM, text);
	}
	return false;
}

static bool vendor_of_tables(struct weighing *w)
{
	const struct host_firmware *f = &w->platform->firmware;

	if (is_there(&f->dmar) && w->platform->cpu.kind != CPU_AMD)
		return set_vendor(w, IOMMU_VENDOR_INTEL, f->dmar.path);
	if (is_there(&f->ivrs))
		return set_vendor(w, IOMMU_VENDOR_AMD, f->ivrs.path);
	if (is_there(&f->dmar))
		return set_vendor(w, IOMMU_VENDOR_INTEL, f->dmar.path);
	if (f->has_smmu_node)
		return set_vendor(w, IOMMU_VENDOR_ARM, "/sys/firmware/devicetree names an SMMU");
	if (f->has_iort && w->platform->cpu.kind == CPU_ARM && w->grouped)
		return set_vendor(w, IOMMU_VENDOR_ARM, "/sys/firmware/acpi/tables/IORT");
	return false;
}

/* Makers of Arm's root ports, by their ids: where such a port has a group, an SMMU made it. */
static bool is_arm_port(const struct pci_device *d)
{
	static const int32_t makers[] = {
		0x1f6c /* Cix */,       0x1def /* Ampere */,    0x177d /* Cavium */,
		0x19e5 /* HiSilicon */, 0x1957 /* NXP */,       0x17cb /* Qualcomm */,
		0x1d87 /* Rockchip */,  0x1c36 /* Annapurna */, 0x17cd /* Cadence */,
		0x13b5 /* Arm */,       0x14e4 /* Broadcom */,  0x10de /* NVIDIA */};
	size_t i;

	for (i = 0; i < sizeof(makers) / sizeof(*makers); i++)
		if (d->vendor == makers[i])
			return d->class >> 8 == 0x0604;
	return false;
}

static enum iommu_vendor vendor_of_device(const struct pci_device *d)
{
	if (d->parent >= 0)
		return IOMMU_VENDOR_NONE;
	if ((d->vendor == 0x1022 || d->vendor == 0x1d94) && d->class >> 16 == 6)
		return IOMMU_VENDOR_AMD;
	if (d->vendor == 0x8086 && d->class >> 16 == 6)
		return IOMMU_VENDOR_INTEL;
	return is_arm_port(d) ? IOMMU_VENDOR_ARM : IOMMU_VENDOR_NONE;
}

/* A group without a unit that is named: whoever made the processor made the unit. */
static void vendor_of_chipset(struct weighing *w)
{
	static const enum iommu_vendor of_cpu[] = {
		[CPU_INTEL] = IOMMU_VENDOR_INTEL,
		[CPU_AMD] = IOMMU_VENDOR_AMD,
		[CPU_ARM] = IOMMU_VENDOR_ARM,
		[CPU_OTHER_X86] = IOMMU_VENDOR_NONE,
	};
	enum iommu_vendor vendor = of_cpu[w->platform->cpu.kind];
	size_t i;

	if (vendor) {
		set_vendor(w, vendor, "/proc/cpuinfo, and there are groups");
		return;
	}
	for (i = 0; i < w->host->n_devices && !vendor; i++)
		vendor = vendor_of_device(&w->host->devices[i]);
	if (vendor)
		set_vendor(w, vendor,
			   arena_printf(w->arena, "the chipset's device %s, and there are groups",
					w->host->devices[i - 1].name));
}

static void weigh_vendor(struct weighing *w)
{
	if (vendor_of_units(w) || vendor_of_tables(w) || w->facts->vendor || !w->grouped)
		return;
	vendor_of_chipset(w);
}

static void weigh_groups(struct weighing *w)
{
	const struct host *host = w->host;
	struct log_group *list = NULL;
	size_t n = 0, i, k;

	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].group < 0)
			continue;
		w->grouped++;
		*(struct log_group *)arena_append(w->arena, list, n) = (struct log_group){
			.device = host->devices[i].name,
			.group = host->groups[host->devices[i].group].id,
		};
	}
	for (i = 0; i < host->n_groups; i++)
		for (k = 0; k < host->groups[i].n_others; k++)
			*(struct log_group *)arena_append(w->arena, list, n) = (struct log_group){
				.device = host->groups[i].others[k],
				.group = host->groups[i].id,
			};
	/* VFIO makes groups of its own where it is told to do without an IOMMU. */
	if (w->platform->vfio.noiommu == 'Y' && host->units_read == FACT_READ && !host->n_units)
		w->grouped = n = 0;
	if (!n && host->parts[HOST_GROUPS] != FACT_READ && !host->is_live)
		return;
	w->facts->groups = list;
	w->facts->group_count = n;
	w->facts->groups_line = said(n ? "/sys/kernel/iommu_groups" : NULL);
}

static void set_iommu(struct weighing *w, enum iommu_state state, const char *text)
{
	w->facts->iommu = state;
	w->facts->iommu_line = said(text);
}

/* The folder of the groups is there and holds none, or a running kernel has none. */
static bool has_no_groups(const struct weighing *w)
{
	enum fact read = w->host->parts[HOST_GROUPS];

	return !w->grouped && (read == FACT_READ || (read == FACT_ABSENT && w->host->is_live));
}

static bool is_switched_off(const struct weighing *w)
{
	return w->asked.all_off || w->asked.intel_off || w->asked.amd_off;
}

/* Nothing of groups is known: what else shows whether devices are translated for. */
static void weigh_without_groups(struct weighing *w)
{
	const struct host_firmware *f = &w->platform->firmware;
	enum cpu_kind kind = w->platform->cpu.kind;

	if (w->facts->iommu != IOMMU_UNKNOWN)
		return;
	if (w->platform->n_units)
		set_iommu(w, IOMMU_ON, "/sys/class/iommu names units");
	else if (w->host->units_read == FACT_READ)
		set_iommu(w, IOMMU_OFF, "/sys/class/iommu names no unit");
	else if (is_switched_off(w) || kernel_cmdline_has(&w->words, "acpi", "off"))
		set_iommu(w, IOMMU_OFF, "/proc/cmdline");
	else if (f->tables_read == FACT_READ && !is_there(&f->dmar) && !is_there(&f->ivrs) &&
		 (kind == CPU_INTEL || kind == CPU_AMD))
		set_iommu(w, IOMMU_OFF, "/sys/firmware/acpi/tables holds no DMAR and no IVRS");
}

static void weigh_iommu(struct weighing *w)
{
	if (w->grouped)
		set_iommu(
			w, IOMMU_ON,
			arena_printf(w->arena, "%zu PCI devices are in IOMMU groups", w->grouped));
	else if (!has_no_groups(w))
		weigh_without_groups(w);
	else if (w->facts->iommu != IOMMU_BROKEN && w->facts->iommu != IOMMU_OFF)
		set_iommu(w, IOMMU_OFF,
			  w->host->parts[HOST_GROUPS] == FACT_READ
				  ? "/sys/kernel/iommu_groups is empty"
				  : "/sys/kernel/iommu_groups is not there");
}

static void set_remapping(struct weighing *w, enum intremap_state state, const char *text)
{
	w->facts->interrupt_remapping = state;
	w->facts->interrupt_remapping_line = said(text);
}

static void weigh_remapping(struct weighing *w, const struct dmar *dmar)
{
	if (w->platform->interrupts != INTREMAP_UNKNOWN)
		set_remapping(w, w->platform->interrupts, w->platform->interrupts_line);
	else if (w->facts->interrupt_remapping != INTREMAP_UNKNOWN)
		return;
	else if (w->asked.intremap_off)
		set_remapping(w, INTREMAP_OFF, "/proc/cmdline");
	else if (dmar && dmar->table.size >= DMAR_HEADER_SIZE && dmar->table.is_checksum_right &&
		 !(dmar->flags & DMAR_FLAG_INTERRUPT_REMAPPING))
		set_remapping(w, INTREMAP_OFF, "DMAR: the firmware offers no interrupt remapping");
}

/* The types of the groups; a few are "identity" by a device's own quirk, so most of them decide. */
static bool weigh_types(struct weighing *w)
{
	size_t translated = 0, identity = 0, i;

	for (i = 0; i < w->host->n_groups; i++) {
		const char *type = w->host->groups[i].type;

		translated += type && text_has_prefix(type, "DMA");
		identity += type && !strcmp(type, "identity");
	}
	if (!translated && !identity)
		return false;
	w->facts->default_domain = translated >= identity ? DOMAIN_TRANSLATED : DOMAIN_PASSTHROUGH;
	w->facts->default_domain_line = said(arena_printf(
		w->arena, "%zu groups of type DMA, %zu of type identity", translated, identity));
	return true;
}

static void weigh_domain(struct weighing *w)
{
	if (w->facts->default_domain != DOMAIN_UNKNOWN || weigh_types(w) ||
	    w->facts->iommu != IOMMU_ON)
		return;
	if (!kernel_cmdline_has(&w->words, "iommu", "pt") &&
	    !kernel_cmdline_has(&w->words, "iommu.passthrough", "1"))
		return;
	w->facts->default_domain = DOMAIN_PASSTHROUGH;
	w->facts->default_domain_line = said("/proc/cmdline");
}

static size_t count_drhd(const struct dmar *dmar)
{
	size_t n = 0, i;

	for (i = 0; dmar && i < dmar->n_structures; i++)
		n += dmar->structures[i].type == DMAR_DRHD;
	return n;
}

/* A unit has a block of each type that its firmware knows: those of one device are one unit. */
static size_t count_ivhd(const struct ivrs *ivrs)
{
	size_t n = 0, i, k;

	for (i = 0; ivrs && i < ivrs->n_structures; i++) {
		const struct ivrs_structure *s = &ivrs->structures[i];

		if (!ivrs_type_is_ivhd(s->type))
			continue;
		for (k = 0; k < i; k++)
			if (ivrs_type_is_ivhd(ivrs->structures[k].type) &&
			    ivrs->structures[k].device_id == s->device_id &&
			    ivrs->structures[k].segment == s->segment)
				break;
		n += k == i;
	}
	return n;
}

static void weigh_units(struct weighing *w, size_t announced)
{
	if (w->platform->n_units) {
		w->facts->units = w->platform->n_units;
		w->facts->units_line = said("/sys/class/iommu");
	} else if (!w->facts->has_units && announced) {
		w->facts->units = announced;
		w->facts->units_line = said("the firmware's table");
	}
	w->facts->has_units = w->facts->units > 0;
}

static bool has_text(const struct kernel_cmdline *c, const char *text)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->words[i].text, text))
			return true;
	return false;
}

static void weigh_parameters(struct weighing *w)
{
	struct kernel_cmdline listed = {0};

	if (!w->host->kernel.command_line)
		return;
	for (size_t i = 0; i < w->words.count; i++) {
		const struct kernel_cmdline_word *word = &w->words.words[i];

		if (kernel_cmdline_is_listed(word->text, strlen(word->text)) &&
		    !has_text(&listed, word->text))
			*(struct kernel_cmdline_word *)arena_append(w->arena, listed.words,
								    listed.count) = *word;
	}
	w->facts->parameters = listed;
	w->facts->parameters_line = said("/proc/cmdline");
}

static void add_problem(struct weighing *w, enum log_problem problem, const char *text)
{
	struct log_problem_seen *p = &w->facts->problems[problem];

	if (p->count)
		return;
	*p = (struct log_problem_seen){1, said(text), said(text), -1, -1};
}

/* drivers/iommu/amd/init.c, parse_amd_iommu_options: what it knows; the kernel says so of anything else. */
static bool has_unknown_amd_value(const struct kernel_cmdline *words)
{
	static const char *const known[] = {"fullflush",       "force_enable", "off",
					    "force_isolation", "pgtbl_v1",     "pgtbl_v2",
					    "irtcachedis",     "nohugepages",  "v2_pgsizes_only"};
	const struct kernel_cmdline_word *word = kernel_cmdline_last(words, "amd_iommu");
	size_t i;

	for (i = 0; word && word->value && i < sizeof(known) / sizeof(*known); i++)
		if (text_has_prefix(word->value, known[i]))
			return false;
	return word;
}

static void weigh_regions(struct weighing *w)
{
	size_t i;

	for (i = 0; i < w->host->n_groups; i++) {
		const struct iommu_group *g = &w->host->groups[i];

		if (!g->n_direct_regions)
			continue;
		add_problem(w, PROBLEM_RMRR_BOUND,
			    arena_printf(w->arena,
					 "/sys/kernel/iommu_groups/%u/reserved_regions: %s", g->id,
					 g->direct_regions[0]));
		return;
	}
}

static void weigh_problems(struct weighing *w, const struct dmar *dmar)
{
	const struct host_firmware *f = &w->platform->firmware;

	weigh_regions(w);
	if (dmar && dmar->flags & DMAR_FLAG_X2APIC_OPT_OUT)
		add_problem(w, PROBLEM_X2APIC_OPT_OUT, "DMAR: flag x2apic_opt_out");
	if (kernel_cmdline_last(&w->words, "pcie_acs_override"))
		add_problem(w, PROBLEM_ACS_OVERRIDE, "/proc/cmdline");
	if (kernel_cmdline_has(&w->words, "acpi", "off"))
		add_problem(w, PROBLEM_ACPI_OFF, "/proc/cmdline");
	if (w->facts->iommu != IOMMU_ON && is_switched_off(w))
		add_problem(w, PROBLEM_IOMMU_DISABLED_BY_PARAMETER, "/proc/cmdline");
	if (w->facts->vendor == IOMMU_VENDOR_AMD && has_unknown_amd_value(&w->words))
		add_problem(w, PROBLEM_UNKNOWN_OPTION, "/proc/cmdline");
	if (f->is_xen_dom0)
		add_problem(w, PROBLEM_XEN_DOM0, "/proc/xen/capabilities: control_d");
	else if (w->platform->cpu.is_virtual)
		add_problem(w, PROBLEM_VIRTUAL_MACHINE, "/proc/cpuinfo: hypervisor");
}

static void decode_tables(const struct weighing *w, struct dmar *dmar, struct ivrs *ivrs)
{
	const struct host_firmware *f = &w->platform->firmware;

	dmar_decode(w->arena, f->dmar.data, f->dmar.size, dmar);
	ivrs_decode(w->arena, f->ivrs.data, f->ivrs.size, ivrs);
}

void readiness_facts(const struct host *host, struct arena *arena, struct kernel_log_facts *ret)
{
	const char *line = host->kernel.command_line;
	struct weighing w = {
		.host = host, .platform = host->platform, .arena = arena, .facts = ret};
	struct dmar dmar;
	struct ivrs ivrs;

	*ret = host->platform->log;
	if (line)
		kernel_cmdline_split(arena, line, strlen(line), &w.words);
	kernel_cmdline_iommu(&w.words, &w.asked);
	decode_tables(&w, &dmar, &ivrs);
	weigh_groups(&w);
	weigh_vendor(&w);
	weigh_iommu(&w);
	weigh_remapping(&w, host->platform->firmware.dmar.data ? &dmar : NULL);
	weigh_domain(&w);
	weigh_units(&w, count_drhd(&dmar) + count_ivhd(&ivrs));
	weigh_parameters(&w);
	weigh_problems(&w, host->platform->firmware.dmar.data ? &dmar : NULL);
	if (host->kernel.release)
		ret->kernel = host->kernel.release;
	if (host->platform->firmware.machine)
		ret->machine = host->platform->firmware.machine;
}
