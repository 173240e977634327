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
/* The first point that is not ok, fail before unknown before warn; NULL: all are. */
const struct check_point *readiness_first(const struct readiness *r);

/* Needs HOST_PCI, HOST_GROUPS, HOST_KERNEL; guests may be unread (a captured machine has none). */
void readiness_of_host(const struct host *host, const struct guests *guests, struct arena *arena,
		       struct readiness *ret);

#endif
