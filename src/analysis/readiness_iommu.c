// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Is the IOMMU at work, and if not, which of the reasons is it that people confuse: the firmware has no
 * table, the table is there and the kernel was built without, the parameter is missing, it is written and
 * this boot did not use it, the kernel threw the table away.
 */
#include "analysis/firmware_words.h"
#include "analysis/readiness_judge.h"
#include "analysis/readiness_log.h"
#include "base/arena.h"
#include "decode/kernel_config.h"

#define UNSAFE                                                                                         \
	"only where every guest is trusted: vfio_iommu_type1.allow_unsafe_interrupts=1, which lets a " \
	"guest's device send any interrupt to the host"

static bool has_table(const struct host_table *t)
{
	return t->read == FACT_READ || t->read == FACT_DENIED;
}

static enum config_value config(const struct judge *j, const char *name)
{
	return kernel_config_value(j->platform->build.config, name);
}

static void fail(const struct judge *j, const char *remedy, const char *evidence)
{
	judge_add(j, "iommu", POINT_FAIL, remedy, "%s", evidence);
}

/* What lies outside firmware and driver: the table's absence would only be its consequence. */
static bool is_kept_away(const struct judge *j)
{
	const struct host_firmware *f = &j->platform->firmware;
	const struct kernel_cmdline_word *off = j->asked.all_off     ? j->asked.all_off
						: j->asked.intel_off ? j->asked.intel_off
								     : j->asked.amd_off;

	if (f->is_xen_dom0)
		fail(j, "boot the same kernel without Xen",
		     "this is Xen's dom0: Xen owns the IOMMU, KVM and VFIO have no part in it");
	else if (kernel_cmdline_has(&j->words, "acpi", "off"))
		fail(j, "take acpi=off off the kernel's command line and reboot",
		     "acpi=off on the kernel's command line hides the firmware's tables");
	else if (off)
		fail(j,
		     arena_printf(j->arena, "take %s off the kernel's command line and reboot",
				  off->text),
		     arena_printf(j->arena, "%s on the kernel's command line switches it off",
				  off->text));
	else
		return false;
	return true;
}

static bool has_no_table(const struct judge *j)
{
	const struct host_firmware *f = &j->platform->firmware;

	if (has_table(&f->dmar) || has_table(&f->ivrs) || f->tables_read != FACT_READ)
		return false;
	if (j->platform->cpu.is_virtual)
		fail(j,
		     "give the guest a virtual one (libvirt: <iommu model='intel'> with "
		     "<driver intremap='on'/>), or run ferry on the host",
		     "this virtual machine has no IOMMU: no DMAR and no IVRS among its tables");
	else
		fail(j,
		     arena_printf(
			     j->arena,
			     "%s; where there is no such switch, update the firmware, else the "
			     "processor or the board cannot",
			     judge_firmware_switch(j)),
		     arena_printf(j->arena,
				  "the firmware%s%s gives the kernel no DMAR and no IVRS table",
				  f->machine ? " of " : "", f->machine ? f->machine : ""));
	return true;
}

/* Intel's driver waits to be asked, unless the kernel was built to need no asking. */
static void judge_intel_off(const struct judge *j)
{
	const char *saved = j->platform->build.saved_intel_on;

	if (config(j, "INTEL_IOMMU") == CONFIG_NO)
		fail(j, "use a kernel built with CONFIG_INTEL_IOMMU",
		     "the firmware has a DMAR table, this kernel was built without a driver for it "
		     "(CONFIG_INTEL_IOMMU)");
	else if (j->asked.intel_on)
		fail(j,
		     arena_printf(j->arena,
				  "look at what DMAR says in journalctl -k -b; %s, and update the "
				  "firmware",
				  judge_firmware_switch(j)),
		     "intel_iommu=on is on the command line of this boot and a DMAR table is there, yet "
		     "the kernel brought no unit up");
	else if (saved)
		fail(j,
		     "make the boot loader's files anew (ferry iommu enable, or the tool of your "
		     "distribution: update-grub, grub2-mkconfig), then reboot",
		     arena_printf(j->arena,
				  "%s has intel_iommu=on, this boot did not use it: it is not in "
				  "/proc/cmdline",
				  saved));
	else
		fail(j,
		     "add intel_iommu=on to the kernel's command line (ferry iommu enable) and reboot",
		     "the firmware has a DMAR table, the kernel was not asked to use it: "
		     "intel_iommu=on is not in /proc/cmdline");
}

static void judge_amd_off(const struct judge *j)
{
	if (config(j, "AMD_IOMMU") == CONFIG_NO)
		fail(j, "use a kernel built with CONFIG_AMD_IOMMU",
		     "the firmware has an IVRS table, this kernel was built without a driver for it "
		     "(CONFIG_AMD_IOMMU)");
	else
		fail(j, "look at what AMD-Vi says in journalctl -k -b, and update the firmware",
		     "the firmware has an IVRS table, no unit came up; no parameter is needed for it");
}

static void judge_off(const struct judge *j)
{
	const struct host_firmware *f = &j->platform->firmware;

	if (is_kept_away(j) || has_no_table(j))
		return;
	if (has_table(&f->dmar) && j->facts->vendor == IOMMU_VENDOR_INTEL)
		judge_intel_off(j);
	else if (has_table(&f->ivrs))
		judge_amd_off(j);
	else if (j->facts->vendor == IOMMU_VENDOR_ARM || j->platform->cpu.kind == CPU_ARM)
		fail(j,
		     "switch the SMMU on in the firmware, and use a kernel built with CONFIG_ARM_SMMU_V3",
		     "no SMMU is at work");
	else
		fail(j, judge_firmware_switch(j),
		     arena_printf(j->arena, "no IOMMU is at work (%s)",
				  j->facts->iommu_line.text ? j->facts->iommu_line.text
							    : "no group"));
}

