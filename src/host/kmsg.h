/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's messages of this boot, as they still stand in its buffer. */
#ifndef FERRY_HOST_KMSG_H
#define FERRY_HOST_KMSG_H

#include <stddef.h>

struct root;

#define KMSG_PATH "dev/kmsg"

/*
 * Gives each record to take() as "PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;TEXT", one line, its newline with
 * it (Documentation/ABI/testing/dev-kmsg). Waits for none. Errors: those of open(2) and read(2).
 */
int kmsg_read(const struct root *root, void (*take)(void *data, const char *line, size_t len),
	      void *data);

#endif
