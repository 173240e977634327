// SPDX-License-Identifier: LGPL-2.1-or-later
/* See capture.h. What was left out is said, so that nobody takes it for not there. */
#include "show/capture.h"

#include "apply/capture.h"
#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"

void show_capture(const struct capture *c, const char *file, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t i;

	fprintf(out, "%s: %zu entries, %zu bytes\n", text_printable(a, file), c->entries, c->bytes);
	for (i = 0; i < c->n_left_out; i++)
		fprintf(out, "left out  %s: %s\n", text_printable(a, c->left_out[i].path),
			c->left_out[i].reason);
}

void show_capture_json(const struct capture *c, const char *file, FILE *out)
{
	struct json_object *o = json_new(), *list = json_object_new_array(), *row;
	size_t i;

	json_add_text(o, "file", file);
	json_add_int(o, "bytes", (int64_t)c->bytes);
	json_add_int(o, "entries", (int64_t)c->entries);
	for (i = 0; i < c->n_left_out; i++) {
		row = json_object_new_object();
		json_add_text(row, "path", c->left_out[i].path);
		json_add_text(row, "reason", c->left_out[i].reason);
		json_object_array_add(list, row);
	}
	json_object_object_add(o, "left_out", list);
	json_print(o, out);
}
