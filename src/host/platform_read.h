/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The readers of HOST_PLATFORM's chapters, which only platform.c calls. None of them fails: each value
 * says how far it came.
 */
#ifndef FERRY_HOST_PLATFORM_READ_H
#define FERRY_HOST_PLATFORM_READ_H

#include "host/parts.h"
#include "host/platform.h"

void platform_read_cpu(struct host_reader *r, struct host_cpu *ret);
void platform_read_firmware(struct host_reader *r, struct host_firmware *ret);
/* Modules, configuration, and where a boot loader has the parameter. */
void platform_read_build(struct host_reader *r, struct host_build *ret);
void platform_read_vfio(struct host_reader *r, struct host_vfio *ret);
void platform_read_units(struct host_reader *r, struct host_platform *ret);
void platform_read_log(struct host_reader *r, struct host_platform *ret);
void platform_read_virtualization(struct host_reader *r, struct host_virtualization *ret);

/* The first letter of a parameter of a loaded module, 'Y' for '1' too; 0: it can't be read. */
char platform_read_letter(struct host_reader *r, const char *path);

#endif
