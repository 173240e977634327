// SPDX-License-Identifier: LGPL-2.1-or-later
/* See detail.h. Documentation/ABI/testing/sysfs-bus-pci says what each file holds. */
#include "host/detail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"

/* include/linux/ioport.h */
#define IORESOURCE_IO       0x00000100
#define IORESOURCE_MEM      0x00000200
#define IORESOURCE_PREFETCH 0x00002000
#define IORESOURCE_MEM_64   0x00100000
#define ROM                 6

struct place {
	const struct root *root;
	struct arena *arena;
	const struct pci_device *device;
};

static const char *path_of(const struct place *p, const char *file)
{
	return arena_printf(p->arena, "%s/%s/%s", p->device->folder, p->device->name, file);
}

/* NULL: it can't be read. */
static const char *line_of(const struct place *p, const char *file)
{
	char *text;

	return root_read_line(p->root, p->arena, path_of(p, file), &text) ? NULL : text;
}

static int64_t number_of(const struct place *p, const char *file)
{
	uint64_t value;

	return root_read_u64(p->root, path_of(p, file), &value) || value > INT64_MAX
		       ? -1
		       : (int64_t)value;
}

static void read_regions(const struct place *p, struct device_detail *d)
{
	char *text, *line, *save = NULL;
	unsigned int index = 0;
	int err = root_read(p->root, p->arena, path_of(p, "resource"), &text, NULL);

	d->regions_read = fact_from_code(err);
	for (line = err ? NULL : strtok_r(text, "\n", &save); line && index <= ROM;
	     line = strtok_r(NULL, "\n", &save), index++) {
		uint64_t start, end, flags;
		struct device_region *r;

		if (sscanf(line, "%" SCNx64 " %" SCNx64 " %" SCNx64, &start, &end, &flags) != 3) {
			d->regions_read = FACT_UNREADABLE;
			return;
		}
		if (!(flags & (IORESOURCE_IO | IORESOURCE_MEM)) || end < start)
			continue;
		r = arena_append(p->arena, d->regions, d->n_regions);
		r->index = index;
		r->start = start;
		r->size = end - start + 1;
		r->is_io = flags & IORESOURCE_IO;
		r->is_64_bit = flags & IORESOURCE_MEM_64;
		r->is_prefetchable = flags & IORESOURCE_PREFETCH;
	}
}

static void read_link(const struct place *p, const char *which, struct device_link *ret)
{
	const char *speed = line_of(p, arena_printf(p->arena, "%s_link_speed", which));

	ret->speed =
		speed && device_link_speed(&(struct device_link){.speed = speed}) ? speed : NULL;
	ret->width = ret->speed ? number_of(p, arena_printf(p->arena, "%s_link_width", which)) : -1;
}

double device_link_speed(const struct device_link *link)
{
	return link->speed ? strtod(link->speed, NULL) : 0;
}

static void read_links(const struct place *p, const struct host *host, struct device_detail *d)
{
	struct place above = *p;

	read_link(p, "current", &d->now);
	read_link(p, "max", &d->most);
	d->above = p->device->parent;
	d->above_most.width = -1;
	if (d->above < 0)
		return;
	above.device = &host->devices[d->above];
	read_link(&above, "max", &d->above_most);
}

static void read_interrupts(const struct place *p, struct device_detail *d)
{
	char **names;
	const char *mode;
	size_t n;

	d->irq = number_of(p, "irq");
	if (!d->irq)
		d->irq = -1;
	if (root_list(p->root, p->arena, path_of(p, "msi_irqs"), &names, &n) || !n)
		return;
	d->n_msi = n;
	mode = line_of(p, arena_printf(p->arena, "msi_irqs/%s", names[0]));
	d->is_msix = text_equal(mode, "msix");
}

void device_detail_read(const struct root *root, const struct host *host, size_t device,
			struct arena *arena, struct device_detail *ret)
{
	const struct place p = {root, arena, &host->devices[device]};
	struct device_detail d = {0};
	char *name;

	d.override = line_of(&p, "driver_override");
	if (text_equal(d.override, "(null)"))
		d.override = "";
	if (!root_readlink_name(root, arena, path_of(&p, "driver/module"), &name))
		d.module = name;
	d.modalias = line_of(&p, "modalias");
	read_regions(&p, &d);
	d.reset_methods = line_of(&p, "reset_method");
	d.can_reset =
		(d.reset_methods && *d.reset_methods) || !root_exists(root, path_of(&p, "reset"));
	read_links(&p, host, &d);
	d.local_cpus = line_of(&p, "local_cpulist");
	d.power_state = line_of(&p, "power_state");
	d.runtime_status = line_of(&p, "power/runtime_status");
	d.has_rom = !root_exists(root, path_of(&p, "rom"));
	read_interrupts(&p, &d);
	d.functions = number_of(&p, "sriov_numvfs");
	d.most_functions = number_of(&p, "sriov_totalvfs");
	*ret = d;
}
