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

int root_open_file(const struct root *r, const char *path, int flags)
{
	int fd;

	/* openat2 refuses O_PATH with flags that it would ignore. */
	flags |= O_CLOEXEC | (flags & O_PATH ? 0 : O_NOCTTY);
	if (r->live) {
		fd = openat(r->fd, path, flags);
	} else {
		struct open_how how = {
			.flags = (uint64_t)flags,
			.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
		};

		fd = (int)syscall(SYS_openat2, r->fd, path, &how, sizeof(how));
	}
	return fd < 0 ? -errno : fd;
}

int root_sub(const struct root *r, const char *path, struct root *ret)
{
	int fd = root_open_file(r, path, O_PATH | O_DIRECTORY);

	if (fd < 0)
		return fd;
	*ret = (struct root){.fd = fd, .live = r->live};
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

int root_read_u64(const struct root *r, const char *path, uint64_t *ret)
{
	char buffer[64];
	ssize_t n;
	int fd;

	fd = root_open_file(r, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	n = read(fd, buffer, sizeof(buffer) - 1);
	if (n < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	close(fd);
	buffer[n] = 0;
	return text_parse_u64(buffer, text_has_prefix(buffer, "0x") ? 16 : 10, UINT64_MAX, ret);
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

int root_list(const struct root *r, struct arena *a, const char *path, char ***ret, size_t *ret_n)
{
	char **names = NULL;
	size_t n = 0;
	struct dirent *entry;
	DIR *dir;
	int fd, err;

	fd = root_open_file(r, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		*arena_append(a, names, n) = arena_strdup(a, entry->d_name);
	}
	err = -errno;
	closedir(dir);
	if (err)
		return err;
	if (n)
		qsort(names, n, sizeof(*names), compare_names);
	*ret = names;
	*ret_n = n;
	return 0;
}

int root_exists(const struct root *r, const char *path)
{
	int fd = root_open_file(r, path, O_PATH);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}
