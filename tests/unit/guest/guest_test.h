/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of guests share: definitions from tests/data/guest, and addresses. */
#ifndef FERRY_TEST_GUEST_H
#define FERRY_TEST_GUEST_H

#include "../test.h"

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "decode/pci_address.h"

static struct arena *arena;

static inline int make_arena(void **state)
{
	arena = arena_new();
	return 0;
}

static inline int free_arena(void **state)
{
	arena_free(arena);
	return 0;
}

static inline char *definition(const char *name)
{
	ROOT_AUTO struct root root = ROOT_CLOSED;
	char *text;

	assert_int_equal(root_open(source_path("tests/data/guest"), &root), 0);
	assert_int_equal(root_read(&root, arena, name, &text, NULL), 0);
	return text;
}

static inline struct pci_address address(const char *s)
{
	struct pci_address a;

	assert_int_equal(pci_address_parse(s, &a), 0);
	return a;
}

static inline size_t occurrences(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text += strlen(what))
		n++;
	return n;
}

/* text with the first from replaced by to. */
static inline char *replaced(const char *text, const char *from, const char *to)
{
	TEXT_AUTO struct text t = {0};
	const char *at = strstr(text, from);

	assert_non_null(at);
	text_add_bytes(&t, text, (size_t)(at - text));
	text_add(&t, to);
	text_add(&t, at + strlen(from));
	return arena_strdup(arena, text_str(&t));
}

#endif
