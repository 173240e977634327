// SPDX-License-Identifier: LGPL-2.1-or-later
/* See kmsg.h. A read gives one record; what was overwritten meanwhile is EPIPE, and the next one follows. */
#include "host/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/root.h"

/* CONSOLE_EXT_LOG_MAX of kernel/printk: no record is longer; an escaped byte takes four. */
#define LONGEST 8192

/* A capture has them all in a file, a line each. */
static int read_captured(const struct root *root,
			 void (*take)(void *data, const char *line, size_t len), void *data)
{
	ARENA_AUTO struct arena *arena = arena_new();
	char *text, *line;
	int err = root_read(root, arena, KMSG_PATH, &text, NULL);

	for (line = err ? NULL : text; line && *line; line += strcspn(line, "\n")) {
		line += *line == '\n';
		if (*line)
			take(data, line, strcspn(line, "\n") + 1);
	}
	return err;
}

int kmsg_read(const struct root *root, void (*take)(void *data, const char *line, size_t len),
	      void *data)
{
	int fd, ret = 0;
	char record[LONGEST + 1];

	if (!root->live)
		return read_captured(root, take, data);
	fd = root_open_file(root, KMSG_PATH, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	for (;;) {
		ssize_t n = read(fd, record, LONGEST);
		char *end;

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (n < 0 && errno != EAGAIN)
			ret = -errno;
		if (n <= 0)
			break;
		/* Behind the first line stand the device's names ("SUBSYSTEM=pci"). */
		end = memchr(record, '\n', (size_t)n);
		if (!end)
			end = record + n;
		*end = '\n';
		take(data, record, (size_t)(end - record) + 1);
	}
	close(fd);
	return ret;
}
