// SPDX-License-Identifier: LGPL-2.1-or-later
/* See use_read.h: what the families of uses have in common. */
#include "host/use_read.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/way.h"

struct host_use *use_add(struct host_reader *r, enum host_use_kind kind, int device,
			 const char *what)
{
	struct host_use *use = arena_append(r->arena, r->host->uses, r->host->n_uses);

	use->kind = kind;
	use->device = device;
	use->what = what;
	return use;
}

void use_add_station(struct host_reader *r, struct host_use *use, const char *name)
{
	way_add(r->arena, &use->way, &use->n_way, arena_strdup(r->arena, name));
}

bool use_place(struct host_reader *r, const char *class, const char *name, int *ret_device,
	       const char **ret_rest)
{
	const char *rest;
	size_t device;
	char *path;

	if (root_readlink(&r->sys, r->scratch, arena_printf(r->scratch, "class/%s/%s", class, name),
			  &path))
		return false;
	*ret_device = -1;
	*ret_rest = "";
	if (pci_path_device(r->host, path, &device, &rest)) {
		*ret_device = (int)device;
		*ret_rest = rest;
	}
	return true;
}

int use_attribute(struct host_reader *r, const char *class, const char *name, const char *file,
		  char *buffer, size_t size)
{
	int err = root_read_attribute(&r->sys,
				      arena_printf(r->scratch, "class/%s/%s/%s", class, name, file),
				      buffer, size, NULL);

	if (!err)
		text_trim_end(buffer);
	return err;
}

/* Classes that the kernel lacks hold nothing; a tree without any of them says nothing. */
enum fact use_read(struct host_reader *r)
{
	enum fact (*const readers[])(struct host_reader * r) = {display_read, input_read, line_read,
								functions_read};
	enum fact state = FACT_ABSENT;
	size_t i;

	for (i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
		enum fact one = readers[i](r);

		if (one != FACT_ABSENT && (one != FACT_READ || state == FACT_ABSENT))
			state = one;
	}
	return state;
}
