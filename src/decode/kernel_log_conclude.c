// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The verdict on a boot. No single line decides: "IOMMU enabled" only echoes a parameter, "Default domain
 * type" is printed with no unit at work, AMD's second driver speaks on Intel machines. So what was seen is
 * weighed here, once, when the whole boot is known.
 */
#include "decode/kernel_log_state.h"

#include <string.h>

#include "base/arena.h"

static const char *const vendor_names[] = {"none", "intel", "amd", "arm"};
static const char *const iommu_names[] = {"unknown", "on", "off", "broken"};
static const char *const intremap_names[] = {"unknown", "on", "off"};
static const char *const domain_names[] = {"unknown", "translated", "passthrough"};

static const char *const problem_slugs[LOG_PROBLEMS] = {
	[PROBLEM_FIRMWARE_BUG_DMAR] = "firmware-bug-dmar",
	[PROBLEM_RMRR_NOT_RESERVED] = "rmrr-not-reserved",
	[PROBLEM_RMRR_ENTRY_BROKEN] = "rmrr-entry-broken",
	[PROBLEM_DRHD_AT_ZERO] = "drhd-at-zero",
	[PROBLEM_DMAR_PARSE_FAILURE] = "dmar-parse-failure",
	[PROBLEM_X2APIC_OPT_OUT] = "x2apic-opt-out",
	[PROBLEM_REMAPPING_CHIPSET_ERRATA] = "remapping-chipset-errata",
	[PROBLEM_IOAPIC_NOT_IN_IVRS] = "ioapic-not-in-ivrs",
	[PROBLEM_NO_SOUTHBRIDGE_IOAPIC] = "no-southbridge-ioapic",
	[PROBLEM_INTERRUPT_REMAPPING_DISABLED] = "interrupt-remapping-disabled",
	[PROBLEM_RMRR_BOUND] = "rmrr-bound",
	[PROBLEM_DMA_FAULT] = "dma-fault",
	[PROBLEM_IO_PAGE_FAULT] = "io-page-fault",
	[PROBLEM_COMPLETION_WAIT_TIMEOUT] = "completion-wait-timeout",
	[PROBLEM_IOTLB_INV_TIMEOUT] = "iotlb-inv-timeout",
	[PROBLEM_PERF_COUNTER_UNREADABLE] = "perf-counter-unreadable",
	[PROBLEM_REMAPPING_LEFT_ENABLED] = "remapping-left-enabled",
	[PROBLEM_TRANSLATION_LEFT_ENABLED] = "translation-left-enabled",
	[PROBLEM_GRAPHICS_EXCLUDED] = "graphics-excluded",
	[PROBLEM_FEATURE_INCONSISTENT] = "feature-inconsistent",
	[PROBLEM_EFR_MISMATCH] = "efr-mismatch",
	[PROBLEM_ACS_OVERRIDE] = "acs-override",
	[PROBLEM_UNKNOWN_OPTION] = "unknown-option",
	[PROBLEM_STREAM_BLOCKED] = "stream-blocked",
	[PROBLEM_KVM_DISABLED_BY_BIOS] = "kvm-disabled-by-bios",
	[PROBLEM_VFIO_PROBE_FAILED] = "vfio-probe-failed",
	[PROBLEM_XEN_DOM0] = "xen-dom0",
	[PROBLEM_VIRTUAL_MACHINE] = "virtual-machine",
	[PROBLEM_ACPI_OFF] = "acpi-off",
	[PROBLEM_IOMMU_DISABLED_BY_PARAMETER] = "iommu-disabled-by-parameter",
};

const char *iommu_vendor_name(enum iommu_vendor v)
{
	return vendor_names[v];
}

const char *iommu_state_name(enum iommu_state s)
{
	return iommu_names[s];
}

const char *intremap_state_name(enum intremap_state s)
{
	return intremap_names[s];
}

const char *default_domain_name(enum default_domain d)
{
	return domain_names[d];
}

const char *log_problem_slug(enum log_problem p)
{
	return problem_slugs[p];
}

/* What is being weighed: the boot, its parameters, the facts so far. */
struct verdict {
	const struct log_boot *boot;
	struct arena *arena;
	struct kernel_log_facts *facts;
	struct kernel_cmdline_iommu asked;
	bool dom0, guest;
};

static bool seen(const struct verdict *v, enum log_mark mark)
{
	return v->boot->marks[mark].line;
}

static struct log_evidence evidence(const struct verdict *v, const struct log_note *note)
{
	if (!note->line)
		return (struct log_evidence){0};
	return (struct log_evidence){text_printable(v->arena, text_str(&note->text)), note->line};
}

