/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The one handle through which a machine is read: this machine's "/", or a folder that holds another
 * machine's sys/ and proc/. Paths are relative to it and have no slash in front: "sys/bus/pci/devices".
 * In a folder that is not "/" no link leads out of it (openat2 with RESOLVE_IN_ROOT).
 */
#ifndef FERRY_BASE_ROOT_H
#define FERRY_BASE_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* What was asked of a machine, so that a capture holds just that: paths from the root, as asked. */
enum root_asked { ROOT_FILE, ROOT_LINK, ROOT_FOLDER, ROOT_EXISTS };
struct root_trace {
	struct arena *arena;
	struct root_question {
		enum root_asked asked;
		const char *path;
	} * list;
	size_t n;
};

struct root {
	int fd;
	bool live;                /* it is "/" of the running machine */
	bool no_links;            /* nothing below may be a link: -ELOOP. Not of the live machine */
	struct root_trace *trace; /* NULL: nobody wants to know */
	const char *prefix; /* with a trace: this folder from the root; NULL: it is the root */
};

#define ROOT_CLOSED ((struct root){.fd = -1})

/* path NULL: this machine. Errors: those of open(2); -ENOTDIR where it is no folder. */
int root_open(const char *path, struct root *ret);
void root_close(struct root *r);
#define ROOT_AUTO __attribute__((cleanup(root_close)))

/* A descriptor for a path below the root; O_CLOEXEC and O_NOCTTY are added. */
int root_open_file(const struct root *r, const char *path, int flags);
/* A folder below as a root of its own, for many reads below it. Only for what stays below that folder. */
int root_sub(const struct root *r, const char *path, struct root *ret);

/* The whole file, a NUL added. *ret_len (may be NULL) counts without it. No ceiling on its size. */
int root_read(const struct root *r, struct arena *a, const char *path, char **ret, size_t *ret_len);
/* As root_read, white space at the end cut off. */
int root_read_line(const struct root *r, struct arena *a, const char *path, char **ret);
/* A number, "0x" in front makes it base 16. -EINVAL where it is none. */
int root_read_u64(const struct root *r, const char *path, uint64_t *ret);
/*
 * An attribute of sysfs or a small file of proc, which the kernel gives whole in one read: three system
 * calls and no allocation. Reads at most size - 1 bytes and adds a NUL; ret_len may be NULL.
 */
int root_read_attribute(const struct root *r, const char *path, char *buffer, size_t size,
			size_t *ret_len);
/* The text of a link. */
int root_readlink(const struct root *r, struct arena *a, const char *path, char **ret);
/* The last component of a link's text: the name of a driver, a group, a subsystem. */
int root_readlink_name(const struct root *r, struct arena *a, const char *path, char **ret);
/*
 * The text of a link in one system call. name has no slash; or it has one, behind a folder in which
 * something was opened before, and the root is live or has no_links. -EINVAL: it is no link, or a name
 * that is not allowed; -ENAMETOOLONG: it does not fit.
 */
int root_link(const struct root *r, const char *name, char *buffer, size_t size);
/* The names in a folder without "." and "..", sorted by strverscmp(3). */
int root_list(const struct root *r, struct arena *a, const char *path, char ***ret, size_t *ret_n);
/* As root_list, in the order in which the kernel gives them: for many names that are sorted otherwise. */
int root_names(const struct root *r, struct arena *a, const char *path, char ***ret, size_t *ret_n);
/* 0, or -ENOENT and the like. */
int root_exists(const struct root *r, const char *path);

#endif
