// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * HOST_PLATFORM, chapter by chapter. What one of them can't read is written down in its value; the part
 * as a whole is read as soon as anybody looked.
 */
#include "host/platform.h"

#include "base/arena.h"
#include "host/platform_read.h"

const char *module_state_name(enum module_state state)
{
	static const char *const names[] = {
		[MODULE_UNKNOWN] = "not known", [MODULE_ABSENT] = "not there",
		[MODULE_LOADABLE] = "loadable", [MODULE_BUILT_IN] = "built in",
		[MODULE_LOADED] = "loaded",
	};

	return names[state];
}

const char *host_module_name(enum host_module module)
{
	static const char *const names[HOST_MODULES] = {
		[HOST_MODULE_VFIO] = "vfio",
		[HOST_MODULE_VFIO_PCI] = "vfio_pci",
		[HOST_MODULE_VFIO_TYPE1] = "vfio_iommu_type1",
		[HOST_MODULE_IOMMUFD] = "iommufd",
		[HOST_MODULE_KVM] = "kvm",
		[HOST_MODULE_KVM_INTEL] = "kvm_intel",
		[HOST_MODULE_KVM_AMD] = "kvm_amd",
	};

	return names[module];
}

char platform_read_letter(struct host_reader *r, const char *path)
{
	char buffer[8];

	if (root_read_attribute(r->root, path, buffer, sizeof(buffer), NULL))
		return 0;
	return buffer[0] == '1' ? 'Y' : buffer[0] == '0' ? 'N' : buffer[0];
}

enum fact platform_read(struct host_reader *r)
{
	struct host_platform *p = arena_alloc(r->arena, sizeof(*p));

	platform_read_cpu(r, &p->cpu);
	platform_read_firmware(r, &p->firmware);
	platform_read_build(r, &p->build);
	platform_read_vfio(r, &p->vfio);
	platform_read_units(r, p);
	platform_read_log(r, p);
	platform_read_virtualization(r, &p->virtualization);
	r->host->platform = p;
	return FACT_READ;
}
