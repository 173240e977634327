/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * With native multipath an NVMe namespace hangs under no controller but under a subsystem, a virtual
 * device (drivers/nvme/host/multipath.c). Numbers do not help: nvme0n1 may lie on the controller nvme1.
 */
#ifndef FERRY_HOST_NVME_H
#define FERRY_HOST_NVME_H

#include "host/parts.h"

#define NVME_SUBSYSTEMS "devices/virtual/nvme-subsystem"

/* A way to a namespace: a controller on a PCI device. Controllers over a network have none. */
struct nvme_path {
	size_t device;
	const char *rest; /* behind the device: "nvme/nvme1" */
};

/* The controllers of a subsystem, "nvme-subsys0", in scratch memory. 0 or a negative errno. */
int nvme_subsystem_paths(struct host_reader *r, const char *subsystem, struct nvme_path **ret,
			 size_t *ret_n);
/* Whether the controller says that it carries its namespaces ("live"); false too where it says nothing. */
bool nvme_path_is_live(struct host_reader *r, const struct nvme_path *path);
/*
 * Whether a link's text leads to a namespace of a subsystem, or to a partition of one: the subsystem's
 * name in scratch memory, and what stands behind ("nvme0n1/nvme0n1p1").
 */
bool nvme_path_subsystem(struct host_reader *r, const char *path, const char **ret_subsystem,
			 const char **ret_rest);

/* "nvme0c1n1": one controller's hidden way to a namespace, no disk of its own. */
bool nvme_is_hidden(const char *name);

#endif
