/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The form of a log's lines, apart from what they say: what stands in front of the kernel's message, and
 * where a mail program has cut one message into several lines.
 */
#ifndef FERRY_DECODE_KERNEL_LOG_LINE_H
#define FERRY_DECODE_KERNEL_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct text;

struct kernel_line_prefix {
	size_t message;  /* where the message begins */
	unsigned quotes; /* marks in front, "> " or "| " */
	bool stamped;    /* there is a time stamp, a priority, a host: a line of its own */
	bool wall_clock; /* the stamp is a date */
	bool xen;        /* the hypervisor's line, "(XEN) " */
	bool foreign;    /* another program's: "host sudo[12]: " */
	size_t stamp; /* where the first "[" in front of the message stands; len: there is none */
};

void kernel_line_prefix_read(const char *s, size_t len, struct kernel_line_prefix *ret);
/* The seconds since boot that the stamp gives; below 0: it is none of that form. */
double kernel_line_prefix_seconds(const char *s, size_t len,
				  const struct kernel_line_prefix *prefix);

/*
 * Whether a mail program has cut cur off the line before it. Both without line end. Only a line that is
 * about as long as a mail's is taken for a cut one, so that two real lines are rarely joined; where they
 * are, both messages are still found in what results.
 */
bool kernel_line_continues(const char *prev, size_t prev_len, const char *cur, size_t cur_len);
/* A quoted-printable soft line break: '=' at the end of a line of that encoding's length. */
bool kernel_line_is_soft_broken(const char *s, size_t len);
/* The length of the quotation marks in front, "> > ", with the one blank that belongs to each. */
size_t kernel_line_quote(const char *s, size_t len);
/* Adds s with its "=3D" and the like decoded. */
void kernel_line_add_decoded(struct text *t, const char *s, size_t len);
/* len without the line end's "\r" and the white space there. */
size_t kernel_line_trim(const char *s, size_t len);

#endif
