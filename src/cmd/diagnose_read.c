// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See diagnose_read.h. A guest's log holds every start since it was made, and the kernel's every one since
 * the boot: what is not of the start in question would be taken for its cause.
 */
#include "cmd/diagnose_read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "analysis/diagnosis.h"
#include "analysis/diagnosis_host.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"
#include "host/kmsg.h"
#include "host/read.h"

/* The kernel's log has a clock of its own, which may be behind the monotonic one. */
#define CLOCK_SLACK_S 3

/* libvirt writes it before each start (src/qemu/qemu_process.c). */
static const char start_mark[] = ": starting up libvirt";

static uint64_t count_lines(const char *s, size_t len)
{
	const char *end = s + len;
	uint64_t n = 0;

	while ((s = memchr(s, '\n', (size_t)(end - s))) && ++s)
		n++;
	return n;
}

/* Where the log of the last start begins; the whole where no start is marked. */
static size_t last_start(const char *log, size_t len)
{
	const char *at = log, *found = NULL, *line;

	while ((at = memmem(at, len - (size_t)(at - log), start_mark, sizeof(start_mark) - 1)))
		found = at++;
	if (!found)
		return 0;
	line = memrchr(log, '\n', (size_t)(found - log));
	return line ? (size_t)(line - log) + 1 : 0;
}

const char *diagnose_guest_path(struct arena *arena, const char *guest)
{
	return arena_printf(arena, "/var/log/libvirt/qemu/%s.log", guest);
}

/* "2026-11-25 20:01:15.123+0000: starting up": as seconds of the kernel's log, 0 where it says no time. */
static double since_start(const char *line)
{
	struct timespec real, monotonic;
	struct tm tm = {0};
	const char *end = strptime(line, "%Y-%m-%d %H:%M:%S", &tm);
	double since;

	if (!end || !strstr(end, "+0000"))
		return 0;
	clock_gettime(CLOCK_REALTIME, &real);
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	since = (double)monotonic.tv_sec - (double)(real.tv_sec - timegm(&tm)) - CLOCK_SLACK_S;
	return since > 0 ? since : 0;
}

/* *since, where it is 0, becomes the moment that the log's last start names. */
static int read_guest_log(struct diagnosis_reader *r, const struct root *root, struct arena *arena,
			  const struct start_logs *logs, double *since, struct error *err)
{
	const char *path = diagnose_guest_path(arena, logs->guest);
	size_t len, from = logs->from;
	char *log;
	int ret = root_read(root, arena, path + 1, &log, &len);

	if (ret == -ENOENT)
		return error_set(err, ret, logs->guest, "Guests and their names: virsh list --all",
				 "libvirt's QEMU driver has written no log of it (%s)", path);
	if (ret)
		return error_set(err, ret, path,
				 ret == -EACCES || ret == -EPERM
					 ? "Only root may read it: run the same command with sudo."
					 : NULL,
				 "cannot be read: %s", strerror(-ret));
	if (from > len)
		from = last_start(log, len);
	if (*since <= 0)
		*since = since_start(log + from);
	diagnosis_reader_source(r, path, count_lines(log, from));
	diagnosis_reader_add(r, log + from, len - from);
	return 0;
}

struct records {
	struct diagnosis_reader *reader;
	double since;
};

static void take_record(void *data, const char *line, size_t len)
{
	const struct records *records = data;
	unsigned long long microseconds;

	if (records->since > 0 && sscanf(line, "%*u,%*u,%llu", &microseconds) == 1 &&
	    (double)microseconds / 1e6 < records->since)
		return;
	diagnosis_reader_add(records->reader, line, len);
}

int diagnose_kernel_log(struct diagnosis_reader *r, const struct root *root, double since)
{
	struct records records = {r, since};

	diagnosis_reader_source(r, "/" KMSG_PATH, 0);
	return kmsg_read(root, take_record, &records);
}

static int read_once(const struct root *root, struct arena *arena, const struct start_logs *logs,
		     bool whole_boot, struct diagnosis *ret, const char **ret_unreadable,
		     struct error *err)
{
	struct diagnosis_reader *r = diagnosis_reader_new(arena);
	double since = logs->since;
	int code, kernel;

	if (logs->message) {
		diagnosis_reader_source(r, "libvirt", 0);
		diagnosis_reader_add(r, logs->message, strlen(logs->message));
		diagnosis_reader_add(r, "\n", 1);
	}
	code = read_guest_log(r, root, arena, logs, &since, logs->message ? NULL : err);
	kernel = code && !logs->message ? 0 : diagnose_kernel_log(r, root, whole_boot ? 0 : since);
	if (kernel)
		*ret_unreadable = arena_printf(arena, "/%s: %s (run the same command with sudo)",
					       KMSG_PATH, strerror(-kernel));
	diagnosis_reader_end(r, ret);
	return logs->message ? 0 : code;
}

/* Nothing stops though something failed, or only a text whose cause the kernel knows. */
static bool needs_more(const struct diagnosis *d, bool has_failed)
{
	if (diagnosis_stops(d))
		return text_equal(d->findings[0].cause, "container-eperm");
	return has_failed || d->n_unknown;
}

int diagnose_start(const struct root *root, struct arena *arena, const struct start_logs *logs,
		   struct diagnosis *ret, const char **ret_unreadable, struct error *err)
{
	int code = read_once(root, arena, logs, false, ret, ret_unreadable, err);

	if (!code && needs_more(ret, logs->has_failed))
		code = read_once(root, arena, logs, true, ret, ret_unreadable, err);
	return code;
}

void diagnose_name_devices(struct diagnosis *d, const struct root *root, struct arena *arena)
{
	ERROR_AUTO struct error err = {0};
	struct host host;

	if (!host_read(root, HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_NAMES),
		       arena, &host, &err))
		diagnosis_name_devices(d, &host, arena);
}
