// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * VFIO: is the driver there or loadable, by which interface are devices opened, and was safety traded for
 * a start. A module that is not loaded is no fault: it is loaded when it is needed.
 */
#include <string.h>

#include "analysis/readiness_judge.h"
#include "base/arena.h"
#include "decode/kernel_config.h"

static enum module_state state(const struct judge *j, enum host_module module)
{
	return j->platform->build.modules[module];
}

static bool is_built_without(const struct judge *j)
{
	return state(j, HOST_MODULE_VFIO_PCI) == MODULE_ABSENT ||
	       kernel_config_value(j->platform->build.config, "VFIO_PCI") == CONFIG_NO;
}

static void judge_driver(const struct judge *j)
{
	const struct host_kernel *k = &j->host->kernel;
	enum module_state s = state(j, HOST_MODULE_VFIO_PCI);

	if (k->has_vfio_pci)
		judge_add(j, "vfio-pci", POINT_OK, NULL, "the driver vfio-pci is there%s",
			  s == MODULE_BUILT_IN ? ", built in" : "");
	else if (k->vfio_pci_barred)
		judge_add(j, "vfio-pci", POINT_FAIL, "take that line out",
			  "the module is kept from loading: %s", k->vfio_pci_barred);
	else if (is_built_without(j))
		judge_add(
			j, "vfio-pci", POINT_FAIL,
			"install the package with the kernel's extra modules, or use a kernel built "
			"with CONFIG_VFIO_PCI",
			"this kernel (%s) has no module vfio-pci", k->release ? k->release : "?");
	else if (s == MODULE_UNKNOWN && !j->host->is_live)
		judge_aside(j, "vfio-pci", POINT_UNKNOWN, judge_how_to_read(j, FACT_ABSENT),
			    "the list of the kernel's modules is not there to be read");
	else
		judge_add(j, "vfio-pci", POINT_OK, NULL,
			  "the module vfio-pci is not loaded; ferry loads it when it is needed");
}

static void judge_interface(const struct judge *j)
{
	const struct host_vfio *v = &j->platform->vfio;
	enum module_state iommufd = state(j, HOST_MODULE_IOMMUFD);
	enum config_value built = kernel_config_value(j->platform->build.config, "IOMMUFD");

	judge_aside(j, "vfio-interface", POINT_OK, NULL,
		    "by group (/dev/vfio/vfio): %s; by device (iommufd): %s%s",
		    v->has_group_interface ? "there" : "comes with the module vfio",
		    v->has_iommufd               ? "there"
		    : iommufd == MODULE_LOADABLE ? "loadable"
		    : built == CONFIG_NO || iommufd == MODULE_ABSENT
			    ? "not in this kernel, and not needed"
			    : "not there, and not needed",
		    v->has_device_interface ? ", and devices have files of their own" : "");
}

static bool is_yes(const struct judge *j, const char *name)
{
	return kernel_cmdline_has(&j->words, name, "1") ||
	       kernel_cmdline_has(&j->words, name, "Y") || kernel_cmdline_has(&j->words, name, "y");
}

bool judge_is_unsafe(const struct judge *j)
{
	const struct host_vfio *v = &j->platform->vfio;

	return v->type1_unsafe == 'Y' || v->iommufd_unsafe == 'Y' ||
	       (!v->type1_unsafe && is_yes(j, "vfio_iommu_type1.allow_unsafe_interrupts"));
}

static void judge_unsafe(const struct judge *j)
{
	const struct host_vfio *v = &j->platform->vfio;

	if (judge_is_unsafe(j))
		judge_aside(
			j, "unsafe-interrupts", POINT_WARN,
			j->facts->interrupt_remapping == INTREMAP_ON
				? "take allow_unsafe_interrupts out of /etc/modprobe.d and off the "
				  "command line: interrupts are remapped, nothing needs it"
				: "leave it only as long as every guest is trusted",
			"allow_unsafe_interrupts is in force: a guest's device may send any interrupt "
			"to the host");
	else if (v->type1_unsafe == 'N')
		judge_aside(j, "unsafe-interrupts", POINT_OK, NULL,
			    "allow_unsafe_interrupts is off");
	if (v->noiommu == 'Y')
		judge_aside(
			j, "unsafe-noiommu", POINT_WARN,
			"set enable_unsafe_noiommu_mode of the module vfio to N",
			"VFIO gives devices away without an IOMMU: they reach all of the host's "
			"memory");
}

void judge_vfio(const struct judge *j)
{
	judge_driver(j);
	judge_interface(j);
	judge_unsafe(j);
}
