// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Memory that the firmware keeps for a device: RMRR on Intel, IVMD on AMD. The proof is a line of type
 * "direct" in the group's reserved_regions. Without groups it is predicted from the table, by the rules of
 * the kernel that runs: people learn of it otherwise only when the guest does not start.
 */
#include <inttypes.h>

#include "analysis/firmware_device.h"
#include "analysis/readiness_judge.h"
#include "analysis/readiness_log.h"
#include "base/arena.h"
#include "base/text.h"

#define MOST_NAMES 6

/* What the regions come to, for all devices together. */
struct regions {
	const struct judge *judge;
	struct text barred, harmless;
	size_t n_barred, n_harmless;
};

/* device_rmrr_is_relaxable(), drivers/iommu/intel/iommu.c: USB and graphics. */
static bool is_relaxable(const struct pci_device *d)
{
	return d->class >> 8 == 0x0c03 || d->class >> 16 == 0x03;
}

static bool is_older(const struct judge *j, unsigned int major, unsigned int minor)
{
	const unsigned int *v = j->host->kernel.version;

	return v[0] && (v[0] < major || (v[0] == major && v[1] < minor));
}

/* Before 5.3 a region that bars nothing was called "direct" too. */
static bool is_barred(const struct judge *j, const struct iommu_group *g)
{
	size_t i;

	if (!g->n_direct_regions || !is_older(j, 5, 3) || j->facts->vendor != IOMMU_VENDOR_INTEL)
		return g->n_direct_regions;
	for (i = 0; i < g->n_devices; i++)
		if (!is_relaxable(&j->host->devices[g->devices[i]]))
			return true;
	return false;
}

static const char *describe_group(const struct judge *j, const struct iommu_group *g)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < g->n_devices; i++) {
		const struct pci_device *d = &j->host->devices[g->devices[i]];

		text_addf(&t, "%s%s%s%s", i ? ", " : "", d->name, d->driver ? " " : "",
			  d->driver ? d->driver : "");
	}
	return arena_printf(j->arena, "group %u (%s): %s%s", g->id, text_str(&t),
			    g->direct_regions[0], g->n_direct_regions > 1 ? ", ..." : "");
}

static void judge_groups(const struct judge *j)
{
	size_t n = 0, barred = 0, i;
	TEXT_AUTO struct text t = {0};

	for (i = 0; i < j->host->n_groups; i++) {
		const struct iommu_group *g = &j->host->groups[i];

		n += g->n_devices > 0;
		if (!is_barred(j, g))
			continue;
		if (barred++ < MOST_NAMES)
			text_addf(&t, "%s%s", t.len ? "; " : "", describe_group(j, g));
	}
	if (!barred)
		judge_add(
			j, "firmware-regions", POINT_OK, NULL,
			"no group has a reserved region of type direct: the firmware bars no device");
	else
		judge_add(
			j, "rmrr-bound", barred >= n ? POINT_FAIL : POINT_WARN,
			readiness_region_remedy(j->facts->vendor, j->arena),
			"the firmware keeps memory for %zu of %zu groups, which no guest can have: %s",
			barred, n, text_str(&t));
}

static void add_device(struct regions *r, bool bars, const struct pci_device *d, uint64_t base,
		       uint64_t limit)
{
	struct text *t = bars ? &r->barred : &r->harmless;
	size_t *n = bars ? &r->n_barred : &r->n_harmless;

	if (++*n <= MOST_NAMES)
		text_addf(t, "%s%s%s%s (0x%" PRIx64 " to 0x%" PRIx64 ")", t->len ? ", " : "",
			  d->name, d->driver ? " " : "", d->driver ? d->driver : "", base, limit);
}

static void predict_intel(struct regions *r)
{
	const struct dmar *dmar = r->judge->dmar;
	size_t i, k;

	for (i = 0; dmar && i < dmar->n_structures; i++) {
		const struct dmar_structure *s = &dmar->structures[i];

		for (k = 0; s->type == DMAR_RMRR && k < s->n_scopes; k++) {
			const struct dmar_scope *scope = &s->scopes[k];
			const struct pci_device *d = firmware_device_find(
				r->judge->host, s->segment, scope->bus, scope->path, scope->n_path);

			if (d)
				add_device(r, !is_relaxable(d), d, s->base, s->limit);
		}
	}
}

