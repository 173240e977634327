// SPDX-License-Identifier: LGPL-2.1-or-later
/* See way.h. The forms of the names are the kernel's: ata_port, usb_set_device_name, nvme, mmc_host. */
#include "host/way.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"

static bool is_numbered(const char *s, size_t len, const char *prefix)
{
	size_t n = strlen(prefix), i;

	if (len <= n || strncmp(s, prefix, n))
		return false;
	for (i = n; i < len; i++) {
		if (!isdigit((unsigned char)s[i]))
			return false;
	}
	return true;
}

/* "1-1.4"; its interfaces have a colon. */
static bool is_usb(const char *s, size_t len)
{
	return len && isdigit((unsigned char)*s) && strspn(s, "0123456789.-") >= len &&
	       memchr(s, '-', len);
}

static bool is_station(const char *s, size_t len)
{
	return is_numbered(s, len, "ata") || is_numbered(s, len, "nvme") ||
	       is_numbered(s, len, "mmc") || is_usb(s, len);
}

void way_add(struct arena *arena, const char ***names, size_t *n, const char *name)
{
	*arena_append(arena, *names, *n) = name;
}

void way_names(struct arena *arena, const char *rest, const char ***ret, size_t *ret_n)
{
	const char **names = NULL, *slash;
	size_t n = 0;

	for (; (slash = strchr(rest, '/')); rest = slash + 1) {
		size_t len = (size_t)(slash - rest);
		char *name;

		if (!is_station(rest, len))
			continue;
		name = arena_memdup(arena, rest, len);
		/* A hub above the plug says nothing more. */
		if (n && is_usb(name, len) && is_usb(names[n - 1], strlen(names[n - 1])))
			names[n - 1] = name;
		else
			way_add(arena, &names, &n, name);
	}
	*ret = names;
	*ret_n = n;
}
