/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Can this machine do it: a list of points, each with the evidence that it was read from and, unless it
 * is ok, one remedy that can be followed as it stands. "Could not be told" is a point of its own kind.
 */
#ifndef FERRY_ANALYSIS_READINESS_H
#define FERRY_ANALYSIS_READINESS_H

#include <stddef.h>

#include "guest/guest.h"
#include "host/host.h"

struct arena;
struct host_unit;
struct iommu_features;
struct kernel_log_facts;

enum point_status { POINT_OK, POINT_WARN, POINT_FAIL, POINT_UNKNOWN };
/* "ok", "warn", "fail", "unknown" */
const char *point_status_name(enum point_status status);

struct check_point {
	const char *id; /* "iommu-units", "iommu-groups", "vfio-pci", "kvm", "libvirt", ... */
	enum point_status status;
	const char *evidence, *remedy; /* remedy NULL: it is ok, or nothing helps */
};

enum ready { READY_NO, READY_YES, READY_UNKNOWN };

struct readiness {
	struct check_point *points;
	size_t n_points;
	enum ready ready; /* no where a point fails, unknown where a needed one is unknown */
};

/* Appends a point and lets it count. */
void readiness_add(struct readiness *r, struct arena *arena, const char *id,
		   enum point_status status, const char *evidence, const char *remedy);
/* A point that decides nothing: unknown leaves the machine ready. */
void readiness_add_aside(struct readiness *r, struct arena *arena, const char *id,
			 enum point_status status, const char *evidence, const char *remedy);
/* The first point that is not ok, fail before unknown before warn; NULL: all are. */
const struct check_point *readiness_first(const struct readiness *r);

/*
 * The facts of a machine in the words of a log's: its own log of this boot, and above it what sysfs and
 * /proc show, which no buffer forgets. Needs HOST_PLATFORM and what that needs.
 */
void readiness_facts(const struct host *host, struct arena *arena, struct kernel_log_facts *ret);

/* What a unit can do; no rows where its registers could not be read. */
void readiness_unit_features(const struct host_unit *unit, struct arena *arena,
			     struct iommu_features *ret);

/* The same needs; guests may be unread (a captured machine has none). facts: of readiness_facts(). */
void readiness_of_host(const struct host *host, const struct guests *guests,
		       const struct kernel_log_facts *facts, struct arena *arena,
		       struct readiness *ret);

#endif
