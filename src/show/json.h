/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The few things that every JSON of ferry has in common, on top of json-c: schema first, addresses and
 * ids as strings, null where nothing is, UTF-8 whatever came in.
 */
#ifndef FERRY_SHOW_JSON_H
#define FERRY_SHOW_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <json.h>

/* {"schema": 1} */
struct json_object *json_new(void);
/* Prints with a newline and puts the object. */
void json_print(struct json_object *o, FILE *out);

/* s NULL gives null; bytes that are not UTF-8 and control characters are replaced. */
struct json_object *json_text(const char *s);
void json_add_text(struct json_object *o, const char *key, const char *s);
void json_add_bool(struct json_object *o, const char *key, bool value);
void json_add_int(struct json_object *o, const char *key, int64_t value);
/* As json_add_int; value below 0 gives null. */
void json_add_number(struct json_object *o, const char *key, int64_t value);
/* "0x8086": lower case, at least that many digits; value below 0 gives null. */
void json_add_hex(struct json_object *o, const char *key, int64_t value, int digits);
/* "0x…" without leading zeros */
void json_add_register(struct json_object *o, const char *key, uint64_t value);
void json_add_list(struct json_object *o, const char *key, const char *const *list, size_t n);

/*
 * A list printed a row at a time, so that memory does not grow with the machine:
 * json_stream_begin(out); for each list: json_stream_list(key), json_stream_row(row) ..., and at the end
 * json_stream_end(). Keys besides lists go through json_stream_value().
 */
struct json_stream {
	FILE *out;
	bool in_list, has_row;
};
void json_stream_begin(struct json_stream *s, FILE *out);
void json_stream_value(struct json_stream *s, const char *key, struct json_object *value);
void json_stream_list(struct json_stream *s, const char *key);
void json_stream_row(struct json_stream *s, struct json_object *row);
void json_stream_end(struct json_stream *s);

#endif
