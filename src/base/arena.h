/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One region of memory for values that live and die together: the host, the guests, the plan. Nothing
 * in it is freed by hand. An allocation that fails ends the program with abort(): a ferry that dies at
 * any point is what the journal is for, and half a value would be worse.
 */
#ifndef FERRY_BASE_ARENA_H
#define FERRY_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *a);
void arena_freep(struct arena **a);
#define ARENA_AUTO __attribute__((cleanup(arena_freep)))

/* Zeroed, aligned for any type. A size of 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* As arena_alloc, count * size checked for overflow. */
void *arena_calloc(struct arena *a, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *s);
/* Copies len bytes and adds a NUL. */
char *arena_memdup(struct arena *a, const void *data, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

/* Room for one more element; the capacity is the next power of two, so no field has to hold it. */
void *arena_grow(struct arena *a, void *array, size_t count, size_t size);

/* Appends a zeroed element to an array that began as NULL with a count of 0; gives its address. */
#define arena_append(a, array, count) \
	((array) = arena_grow((a), (array), (count), sizeof(*(array))), &(array)[(count)++])

#endif
