/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What went wrong, read from what the kernel, QEMU and libvirt wrote about it. The one text that people
 * get ("please ensure all devices within the iommu_group are bound") is seldom the cause: findings stand
 * in the order root cause first, and what no row of the table takes is said to be unknown.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_H
#define FERRY_ANALYSIS_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum diagnosis_severity {
	DIAGNOSIS_PASS, /* good news, or noise */
	DIAGNOSIS_NOTE, /* worth knowing, stops nobody */
	DIAGNOSIS_WARN, /* works, at a price */
	DIAGNOSIS_STOP  /* the device does not reach the guest */
};

struct diagnosis_finding {
	const char *cause; /* the slug: "group-not-viable" */
	enum diagnosis_severity severity;
	const char *text;   /* the line it was read from, as it stands, at most 4 KiB */
	uint64_t line;      /* its number, from 1 */
	const char *source; /* diagnosis_reader_source(); NULL: there is but one */
	const char *meaning, *remedy;
	const char *device; /* "0000:01:00.0" where the text names one, else NULL */
	int64_t group;      /* the IOMMU group that the text names, -1: none */
	uint64_t count;     /* lines that said the same */
};

/* What looks like a failure and is in no row. */
struct diagnosis_unknown {
	const char *text;
	uint64_t line;
	const char *source;
	uint64_t count;
};

struct diagnosis {
	struct diagnosis_finding *findings; /* what stops first, in it the root cause first */
	size_t n_findings;
	struct diagnosis_unknown *unknown; /* in the order of the text */
	size_t n_unknown;
	uint64_t lines;
	/* Lines left out because so many others differ from them only in the device or in words. */
	uint64_t findings_left_out, unknown_left_out;
};

/* "pass", "note", "warn", "stop" */
const char *diagnosis_severity_name(enum diagnosis_severity severity);
/* Whether anything in it stops a start. */
bool diagnosis_stops(const struct diagnosis *d);

/*
 * A text of any length in constant memory: ask for room, fill some of it, say how much, until there is
 * no more, then diagnosis_reader_end(), which also frees the reader. Findings live in the arena.
 */
struct diagnosis_reader;
struct diagnosis_reader *diagnosis_reader_new(struct arena *a);
char *diagnosis_reader_room(struct diagnosis_reader *r, size_t *ret_size);
void diagnosis_reader_take(struct diagnosis_reader *r, size_t len);
void diagnosis_reader_end(struct diagnosis_reader *r, struct diagnosis *ret);

/*
 * What follows is another text, called name (not copied), whose first lines_before lines are left out.
 * Both are weighed together: a guest's log and the kernel's.
 */
void diagnosis_reader_source(struct diagnosis_reader *r, const char *name, uint64_t lines_before);

/* Copies; for text that is in memory already. */
void diagnosis_reader_add(struct diagnosis_reader *r, const char *text, size_t len);
/* The whole at once. */
void diagnosis_of_text(const char *text, size_t len, struct arena *a, struct diagnosis *ret);

#endif
