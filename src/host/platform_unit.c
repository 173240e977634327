// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The IOMMUs that the kernel brought up, with their capability registers and the devices that each
 * translates for. Attributes: Documentation/ABI/testing/sysfs-class-iommu-{intel-iommu,amd-iommu}.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/iommu_registers.h"
#include "host/platform_read.h"

static int read_register(struct host_reader *r, const char *unit, const char *name, uint64_t *ret)
{
	char buffer[64];
	int err = root_read_attribute(&r->sys,
				      arena_printf(r->scratch, "class/iommu/%s/%s", unit, name),
				      buffer, sizeof(buffer), NULL);

	return err ? err : text_parse_u64(buffer, 16, UINT64_MAX, ret);
}

static void read_intel(struct host_reader *r, struct host_unit *u)
{
	u->is_intel = true;
	u->has_registers = !read_register(r, u->name, "intel-iommu/cap", &u->cap) &&
			   !read_register(r, u->name, "intel-iommu/ecap", &u->ecap);
	if (read_register(r, u->name, "intel-iommu/address", &u->address))
		u->address = 0;
}

static void read_amd(struct host_reader *r, struct host_unit *u)
{
	char buffer[64];

	u->is_amd = true;
	if (root_read_attribute(
		    &r->sys, arena_printf(r->scratch, "class/iommu/%s/amd-iommu/features", u->name),
		    buffer, sizeof(buffer), NULL))
		return;
	u->has_registers =
		!amd_features_parse(text_trim_end(buffer), &u->efr, &u->efr2, &u->has_efr2);
}

static void read_devices(struct host_reader *r, struct host_unit *u)
{
	char **names;
	int err = root_list(&r->sys, r->arena,
			    arena_printf(r->scratch, "class/iommu/%s/devices", u->name), &names,
			    &u->n_devices);

	u->devices_read = fact_from_code(err);
	if (!err)
		u->devices = (const char **)names;
}

void platform_read_units(struct host_reader *r, struct host_platform *ret)
{
	const struct host *host = r->host;
	size_t i;

	ret->units = arena_calloc(r->arena, host->n_units, sizeof(*ret->units));
	ret->n_units = host->n_units;
	for (i = 0; i < host->n_units; i++) {
		struct host_unit *u = &ret->units[i];

		u->name = host->units[i].name;
		if (!root_exists(&r->sys,
				 arena_printf(r->scratch, "class/iommu/%s/intel-iommu", u->name)) ||
		    text_has_prefix(u->name, "dmar"))
			read_intel(r, u);
		else if (!root_exists(&r->sys, arena_printf(r->scratch, "class/iommu/%s/amd-iommu",
							    u->name)) ||
			 text_has_prefix(u->name, "ivhd"))
			read_amd(r, u);
		read_devices(r, u);
	}
}
