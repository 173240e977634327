// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See lock.h. The file is never removed: who waits for it would then hold a lock that nobody else sees.
 * Waiting is done by asking again, so that a deadline and a signal both end it.
 */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/text.h"

#define ASK_AGAIN_MS 50

/* A name that is longer than this is shown shortened: it is for a person. */
#define HOLDER_SIZE 512

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int open_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder_path[PATH_MAX];
	size_t len = slash ? (size_t)(slash - path) : 0;
	struct stat st;
	int folder, fd, err;

	if (!len || len >= sizeof(folder_path))
		return -EINVAL;
	memcpy(folder_path, path, len);
	folder_path[len] = 0;
	folder = folder_open(folder_path, 0755);
	if (folder < 0)
		return folder == -ELOOP || folder == -ENOTDIR ? -EPERM : folder;
	fd = openat(folder, slash + 1, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		    0644);
	err = fd < 0 ? -errno : 0;
	close(folder);
	if (err)
		return err == -ELOOP ? -EPERM : err;
	if (fstat(fd, &st))
		err = -errno;
	else if (!S_ISREG(st.st_mode))
		err = -EPERM;
	else
		err = file_check_own(&st);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

/* Is the file that was opened still the one at path? Somebody may have removed it in between. */
static bool is_current(int fd, const char *path)
{
	struct stat mine, theirs;

	return !fstat(fd, &mine) && !lstat(path, &theirs) && mine.st_ino == theirs.st_ino &&
	       mine.st_dev == theirs.st_dev;
}

static int wait_for(int fd, int deadline_ms)
{
	const int64_t end = now_ms() + deadline_ms;
	const struct timespec pause = {.tv_nsec = ASK_AGAIN_MS * 1000000L};

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -errno;
		if (deadline_ms >= 0 && now_ms() >= end)
			return -EWOULDBLOCK;
		if (nanosleep(&pause, NULL) && errno == EINTR)
			return -EINTR;
	}
	return 0;
}

static const char *read_holder(int fd, struct arena *arena)
{
	char buffer[HOLDER_SIZE];
	ssize_t n = pread(fd, buffer, sizeof(buffer) - 1, 0);

	if (n <= 0)
		return "another ferry";
	buffer[n] = 0;
	return text_printable(arena, text_trim_end(buffer));
}

static int write_holder(int fd, const char *holder)
{
	size_t len = strnlen(holder, HOLDER_SIZE - 2);

	if (ftruncate(fd, 0) || lseek(fd, 0, SEEK_SET))
		return -errno;
	return file_write_all(fd, holder, len);
}

int lock_take(const char *path, const char *holder, int deadline_ms, struct arena *arena,
	      struct lock *ret, const char **ret_holder)
{
	int fd, err;

	for (;;) {
		fd = open_file(path);
		if (fd < 0)
			return fd;
		err = wait_for(fd, deadline_ms);
		if (err || is_current(fd, path))
			break;
		close(fd);
	}
	if (err == -EWOULDBLOCK && ret_holder)
		*ret_holder = read_holder(fd, arena);
	if (!err)
		err = write_holder(fd, holder);
	if (err) {
		close(fd);
		return err;
	}
	ret->fd = fd;
	return 0;
}

void lock_release(struct lock *lock)
{
	if (lock->fd >= 0)
		close(lock->fd);
	lock->fd = -1;
}
