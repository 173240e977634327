// SPDX-License-Identifier: LGPL-2.1-or-later
/* See place.h. */
#include "apply/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"

static int say(const struct place *p, int code, const char *what, struct error *err)
{
	const char *remedy =
		code == -ENOSPC || code == -EDQUOT
			? "free space on that file system, then run it again"
		: code == -EROFS  ? "mount that file system writable (mount -o remount,rw), then "
				    "run it again"
		: code == -EACCES ? "run it as root"
				  : NULL;

	return error_set(err, code, p->path, remedy, "%s: %s", what, strerror(-code));
}

/* Where the way through links ends, as the running system names it. */
static int real_path(int fd, struct arena *arena, char **ret)
{
	char link[64];
	char *buffer = arena_alloc(arena, PATH_MAX);
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buffer, PATH_MAX - 1);
	if (n < 0)
		return -errno;
	buffer[n] = 0;
	*ret = buffer;
	return buffer[0] == '/' ? 0 : -EXDEV;
}

/* The folder of a file that is there: a link's target, not the link, is what is replaced. */
static int open_existing(int fd, struct arena *arena, struct place *p)
{
	char *path, *slash;
	int code = real_path(fd, arena, &path);

	if (code)
		return code;
	slash = strrchr(path, '/');
	*slash = 0;
	p->folder = open(slash == path ? "/" : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	p->name = slash + 1;
	return p->folder < 0 ? -errno : 0;
}

int place_open(const struct root *root, const char *path, struct arena *arena, struct place *ret,
	       struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct place p = {.folder = -1, .path = path, .name = slash + 1};
	int fd = root_open_file(root, path + 1, O_PATH), code = fd < 0 ? fd : 0;

	if (fd >= 0) {
		code = open_existing(fd, arena, &p);
		close(fd);
	} else if (fd == -ENOENT) {
		const char *folder =
			slash == path ? "."
				      : arena_memdup(arena, path + 1, (size_t)(slash - path - 1));

		p.folder = root_open_file(root, folder, O_RDONLY | O_DIRECTORY);
		code = p.folder < 0 ? p.folder : 0;
	}
	if (code) {
		place_close(&p);
		return say(&p, code, "it can't be opened", err);
	}
	*ret = p;
	return 0;
}

void place_close(struct place *p)
{
	if (p->folder >= 0)
		close(p->folder);
	p->folder = -1;
}

static int read_name(const struct place *p, const char *name, struct arena *arena, const char **ret)
{
	const struct root root = {.fd = p->folder, .live = true};
	struct stat st;
	char *text;
	size_t len;
	int code;

	*ret = NULL;
	if (fstatat(p->folder, name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	code = root_read(&root, arena, name, &text, &len);
	if (!code && strlen(text) != len)
		return -EINVAL;
	if (!code)
		*ret = text;
	return code;
}

int place_read(const struct place *p, struct arena *arena, const char **ret, struct error *err)
{
	int code = read_name(p, p->name, arena, ret);

	return code ? say(p, code, "it can't be read as a text", err) : 0;
}

/* Security labels and access lists are attributes; where a file system has none there is none to copy. */
static int copy_attributes(int from, int to)
{
	ssize_t size = flistxattr(from, NULL, 0), n = 0, value_len;
	char *names, *name, value[65536];
	int err = 0;

	if (size <= 0)
		return 0;
	names = calloc(1, (size_t)size);
	if (!names)
		return -ENOMEM;
	n = flistxattr(from, names, (size_t)size);
	for (name = names; name < names + n && !err; name += strlen(name) + 1) {
		value_len = fgetxattr(from, name, value, sizeof(value));
		if (value_len < 0 || fsetxattr(to, name, value, (size_t)value_len, 0))
			err = errno == ENODATA || errno == ENOTSUP ? 0 : -errno;
	}
	free(names);
	return err;
}

/* Owner, mode and attributes of what stands there. A FAT has one owner for all: it need not be set. */
static int make_alike(const struct place *p, int fd)
{
	int old = openat(p->folder, p->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat before, now;
	int err = 0;

	if (old < 0)
		return errno == ENOENT ? (fchmod(fd, 0644) ? -errno : 0) : -errno;
	if (fstat(old, &before) || fstat(fd, &now))
		err = -errno;
	if (!err && (before.st_uid != now.st_uid || before.st_gid != now.st_gid) &&
	    fchown(fd, before.st_uid, before.st_gid))
		err = -errno;
	if (!err && (before.st_mode & 07777) != (now.st_mode & 07777) &&
	    fchmod(fd, before.st_mode & 07777) && errno != EPERM)
		err = -errno;
	if (!err)
		err = copy_attributes(old, fd);
	close(old);
	return err;
}

static int write_new(const struct place *p, const char *name, const char *text)
{
	int fd, err;

	if (unlinkat(p->folder, name, 0) && errno != ENOENT)
		return -errno;
	fd = openat(p->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	err = file_write_all(fd, text, strlen(text));
	if (!err)
		err = make_alike(p, fd);
	if (!err && fsync(fd))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

static int beside(const struct place *p, const char *behind, char name[static NAME_MAX + 1])
{
	return (size_t)snprintf(name, NAME_MAX + 1, "%s%s", p->name, behind) > NAME_MAX
		       ? -ENAMETOOLONG
		       : 0;
}

/* The name and what it stands for, on the disk itself. */
static int sync_folder(const struct place *p)
{
	return fsync(p->folder) || syncfs(p->folder) ? -errno : 0;
}

static int replace(const struct place *p, const char *name, const char *text)
{
	char new[NAME_MAX + 1];
	int err = beside(p, PLACE_NEW, new);

	if (err)
		return err;
	err = write_new(p, new, text);
	if (!err && renameat(p->folder, new, p->folder, name))
		err = -errno;
	if (err) {
		unlinkat(p->folder, new, 0);
		return err;
	}
	return sync_folder(p);
}

int place_write(const struct place *p, const char *text, struct error *err)
{
	int code = replace(p, p->name, text);

	return code ? say(p, code, "it can't be written", err) : 0;
}

int place_remove(const struct place *p, struct error *err)
{
	int code = unlinkat(p->folder, p->name, 0) && errno != ENOENT ? -errno : sync_folder(p);

	return code ? say(p, code, "it can't be removed", err) : 0;
}

static const char *kept_name(const struct place *p, struct arena *arena)
{
	return arena_printf(arena, "%s%s", p->name, PLACE_BEFORE);
}

bool place_is_kept(const struct place *p, struct arena *arena)
{
	return !faccessat(p->folder, kept_name(p, arena), F_OK, AT_SYMLINK_NOFOLLOW);
}

int place_keep(const struct place *p, bool again, struct arena *arena, struct error *err)
{
	const char *name = kept_name(p, arena), *text;
	int code;

	if (!again && place_is_kept(p, arena))
		return 0;
	code = read_name(p, p->name, arena, &text);
	if (!code && text)
		code = replace(p, name, text);
	return code ? say(p, code, "what stands there can't be kept beside it", err) : 0;
}

int place_put_back(const struct place *p, struct arena *arena, struct error *err)
{
	int code = renameat(p->folder, kept_name(p, arena), p->folder, p->name) ? -errno
										: sync_folder(p);

	return code ? say(p, code, "what stood there can't be put back", err) : 0;
}

void place_forget(const struct place *p, struct arena *arena)
{
	unlinkat(p->folder, kept_name(p, arena), 0);
}

void place_sync_boot(const struct root *root)
{
	static const char *const folders[] = {"boot", "boot/efi", "efi", "boot/grub", "boot/grub2"};
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		int fd = root_open_file(root, folders[i], O_RDONLY | O_DIRECTORY);

		if (fd < 0)
			continue;
		syncfs(fd);
		close(fd);
	}
}
