// SPDX-License-Identifier: LGPL-2.1-or-later
/* See iommu_facts.h. Each fact has several places; the one that says most is asked first. */
#include "host/iommu_facts.h"

#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "host/host.h"
#include "host/read.h"

#define TABLES   "sys/firmware/acpi/tables"
#define DEFAULT  "CONFIG_INTEL_IOMMU_DEFAULT_ON"
#define GRAPHICS DEFAULT "_INTGPU_OFF"

static void set_vendor(struct iommu_facts *f, enum cpu_vendor vendor, const char *evidence)
{
	if (f->vendor != CPU_UNKNOWN)
		return;
	f->vendor = vendor;
	f->vendor_evidence = evidence;
}

/* The first processor's lines are enough. */
static void read_cpuinfo(const struct root *root, struct arena *arena, struct iommu_facts *f)
{
	static const struct {
		const char *id;
		enum cpu_vendor vendor;
	} ids[] = {
		{"GenuineIntel", CPU_INTEL}, {"CentaurHauls", CPU_INTEL},
		{"  Shanghai  ", CPU_INTEL}, {"AuthenticAMD", CPU_AMD},
		{"HygonGenuine", CPU_AMD},   {"CPU implementer", CPU_ARM},
	};
	char head[4096];
	size_t i;

	if (root_read_attribute(root, "proc/cpuinfo", head, sizeof(head), NULL))
		return;
	for (i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		if (strstr(head, ids[i].id))
			set_vendor(f, ids[i].vendor,
				   arena_printf(arena, "/proc/cpuinfo: %s", ids[i].id));
	}
}

static void read_tables(const struct root *root, struct arena *arena, struct iommu_facts *f)
{
	char **names;
	size_t n;
	int code = root_list(root, arena, TABLES, &names, &n);

	f->dmar = code ? FACT_NOT_READ : fact_from_code(root_exists(root, TABLES "/DMAR"));
	if (f->dmar == FACT_READ)
		set_vendor(f, CPU_INTEL, "/" TABLES "/DMAR is there");
	if (!root_exists(root, TABLES "/IVRS"))
		set_vendor(f, CPU_AMD, "/" TABLES "/IVRS is there");
}

/* A configuration that holds a line. */
static bool has_line(const char *text, const char *line)
{
	size_t n = strlen(line);
	const char *p;

	for (p = strstr(text, line); p; p = strstr(p + n, line)) {
		if ((p == text || p[-1] == '\n') && (p[n] == '\n' || p[n] == '\r' || !p[n]))
			return true;
	}
	return false;
}

static void take_config(const struct root *root, struct arena *arena, const char *path,
			struct iommu_facts *f)
{
	ARENA_AUTO struct arena *scratch = arena_new();
	enum iommu_default d = IOMMU_DEFAULT_OFF;
	const char *line = "no " DEFAULT "...";
	char *text;

	if (root_read(root, scratch, path, &text, NULL))
		return;
	if (has_line(text, DEFAULT "=y")) {
		d = IOMMU_DEFAULT_ON;
		line = DEFAULT "=y";
	} else if (has_line(text, GRAPHICS "=y")) {
		d = IOMMU_DEFAULT_ON_BUT_GRAPHICS;
		line = GRAPHICS "=y";
	}
	if (f->by_itself != IOMMU_DEFAULT_UNKNOWN && f->by_itself <= d)
		return;
	f->by_itself = d;
	f->default_evidence = arena_printf(arena, "/%s: %s", path, line);
}

static void take_release(const struct root *root, struct arena *arena, const char *release,
			 struct iommu_facts *f)
{
	take_config(root, arena, arena_printf(arena, "boot/config-%s", release), f);
	if (f->by_itself != IOMMU_DEFAULT_UNKNOWN)
		return;
	take_config(root, arena, arena_printf(arena, "lib/modules/%s/config", release), f);
	if (f->by_itself == IOMMU_DEFAULT_UNKNOWN)
		take_config(root, arena, arena_printf(arena, "usr/lib/modules/%s/config", release),
			    f);
}

static void read_configs(const struct root *root, struct arena *arena, const char *release,
			 struct iommu_facts *f)
{
	char **names;
	size_t n, i;

	if (release) {
		take_release(root, arena, release, f);
		return;
	}
	if (!root_list(root, arena, "boot", &names, &n)) {
		for (i = 0; i < n; i++) {
			if (text_has_prefix(names[i], "config-"))
				take_config(root, arena, arena_printf(arena, "boot/%s", names[i]),
					    f);
		}
	}
	if (f->by_itself == IOMMU_DEFAULT_UNKNOWN &&
	    !root_list(root, arena, "usr/lib/modules", &names, &n)) {
		for (i = 0; i < n; i++)
			take_config(root, arena,
				    arena_printf(arena, "usr/lib/modules/%s/config", names[i]), f);
	}
}

static void read_host(const struct root *root, struct arena *arena, struct iommu_facts *f,
		      const char **ret_release)
{
	struct host host;
	size_t i;

	if (host_read(root, HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_KERNEL),
		      arena, &host, NULL))
		return;
	f->has_units = host.n_units;
	f->has_groups = host.n_groups;
	*ret_release = host.kernel.release;
	for (i = 0; i < host.n_units; i++) {
		if (text_has_prefix(host.units[i].name, "dmar"))
			set_vendor(f, CPU_INTEL, "/sys/class/iommu holds dmar units");
		else if (text_has_prefix(host.units[i].name, "ivhd"))
			set_vendor(f, CPU_AMD, "/sys/class/iommu holds ivhd units");
	}
	for (i = 0; i < host.n_devices && !f->display; i++) {
		const struct pci_device *d = &host.devices[i];

		if (d->vendor == 0x8086 && d->class >> 16 == 3 && d->group < 0)
			f->display = d->name;
	}
}

void iommu_facts_read(const struct root *root, struct arena *arena, struct iommu_facts *ret)
{
	const char *release = NULL;
	char *text;

	*ret = (struct iommu_facts){0};
	read_cpuinfo(root, arena, ret);
	read_tables(root, arena, ret);
	read_host(root, arena, ret, &release);
	read_configs(root, arena, release, ret);
	if (!root_read_line(root, arena, "proc/cmdline", &text))
		ret->command_line = text;
	ret->is_xen =
		!root_read_line(root, arena, "sys/hypervisor/type", &text) && !strcmp(text, "xen");
}
