// SPDX-License-Identifier: LGPL-2.1-or-later
/* See isolation_kernel.h. */
#include "analysis/isolation_kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/host.h"

const struct isolation_kernel isolation_kernel_newest = {7, 0, -1};

/* Digits at *s, which moves behind them. */
static bool take_number(const char **s, unsigned int *ret)
{
	unsigned int value = 0, digits = 0;

	for (; **s >= '0' && **s <= '9'; (*s)++) {
		if (++digits > 6)
			return false;
		value = value * 10 + (unsigned int)(**s - '0');
	}
	*ret = value;
	return digits;
}

/* *ret_rest: what stands behind the numbers. */
static bool take_version(const char *s, struct isolation_kernel *ret, const char **ret_rest)
{
	unsigned int patch;

	*ret = (struct isolation_kernel){.patch = -1};
	if (!take_number(&s, &ret->major) || *s++ != '.' || !take_number(&s, &ret->minor))
		return false;
	if (*s == '.') {
		s++;
		if (!take_number(&s, &patch))
			return false;
		ret->patch = (int)patch;
	}
	*ret_rest = s;
	return true;
}

int isolation_kernel_parse(const char *s, struct isolation_kernel *ret)
{
	struct isolation_kernel k;
	const char *rest;

	if (!take_version(*s == 'v' ? s + 1 : s, &k, &rest) || *rest)
		return -EINVAL;
	*ret = k;
	return 0;
}

/* "#1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1 (2024-11-22)" */
static bool take_debian(const char *build, struct isolation_kernel *k)
{
	struct isolation_kernel debian;
	const char *rest, *at = build ? strstr(build, " Debian ") : NULL;

	if (!at || !take_version(at + strlen(" Debian "), &debian, &rest) ||
	    debian.major != k->major || debian.minor != k->minor || debian.patch < 0)
		return false;
	k->patch = debian.patch;
	return true;
}

bool isolation_kernel_of_host(const struct host_kernel *kernel, struct isolation_kernel *ret)
{
	struct isolation_kernel k;
	const char *rest;

	if (!kernel->release || !take_version(kernel->release, &k, &rest))
		return false;
	if (text_has_prefix(rest, "-rc"))
		k.patch = 0;
	else if (!take_debian(kernel->build, &k) && k.patch == 0 && *rest && *rest != '+')
		k.patch = -1;
	*ret = k;
	return true;
}

const char *isolation_kernel_name(const struct isolation_kernel *k, struct arena *arena)
{
	if (k->patch < 0)
		return arena_printf(arena, "%u.%u", k->major, k->minor);
	return arena_printf(arena, "%u.%u.%d", k->major, k->minor, k->patch);
}

bool isolation_kernel_is_before(const struct isolation_kernel *k, unsigned int major,
				unsigned int minor)
{
	return k->major < major || (k->major == major && k->minor < minor);
}

bool isolation_kernel_has(const struct isolation_kernel *k, const struct isolation_since *since)
{
	const struct isolation_backport *b;

	if (!isolation_kernel_is_before(k, since->major, since->minor))
		return true;
	for (b = since->backports; b && b->major; b++) {
		if (b->major == k->major && b->minor == k->minor)
			return k->patch < 0 || k->patch >= b->patch;
	}
	return false;
}
