/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What only who looks at one device wants to know: its regions, reset, link, power, ROM, interrupts,
 * virtual functions. Some twenty files, so that it is no part of a host.
 */
#ifndef FERRY_HOST_DETAIL_H
#define FERRY_HOST_DETAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/host.h"

struct root;
struct arena;

/* A region of address space, a line of "resource" (drivers/pci/pci-sysfs.c, resource_show). */
struct device_region {
	unsigned int index; /* 0 to 5: a BAR; 6: the expansion ROM */
	uint64_t start, size;
	bool is_io, is_64_bit, is_prefetchable;
};

struct device_link {
	const char *speed; /* "8.0 GT/s PCIe"; NULL: it has no link, or it is not told */
	int64_t width;     /* lanes; -1: the same */
};

struct device_detail {
	const char
		*override; /* driver_override; NULL: could not be read, "" where it holds nothing */
	const char *module;   /* of the driver it is on; NULL: built in, or none */
	const char *modalias; /* what modprobe would look for */
	struct device_region *regions;
	size_t n_regions;
	enum fact regions_read;
	const char *reset_methods; /* "flr bus"; "": none; NULL: not told (before Linux 5.15) */
	bool can_reset;            /* the kernel knows some way */
	struct device_link now, most;
	int above; /* the bridge at the other end of the link, or -1 */
	struct device_link above_most;
	const char *local_cpus;     /* "0-7"; NULL: not told */
	const char *power_state;    /* "D0", "D3cold"; NULL: before Linux 5.10 */
	const char *runtime_status; /* "active", "suspended" */
	bool has_rom;
	int64_t irq;                       /* its pin's; -1: none */
	size_t n_msi;                      /* message interrupts in use */
	bool is_msix;                      /* ... of MSI-X */
	int64_t functions, most_functions; /* SR-IOV; -1: it has none */
};

/* What can't be read stays as it says above. Reads nothing of config space. */
void device_detail_read(const struct root *root, const struct host *host, size_t device,
			struct arena *arena, struct device_detail *ret);
/* "8.0 GT/s PCIe" as a number to compare, 0 where it is none. */
double device_link_speed(const struct device_link *link);

#endif
