// SPDX-License-Identifier: LGPL-2.1-or-later
/* See error.h. */
#include "show/error.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "show/json.h"

void show_error(const struct error *err, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fputs("ferry: ", out);
	if (err->subject)
		fprintf(out, "%s: ", text_printable(a, err->subject));
	fprintf(out, "%s\n", text_printable(a, err->message ? err->message : "failed"));
	if (err->remedy)
		fprintf(out, "  %s\n", text_printable(a, err->remedy));
}

void show_error_json(const struct error *err, FILE *out)
{
	struct json_object *o = json_new();
	struct json_object *e = json_object_new_object();

	json_add_text(e, "subject", err->subject);
	json_add_text(e, "message", err->message);
	json_add_text(e, "remedy", err->remedy);
	json_object_object_add(o, "error", e);
	json_print(o, out);
}
