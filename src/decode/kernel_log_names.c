// SPDX-License-Identifier: LGPL-2.1-or-later
/* See kernel_log_names.h. Open addressing; a name is never taken out, only marked. */
#include "decode/kernel_log_names.h"

#include <stdlib.h>
#include <string.h>

static void *grown(void *array, size_t count, size_t size)
{
	array = reallocarray(array, count, size);
	if (!array)
		abort();
	return array;
}

/* Eight bytes at a time; no defence against names made to collide is needed beyond a full mix. */
static uint32_t hash_of(const char *s, size_t len)
{
	uint64_t h = len * 0x9e3779b97f4a7c15U, word;

	for (; len >= 8; s += 8, len -= 8) {
		memcpy(&word, s, 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15U;
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, s, len);
	h = (h ^ word) * 0x9e3779b97f4a7c15U;
	return (uint32_t)(h >> 32);
}

static void rehash(struct log_names *n)
{
	free(n->slots);
	n->slot_count = n->slot_count ? n->slot_count * 2 : 64;
	n->slots = calloc(n->slot_count, sizeof(*n->slots));
	if (!n->slots)
		abort();
	for (size_t i = 0; i < n->count; i++) {
		size_t at = n->list[i].hash & (n->slot_count - 1);

		while (n->slots[at])
			at = (at + 1) & (n->slot_count - 1);
		n->slots[at] = (uint32_t)(i + 1);
	}
}

/* The slot of a name: where it is, or the empty one where it would be. */
static uint32_t *find(const struct log_names *n, const char *name, size_t len, uint32_t hash)
{
	size_t at = hash & (n->slot_count - 1);

	for (; n->slots[at]; at = (at + 1) & (n->slot_count - 1)) {
		const struct log_name *x = &n->list[n->slots[at] - 1];

		if (x->hash == hash && x->len == len && !memcmp(n->bytes + x->offset, name, len))
			break;
	}
	return &n->slots[at];
}

static struct log_name *append(struct log_names *n, const char *name, size_t len)
{
	struct log_name *x;

	if (n->count == n->capacity) {
		n->capacity = n->capacity ? n->capacity * 2 : 32;
		n->list = grown(n->list, n->capacity, sizeof(*n->list));
	}
	if (n->room - n->used <= len) {
		n->room = n->room * 2 + len + 512;
		n->bytes = grown(n->bytes, n->room, 1);
	}
	x = &n->list[n->count++];
	*x = (struct log_name){.offset = n->used, .len = len};
	memcpy(n->bytes + n->used, name, len);
	n->bytes[n->used + len] = 0;
	n->used += len + 1;
	return x;
}

/* The entry of a name, made where it is new. */
static struct log_name *entry_of(struct log_names *n, const char *name, size_t len)
{
	size_t guess = n->last + 1 < n->count ? n->last + 1 : 0;
	uint32_t hash, *place;

	if (n->count && n->list[guess].len == len &&
	    !memcmp(n->bytes + n->list[guess].offset, name, len))
		return &n->list[guess];
	hash = hash_of(name, len);
	if (n->count * 2 >= n->slot_count)
		rehash(n);
	place = find(n, name, len, hash);
	if (!*place) {
		append(n, name, len)->hash = hash;
		*place = (uint32_t)n->count;
	}
	return &n->list[*place - 1];
}

void log_names_set(struct log_names *n, const char *name, size_t len, uint32_t value, size_t line)
{
	struct log_name *x = entry_of(n, name, len);

	n->last = (size_t)(x - n->list);
	x->value = value;
	x->line = line;
	x->removed = false;
}

void log_names_remove(struct log_names *n, const char *name, size_t len)
{
	uint32_t *place = n->slot_count ? find(n, name, len, hash_of(name, len)) : NULL;

	if (place && *place)
		n->list[*place - 1].removed = true;
}

void log_names_clear(struct log_names *n)
{
	free(n->list);
	free(n->bytes);
	free(n->slots);
	*n = (struct log_names){0};
}
