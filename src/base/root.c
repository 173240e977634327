// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See root.h. Live reads use plain openat(2), which is what the kernel's own links are made for; a
 * captured tree is somebody else's, so the kernel keeps every path inside it.
 */
#include "base/root.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"

int root_open(const char *path, struct root *ret)
{
	int fd = open(path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret = (struct root){.fd = fd, .live = !path};
	return 0;
}

void root_close(struct root *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

static const char *path_from_root(const struct root *r, const char *path)
{
	if (!strcmp(path, "."))
		return r->prefix ? r->prefix : path;
	return r->prefix ? arena_printf(r->trace->arena, "%s/%s", r->prefix, path)
			 : arena_strdup(r->trace->arena, path);
}

static void trace(const struct root *r, enum root_asked asked, const char *path)
{
	struct root_question *q;

	if (!r->trace)
		return;
	q = arena_append(r->trace->arena, r->trace->list, r->trace->n);
	q->asked = asked;
	q->path = path_from_root(r, path);
}

static enum root_asked asked_by(int flags)
{
	if (flags & O_PATH)
		return flags & O_NOFOLLOW ? ROOT_LINK : ROOT_EXISTS;
	return flags & O_DIRECTORY ? ROOT_FOLDER : ROOT_FILE;
}

int root_open_file(const struct root *r, const char *path, int flags)
{
	int tries = 100;
	int fd;

	trace(r, asked_by(flags), path);
	/* openat2 refuses O_PATH with flags that it would ignore. */
	flags |= O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY);
	if (r->live) {
		fd = openat(r->fd, path, flags);
	} else {
		struct open_how how = {
			.flags = (uint64_t)flags,
			.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS |
				   (r->no_links ? RESOLVE_NO_SYMLINKS : 0),
		};

		/* EAGAIN: something was renamed or mounted meanwhile, and the path holds "..". */
		do
			fd = (int)syscall(SYS_openat2, r->fd, path, &how, sizeof(how));
		while (fd < 0 && errno == EAGAIN && tries-- > 0);
	}
	return fd < 0 ? -errno : fd;
}

int root_sub(const struct root *r, const char *path, struct root *ret)
{
	int fd = root_open_file(r, path, O_PATH | O_DIRECTORY);

	if (fd < 0)
		return fd;
	*ret = (struct root){.fd = fd, .live = r->live, .trace = r->trace};
	if (r->trace)
		ret->prefix = path_from_root(r, path);
	return 0;
}

static int read_all(int fd, struct text *t)
{
	char buffer[16384];
	ssize_t n;

	for (;;) {
		n = read(fd, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		text_add_bytes(t, buffer, (size_t)n);
	}
}

int root_read(const struct root *r, struct arena *a, const char *path, char **ret, size_t *ret_len)
{
	TEXT_AUTO struct text t = {0};
	int fd, err;

	/* O_NONBLOCK: a captured tree may hold a fifo, which must not stop the reader. */
	fd = root_open_file(r, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	err = read_all(fd, &t);
	close(fd);
	if (err)
		return err;
	*ret = arena_memdup(a, text_str(&t), t.len);
	if (ret_len)
		*ret_len = t.len;
	return 0;
}

int root_read_line(const struct root *r, struct arena *a, const char *path, char **ret)
{
	int err = root_read(r, a, path, ret, NULL);

	if (!err)
		text_trim_end(*ret);
	return err;
}

int root_read_attribute(const struct root *r, const char *path, char *buffer, size_t size,
			size_t *ret_len)
{
	int fd = root_open_file(r, path, O_RDONLY | O_NONBLOCK);
	ssize_t n;
	int err;

	if (fd < 0)
		return fd;
	do
		n = read(fd, buffer, size - 1);
	while (n < 0 && errno == EINTR);
	err = n < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	buffer[n] = 0;
	if (ret_len)
		*ret_len = (size_t)n;
	return 0;
}

int root_read_u64(const struct root *r, const char *path, uint64_t *ret)
{
	char buffer[64];
	int err = root_read_attribute(r, path, buffer, sizeof(buffer), NULL);

	if (err)
		return err;
	return text_parse_u64(buffer, text_has_prefix(buffer, "0x") ? 16 : 10, UINT64_MAX, ret);
}

int root_link(const struct root *r, const char *name, char *buffer, size_t size)
{
	ssize_t n;

	/* A name of one component leads nowhere: no need to keep it inside. Nor where nothing can be a
	 * link: that the folder is none was seen when something in it was opened.
	 */
	if (!*name || (strchr(name, '/') && !r->live && !r->no_links))
		return -EINVAL;
	trace(r, ROOT_LINK, name);
	n = readlinkat(r->fd, name, buffer, size);
	if (n < 0)
		return -errno;
	if ((size_t)n == size)
		return -ENAMETOOLONG;
	buffer[n] = 0;
	return 0;
}

/* The link itself, opened with O_PATH so that the root's rules hold for the way to it. */
int root_readlink(const struct root *r, struct arena *a, const char *path, char **ret)
{
	size_t size = 256;
	int fd = root_open_file(r, path, O_PATH | O_NOFOLLOW);

	if (fd < 0)
		return fd;
	for (;; size *= 2) {
		char *buffer = arena_alloc(a, size);
		ssize_t n = readlinkat(fd, "", buffer, size);

		if (n < 0) {
			int err = errno == ENOENT ? -EINVAL : -errno; /* ENOENT: it is no link */

			close(fd);
			return err;
		}
		if ((size_t)n < size) {
			close(fd);
			*ret = buffer;
			return 0;
		}
	}
}

int root_readlink_name(const struct root *r, struct arena *a, const char *path, char **ret)
{
	char *link, *slash;
	int err = root_readlink(r, a, path, &link);

	if (err)
		return err;
	slash = strrchr(link, '/');
	*ret = slash ? slash + 1 : link;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

/* The entries of one getdents64(2). */
static void add_names(struct arena *a, const char *buffer, size_t len, char ***names, size_t *n)
{
	size_t at = 0;

	while (at < len) {
		const struct dirent64 *entry = (const void *)(buffer + at);

		at += entry->d_reclen;
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			*arena_append(a, *names, *n) = arena_strdup(a, entry->d_name);
	}
}

int root_names(const struct root *r, struct arena *a, const char *path, char ***ret, size_t *ret_n)
{
	_Alignas(struct dirent64) char buffer[32768];
	char **names = NULL;
	size_t n = 0;
	ssize_t len;
	int fd, err;

	fd = root_open_file(r, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd;
	/* Not readdir(3): it asks the kernel three more questions for each folder. */
	while ((len = getdents64(fd, buffer, sizeof(buffer))) > 0)
		add_names(a, buffer, (size_t)len, &names, &n);
	err = len < 0 ? -errno : 0;
	close(fd);
	if (err)
		return err;
	*ret = names;
	*ret_n = n;
	return 0;
}

int root_list(const struct root *r, struct arena *a, const char *path, char ***ret, size_t *ret_n)
{
	int err = root_names(r, a, path, ret, ret_n);

	if (!err && *ret_n)
		qsort(*ret, *ret_n, sizeof(**ret), compare_names);
	return err;
}

int root_exists(const struct root *r, const char *path)
{
	int fd = root_open_file(r, path, O_PATH);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}
