// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See readiness_log.h. Remedies are ordered by what costs least; none of them is a parameter that trades
 * safety for a start, unless it is named as that.
 */
#include "analysis/readiness_log.h"

#include <stdio.h>
#include <string.h>

#include "analysis/firmware_words.h"
#include "base/arena.h"
#include "base/text.h"
#include "decode/kernel_log.h"

#define UNSAFE                                                                                         \
	"only where every guest is trusted: vfio_iommu_type1.allow_unsafe_interrupts=1, which lets a " \
	"guest's device send any interrupt to the host"

/* What is being judged, and where the points go. */
struct judgement {
	const struct kernel_log_facts *facts;
	struct arena *arena;
	struct readiness *points;
};

static void add(const struct judgement *j, const char *id, enum point_status status,
		const char *evidence, const char *remedy)
{
	readiness_add(j->points, j->arena, id, status, evidence, remedy);
}

static bool has(const struct judgement *j, enum log_problem p)
{
	return j->facts->problems[p].count;
}

/* "line 12: DMAR: …", with what it means in front of it. */
static const char *quoted(const struct judgement *j, const char *what,
			  const struct log_evidence *line)
{
	if (!line->text)
		return what;
	/* Of a machine, not of a log: the file stands in the text. */
	if (!line->line)
		return arena_printf(j->arena, "%s (%s)", what, line->text);
	return arena_printf(j->arena, "%s (line %zu: %s)", what, line->line, line->text);
}

static void judge_boot(const struct judgement *j)
{
	const struct kernel_log_facts *f = j->facts;
	const char *kernel = f->kernel ? arena_printf(j->arena, "Linux %s", f->kernel)
				       : "a kernel whose version the log does not give";
	const char *machine = f->machine ? arena_printf(j->arena, " on %s", f->machine) : "";

	if (!f->boots)
		add(j, "log", POINT_UNKNOWN, "no line of this log is a kernel's",
		    "save one with: journalctl -k -b > FILE, or dmesg > FILE, as root");
	else if (f->boots > 1)
		add(j, "log", POINT_OK,
		    arena_printf(j->arena,
				 "%zu boots are in this log; all else is of the last: %s%s",
				 f->boots, kernel, machine),
		    NULL);
	else
		add(j, "log", POINT_OK, arena_printf(j->arena, "%s%s", kernel, machine), NULL);
}

/* The switch for the IOMMU in this machine's setup, as far as the log tells whose it is. */
static const char *firmware_switch(const struct judgement *j)
{
	enum firmware_maker maker = j->facts->vendor == IOMMU_VENDOR_INTEL ? FIRMWARE_INTEL
				    : j->facts->vendor == IOMMU_VENDOR_AMD ? FIRMWARE_AMD
									   : FIRMWARE_ANY;

	return arena_printf(j->arena, "switch the IOMMU on in the firmware's setup: %s",
			    firmware_words(j->facts->machine, maker));
}

/* Why translation is off, the reason that has to be mended first. */
static void judge_off(const struct judgement *j)
{
	const struct kernel_log_facts *f = j->facts;

	if (has(j, PROBLEM_IOMMU_DISABLED_BY_PARAMETER))
		add(j, "iommu", POINT_FAIL,
		    quoted(j, "a kernel parameter switches it off", &f->iommu_line),
		    "take intel_iommu=off, amd_iommu=off or iommu=off off the kernel's command line "
		    "and reboot");
	else if (has(j, PROBLEM_ACPI_OFF))
		add(j, "iommu", POINT_FAIL,
		    quoted(j, "acpi=off hides the firmware's tables", &f->parameters_line),
		    "take acpi=off off the kernel's command line and reboot");
	else if (has(j, PROBLEM_VIRTUAL_MACHINE))
		add(j, "iommu", POINT_FAIL, "this virtual machine has no IOMMU",
		    "give the guest a virtual one (libvirt: <iommu model='intel'> with "
		    "<driver intremap='on'/>), or run ferry on the host");
	else if (!f->table.text)
		add(j, "iommu", POINT_FAIL,
		    "the firmware gave the kernel no DMAR and no IVRS table", firmware_switch(j));
	else if (f->vendor == IOMMU_VENDOR_INTEL && f->has_units)
		add(j, "iommu", POINT_FAIL,
		    quoted(j, "the units are there, translation is not switched on", &f->table),
		    "add intel_iommu=on to the kernel's command line (ferry iommu enable) and reboot");
	else
		add(j, "iommu", POINT_FAIL,
		    quoted(j, "the table is there, no driver brought a unit up", &f->table),
		    "use a kernel built with CONFIG_INTEL_IOMMU or CONFIG_AMD_IOMMU");
}

