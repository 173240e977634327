/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every unit test includes: cmocka with the headers it wants in front. */
#ifndef FERRY_TEST_H
#define FERRY_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A path below the source tree; valid until the next call. */
static inline const char *source_path(const char *below)
{
	static char path[4096];
	const char *top = getenv("FERRY_SOURCE");

	snprintf(path, sizeof(path), "%s/%s", top ? top : ".", below);
	return path;
}

#endif
