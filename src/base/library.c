// SPDX-License-Identifier: LGPL-2.1-or-later
/* See library.h. */
#include "base/library.h"

#include <dlfcn.h>
#include <errno.h>

int library_load(const char *soname, const struct library_symbol *symbols, size_t n)
{
	void *handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	size_t i;

	if (!handle)
		return -ENOPKG;
	for (i = 0; i < n; i++) {
		*symbols[i].address = dlsym(handle, symbols[i].name);
		if (!*symbols[i].address)
			return -ENOSYS;
	}
	return 0;
}
