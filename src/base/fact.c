// SPDX-License-Identifier: LGPL-2.1-or-later
/* See fact.h. */
#include "base/fact.h"

#include <errno.h>

enum fact fact_from_code(int code)
{
	switch (code) {
	case 0:
		return FACT_READ;
	case -ENOENT:
	case -ENOTDIR:
	case -ENODEV:
		return FACT_ABSENT;
	case -EACCES:
	case -EPERM:
		return FACT_DENIED;
	default:
		return FACT_UNREADABLE;
	}
}

const char *fact_name(enum fact f)
{
	static const char *const names[] = {
		[FACT_NOT_READ] = "not read",     [FACT_READ] = "read",
		[FACT_ABSENT] = "not there",      [FACT_DENIED] = "not allowed to read",
		[FACT_UNREADABLE] = "unreadable",
	};

	return names[f];
}
