// SPDX-License-Identifier: LGPL-2.1-or-later
/* See readiness.h. The points stand in the order in which a person would have to mend them. */
#include "analysis/readiness.h"

#include "base/arena.h"

const char *point_status_name(enum point_status status)
{
	static const char *const names[] = {
		[POINT_OK] = "ok",
		[POINT_WARN] = "warn",
		[POINT_FAIL] = "fail",
		[POINT_UNKNOWN] = "unknown",
	};

	return names[status];
}

void readiness_add(struct readiness *r, struct arena *arena, const char *id,
		   enum point_status status, const char *evidence, const char *remedy)
{
	struct check_point *point;

	if (!r->n_points)
		r->ready = READY_YES;
	point = arena_append(arena, r->points, r->n_points);
	*point = (struct check_point){id, status, evidence, remedy};
	if (status == POINT_FAIL)
		r->ready = READY_NO;
	else if (status == POINT_UNKNOWN && r->ready == READY_YES)
		r->ready = READY_UNKNOWN;
}

const struct check_point *readiness_first(const struct readiness *r)
{
	static const enum point_status order[] = {POINT_FAIL, POINT_UNKNOWN, POINT_WARN};
	size_t i, j;

	for (i = 0; i < sizeof(order) / sizeof(*order); i++) {
		for (j = 0; j < r->n_points; j++) {
			if (r->points[j].status == order[i])
				return &r->points[j];
		}
	}
	return NULL;
}

static void check_units(struct readiness *r, const struct host *host, struct arena *arena)
{
	if (host->n_units)
		readiness_add(r, arena, "iommu-units", POINT_OK,
			      arena_printf(arena, "/sys/class/iommu: %zu unit%s, %s first",
					   host->n_units, host->n_units == 1 ? "" : "s",
					   host->units[0].name),
			      NULL);
	else if (host->n_groups)
		readiness_add(r, arena, "iommu-units", POINT_OK,
			      "/sys/class/iommu is empty or not there, but there are groups", NULL);
	else
		readiness_add(
			r, arena, "iommu-units", POINT_FAIL,
			"/sys/class/iommu names no unit: the kernel has brought no IOMMU up",
			"switch VT-d (Intel) or IOMMU (AMD) on in the firmware's setup; on Intel "
			"add intel_iommu=on to the kernel's command line; then reboot");
}

static size_t count_grouped(const struct host *host)
{
	size_t n = 0, i;

	for (i = 0; i < host->n_devices; i++)
		n += host->devices[i].group >= 0;
	return n;
}

static void check_groups(struct readiness *r, const struct host *host, struct arena *arena)
{
	size_t grouped = count_grouped(host);

	if (host->parts[HOST_GROUPS] != FACT_READ && host->parts[HOST_GROUPS] != FACT_ABSENT)
		readiness_add(r, arena, "iommu-groups", POINT_UNKNOWN,
			      arena_printf(arena, "/sys/kernel/iommu_groups: %s",
					   fact_name(host->parts[HOST_GROUPS])),
			      "run it as root");
	else if (!grouped)
		readiness_add(r, arena, "iommu-groups", POINT_FAIL,
			      host->n_groups ? "there are IOMMU groups, but no PCI device is in one"
					     : "/sys/kernel/iommu_groups is empty",
			      "as for iommu-units: without an IOMMU at work there are no groups");
	else
		readiness_add(r, arena, "iommu-groups", POINT_OK,
			      arena_printf(arena, "%zu groups hold %zu of %zu PCI devices",
					   host->n_groups, grouped, host->n_devices),
			      NULL);
}

static void check_vfio(struct readiness *r, const struct host *host, struct arena *arena)
{
	const struct host_kernel *k = &host->kernel;

	if (k->has_vfio_pci)
		readiness_add(r, arena, "vfio-pci", POINT_OK, "the driver vfio-pci is there", NULL);
	else if (k->vfio_pci_barred)
		readiness_add(r, arena, "vfio-pci", POINT_FAIL,
			      arena_printf(arena, "the module is kept from loading: %s",
					   k->vfio_pci_barred),
			      "take that line out");
	else
		readiness_add(r, arena, "vfio-pci", POINT_OK,
			      "the module vfio-pci is not loaded; ferry loads it when it is needed",
			      NULL);
}

static void check_kvm(struct readiness *r, const struct host *host, struct arena *arena)
{
	if (!host->is_live)
		return;
	switch (host->kernel.kvm) {
	case FACT_READ:
		readiness_add(r, arena, "kvm", POINT_OK, "/dev/kvm opens", NULL);
		break;
	case FACT_ABSENT:
		readiness_add(
			r, arena, "kvm", POINT_FAIL, "/dev/kvm is not there",
			"switch virtualization (VT-x, or SVM on AMD) on in the firmware's setup, and "
			"modprobe kvm_intel or kvm_amd");
		break;
	case FACT_DENIED:
		readiness_add(r, arena, "kvm", POINT_WARN,
			      "/dev/kvm is there; this user must not open it",
			      "run it as root, or add the user to the group kvm");
		break;
	default:
		readiness_add(r, arena, "kvm", POINT_UNKNOWN,
			      arena_printf(arena, "/dev/kvm: %s", fact_name(host->kernel.kvm)),
			      "run it as root");
	}
}

static void check_libvirt(struct readiness *r, const struct guests *guests, struct arena *arena)
{
	if (guests->access == GUESTS_NOT_READ)
		return;
	if (guests->access != GUESTS_READ)
		readiness_add(r, arena, "libvirt",
			      guests->access == GUESTS_DENIED ? POINT_UNKNOWN : POINT_FAIL,
			      guests->message ? guests->message : "libvirt can't be reached",
			      guests->remedy);
	else
		readiness_add(r, arena, "libvirt", POINT_OK,
			      arena_printf(arena, "%s answers: libvirt %lu.%lu.%lu, %zu guest%s%s",
					   guests->uri, guests->version / 1000000,
					   guests->version / 1000 % 1000, guests->version % 1000,
					   guests->count, guests->count == 1 ? "" : "s",
					   guests->is_remote ? ", on another machine" : ""),
			      NULL);
}

void readiness_of_host(const struct host *host, const struct guests *guests, struct arena *arena,
		       struct readiness *ret)
{
	*ret = (struct readiness){.ready = READY_UNKNOWN};
	check_units(ret, host, arena);
	check_groups(ret, host, arena);
	check_vfio(ret, host, arena);
	check_kvm(ret, host, arena);
	check_libvirt(ret, guests, arena);
}