static void judge_iommu(const struct judgement *j)
{
	const struct kernel_log_facts *f = j->facts;

	switch (f->iommu) {
	case IOMMU_ON:
		add(j, "iommu", POINT_OK, quoted(j, "DMA is translated", &f->iommu_line), NULL);
		break;
	case IOMMU_BROKEN:
		add(j, "iommu", POINT_FAIL,
		    quoted(j, "the kernel threw the firmware's description of it away",
			   &f->iommu_line),
		    arena_printf(
			    j->arena,
			    "no kernel parameter helps: %s; where it is on, update the firmware",
			    firmware_switch(j)));
		break;
	case IOMMU_OFF:
		judge_off(j);
		break;
	default:
		add(j, "iommu", POINT_UNKNOWN, "the log does not say whether DMA is translated",
		    "take the whole log of one boot: journalctl -k -b > FILE");
	}
}

static void judge_remapping(const struct judgement *j)
{
	const struct kernel_log_facts *f = j->facts;

	/* On Arm the interrupt translation service keeps devices apart; kernels print nothing of it. */
	if (f->vendor == IOMMU_VENDOR_ARM)
		return;
	if (f->interrupt_remapping == INTREMAP_ON)
		add(j, "interrupt-remapping", POINT_OK,
		    quoted(j, "interrupts are remapped", &f->interrupt_remapping_line), NULL);
	else if (f->interrupt_remapping == INTREMAP_OFF && f->iommu == IOMMU_BROKEN)
		add(j, "interrupt-remapping", POINT_FAIL,
		    quoted(j, "interrupts are not remapped either", &f->interrupt_remapping_line),
		    "see iommu: this follows from it");
	else if (f->interrupt_remapping == INTREMAP_OFF)
		add(j, "interrupt-remapping", POINT_FAIL,
		    quoted(j, "interrupts are not remapped: no guest with a device will start",
			   &f->interrupt_remapping_line),
		    "take intremap=off and nointremap off the kernel's command line, else update the "
		    "firmware; " UNSAFE);
	else if (f->x2apic_denied.text && f->whole_boot && f->iommu != IOMMU_UNKNOWN)
		add(j, "interrupt-remapping", POINT_FAIL,
		    quoted(j, "no line says that interrupts are remapped", &f->x2apic_denied),
		    "switch the IOMMU on in the firmware, and use a kernel built with "
		    "CONFIG_IRQ_REMAP");
	else if (f->iommu == IOMMU_ON)
		add(j, "interrupt-remapping", POINT_UNKNOWN,
		    "the log does not say whether interrupts are remapped",
		    "take the whole log of one boot: journalctl -k -b > FILE");
}

static void judge_groups(const struct judgement *j)
{
	const struct kernel_log_facts *f = j->facts;
	size_t most = 0;

	if (f->default_domain != DOMAIN_UNKNOWN && f->iommu == IOMMU_ON)
		add(j, "default-domain", POINT_OK,
		    quoted(j, default_domain_name(f->default_domain), &f->default_domain_line),
		    NULL);
	if (f->has_units)
		add(j, "iommu-units", f->iommu == IOMMU_ON ? POINT_OK : POINT_WARN,
		    quoted(j,
			   arena_printf(j->arena, "%zu unit%s", f->units, f->units == 1 ? "" : "s"),
			   &f->units_line),
		    f->iommu == IOMMU_ON ? NULL : "see iommu: a unit that is named need not work");
	for (size_t i = 0; i < f->group_count; i++)
		most = f->groups[i].group > most ? f->groups[i].group : most;
	if (f->group_count)
		add(j, "iommu-groups", POINT_OK,
		    arena_printf(j->arena, "%zu devices are in groups, the highest is %zu",
				 f->group_count, most),
		    NULL);
}