static struct log_evidence mark_evidence(const struct verdict *v, enum log_mark mark)
{
	return evidence(v, &v->boot->marks[mark]);
}

/* The first of the marks that was seen, MARK_NONE ends the list and stands for none. */
static enum log_mark first_seen(const struct verdict *v, const enum log_mark *marks)
{
	while (*marks && !seen(v, *marks))
		marks++;
	return *marks;
}

static void conclude_groups(struct verdict *v)
{
	const struct log_names *n = &v->boot->groups;
	struct log_group *list = arena_calloc(v->arena, n->count, sizeof(*list));
	size_t count = 0;

	for (size_t i = 0; i < n->count; i++) {
		if (n->list[i].removed)
			continue;
		list[count++] = (struct log_group){
			text_printable(v->arena, log_names_text(n, i)),
			n->list[i].value,
			n->list[i].line,
		};
	}
	v->facts->groups = list;
	v->facts->group_count = count;
	v->facts->groups_line = evidence(v, &v->boot->groups_line);
}

static void conclude_parameters(struct verdict *v)
{
	const struct log_names *n = &v->boot->parameters;
	struct kernel_cmdline *all = arena_alloc(v->arena, sizeof(*all));
	struct text once = {0};

	for (size_t i = 0; i < n->count; i++)
		text_addf(&once, "%s ", log_names_text(n, i));
	kernel_cmdline_split(v->arena, text_printable(v->arena, text_str(&once)), once.len,
			     &v->facts->parameters);
	text_clear(&once);
	/* The last of a name wins, so here every word counts, each time. */
	kernel_cmdline_split(v->arena, text_str(&v->boot->cmdline), v->boot->cmdline.len, all);
	kernel_cmdline_iommu(all, &v->asked);
	v->facts->parameters_line = mark_evidence(v, MARK_CMDLINE);
}

/* The driver domain sees firmware tables and hardware, an ordinary Xen guest does not. */
static void conclude_hypervisor(struct verdict *v)
{
	bool hardware =
		seen(v, MARK_MACHINE) || seen(v, MARK_DMAR_TABLE) || seen(v, MARK_IVRS_TABLE);

	v->dom0 = seen(v, MARK_XEN_DOM0) ||
		  (seen(v, MARK_XEN) && !seen(v, MARK_XEN_GUEST) && hardware);
	v->guest =
		seen(v, MARK_GUEST) || seen(v, MARK_XEN_GUEST) || (seen(v, MARK_XEN) && !v->dom0);
}

struct vendor_signs {
	enum iommu_vendor vendor;
	enum log_mark on[4], named[5];
	enum log_unit units[3]; /* LOG_UNITS ends it */
};

static const struct vendor_signs signs[] = {
	{IOMMU_VENDOR_INTEL,
	 {MARK_INTEL_ON},
	 {MARK_DMAR_WALKED, MARK_DMAR_TABLE, MARK_INTEL},
	 {UNIT_DRHD, UNIT_DMAR, LOG_UNITS}},
	{IOMMU_VENDOR_AMD,
	 {MARK_AMD_ON},
	 {MARK_IVRS_TABLE, MARK_AMD},
	 {UNIT_AMD, UNIT_AMD_INDEX, LOG_UNITS}},
	{IOMMU_VENDOR_ARM, {MARK_ARM_ON}, {MARK_ARM_BROKEN}, {UNIT_SMMU, UNIT_IORT, LOG_UNITS}},
};
#define SIGNS (sizeof(signs) / sizeof(*signs))

/* The unit names of a kind that names most of them: the same unit has several names. */
static size_t unit_count(const struct verdict *v, const struct vendor_signs *s,
			 enum log_unit *ret_kind)
{
	size_t most = 0;

	for (size_t i = 0; s->units[i] != LOG_UNITS; i++) {
		size_t n = v->boot->units[s->units[i]].count;

		if (n > most) {
			most = n;
			*ret_kind = s->units[i];
		}
	}
	return most;
}

/* Working counts for more than being there, being there for more than being named. */
static int vendor_weight(const struct verdict *v, const struct vendor_signs *s)
{
	enum log_unit kind;
	enum log_mark named = first_seen(v, s->named);

	if (first_seen(v, s->on))
		return 3;
	if (unit_count(v, s, &kind) || named == MARK_DMAR_TABLE || named == MARK_IVRS_TABLE ||
	    named == MARK_DMAR_WALKED)
		return 2;
	return named ? 1 : 0;
}