static uint16_t device_id(const struct pci_device *d)
{
	return (uint16_t)(d->address.bus << 8 | d->address.slot << 3 | d->address.function);
}

static bool is_meant(const struct ivrs_structure *s, const struct pci_device *d)
{
	uint16_t id = device_id(d);

	if (d->address.domain != s->segment || d->header != PCI_HEADER_ENDPOINT)
		return false;
	if (s->type == IVRS_IVMD_ALL)
		return true;
	if (s->type == IVRS_IVMD_SELECT)
		return id == s->device_id;
	return s->type == IVRS_IVMD_RANGE && id >= s->device_id && id <= s->auxiliary;
}

/*
 * A unity entry becomes a direct region, an exclusion range only a reserved one (amd_iommu_get_resv_regions,
 * drivers/iommu/amd/iommu.c). Linux refuses devices with a direct region since 6.6.
 */
static void predict_amd(struct regions *r)
{
	const struct ivrs *ivrs = r->judge->ivrs;
	size_t i, k;

	for (i = 0; ivrs && i < ivrs->n_structures; i++) {
		const struct ivrs_structure *s = &ivrs->structures[i];
		bool bars = s->flags & IVMD_FLAG_UNITY && !(s->flags & IVMD_FLAG_EXCLUSION);

		for (k = 0; ivrs_type_is_ivmd(s->type) && k < r->judge->host->n_devices; k++) {
			const struct pci_device *d = &r->judge->host->devices[k];

			if (is_meant(s, d))
				add_device(r, bars, d, s->start,
					   s->start + (s->size ? s->size - 1 : 0));
		}
	}
}

static void judge_barred(const struct regions *r)
{
	const struct judge *j = r->judge;
	bool amd = j->ivrs && !j->dmar, spared = amd && is_older(j, 6, 6);
	const char *more = r->n_barred > MOST_NAMES ? arena_printf(j->arena, " and %zu more",
								   r->n_barred - MOST_NAMES)
						    : "";

	if (spared)
		judge_aside(
			j, "firmware-regions", POINT_OK, NULL,
			"the firmware keeps memory for %s%s: this kernel (%s) gives them away all "
			"the same, Linux 6.6 and later will not",
			text_str(&r->barred), more, j->host->kernel.release);
	else
		judge_aside(
			j, "rmrr-bound", POINT_WARN,
			readiness_region_remedy(amd ? IOMMU_VENDOR_AMD : IOMMU_VENDOR_INTEL,
						j->arena),
			"the firmware's table keeps memory for %s%s: %s they can't go to a guest",
			text_str(&r->barred), more,
			amd && !j->host->kernel.version[0] ? "with Linux 6.6 and later" : "so");
}

static void judge_harmless(const struct regions *r)
{
	if (r->n_harmless)
		judge_aside(r->judge, "firmware-regions", POINT_OK, NULL,
			    "the firmware keeps memory for %s%s: that bars nothing (USB, graphics, "
			    "exclusion ranges)",
			    text_str(&r->harmless), r->n_harmless > MOST_NAMES ? ", ..." : "");
	else if (!r->n_barred)
		judge_aside(r->judge, "firmware-regions", POINT_OK, NULL,
			    "the firmware's table keeps memory for no device that is there");
}

static void judge_prediction(const struct judge *j)
{
	struct regions r = {.judge = j};

	predict_intel(&r);
	predict_amd(&r);
	if (r.n_barred)
		judge_barred(&r);
	judge_harmless(&r);
	text_clear(&r.barred);
	text_clear(&r.harmless);
}

static bool has_regions(const struct judge *j)
{
	size_t i;

	for (i = 0; i < j->host->n_groups; i++)
		if (j->host->groups[i].regions_read != FACT_READ)
			return false;
	return j->host->n_groups;
}

void judge_regions(const struct judge *j)
{
	if (has_regions(j))
		judge_groups(j);
	else if (j->dmar || j->ivrs)
		judge_prediction(j);
	else if (j->facts->iommu == IOMMU_ON)
		judge_aside(
			j, "firmware-regions", POINT_UNKNOWN, judge_how_to_read(j, FACT_DENIED),
			"neither reserved_regions nor the firmware's table could be read: whether "
			"it bars a device is not known");
}
