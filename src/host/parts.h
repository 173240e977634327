/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The readers of the parts of a host, one a file. Only host/read.c calls them, in an order in which
 * each finds what it needs. 0 or a negative errno, which becomes the state of the part.
 */
#ifndef FERRY_HOST_PARTS_H
#define FERRY_HOST_PARTS_H

#include "host/host.h"

/* Fills host.devices; needs nothing. */
int host_read_pci(const struct root *root, struct host *host);
/* Fills host.groups, host.units and pci_device.group. */
int host_read_groups(const struct root *root, struct host *host);
int host_read_overrides(const struct root *root, struct host *host);
int host_read_serials(const struct root *root, struct host *host);
int host_read_under(const struct root *root, struct host *host);
int host_read_storage(const struct root *root, struct host *host);
int host_read_kernel(const struct root *root, struct host *host);
int host_read_names(const struct root *root, struct host *host);
int host_read_holders(const struct root *root, struct host *host);
/* -EBADMSG: the table was altered or is torn; err names it. */
int host_read_lent(const struct root *root, struct host *host, struct error *err);

/*
 * Why a module must not be loaded: a `blacklist` or an `install` line of the administrator's, or the
 * kernel's command line, as modprobe.d(5) has them. NULL: nothing bars it.
 */
const char *module_barred(const struct root *root, struct arena *arena, const char *module,
			  const char *command_line);

/*
 * The device that a path in sysfs leads through: its last component that is the address of a device of
 * this host. -1: none. *ret_rest (may be NULL) is what follows it.
 */
int host_device_of_path(const struct host *host, const char *path, const char **ret_rest);

#endif
