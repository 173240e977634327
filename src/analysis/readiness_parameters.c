// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel's command line and how it was built: which words count, which are needless, which are not
 * known to any kernel. And what else the kernel said in this boot.
 */
#include <string.h>

#include "analysis/diagnosis_cmdline.h"
#include "analysis/readiness_judge.h"
#include "analysis/readiness_log.h"
#include "base/arena.h"
#include "base/text.h"
#include "decode/kernel_config.h"

static enum config_value config(const struct judge *j, const char *name)
{
	return kernel_config_value(j->platform->build.config, name);
}

static bool is_on_by_itself(const struct judge *j)
{
	return config(j, "INTEL_IOMMU_DEFAULT_ON") == CONFIG_YES ||
	       config(j, "INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF") == CONFIG_YES;
}

/* Why a word could as well not be there; "": it counts, or it can't be told. */
static const char *needless(const struct judge *j)
{
	if (j->asked.intel_on && j->facts->vendor == IOMMU_VENDOR_AMD)
		return "; intel_iommu=on does nothing on this machine, whose IOMMU is AMD's and on by "
		       "itself";
	if (j->asked.intel_on && is_on_by_itself(j))
		return "; intel_iommu=on is needless here: this kernel was built to switch it on by "
		       "itself";
	if (!j->asked.intel_on && j->platform->build.saved_intel_on && j->facts->iommu == IOMMU_ON)
		return arena_printf(
			j->arena,
			"; intel_iommu=on stands in %s, this boot did not use it and does "
			"not need it",
			j->platform->build.saved_intel_on);
	return "";
}

static const char *list_words(const struct judge *j)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < j->facts->parameters.count; i++)
		text_addf(&t, "%s%s", i ? " " : "", j->facts->parameters.words[i].text);
	return t.len ? arena_strdup(j->arena, text_str(&t)) : "no word about IOMMU, VFIO or KVM";
}

static void judge_words(const struct judge *j)
{
	const char *line = j->host->kernel.command_line, *word;
	enum cmdline_fault fault;
	size_t len;

	if (!line) {
		judge_aside(j, "kernel-parameters", POINT_UNKNOWN,
			    judge_how_to_read(j, FACT_UNREADABLE),
			    "/proc/cmdline could not be read");
		return;
	}
	line = arena_printf(j->arena, "Command line: %s", line);
	fault = cmdline_fault_find(line, strlen(line), &word, &len);
	if (fault == CMDLINE_TYPO)
		judge_aside(j, "kernel-parameters", POINT_WARN,
			    "spell it as the manual does (intel_iommu=on, iommu=pt, "
			    "vfio-pci.ids=...) and reboot",
			    "/proc/cmdline: \"%.*s\" is no parameter of any kernel, which drops it "
			    "without a word",
			    (int)len, word);
	else if (fault == CMDLINE_UNKNOWN)
		judge_aside(j, "kernel-parameters", POINT_WARN, "take it off the command line",
			    "/proc/cmdline: the kernel does not know \"%.*s\"", (int)len, word);
	else if (j->facts->problems[PROBLEM_UNKNOWN_OPTION].count)
		judge_aside(j, "kernel-parameters", POINT_WARN,
			    "take it off: AMD's IOMMU is on by itself where the firmware has it on",
			    "/proc/cmdline: %s; the kernel knows no such value of amd_iommu=",
			    list_words(j));
	else
		judge_aside(j, "kernel-parameters", POINT_OK, NULL, "/proc/cmdline: %s%s",
			    list_words(j), needless(j));
}

static void judge_build(const struct judge *j)
{
	static const char *const options[] = {"INTEL_IOMMU",
					      "INTEL_IOMMU_DEFAULT_ON",
					      "INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF",
					      "AMD_IOMMU",
					      "IRQ_REMAP",
					      "IOMMU_DEFAULT_PASSTHROUGH",
					      "ARM_SMMU_V3",
					      "VFIO_PCI",
					      "VFIO_DEVICE_CDEV",
					      "IOMMUFD",
					      "KVM"};
	static const char letters[] = {'?', 'n', 'm', 'y'};
	TEXT_AUTO struct text t = {0};
	size_t i;

	if (!j->platform->build.config) {
		judge_aside(j, "kernel-build", POINT_UNKNOWN,
			    j->host->is_live
				    ? "install the kernel's configuration as /boot/config-RELEASE, "
				      "if you want to know"
				    : judge_how_to_read(j, FACT_ABSENT),
			    "the kernel's configuration is nowhere to be read");
		return;
	}
	for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
		enum config_value v = config(j, options[i]);

		if (v != CONFIG_UNKNOWN)
			text_addf(&t, "%s%s=%c", t.len ? " " : "", options[i], letters[v]);
	}
	judge_aside(j, "kernel-build", POINT_OK, NULL, "%s: %s", j->platform->build.config_path,
		    text_str(&t));
}

void judge_parameters(const struct judge *j)
{
	judge_words(j);
	judge_build(j);
}

/* Those that another point says, with more to say of it. */
static bool is_said(const struct judge *j, enum log_problem problem)
{
	switch (problem) {
	case PROBLEM_RMRR_BOUND:
		return !j->facts->problems[problem].first.line;
	case PROBLEM_X2APIC_OPT_OUT:
	case PROBLEM_XEN_DOM0:
	case PROBLEM_VIRTUAL_MACHINE:
		return true;
	case PROBLEM_UNKNOWN_OPTION:
		return !j->facts->problems[problem].first.line;
	case PROBLEM_INTERRUPT_REMAPPING_DISABLED:
		return j->facts->interrupt_remapping == INTREMAP_OFF;
	default:
		return false;
	}
}

void judge_problems(const struct judge *j)
{
	int p;

	if (j->facts->problems[PROBLEM_VIRTUAL_MACHINE].count)
		judge_aside(
			j, "virtual-machine", POINT_WARN,
			"none is needed; only what the host gave this machine can be passed on, and "
			"only with a virtual IOMMU",
			"this is a virtual machine itself");
	for (p = 0; p < LOG_PROBLEMS; p++)
		if (j->facts->problems[p].count && !is_said(j, (enum log_problem)p))
			readiness_of_problem(j->facts, (enum log_problem)p, j->arena, j->points);
}