/* "0000:03:00.1" of "… Request device [03:00.1] …", or NULL. */
static const char *fault_device(const struct judgement *j, const char *text)
{
	unsigned int bus, slot, function;
	const char *at = strstr(text, "device [");

	if (!at || (sscanf(at + 8, "%x:%x.%x", &bus, &slot, &function) != 3 &&
		    sscanf(at + 8, "0x%x:0x%x.%x", &bus, &slot, &function) != 3))
		return NULL;
	return arena_printf(j->arena, "0000:%02x:%02x.%x", bus & 255, slot & 31, function & 7);
}

/* Whether a device is in a group; len below 12: any function of it. */
static bool is_grouped(const struct kernel_log_facts *f, const char *device, size_t len)
{
	for (size_t i = 0; i < f->group_count; i++)
		if (!strncmp(f->groups[i].device, device, len))
			return true;
	return false;
}

static const char *fault_meaning(const struct judgement *j, const struct log_problem_seen *p,
				 const char **ret_remedy)
{
	const char *device = fault_device(j, p->last.text);

	if (device && !is_grouped(j->facts, device, 12) && is_grouped(j->facts, device, 11)) {
		*ret_remedy = "a newer kernel (its list of chips that do this grows), or another "
			      "controller; this is no fault of passing it on";
		return arena_printf(
			j->arena,
			"%zu faults of %s, which is not there: the device beside it in the "
			"same slot sends under a wrong number",
			p->count, device);
	}
	if (p->last_seconds >= 0 && p->last_seconds < 10) {
		*ret_remedy = "none is needed; it ends when the device's driver starts";
		return arena_printf(
			j->arena,
			"%zu faults, all while booting: the firmware left a device at work",
			p->count);
	}
	*ret_remedy =
		"where the device is a guest's: update the guest's firmware and QEMU, or make the "
		"memory that the host's firmware keeps for graphics smaller; else update the "
		"device's driver or firmware";
	return arena_printf(j->arena,
			    "%zu faults: a device reaches for memory that was never given to it",
			    p->count);
}

static void judge_faults(const struct judgement *j, enum log_problem problem)
{
	const struct log_problem_seen *p = &j->facts->problems[problem];
	const char *remedy, *what = fault_meaning(j, p, &remedy);

	add(j, log_problem_slug(problem), POINT_WARN, quoted(j, what, &p->last), remedy);
}

const char *readiness_region_remedy(enum iommu_vendor vendor, struct arena *arena)
{
	static const char intel[] =
		"switch the maker's shared memory or health reporting off for that slot (HPE has a tool "
		"for Gen8 and Gen9), update the firmware, or use another slot or card";
	static const char amd[] =
		"in the firmware's setup set IOMMU to Enabled instead of Auto and switch Pre-boot DMA "
		"Protection off, or update the firmware; iommu=pt and Above 4G Decoding change nothing";

	if (vendor == IOMMU_VENDOR_NONE)
		return arena_printf(arena, "on an AMD board: %s; on an Intel one: %s", amd, intel);
	return vendor == IOMMU_VENDOR_AMD ? amd : intel;
}

static void judge_bound(const struct judgement *j)
{
	const struct log_problem_seen *p = &j->facts->problems[PROBLEM_RMRR_BOUND];

	add(j, "rmrr-bound", POINT_FAIL,
	    quoted(j, "the firmware keeps memory for this device, so no guest can have it",
		   &p->first),
	    readiness_region_remedy(j->facts->vendor, j->arena));
}

