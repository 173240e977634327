// SPDX-License-Identifier: LGPL-2.1-or-later
/* Any bytes as an archive: judged without a crash, and nothing written. */
#include <stdlib.h>

#include "apply/archive.h"
#include "base/error.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ERROR_AUTO struct error err = {0};

	if (!size)
		return 0;
	/* What is not believed says why. */
	if (archive_check(data, size, &err) && !err.message)
		abort();
	return 0;
}
