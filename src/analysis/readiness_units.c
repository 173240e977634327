// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the firmware announces against what the kernel brought up: a unit in the table that is not at work
 * leaves its devices without translation, and nothing else says so.
 */
#include <inttypes.h>
#include <string.h>

#include "analysis/firmware_device.h"
#include "analysis/readiness_judge.h"
#include "base/arena.h"
#include "base/text.h"
#include "decode/iommu_registers.h"

/* A list of names is cut there: what is behind is counted. */
#define MOST_NAMES 6

static size_t count_type(const struct dmar *dmar, enum dmar_type type)
{
	size_t n = 0, i;

	for (i = 0; i < dmar->n_structures; i++)
		n += dmar->structures[i].type == type;
	return n;
}

static void judge_table_issues(const struct judge *j, const struct acpi_table *t)
{
	judge_aside(j, "iommu-table", POINT_WARN,
		    "update the firmware; ferry acpi shows what can be read of it",
		    "the %s table is damaged at byte %zu: %s", t->signature, t->issues[0].offset,
		    t->issues[0].message);
}

static void judge_dmar(const struct judge *j)
{
	const struct dmar *d = j->dmar;

	if (d->table.n_issues)
		judge_table_issues(j, &d->table);
	else
		judge_aside(
			j, "iommu-table", POINT_OK, NULL,
			"DMAR: %zu unit%s, %zu regions kept for devices (RMRR), addresses of %u bits, "
			"interrupt remapping %s; ferry acpi shows all of it",
			count_type(d, DMAR_DRHD), count_type(d, DMAR_DRHD) == 1 ? "" : "s",
			count_type(d, DMAR_RMRR), d->host_address_width,
			d->flags & DMAR_FLAG_INTERRUPT_REMAPPING ? "offered" : "not offered");
}

static void judge_ivrs(const struct judge *j)
{
	const struct ivrs *v = j->ivrs;
	size_t regions = 0, i;

	for (i = 0; i < v->n_structures; i++)
		regions += ivrs_type_is_ivmd(v->structures[i].type);
	if (v->table.n_issues)
		judge_table_issues(j, &v->table);
	else
		judge_aside(j, "iommu-table", POINT_OK, NULL,
			    "IVRS: %zu blocks, %zu of them regions kept for devices (IVMD); ferry "
			    "acpi shows all of it",
			    v->n_structures, regions);
}

static void judge_table(const struct judge *j)
{
	const struct host_firmware *f = &j->platform->firmware;
	const struct host_table *denied = f->dmar.read == FACT_DENIED   ? &f->dmar
					  : f->ivrs.read == FACT_DENIED ? &f->ivrs
									: NULL;

	if (j->platform->cpu.kind == CPU_ARM || j->facts->vendor == IOMMU_VENDOR_ARM)
		return;
	if (j->dmar)
		judge_dmar(j);
	if (j->ivrs)
		judge_ivrs(j);
	if (j->dmar || j->ivrs)
		return;
	if (denied)
		judge_aside(j, "iommu-table", POINT_OK, NULL, "%s is there; only root may read it",
			    denied->path);
	else if (f->tables_read != FACT_READ)
		judge_aside(j, "iommu-table", POINT_UNKNOWN, judge_how_to_read(j, f->tables_read),
			    "/sys/firmware/acpi/tables: %s", fact_name(f->tables_read));
	else if (j->facts->iommu == IOMMU_ON)
		judge_aside(j, "iommu-table", POINT_WARN, "update the firmware",
			    "there is no DMAR and no IVRS table, though an IOMMU is at work");
	else
		judge_add(j, "iommu-table", POINT_FAIL, "see iommu",
			  "there is no DMAR and no IVRS in /sys/firmware/acpi/tables");
}

static void add_name(struct text *t, size_t *n, const char *name)
{
	if (*n < MOST_NAMES)
		text_addf(t, "%s%s", *n ? ", " : "", name);
	++*n;
}

static const char *names_end(const struct judge *j, struct text *t, size_t n)
{
	if (n > MOST_NAMES)
		text_addf(t, " and %zu more", n - MOST_NAMES);
	return n ? arena_strdup(j->arena, text_str(t)) : "no device that is there";
}

/* The devices of this machine that a DRHD names. */
static const char *covered(const struct judge *j, const struct dmar_structure *s)
{
	TEXT_AUTO struct text t = {0};
	size_t n = 0, i;

	if (s->flags & DMAR_DRHD_INCLUDE_ALL)
		return "every device that no other unit names";
	for (i = 0; i < s->n_scopes; i++) {
		const struct dmar_scope *scope = &s->scopes[i];
		const struct pci_device *d =
			scope->type == DMAR_SCOPE_ENDPOINT || scope->type == DMAR_SCOPE_BRIDGE
				? firmware_device_find(j->host, s->segment, scope->bus, scope->path,
						       scope->n_path)
				: NULL;

		if (d)
			add_name(&t, &n, d->name);
	}
	return names_end(j, &t, n);
}