static void judge_state(const struct judge *j)
{
	const struct kernel_log_facts *f = j->facts;

	if (f->iommu == IOMMU_ON)
		judge_add(j, "iommu", POINT_OK, NULL, "DMA is translated (%s)", f->iommu_line.text);
	else if (f->iommu == IOMMU_BROKEN)
		fail(j,
		     arena_printf(
			     j->arena,
			     "no kernel parameter helps: %s; where it is on, update the firmware",
			     judge_firmware_switch(j)),
		     arena_printf(j->arena,
				  "the kernel threw the firmware's description of it away (%s)",
				  f->iommu_line.text));
	else if (f->iommu == IOMMU_OFF)
		judge_off(j);
	else
		judge_add(j, "iommu", POINT_UNKNOWN,
			  judge_how_to_read(j, j->host->parts[HOST_GROUPS]),
			  "/sys/kernel/iommu_groups: %s, and nothing else tells whether DMA is "
			  "translated",
			  fact_name(j->host->parts[HOST_GROUPS]));
}

static const char *remapping_remedy(const struct judge *j)
{
	if (j->asked.intremap_off)
		return arena_printf(j->arena, "take %s off the kernel's command line and reboot",
				    j->asked.intremap_off->text);
	if (j->facts->iommu == IOMMU_BROKEN || j->facts->iommu == IOMMU_OFF)
		return "see iommu: this comes with it";
	if (config(j, "IRQ_REMAP") == CONFIG_NO)
		return "use a kernel built with CONFIG_IRQ_REMAP; " UNSAFE;
	return "update the firmware; " UNSAFE;
}

/* On Arm the interrupt translation service keeps devices apart, and nothing is printed of it. */
static void judge_remapping(const struct judge *j)
{
	const struct kernel_log_facts *f = j->facts;
	const char *line = f->interrupt_remapping_line.text;

	if (f->vendor == IOMMU_VENDOR_ARM || j->platform->cpu.kind == CPU_ARM)
		return;
	if (f->interrupt_remapping == INTREMAP_ON)
		judge_add(j, "interrupt-remapping", POINT_OK, NULL, "interrupts are remapped (%s)",
			  line);
	else if (f->interrupt_remapping == INTREMAP_OFF && judge_is_unsafe(j))
		judge_add(j, "interrupt-remapping", POINT_WARN, remapping_remedy(j),
			  "interrupts are not remapped (%s); guests start because "
			  "allow_unsafe_interrupts is in force",
			  line);
	else if (f->interrupt_remapping == INTREMAP_OFF)
		judge_add(j, "interrupt-remapping", POINT_FAIL, remapping_remedy(j),
			  "interrupts are not remapped: no guest with a device will start (%s)",
			  line);
	else
		judge_add(j, "interrupt-remapping", POINT_UNKNOWN,
			  f->iommu == IOMMU_OFF ? "see iommu: this comes with it"
						: judge_how_to_read(j, j->platform->log_read),
			  "neither /proc/interrupts nor the kernel's log (%s) tells whether "
			  "interrupts are remapped",
			  fact_name(j->platform->log_read));
}

static void judge_domain(const struct judge *j)
{
	const struct kernel_log_facts *f = j->facts;

	if (f->iommu != IOMMU_ON)
		return;
	if (f->default_domain == DOMAIN_UNKNOWN)
		judge_aside(
			j, "default-domain", POINT_UNKNOWN,
			judge_how_to_read(j, j->platform->log_read),
			"the groups do not say whether the host's own devices are translated for");
	else
		judge_aside(
			j, "default-domain", POINT_OK, NULL,
			"the host's own devices: %s (%s); a guest's device is translated for in "
			"both cases",
			default_domain_name(f->default_domain), f->default_domain_line.text);
}

static size_t count_grouped(const struct host *host)
{
	size_t n = 0, i;

	for (i = 0; i < host->n_devices; i++)
		n += host->devices[i].group >= 0;
	return n;
}

static void judge_groups(const struct judge *j)
{
	const struct host *host = j->host;
	enum fact read = host->parts[HOST_GROUPS];
	size_t grouped = count_grouped(host);

	if (grouped && j->facts->iommu == IOMMU_ON)
		judge_add(j, "iommu-groups", POINT_OK, NULL,
			  "%zu groups hold %zu of %zu PCI devices", host->n_groups, grouped,
			  host->n_devices);
	else if (j->facts->iommu == IOMMU_OFF || j->facts->iommu == IOMMU_BROKEN)
		judge_add(j, "iommu-groups", POINT_FAIL,
			  "see iommu: without an IOMMU at work there are no groups", "%s",
			  grouped ? "the groups are VFIO's own, without an IOMMU behind them"
			  : host->n_groups ? "there are IOMMU groups, but no PCI device is in one"
			  : read == FACT_READ ? "/sys/kernel/iommu_groups is empty"
					      : "there is no IOMMU group");
	else
		judge_add(j, "iommu-groups", POINT_UNKNOWN, judge_how_to_read(j, read),
			  "/sys/kernel/iommu_groups: %s",
			  read == FACT_READ ? "empty" : fact_name(read));
}

void judge_iommu(const struct judge *j)
{
	judge_state(j);
	judge_remapping(j);
	judge_domain(j);
	judge_groups(j);
}
