/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reading an archive is divided into. Only for archive*.c. */
#ifndef FERRY_APPLY_ARCHIVE_READ_H
#define FERRY_APPLY_ARCHIVE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apply/archive.h"

struct archive_api;

/*
 * Of a gzip file (data NULL: at path), whether its checksum and size are right; 0 for anything else.
 * -EBADMSG: damaged; -EFBIG: larger than is believed.
 */
int archive_gzip_check(const struct archive_api *api, const char *path, const void *data,
		       size_t size);

#endif
