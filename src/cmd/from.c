// SPDX-License-Identifier: LGPL-2.1-or-later
/* See from.h. Whether it is an archive its being a file says: no name has to end in anything. */
#include "cmd/from.h"

#include <sys/stat.h>

#include "apply/archive.h"

int from_open(struct invocation *inv, struct error *err)
{
	const char *from = inv->options[OPTION_FROM];
	struct stat st;
	char *place;
	int code;

	if (!from || stat(from, &st) || S_ISDIR(st.st_mode))
		return 0; /* what is not there the command says */
	code = archive_unpack(from, inv->arena, &inv->unpacked, &place, err);
	if (!code)
		inv->options[OPTION_FROM] = place;
	return code;
}

void from_close(struct invocation *inv)
{
	if (inv->unpacked)
		archive_remove(inv->unpacked);
	inv->unpacked = NULL;
}
