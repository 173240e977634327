/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A machine as an archive: exactly what was asked of it while it was read, so that every command that
 * only reads finds the same answers there.
 */
#ifndef FERRY_APPLY_CAPTURE_H
#define FERRY_APPLY_CAPTURE_H

#include "base/root.h"
#include "host/host.h"

struct archive_maker;
struct error;

struct capture_left_out {
	const char *path, *reason;
};

struct capture {
	const struct root *root; /* without a trace */
	const struct host *host; /* read with the trace, in full */
	struct arena *arena;
	bool is_anonymous;     /* no serial numbers, MAC addresses or host names */
	size_t entries, bytes; /* when it is done */
	struct capture_left_out *left_out;
	size_t n_left_out;
};

/* Makes the archive and puts it at path, whole or not at all, readable by its owner alone. */
int capture_write(struct capture *c, const struct root_trace *trace, const char *path,
		  struct error *err);

/* capture_scrub.c: what names this very machine or its parts, made harmless, in a copy. */
struct scrub;
struct scrub *scrub_new(const struct capture *c);
/* Text: MAC addresses, this host's name; also in names of interfaces (enx0123456789ab). */
char *scrub_text(struct scrub *s, const char *text, size_t len, size_t *ret_len);
/* What a file holds, by its path: config space, command line, mounts, ... NULL: leave it out. */
char *scrub_file(struct scrub *s, const char *path, const char *data, size_t len, size_t *ret_len);

#endif
