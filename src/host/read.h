/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads a machine, live or captured, through one root handle. The only way to make a struct host.
 */
#ifndef FERRY_HOST_READ_H
#define FERRY_HOST_READ_H

#include "host/host.h"

/*
 * Reads the parts whose bits (HOST_PART) are set, and what those parts need. What can't be read is
 * written down in host.parts and in the rows; that is no error. Errors: only where nothing can be said
 * at all, such as a folder for --from that holds no sys/; and, of HOST_LENT, a table that is there and
 * can't be believed (-EBADMSG).
 */
int host_read(const struct root *root, unsigned int parts, struct arena *arena,
	      struct host *ret_host, struct error *err);

/*
 * The serial number of one device, as pci_device.serial has it. *ret NULL: it has none, or (with an
 * error) it could not be read.
 */
int host_read_serial(const struct root *root, const char *device, struct arena *arena,
		     const char **ret);

#endif
