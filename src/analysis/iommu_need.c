// SPDX-License-Identifier: LGPL-2.1-or-later
/* See iommu_need.h. Pure: facts in, a judgement out. */
#include "analysis/iommu_need.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "analysis/diagnosis_cmdline.h"
#include "base/arena.h"
#include "base/text.h"
#include "decode/kernel_cmdline.h"

#define WORD "intel_iommu=on"

/*
 * The values that each parameter takes, with a blank around each. drivers/iommu/intel/iommu.c,
 * intel_iommu_setup; drivers/iommu/amd/init.c, parse_amd_iommu_options; arch/x86/kernel/pci-dma.c,
 * iommu_setup; drivers/iommu/irq_remapping.c, setup_irqremap; drivers/iommu/iommu.c.
 */
static const struct {
	const char *name, *values, *hint;
} known[] = {
	{"intel_iommu",
	 " on off igfx_off forcedac strict sp_off sm_on sm_off tboot_noforce nobounce ", NULL},
	{"amd_iommu",
	 " fullflush off force_isolation force_enable pgtbl_v1 pgtbl_v2 irtcachedis nohugepages "
	 "v2_pgsizes_only ",
	 "AMD's IOMMU is on by itself where the firmware has it on: no parameter is needed"},
	{"iommu",
	 " off force noforce biomerge panic nopanic merge nomerge forcesac allowdac nodac usedac soft "
	 "pt nopt ",
	 "the IOMMU itself is switched on by intel_iommu=on, or by nothing on AMD"},
	{"iommu.passthrough", " 0 1 y n on off ", NULL},
	{"iommu.strict", " 0 1 y n on off ", NULL},
	{"iommu.forcedac", " 0 1 y n on off ", NULL},
	{"intremap", " on off nosid no_x2apic_optout nopost posted_msi ", NULL},
	{"amd_iommu_intr", " legacy vapic ", NULL},
};

static bool has_value(const char *values, const char *item, size_t len)
{
	const char *p;

	for (p = strstr(values, " "); p && p[1]; p = strchr(p + 1, ' ')) {
		if (!strncmp(p + 1, item, len) && p[1 + len] == ' ')
			return len > 0;
	}
	return false;
}

/* A blank or quote would break it in one of the files; a '$' or ';' means something to GRUB's own shell. */
static bool is_writable(const char *word)
{
	size_t i;

	for (i = 0; word[i]; i++) {
		if (!isalnum((unsigned char)word[i]) && !strchr("_-.,:=/+@%", word[i]))
			return false;
	}
	return i && (isalpha((unsigned char)word[0]) || word[0] == '_');
}

static int check_values(size_t row, const char *value, struct arena *arena, const char **ret_why)
{
	const char *item = value ? value : "";
	size_t len;

	for (;; item += len + 1) {
		len = strcspn(item, ",");
		if (!has_value(known[row].values, item, len)) {
			*ret_why = arena_printf(
				arena, "the kernel knows no %s=%.*s%s%s (it knows%.*s)",
				known[row].name, (int)len, item, known[row].hint ? ": " : "",
				known[row].hint ? known[row].hint : "",
				(int)strlen(known[row].values) - 1, known[row].values);
			return -EINVAL;
		}
		if (!item[len])
			return 0;
	}
}

int iommu_word_check(const char *word, struct arena *arena, const char **ret_why)
{
	struct kernel_cmdline c;
	const char *line = arena_printf(arena, "cmdline: %s", word), *at;
	size_t i, len;

	if (!is_writable(word)) {
		*ret_why =
			"it holds a character that boot files give a meaning of its own: write it "
			"by hand";
		return -EINVAL;
	}
	kernel_cmdline_split(arena, word, strlen(word), &c);
	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (kernel_cmdline_name_equal(c.words[0].name, known[i].name))
			return check_values(i, c.words[0].value, arena, ret_why);
	}
	if (kernel_cmdline_name_equal(c.words[0].name, "vfio-pci.ids")) {
		*ret_why = "ferry binds devices by address, never by id: ferry detach does it";
		return -EINVAL;
	}
	if (cmdline_fault_find(line, strlen(line), &at, &len) != CMDLINE_FINE) {
		*ret_why = "the kernel knows no such parameter: it looks like a slip of the pen";
		return -EINVAL;
	}
	*ret_why =
		"ferry does not know that parameter; a kernel that does not know it either passes "
		"it over in silence.";
	return 1;
}