static void conclude_vendor(struct verdict *v)
{
	const struct vendor_signs *best = NULL;
	enum log_unit kind = UNIT_XEN;
	enum log_mark mark;
	int weight = 0;

	for (size_t i = 0; i < SIGNS; i++) {
		int w = vendor_weight(v, &signs[i]);

		if (w > weight) {
			weight = w;
			best = &signs[i];
		}
	}
	v->facts->units = best ? unit_count(v, best, &kind) : 0;
	if (v->boot->units[UNIT_XEN].count > v->facts->units) {
		v->facts->units = v->boot->units[UNIT_XEN].count;
		kind = UNIT_XEN;
	}
	v->facts->has_units = v->facts->units > 0;
	if (v->facts->has_units)
		v->facts->units_line = evidence(v, &v->boot->units_line[kind]);
	if (!best)
		return;
	v->facts->vendor = best->vendor;
	mark = first_seen(v, best->named);
	mark = mark ? mark : first_seen(v, best->on);
	v->facts->vendor_line = mark ? mark_evidence(v, mark) : v->facts->units_line;
}

static bool set_iommu(struct verdict *v, enum iommu_state s, struct log_evidence line)
{
	v->facts->iommu = s;
	v->facts->iommu_line = line;
	return true;
}

/* Whether something shows that devices go through translation. */
static bool conclude_on(struct verdict *v)
{
	static const enum log_mark intel[] = {MARK_INTEL_ON, MARK_NONE};
	static const enum log_mark other[] = {MARK_AMD_ON, MARK_ARM_ON, MARK_FAULT, MARK_NONE};
	enum log_mark mark = first_seen(v, intel);

	mark = mark ? mark : first_seen(v, other);
	if (mark)
		return set_iommu(v, IOMMU_ON, mark_evidence(v, mark));
	if (v->boot->groups.count)
		return set_iommu(v, IOMMU_ON, v->facts->groups_line);
	/* In a guest the driver says so of the host; and a log that went on would have said more. */
	if (seen(v, MARK_INTEL_GRAPHICS) && v->facts->vendor == IOMMU_VENDOR_INTEL && !v->guest)
		return set_iommu(v, IOMMU_ON, mark_evidence(v, MARK_INTEL_GRAPHICS));
	if (seen(v, MARK_INTEL_LATE) && !seen(v, MARK_BOUNCE_BUFFERS))
		return set_iommu(v, IOMMU_ON, mark_evidence(v, MARK_INTEL_LATE));
	return false;
}

static bool conclude_broken(struct verdict *v)
{
	static const enum log_mark broken[] = {MARK_INTEL_BROKEN, MARK_AMD_BROKEN, MARK_ARM_BROKEN,
					       MARK_NONE};
	enum log_mark mark = first_seen(v, broken);

	return mark && set_iommu(v, IOMMU_BROKEN, mark_evidence(v, mark));
}

/* The log shows enough of a boot for "there is no such line" to mean that it did not happen. */
static bool is_told_whole(const struct verdict *v)
{
	static const enum log_mark frame[] = {
		MARK_VERSION,     MARK_CMDLINE, MARK_DMAR_TABLE,     MARK_IVRS_TABLE,
		MARK_DMAR_WALKED, MARK_MACHINE, MARK_BOUNCE_BUFFERS, MARK_NONE};

	return first_seen(v, frame) != MARK_NONE;
}

static void conclude_iommu(struct verdict *v)
{
	static const enum log_mark off[] = {MARK_DISABLED,   MARK_DMAR_TABLE,     MARK_DMAR_WALKED,
					    MARK_IVRS_TABLE, MARK_BOUNCE_BUFFERS, MARK_CMDLINE,
					    MARK_NONE};
	bool remapping_alone = v->boot->intremap == INTREMAP_ON;
	enum log_mark mark;

	if (conclude_on(v) || conclude_broken(v))
		return;
	if (v->dom0) {
		if (seen(v, MARK_XEN_ON))
			set_iommu(v, IOMMU_ON, mark_evidence(v, MARK_XEN_ON));
		else if (seen(v, MARK_XEN_OFF))
			set_iommu(v, IOMMU_OFF, mark_evidence(v, MARK_XEN_OFF));
		return;
	}
	/* It began and the log ends before it came to an end. */
	if (seen(v, MARK_INTEL_STARTED) && !seen(v, MARK_BOUNCE_BUFFERS))
		return;
	if (!is_told_whole(v) && !remapping_alone)
		return;
	mark = first_seen(v, off);
	set_iommu(v, IOMMU_OFF,
		  mark ? mark_evidence(v, mark) : evidence(v, &v->boot->intremap_line));
}

