/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which kernel's rules are meant. Rules came in with a version, and came back into older series with a
 * stable release: both are facts of a rule. A version without its third number is the last of its series.
 */
#ifndef FERRY_ANALYSIS_ISOLATION_KERNEL_H
#define FERRY_ANALYSIS_ISOLATION_KERNEL_H

#include <stdbool.h>

struct arena;
struct host_kernel;

struct isolation_kernel {
	unsigned int major, minor;
	int patch; /* -1: the last of the series */
};

/* A stable release that brought a rule into its series. major 0 ends a list. */
struct isolation_backport {
	unsigned int major, minor;
	int patch;
};

struct isolation_since {
	unsigned int major, minor;
	const struct isolation_backport *backports; /* NULL: none */
};

/* The newest version whose sources the rules were taken from. */
extern const struct isolation_kernel isolation_kernel_newest;

/* "6.12" or "6.12.9", a "v" in front allowed. -EINVAL for anything else. */
int isolation_kernel_parse(const char *s, struct isolation_kernel *ret);
/*
 * Of the machine: its release, and the stable version that Debian writes beside it. A release of a
 * distribution ("6.8.0-45-generic") hides which stable patches it has: the last of the series then.
 * false: the tree does not say.
 */
bool isolation_kernel_of_host(const struct host_kernel *kernel, struct isolation_kernel *ret);
const char *isolation_kernel_name(const struct isolation_kernel *k, struct arena *arena);

bool isolation_kernel_is_before(const struct isolation_kernel *k, unsigned int major,
				unsigned int minor);
bool isolation_kernel_has(const struct isolation_kernel *k, const struct isolation_since *since);

#endif
