// SPDX-License-Identifier: LGPL-2.1-or-later
/* See json.h. */
#include "show/json.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"

#define STYLE (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

struct json_object *json_new(void)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "schema", json_object_new_int(1));
	return o;
}

void json_print(struct json_object *o, FILE *out)
{
	fprintf(out, "%s\n",
		json_object_to_json_string_ext(o, STYLE | JSON_C_TO_STRING_PRETTY |
							  JSON_C_TO_STRING_SPACED));
	json_object_put(o);
}

struct json_object *json_text(const char *s)
{
	struct arena *a;
	struct json_object *o;

	if (!s)
		return NULL;
	a = arena_new();
	o = json_object_new_string(text_utf8(a, s));
	arena_free(a);
	return o;
}

void json_add_text(struct json_object *o, const char *key, const char *s)
{
	json_object_object_add(o, key, json_text(s));
}

void json_add_bool(struct json_object *o, const char *key, bool value)
{
	json_object_object_add(o, key, json_object_new_boolean(value));
}

void json_add_int(struct json_object *o, const char *key, int64_t value)
{
	json_object_object_add(o, key, json_object_new_int64(value));
}

void json_add_number(struct json_object *o, const char *key, int64_t value)
{
	json_object_object_add(o, key, value < 0 ? NULL : json_object_new_int64(value));
}

void json_add_hex(struct json_object *o, const char *key, int64_t value, int digits)
{
	char buffer[32];

	if (value < 0) {
		json_object_object_add(o, key, NULL);
		return;
	}
	snprintf(buffer, sizeof(buffer), "0x%0*" PRIx64, digits, (uint64_t)value);
	json_add_text(o, key, buffer);
}

void json_add_register(struct json_object *o, const char *key, uint64_t value)
{
	char buffer[32];

	snprintf(buffer, sizeof(buffer), "0x%" PRIx64, value);
	json_add_text(o, key, buffer);
}

void json_add_list(struct json_object *o, const char *key, const char *const *list, size_t n)
{
	struct json_object *array = json_object_new_array_ext((int)n);
	size_t i;

	for (i = 0; i < n; i++)
		json_object_array_add(array, json_text(list[i]));
	json_object_object_add(o, key, array);
}

void json_stream_begin(struct json_stream *s, FILE *out)
{
	*s = (struct json_stream){.out = out};
	fputs("{\"schema\":1", out);
}

static void end_list(struct json_stream *s)
{
	if (s->in_list)
		fputs(s->has_row ? "\n]" : "]", s->out);
	s->in_list = s->has_row = false;
}

void json_stream_value(struct json_stream *s, const char *key, struct json_object *value)
{
	end_list(s);
	fprintf(s->out, ",\n\"%s\":%s", key, json_object_to_json_string_ext(value, STYLE));
	json_object_put(value);
}

void json_stream_list(struct json_stream *s, const char *key)
{
	end_list(s);
	fprintf(s->out, ",\n\"%s\":[", key);
	s->in_list = true;
}

void json_stream_row(struct json_stream *s, struct json_object *row)
{
	fprintf(s->out, "%s%s", s->has_row ? ",\n" : "\n",
		json_object_to_json_string_ext(row, STYLE));
	s->has_row = true;
	json_object_put(row);
}

void json_stream_end(struct json_stream *s)
{
	end_list(s);
	fputs("}\n", s->out);
}