static void conclude_remapping(struct verdict *v)
{
	struct kernel_log_facts *f = v->facts;

	f->interrupt_remapping = v->boot->intremap;
	f->interrupt_remapping_line = evidence(v, &v->boot->intremap_line);
	if (f->interrupt_remapping != INTREMAP_UNKNOWN)
		return;
	if (f->iommu == IOMMU_BROKEN && seen(v, MARK_INTEL_BROKEN)) {
		f->interrupt_remapping = INTREMAP_OFF;
		f->interrupt_remapping_line = mark_evidence(v, MARK_INTEL_BROKEN);
	} else if (v->asked.intremap_off) {
		f->interrupt_remapping = INTREMAP_OFF;
		f->interrupt_remapping_line = f->parameters_line;
	}
}

static void add_problem(struct verdict *v, enum log_problem problem, struct log_evidence line)
{
	struct log_problem_seen *p = &v->facts->problems[problem];

	if (!p->count++)
		*p = (struct log_problem_seen){1, line, line, -1, -1};
}

/* A parameter of the other maker's driver switches nothing off. */
static bool is_switched_off(const struct verdict *v)
{
	if (v->facts->iommu == IOMMU_ON)
		return false;
	return v->asked.all_off || v->asked.intel_off || v->asked.amd_off || seen(v, MARK_DISABLED);
}

static void conclude_problems(struct verdict *v)
{
	struct kernel_log_facts *f = v->facts;

	for (size_t i = 0; i < LOG_PROBLEMS; i++) {
		const struct log_problem_note *n = &v->boot->problems[i];

		f->problems[i] = (struct log_problem_seen){
			n->count,         evidence(v, &n->first), evidence(v, &n->last),
			n->first_seconds, n->last_seconds,
		};
	}
	if (kernel_cmdline_last(&f->parameters, "pcie_acs_override"))
		add_problem(v, PROBLEM_ACS_OVERRIDE, f->parameters_line);
	if (kernel_cmdline_has(&f->parameters, "acpi", "off"))
		add_problem(v, PROBLEM_ACPI_OFF, f->parameters_line);
	if (is_switched_off(v))
		add_problem(v, PROBLEM_IOMMU_DISABLED_BY_PARAMETER,
			    seen(v, MARK_DISABLED) ? mark_evidence(v, MARK_DISABLED)
						   : f->parameters_line);
	if (v->dom0)
		add_problem(v, PROBLEM_XEN_DOM0,
			    mark_evidence(v, seen(v, MARK_XEN_DOM0) ? MARK_XEN_DOM0 : MARK_XEN));
	if (v->guest) {
		static const enum log_mark guest[] = {MARK_GUEST, MARK_XEN_GUEST, MARK_XEN,
						      MARK_NONE};

		add_problem(v, PROBLEM_VIRTUAL_MACHINE, mark_evidence(v, first_seen(v, guest)));
	}
}

static void conclude_rest(struct verdict *v, const struct log_state *st)
{
	static const enum log_mark tables[] = {MARK_DMAR_TABLE, MARK_IVRS_TABLE, MARK_DMAR_WALKED,
					       MARK_NONE};
	struct kernel_log_facts *f = v->facts;
	enum log_mark table = first_seen(v, tables);

	f->default_domain = v->boot->domain;
	f->default_domain_line = evidence(v, &v->boot->domain_line);
	f->boots = st->earlier_boots + (v->boot->heard || seen(v, MARK_XEN_DOM0));
	f->kernel =
		v->boot->kernel.len ? text_printable(v->arena, text_str(&v->boot->kernel)) : NULL;
	f->machine =
		v->boot->machine.len ? text_printable(v->arena, text_str(&v->boot->machine)) : NULL;
	f->whole_boot = seen(v, MARK_VERSION) || seen(v, MARK_CMDLINE);
	f->table = table ? mark_evidence(v, table) : (struct log_evidence){0};
	f->x2apic_denied = mark_evidence(v, MARK_X2APIC_DENIED);
	f->vfio = mark_evidence(v, MARK_VFIO);
	f->kvm = mark_evidence(v, MARK_KVM);
}

void log_conclude(const struct log_state *st, struct arena *a, struct kernel_log_facts *ret)
{
	struct verdict v = {.boot = &st->boot, .arena = a, .facts = ret};

	*ret = (struct kernel_log_facts){0};
	conclude_groups(&v);
	conclude_parameters(&v);
	conclude_hypervisor(&v);
	conclude_vendor(&v);
	conclude_iommu(&v);
	conclude_remapping(&v);
	conclude_problems(&v);
	conclude_rest(&v, st);
}
