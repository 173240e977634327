// SPDX-License-Identifier: LGPL-2.1-or-later
/* See libvirt_api.h: one list of names makes both the table's type and the symbols that fill it. */
#include "guest/libvirt_api.h"

#include <errno.h>
#include <stdbool.h>

#include "base/library.h"

static struct libvirt_api api;

static const struct library_symbol symbols[] = {
#define F(name) {#name, (void **)&api.name},
	LIBVIRT_FUNCTIONS(F)
#undef F
};

static void ignore_error(void *data, virErrorPtr error)
{
}

int libvirt_api(const struct libvirt_api **ret)
{
	static bool is_loaded;
	int r;

	if (!is_loaded) {
		r = library_load("libvirt.so.0", symbols, sizeof(symbols) / sizeof(*symbols));
		if (r < 0)
			return r;
		api.virSetErrorFunc(NULL, ignore_error);
		/*
		 * Before the first connection: one that was opened without an event loop
		 * has neither events nor keepalive, and its calls could wait for ever.
		 */
		if (api.virEventRegisterDefaultImpl() < 0)
			return -ENOSYS;
		is_loaded = true;
	}
	*ret = &api;
	return 0;
}
