// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See diagnosis_host.h. "Group 6 is not viable" is true of a machine at one moment; which member it is,
 * and with which driver, only the machine itself can say.
 */
#include "analysis/diagnosis_host.h"

#include "analysis/group.h"
#include "base/arena.h"
#include "base/text.h"

static const struct pci_device *device_of(const struct diagnosis_finding *f,
					  const struct host *host)
{
	size_t i;

	for (i = 0; f->device && i < host->n_devices; i++)
		if (text_equal(host->devices[i].name, f->device))
			return &host->devices[i];
	return NULL;
}

static const struct iommu_group *group_of(const struct diagnosis_finding *f,
					  const struct host *host, const struct pci_device *device)
{
	size_t i;

	if (device && device->group >= 0)
		return &host->groups[device->group];
	for (i = 0; f->group >= 0 && i < host->n_groups; i++)
		if (host->groups[i].id == (uint64_t)f->group)
			return &host->groups[i];
	return NULL;
}

static void add_device(struct text *t, const struct pci_device *d)
{
	text_add(t, d->name);
	if (d->device_name)
		text_addf(t, " %s", d->device_name);
	if (d->driver)
		text_addf(t, " (driver %s)", d->driver);
	else
		text_add(t, " (no driver)");
}

/* The members that keep the group from being handed over. */
static void add_blockers(struct text *t, const struct host *host, const struct iommu_group *group)
{
	size_t i, n = 0;

	for (i = 0; i < group->n_devices; i++) {
		const struct pci_device *d = &host->devices[group->devices[i]];

		if (!group_member_blocks(host, d))
			continue;
		text_add(t, n++ ? ", " : " In the way now: ");
		add_device(t, d);
	}
	if (n)
		text_add(t, ".");
	else
		text_addf(t, " Now no member of group %u is in the way any more.", group->id);
}

static void add_regions(struct text *t, const struct iommu_group *group)
{
	if (group->regions_read != FACT_READ)
		return;
	if (group->n_direct_regions)
		text_addf(t, " The kernel lists %zu such region%s for group %u: %s%s.",
			  group->n_direct_regions, group->n_direct_regions > 1 ? "s" : "",
			  group->id, group->direct_regions[0],
			  group->n_direct_regions > 1 ? ", ..." : "");
	else
		text_addf(t, " Now the kernel lists no such region for group %u any more.",
			  group->id);
}

static bool is_one_of(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (text_equal(s, *list))
			return true;
	return false;
}

static void finding_name(struct diagnosis_finding *f, const struct host *host, struct arena *a)
{
	static const char *const of_driver[] = {
		"not-bound-vfio", "not-detached", "driver-busy", "device-open-failed", "d3-stuck",
		"reset-failed",   "device-gone",  "no-reset",    "boot-vga-claimed",   NULL};
	const struct pci_device *device = device_of(f, host);
	const struct iommu_group *group = group_of(f, host, device);
	TEXT_AUTO struct text t = {0};

	if (group && f->group < 0)
		f->group = group->id;
	text_add(&t, f->meaning);
	if (group && text_equal(f->cause, "group-not-viable"))
		add_blockers(&t, host, group);
	else if (group && text_equal(f->cause, "rmrr-bound"))
		add_regions(&t, group);
	else if (device && is_one_of(f->cause, of_driver)) {
		text_add(&t, " It is ");
		add_device(&t, device);
		text_add(&t, ".");
	} else if (!device && f->device && is_one_of(f->cause, of_driver)) {
		text_addf(&t, " %s is not on this machine now.", f->device);
	}
	f->meaning = arena_strdup(a, text_str(&t));
}

void diagnosis_name_devices(struct diagnosis *d, const struct host *host, struct arena *a)
{
	size_t i;

	if (host->parts[HOST_PCI] != FACT_READ || host->parts[HOST_GROUPS] != FACT_READ)
		return;
	for (i = 0; i < d->n_findings; i++)
		finding_name(&d->findings[i], host, a);
}
