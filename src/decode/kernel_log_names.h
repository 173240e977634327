/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Names with a number each, looked up by hash and kept in the order in which they came: devices and
 * their groups, units, parameters. A log of 100 MB may name the same ten devices a million times.
 */
#ifndef FERRY_DECODE_KERNEL_LOG_NAMES_H
#define FERRY_DECODE_KERNEL_LOG_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_name {
	size_t offset, len; /* in bytes */
	uint32_t hash;
	uint32_t value;
	size_t line;
	bool removed;
};

/* All zeros is empty and valid. */
struct log_names {
	struct log_name *list;
	size_t count, capacity;
	char *bytes;
	size_t used, room;
	uint32_t *slots; /* 1 + index; a power of two of them, at least twice count */
	size_t slot_count;
	size_t last; /* what was set last: a log that is repeated repeats the order too */
};

/* Sets the value of a name, new or known; a removed one comes back. */
void log_names_set(struct log_names *n, const char *name, size_t len, uint32_t value, size_t line);
void log_names_remove(struct log_names *n, const char *name, size_t len);
static inline const char *log_names_text(const struct log_names *n, size_t i)
{
	return n->bytes + n->list[i].offset;
}
void log_names_clear(struct log_names *n);

#endif