static bool is_at_work(const struct judge *j, const struct dmar_structure *s)
{
	size_t i;

	for (i = 0; i < j->platform->n_units; i++)
		if (j->platform->units[i].address == s->address)
			return true;
	return false;
}

static bool knows_addresses(const struct judge *j)
{
	size_t i;

	for (i = 0; i < j->platform->n_units; i++)
		if (!j->platform->units[i].address)
			return false;
	return j->platform->n_units;
}

/* Units of the table that are not in the kernel; NULL: all are, or it can't be told. */
static const char *missing_units(const struct judge *j)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; j->dmar && knows_addresses(j) && i < j->dmar->n_structures; i++) {
		const struct dmar_structure *s = &j->dmar->structures[i];

		if (s->type == DMAR_DRHD && !is_at_work(j, s))
			text_addf(&t, "%s0x%" PRIx64 " (it covers %s)", t.len ? ", " : "",
				  s->address, covered(j, s));
	}
	return t.len ? arena_strdup(j->arena, text_str(&t)) : NULL;
}

static void judge_brought_up(const struct judge *j)
{
	const char *missing = missing_units(j);
	size_t n = j->platform->n_units;

	if (missing)
		judge_aside(
			j, "iommu-units", POINT_WARN,
			"take igfx_off off the command line, if it is there; see what DMAR says "
			"in journalctl -k -b; the devices of other units are not concerned",
			"%zu at work; announced by the firmware and not in the kernel: %s", n,
			missing);
	else
		judge_add(j, "iommu-units", POINT_OK, NULL, "/sys/class/iommu: %zu unit%s at work",
			  n, n == 1 ? "" : "s");
}

static void judge_count(const struct judge *j)
{
	if (j->platform->n_units)
		judge_brought_up(j);
	else if (j->facts->iommu == IOMMU_ON)
		judge_aside(j, "iommu-units", POINT_UNKNOWN,
			    judge_how_to_read(j, j->host->units_read),
			    "/sys/class/iommu: %s; there are groups, so some unit is at work",
			    j->host->units_read == FACT_READ ? "empty"
							     : fact_name(j->host->units_read));
	else if (j->facts->iommu == IOMMU_UNKNOWN)
		judge_aside(j, "iommu-units", POINT_UNKNOWN,
			    judge_how_to_read(j, j->host->units_read), "/sys/class/iommu: %s",
			    fact_name(j->host->units_read));
	else
		judge_add(j, "iommu-units", POINT_FAIL, "see iommu",
			  "the kernel has brought no IOMMU up%s",
			  j->host->units_read == FACT_READ ? ": /sys/class/iommu names none" : "");
}

/* The features that somebody who passes devices on asks for, in words, absent ones last. */
static const char *describe_features(const struct judge *j, const struct iommu_features *features)
{
	static const char *const shown[] = {"address-width",
					    "page-table-widths",
					    "page-sizes",
					    "host-levels",
					    "interrupt-remapping",
					    "x2apic",
					    "queued-invalidation",
					    "snoop-control",
					    "caching-mode",
					    "posted-interrupts",
					    "guest-apic",
					    "scalable-mode",
					    "pasid",
					    "guest-translation",
					    "page-requests"};
	TEXT_AUTO struct text yes = {0}, no = {0};
	size_t i;

	for (i = 0; i < sizeof(shown) / sizeof(*shown); i++) {
		const struct iommu_feature *f = iommu_features_find(features, shown[i]);

		if (!f)
			continue;
		if (!f->is_present)
			text_addf(&no, "%s%s", no.len ? ", " : "", f->name);
		else if (!strcmp(f->value, "yes"))
			text_addf(&yes, "; %s", f->name);
		else
			text_addf(&yes, "; %s: %s", f->name, f->value);
	}
	if (no.len)
		text_addf(&yes, "; not: %s", text_str(&no));
	return arena_strdup(j->arena, text_str(&yes));
}

void readiness_unit_features(const struct host_unit *u, struct arena *arena,
			     struct iommu_features *ret)
{
	*ret = (struct iommu_features){0};
	if (u->has_registers && u->is_intel)
		intel_capabilities_decode(arena, u->cap, u->ecap, ret);
	else if (u->has_registers && u->is_amd)
		amd_features_decode(arena, u->efr, u->efr2, u->has_efr2, ret);
}

static void judge_unit(const struct judge *j, const struct host_unit *u)
{
	TEXT_AUTO struct text names = {0};
	struct iommu_features features;
	size_t i, n = 0;

	readiness_unit_features(u, j->arena, &features);
	for (i = 0; i < u->n_devices; i++)
		add_name(&names, &n, u->devices[i]);
	judge_aside(j, arena_printf(j->arena, "iommu-unit-%s", u->name), POINT_OK, NULL,
		    "translates for %s%s",
		    u->devices_read == FACT_READ ? names_end(j, &names, n)
						 : "devices that /sys/class/iommu does not name",
		    describe_features(j, &features));
}

void judge_units(const struct judge *j)
{
	size_t i;

	judge_table(j);
	judge_count(j);
	for (i = 0; i < j->platform->n_units; i++)
		judge_unit(j, &j->platform->units[i]);
}
