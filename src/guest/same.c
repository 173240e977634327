// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * When two definitions are one. libvirt keeps what it has parsed, and parses what it has written into
 * another order: seen with 9.0, a virtio-serial controller that it had added between the PCI ports
 * stood after them once its own XML was defined again. Nothing else moves.
 */
#include "guest/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "guest/domain_xml.h"
#include "guest/xml.h"

/* A definition taken apart: its controllers as sorted texts, and the rest. */
struct parts {
	char **controllers;
	size_t count;
	char *rest;
};

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int take_apart(const char *text, struct arena *arena, struct parts *ret)
{
	XML_AUTO struct xml x = {0};
	struct parts p = {0};
	struct xml_node *n, *next;
	int r = domain_xml_parse(text, &x);

	if (r < 0)
		return r;
	for (n = xml_child(xml_child(xml_root(&x), "devices"), "controller"); n; n = next) {
		next = xml_next(n, "controller");
		*arena_append(arena, p.controllers, p.count) = xml_write_element(n, arena);
		xml_remove(n);
	}
	if (p.count)
		qsort(p.controllers, p.count, sizeof(*p.controllers), compare_texts);
	p.rest = xml_write(&x, arena);
	*ret = p;
	return 0;
}

bool guest_xml_is_same(const char *a, const char *b, struct arena *arena)
{
	struct parts x, y;
	size_t i;

	if (!strcmp(a, b))
		return true;
	if (take_apart(a, arena, &x) < 0 || take_apart(b, arena, &y) < 0)
		return false;
	if (x.count != y.count || strcmp(x.rest, y.rest) != 0)
		return false;
	for (i = 0; i < x.count; i++)
		if (strcmp(x.controllers[i], y.controllers[i]) != 0)
			return false;
	return true;
}
