// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Blocks in a list, filled from the front. Each new block is twice the last one up to 1 MiB, so that a
 * small run costs one page or two and a large one few calls of malloc.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK   ((size_t)4096)
#define LARGEST_BLOCK ((size_t)1 << 20)

struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) char data[];
};

struct arena {
	struct block *blocks;
	size_t next_size;
};

static void *check(void *p)
{
	if (!p)
		abort();
	return p;
}

struct arena *arena_new(void)
{
	struct arena *a = check(calloc(1, sizeof(*a)));

	a->next_size = FIRST_BLOCK;
	return a;
}

void arena_free(struct arena *a)
{
	struct block *b, *next;

	if (!a)
		return;
	for (b = a->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(a);
}

void arena_freep(struct arena **a)
{
	arena_free(*a);
}

static struct block *add_block(struct arena *a, size_t least)
{
	size_t size = least > a->next_size ? least : a->next_size;
	struct block *b;

	if (size > SIZE_MAX - sizeof(*b))
		abort();
	b = check(malloc(sizeof(*b) + size));
	b->size = size;
	b->used = 0;
	b->next = a->blocks;
	a->blocks = b;
	if (a->next_size < LARGEST_BLOCK)
		a->next_size *= 2;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct block *b = a->blocks;
	void *p;

	if (size > SIZE_MAX - align)
		abort();
	size = (size + align - 1) & ~(align - 1);
	if (!b || b->size - b->used < size)
		b = add_block(a, size);
	p = b->data + b->used;
	b->used += size;
	return memset(p, 0, size);
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(count, size, &all))
		abort();
	return arena_alloc(a, all);
}

char *arena_memdup(struct arena *a, const void *data, size_t len)
{
	char *copy = arena_calloc(a, len + 1, 1);

	if (len)
		memcpy(copy, data, len);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_memdup(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	char *s, *copy;
	int len = vasprintf(&s, fmt, ap);

	if (len < 0)
		abort();
	copy = arena_memdup(a, s, (size_t)len);
	free(s);
	return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void *arena_grow(struct arena *a, void *array, size_t count, size_t size)
{
	void *grown;

	if (count & (count - 1))
		return array;
	grown = arena_calloc(a, count ? count * 2 : 1, size);
	if (count)
		memcpy(grown, array, count * size);
	return grown;
}
