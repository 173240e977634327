/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stations between a PCI device and what hangs on it, as far as a person knows them by name. */
#ifndef FERRY_HOST_WAY_H
#define FERRY_HOST_WAY_H

#include <stddef.h>

struct arena;

/*
 * Of what stands behind the device in a link's text ("ata1/host0/.../block/sda/sda2"): the names above
 * its last component that are ports and adapters: "ata1", "1-1.4" (USB, the last one only), "nvme0",
 * "mmc0". The last component is not among them.
 */
void way_names(struct arena *arena, const char *rest, const char ***ret, size_t *ret_n);
/* Appends one more station. */
void way_add(struct arena *arena, const char ***names, size_t *n, const char *name);

#endif
