/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Shared libraries that only some commands need, opened when first used: libvirt costs a start 11 ms,
 * libkmod, libxml2 and libarchive 1 to 2 ms each. A table of symbols is filled, whole or not at all.
 */
#ifndef FERRY_BASE_LIBRARY_H
#define FERRY_BASE_LIBRARY_H

#include <stddef.h>

struct library_symbol {
	const char *name;
	void **address; /* where the symbol's address goes */
};

/*
 * Opens soname ("libvirt.so.0") and looks each symbol up. -ENOPKG: the library is not installed;
 * -ENOSYS: it lacks one of the symbols. The library stays open until the program ends.
 */
int library_load(const char *soname, const struct library_symbol *symbols, size_t n);

#endif
