// SPDX-License-Identifier: LGPL-2.1-or-later
/* See readiness.h. The points stand in the order in which a person would have to mend them. */
#include "analysis/readiness.h"

#include <stdarg.h>
#include <string.h>

#include "analysis/firmware_words.h"
#include "analysis/readiness_judge.h"
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

void readiness_add_aside(struct readiness *r, struct arena *arena, const char *id,
			 enum point_status status, const char *evidence, const char *remedy)
{
	*(struct check_point *)arena_append(arena, r->points, r->n_points) =
		(struct check_point){id, status, evidence, status == POINT_OK ? NULL : remedy};
}

void readiness_add(struct readiness *r, struct arena *arena, const char *id,
		   enum point_status status, const char *evidence, const char *remedy)
{
	if (!r->n_points)
		r->ready = READY_YES;
	readiness_add_aside(r, arena, id, status, evidence, remedy);
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

void judge_add(const struct judge *j, const char *id, enum point_status status, const char *remedy,
	       const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	readiness_add(j->points, j->arena, id, status, arena_vprintf(j->arena, fmt, ap), remedy);
	va_end(ap);
}

void judge_aside(const struct judge *j, const char *id, enum point_status status,
		 const char *remedy, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	readiness_add_aside(j->points, j->arena, id, status, arena_vprintf(j->arena, fmt, ap),
			    remedy);
	va_end(ap);
}

const char *judge_how_to_read(const struct judge *j, enum fact fact)
{
	if (!j->host->is_live)
		return "capture it too: it is not in what was given with --from";
	return fact == FACT_DENIED ? "run the same command with sudo"
				   : "mount /proc and /sys, and run the same command with sudo";
}

const char *judge_firmware_switch(const struct judge *j)
{
	enum cpu_kind kind = j->platform->cpu.kind;
	enum firmware_maker maker =
		j->facts->vendor == IOMMU_VENDOR_INTEL || kind == CPU_INTEL ? FIRMWARE_INTEL
		: j->facts->vendor == IOMMU_VENDOR_AMD || kind == CPU_AMD   ? FIRMWARE_AMD
									    : FIRMWARE_ANY;

	return arena_printf(j->arena, "switch the IOMMU on in the firmware's setup: %s",
			    firmware_words(j->platform->firmware.machine, maker));
}

static const struct dmar *decode_dmar(struct arena *arena, const struct host_table *table)
{
	struct dmar *ret = arena_alloc(arena, sizeof(*ret));

	if (table->read != FACT_READ)
		return NULL;
	dmar_decode(arena, table->data, table->size, ret);
	return ret;
}

static const struct ivrs *decode_ivrs(struct arena *arena, const struct host_table *table)
{
	struct ivrs *ret = arena_alloc(arena, sizeof(*ret));

	if (table->read != FACT_READ)
		return NULL;
	ivrs_decode(arena, table->data, table->size, ret);
	return ret;
}

void readiness_of_host(const struct host *host, const struct guests *guests,
		       const struct kernel_log_facts *facts, struct arena *arena,
		       struct readiness *ret)
{
	const struct host_platform *platform = host->platform;
	const char *line = host->kernel.command_line;
	struct judge j = {
		.host = host,
		.platform = platform,
		.guests = guests,
		.facts = facts,
		.arena = arena,
		.points = ret,
		.dmar = decode_dmar(arena, &platform->firmware.dmar),
		.ivrs = decode_ivrs(arena, &platform->firmware.ivrs),
	};

	*ret = (struct readiness){.ready = READY_UNKNOWN};
	if (line)
		kernel_cmdline_split(arena, line, strlen(line), &j.words);
	kernel_cmdline_iommu(&j.words, &j.asked);
	judge_cpu(&j);
	judge_iommu(&j);
	judge_units(&j);
	judge_regions(&j);
	judge_firmware(&j);
	judge_parameters(&j);
	judge_problems(&j);
	judge_vfio(&j);
	judge_virtualization(&j);
	judge_libvirt(&j);
}