/* "ivrs_ioapic[7]=00:14.0": the number is the one that the kernel missed. */
static void judge_ioapic(const struct judgement *j, enum log_problem problem)
{
	const struct log_problem_seen *p = &j->facts->problems[problem];
	const struct log_problem_seen *named = &j->facts->problems[PROBLEM_IOAPIC_NOT_IN_IVRS];
	const char *at = named->count ? strstr(named->first.text, "IOAPIC[") : NULL;
	unsigned int number = 0;
	const char *example = "ivrs_ioapic[N]=00:14.0";

	if (at && sscanf(at + 7, "%u", &number) == 1)
		example = arena_printf(j->arena, "ivrs_ioapic[%u]=00:14.0", number);
	add(j, log_problem_slug(problem),
	    j->facts->interrupt_remapping == INTREMAP_ON ? POINT_WARN : POINT_FAIL,
	    quoted(j, "the firmware's table leaves an interrupt controller out", &p->first),
	    arena_printf(
		    j->arena,
		    "update the firmware; else say it to the kernel, one parameter for each number "
		    "in the log: %s for the one of the southbridge (the SMBus device), its own "
		    "address for each other",
		    example));
}

static void judge_override(const struct judgement *j)
{
	const struct log_problem_seen *p = &j->facts->problems[PROBLEM_ACS_OVERRIDE];
	bool in_force = strstr(p->first.text, "overrides enabled");

	if (in_force || !j->facts->whole_boot)
		add(j, "acs-override", POINT_WARN,
		    quoted(j, "groups are split by a patch, not by hardware", &p->first),
		    "do not trust the groups: devices in different ones may still reach each other");
	else
		add(j, "acs-override", POINT_WARN,
		    quoted(j,
			   "pcie_acs_override= is given, and this kernel shows no sign of the patch",
			   &p->first),
		    "take it off the command line: an unpatched kernel ignores it");
}

/* The problems that mean the same in every log. */
static const struct {
	enum log_problem problem;
	enum point_status status;
	const char *what, *remedy;
} plain[] = {
	{PROBLEM_FIRMWARE_BUG_DMAR, POINT_WARN, "the firmware's DMAR table has a mistake",
	 "update the firmware"},
	{PROBLEM_RMRR_NOT_RESERVED, POINT_WARN,
	 "the firmware keeps memory for a device and does not say so in its memory map",
	 "update the firmware; where translation is on this alone stops nothing"},
	{PROBLEM_RMRR_ENTRY_BROKEN, POINT_WARN,
	 "the firmware names a device wrongly; the kernel works around it", "update the firmware"},
	{PROBLEM_X2APIC_OPT_OUT, POINT_OK,
	 "the firmware asks for the older interrupt mode; remapping works in it", NULL},
	{PROBLEM_REMAPPING_CHIPSET_ERRATA, POINT_FAIL,
	 "this chipset's interrupt remapping is faulty, and the firmware switched it on",
	 "update the firmware; only a board with a later chipset has it. " UNSAFE},
	{PROBLEM_INTERRUPT_REMAPPING_DISABLED, POINT_FAIL, "the kernel gave interrupt remapping up",
	 "see the point about the interrupt controllers; else update the firmware"},
	{PROBLEM_IO_PAGE_FAULT, POINT_WARN,
	 "a device reached for memory that was never given to it",
	 "a newer kernel or driver for the device; where it is a guest's, its firmware and QEMU"},
	{PROBLEM_COMPLETION_WAIT_TIMEOUT, POINT_WARN,
	 "the IOMMU itself stopped answering for a while",
	 "see what the devices did at that time; update the firmware"},
	{PROBLEM_IOTLB_INV_TIMEOUT, POINT_FAIL,
	 "a device stopped answering the IOMMU: the host is at risk",
	 "shut the machine down (a warm reboot may not bring the device back), then update the device's "
	 "firmware or add pci=noats to the command line"},
	{PROBLEM_PERF_COUNTER_UNREADABLE, POINT_OK,
	 "performance counters do not work; nothing needs them", NULL},
	{PROBLEM_REMAPPING_LEFT_ENABLED, POINT_OK,
	 "an earlier kernel left interrupt remapping on (kexec, or the firmware); this one took it over",
	 NULL},
	{PROBLEM_TRANSLATION_LEFT_ENABLED, POINT_OK,
	 "an earlier kernel left translation on (kexec, or the firmware); this one took it over",
	 NULL},
	{PROBLEM_GRAPHICS_EXCLUDED, POINT_WARN,
	 "the graphics of the processor are left out of translation: they can't be passed on",
	 "take igfx_off off the command line; where the chipset's quirk does it, only another device "
	 "can be passed on"},
	{PROBLEM_FEATURE_INCONSISTENT, POINT_WARN,
	 "not all units can do the same; the kernel uses what all can", "update the firmware"},
	{PROBLEM_EFR_MISMATCH, POINT_WARN,
	 "the unit and the firmware's table differ in what it can do", "update the firmware"},
	{PROBLEM_UNKNOWN_OPTION, POINT_WARN, "the kernel does not know this value of amd_iommu=",
	 "take it off the command line: AMD's IOMMU is on by itself where the firmware has it on"},
	{PROBLEM_STREAM_BLOCKED, POINT_WARN,
	 "an SMMU blocked a device that no firmware table names",
	 "update the firmware or the device tree"},
	{PROBLEM_KVM_DISABLED_BY_BIOS, POINT_FAIL,
	 "the processor's virtualization is switched off in the firmware",
	 "switch \"VT-x\", \"Intel Virtualization Technology\" or \"SVM\" on in the firmware's setup, and "
	 "turn the machine off and on"},
	{PROBLEM_XEN_DOM0, POINT_FAIL, "Xen owns the IOMMU: KVM and VFIO have no part in it",
	 "boot the same kernel without Xen"},
	{PROBLEM_VIRTUAL_MACHINE, POINT_WARN, "the log is of a virtual machine",
	 "devices can be passed on only as far as the host gave it devices and a virtual IOMMU"},
};

