// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See atomic_file.h. The file beside has a fixed name: what a kill leaves behind is taken away by the
 * next write, and ferry's lock sees to it that nobody else is writing.
 */
#include "base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int file_check_own(const struct stat *st)
{
	if (st->st_uid && st->st_uid != geteuid())
		return -EPERM;
	return st->st_mode & (S_IWGRP | S_IWOTH) ? -EPERM : 0;
}

int file_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The part of path before its last component; "" stands for the folder one is in. */
static int split(const char *path, char folder[static PATH_MAX], const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;

	if (len >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(folder, path, len);
	folder[len] = 0;
	if (!len)
		memcpy(folder, slash ? "/" : ".", 2);
	*ret_name = slash ? slash + 1 : path;
	return **ret_name ? 0 : -EINVAL;
}

static int open_plain_folder(int at, const char *path, int flags)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);

	return fd < 0 ? -errno : fd;
}

static int make_folder(const char *path, mode_t mode)
{
	char parent_path[PATH_MAX];
	const char *name;
	int parent, err;

	err = split(path, parent_path, &name);
	if (err)
		return err;
	parent = open_plain_folder(AT_FDCWD, parent_path, 0);
	if (parent < 0)
		return parent;
	if (mkdirat(parent, name, mode) && errno != EEXIST)
		err = -errno;
	else if (fsync(parent) && errno != EINVAL)
		err = -errno;
	close(parent);
	return err;
}

int folder_open(const char *path, mode_t mode)
{
	struct stat st;
	int fd, err;

	fd = open_plain_folder(AT_FDCWD, path, O_NOFOLLOW);
	if (fd == -ENOENT && mode) {
		err = make_folder(path, mode);
		if (err)
			return err;
		fd = open_plain_folder(AT_FDCWD, path, O_NOFOLLOW);
	}
	if (fd < 0)
		return fd;
	err = fstat(fd, &st) ? -errno : file_check_own(&st);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

/* What stands there already must be a file that a rename may replace. */
static int check_target(int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}

static int write_beside(int folder, const char *name, const void *data, size_t len, mode_t mode)
{
	int fd, err;

	if (unlinkat(folder, name, 0) && errno != ENOENT)
		return -errno;
	fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = file_write_all(fd, data, len);
	/* The umask had its say at open(2). */
	if (!err && (fchmod(fd, mode) || fsync(fd)))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

int folder_open_writable(const char *path, mode_t mode)
{
	int fd = folder_open(path, mode);
	int err;

	if (fd < 0)
		return fd;
	err = write_beside(fd, ".probe", "ferry\n", 6, 0600);
	if (unlinkat(fd, ".probe", 0) && errno != ENOENT && !err)
		err = -errno;
	if (!err && fsync(fd))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int atomic_file_write(int folder, const char *name, const void *data, size_t len, mode_t mode)
{
	char beside[NAME_MAX + 1];
	int err;

	if ((size_t)snprintf(beside, sizeof(beside), ".%s.new", name) >= sizeof(beside))
		return -ENAMETOOLONG;
	err = check_target(folder, name);
	if (err)
		return err;
	err = write_beside(folder, beside, data, len, mode);
	if (!err && renameat(folder, beside, folder, name))
		err = -errno;
	if (err) {
		unlinkat(folder, beside, 0);
		return err;
	}
	return fsync(folder) ? -errno : 0;
}

int atomic_file_replace(const char *path, const void *data, size_t len, mode_t mode)
{
	char folder_path[PATH_MAX];
	const char *name;
	int folder, err;

	err = split(path, folder_path, &name);
	if (err)
		return err;
	folder = open_plain_folder(AT_FDCWD, folder_path, 0);
	if (folder < 0)
		return folder;
	err = atomic_file_write(folder, name, data, len, mode);
	close(folder);
	return err;
}
