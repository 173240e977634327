// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The processor: can it run guests at all. That it can says nothing of an IOMMU, and the point says so,
 * for that is what people take it for.
 */
#include "analysis/readiness_judge.h"
#include "base/arena.h"

static const char *kind_name(const struct host_cpu *cpu)
{
	static const char *const names[] = {
		[CPU_UNKNOWN] = "a processor of an architecture that ferry does not know",
		[CPU_INTEL] = "Intel",
		[CPU_AMD] = "AMD",
		[CPU_OTHER_X86] = "an x86 processor of another maker",
		[CPU_ARM] = "Arm",
	};

	return names[cpu->kind];
}

static const char *describe(const struct judge *j)
{
	const struct host_cpu *cpu = &j->platform->cpu;
	const char *bits = cpu->physical_bits ? arena_printf(j->arena, ", addresses of %u bits",
							     cpu->physical_bits)
					      : "";

	return arena_printf(j->arena, "%s%s%s%s", kind_name(cpu), cpu->model ? ", " : "",
			    cpu->model ? cpu->model : "", bits);
}

static void judge_arm(const struct judge *j)
{
	judge_add(j, "cpu", POINT_OK, NULL,
		  "%s: its IOMMUs are called SMMU, and there is no vmx or svm to look for",
		  describe(j));
}

/* The flag is missing: the kernel takes it away where the firmware has locked virtualization. */
static void judge_flagless(const struct judge *j)
{
	const struct host_cpu *cpu = &j->platform->cpu;
	const char *word = cpu->kind == CPU_AMD ? "svm" : "vmx";

	/* KVM can do without the flag only where somebody else stands below it. */
	if (cpu->is_virtual)
		judge_add(j, "cpu", j->host->kernel.kvm == FACT_READ ? POINT_WARN : POINT_FAIL,
			  "switch nested virtualization on for this machine where it runs "
			  "(libvirt: <cpu mode='host-passthrough'/>)",
			  "%s: a virtual machine that was not given %s", describe(j), word);
	else
		judge_add(
			j, "cpu", POINT_FAIL,
			cpu->kind == CPU_AMD
				? "switch \"SVM\" on in the firmware's setup and turn the machine off and "
				  "on; where there is no such switch the processor cannot"
				: "switch \"VT-x\" or \"Intel Virtualization Technology\" on in the "
				  "firmware's setup and turn the machine off and on; where there is no "
				  "such switch the processor cannot",
			"%s: no %s among the flags of /proc/cpuinfo, so it runs no guest",
			describe(j), word);
}

void judge_cpu(const struct judge *j)
{
	const struct host_cpu *cpu = &j->platform->cpu;

	if (cpu->read != FACT_READ)
		judge_aside(j, "cpu", POINT_UNKNOWN, judge_how_to_read(j, cpu->read),
			    "/proc/cpuinfo: %s", fact_name(cpu->read));
	else if (cpu->kind == CPU_ARM)
		judge_arm(j);
	else if (cpu->kind == CPU_UNKNOWN)
		judge_aside(j, "cpu", POINT_UNKNOWN, "see iommu: groups are what counts", "%s",
			    describe(j));
	else if (!cpu->has_vmx && !cpu->has_svm)
		judge_flagless(j);
	else
		judge_add(j, "cpu", POINT_OK, NULL,
			  "%s; %s: it runs guests, which proves no IOMMU%s", describe(j),
			  cpu->has_vmx ? "vmx" : "svm",
			  cpu->is_virtual ? "; it is a virtual machine itself" : "");
}