static void judge_plain(const struct judgement *j, enum log_problem problem)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		enum point_status status = plain[i].status;

		if (plain[i].problem != problem)
			continue;
		if (problem == PROBLEM_X2APIC_OPT_OUT &&
		    j->facts->interrupt_remapping != INTREMAP_ON)
			continue;
		add(j, log_problem_slug(problem), status,
		    quoted(j, plain[i].what, &j->facts->problems[problem].first), plain[i].remedy);
	}
}

static void judge_probe(const struct judgement *j)
{
	const struct log_problem_seen *p = &j->facts->problems[PROBLEM_VFIO_PROBE_FAILED];
	bool on = j->facts->iommu == IOMMU_ON;

	add(j, "vfio-probe-failed", on ? POINT_FAIL : POINT_WARN,
	    quoted(j,
		   on ? "vfio-pci refused a device"
		      : "vfio-pci refused a device, for want of an IOMMU",
		   &p->first),
	    on ? "see the lines before it: the device may be in no group, or a bridge"
	       : "see iommu: this follows from it");
}

static void judge_problem(const struct judgement *j, enum log_problem problem)
{
	switch (problem) {
	case PROBLEM_DMA_FAULT:
		judge_faults(j, problem);
		break;
	case PROBLEM_RMRR_BOUND:
		judge_bound(j);
		break;
	case PROBLEM_IOAPIC_NOT_IN_IVRS:
	case PROBLEM_NO_SOUTHBRIDGE_IOAPIC:
		judge_ioapic(j, problem);
		break;
	case PROBLEM_ACS_OVERRIDE:
		judge_override(j);
		break;
	case PROBLEM_VFIO_PROBE_FAILED:
		judge_probe(j);
		break;
	default:
		/* What is in no row is the reason that judge_off() or "broken" has given. */
		judge_plain(j, problem);
	}
}

void readiness_of_problem(const struct kernel_log_facts *facts, enum log_problem problem,
			  struct arena *arena, struct readiness *r)
{
	const struct judgement j = {facts, arena, r};

	judge_problem(&j, problem);
}

void readiness_of_log(const struct kernel_log_facts *facts, struct arena *arena,
		      struct readiness *ret)
{
	struct judgement j = {facts, arena, ret};

	*ret = (struct readiness){.ready = READY_UNKNOWN};
	judge_boot(&j);
	judge_iommu(&j);
	judge_remapping(&j);
	judge_groups(&j);
	for (int p = 0; p < LOG_PROBLEMS; p++)
		if (facts->problems[p].count)
			judge_problem(&j, (enum log_problem)p);
}