static bool is_asked_for(const struct iommu_facts *f)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct kernel_cmdline_iommu asked;
	struct kernel_cmdline c;

	if (!f->command_line)
		return false;
	kernel_cmdline_split(arena, f->command_line, strlen(f->command_line), &c);
	kernel_cmdline_iommu(&c, &asked);
	return asked.intel_on;
}

static void need_on_intel(const struct iommu_facts *f, struct arena *arena, struct iommu_need *ret)
{
	ret->word = WORD;
	switch (f->by_itself) {
	case IOMMU_DEFAULT_ON:
		ret->only_replace = true;
		ret->why = arena_printf(arena, "This kernel switches VT-d on by itself (%s).",
					f->default_evidence);
		return;
	case IOMMU_DEFAULT_ON_BUT_GRAPHICS:
		ret->only_replace = !f->display || !f->has_units;
		ret->why = ret->only_replace
				   ? arena_printf(arena,
						  "This kernel switches VT-d on by itself (%s).",
						  f->default_evidence)
				   : arena_printf(arena,
						  "This kernel switches VT-d on by itself, but not "
						  "for Intel's graphics (%s): %s has no group.",
						  f->default_evidence, f->display);
		return;
	case IOMMU_DEFAULT_OFF:
		ret->why =
			arena_printf(arena, "This kernel leaves VT-d off unless it is told (%s).",
				     f->default_evidence);
		return;
	case IOMMU_DEFAULT_UNKNOWN:
		break;
	}
	ret->only_replace = f->has_units && f->command_line && !is_asked_for(f);
	ret->why =
		ret->only_replace
			? "The IOMMU is up without a parameter."
			: "Whether this kernel switches VT-d on by itself could not be told: the "
			  "parameter does no harm where it does.";
}

/* Neither can be taken back by another word (arch/x86/kernel/pci-dma.c; drivers/iommu/amd/init.c). */
static bool refuse_off(const struct iommu_facts *f, struct iommu_need *ret)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct kernel_cmdline_iommu asked;
	struct kernel_cmdline c;

	if (!f->command_line)
		return false;
	kernel_cmdline_split(arena, f->command_line, strlen(f->command_line), &c);
	kernel_cmdline_iommu(&c, &asked);
	if (!asked.all_off && !(asked.amd_off && f->vendor == CPU_AMD))
		return false;
	ret->refusal = asked.all_off
			       ? "the kernel was started with iommu=off, which no other word "
				 "takes back"
			       : "the kernel was started with amd_iommu=off, which no other word "
				 "takes back";
	ret->remedy = "take that word out of the boot loader's files, then reboot";
	return true;
}

void iommu_need(const struct iommu_facts *f, struct arena *arena, struct iommu_need *ret)
{
	*ret = (struct iommu_need){0};
	if (f->is_xen) {
		ret->refusal = "this is Xen's first domain: Xen itself has the IOMMU";
		ret->remedy = "Xen's own command line has iommu=; VFIO is not for such a machine";
		return;
	}
	if (refuse_off(f, ret))
		return;
	switch (f->vendor) {
	case CPU_UNKNOWN:
		ret->refusal = "whose processor this system runs on could not be told: neither "
			       "/proc/cpuinfo nor the firmware's tables are there";
		ret->remedy = "say the parameter: --parameter " WORD " for Intel, none for AMD";
		return;
	case CPU_AMD:
		ret->why = "AMD's IOMMU is on by itself where the firmware has it on: no parameter "
			   "is needed.";
		return;
	case CPU_ARM:
		ret->why = "Arm's SMMU is on by itself: no parameter is needed.";
		return;
	case CPU_INTEL:
		break;
	}
	if (f->dmar == FACT_ABSENT) {
		ret->refusal =
			"the firmware has no DMAR table: no parameter brings up what it hides";
		ret->remedy = "switch VT-d on in the firmware's setup, then run this again "
			      "(--parameter " WORD " writes it all the same)";
		return;
	}
	need_on_intel(f, arena, ret);
}
