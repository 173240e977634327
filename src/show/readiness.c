// SPDX-License-Identifier: LGPL-2.1-or-later
/* See readiness.h. */
#include "show/readiness.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"

void show_readiness(const struct readiness *r, const struct show_style *style, FILE *out)
{
	static const enum show_color colors[] = {
		[POINT_OK] = SHOW_GOOD,
		[POINT_WARN] = SHOW_CAUTION,
		[POINT_FAIL] = SHOW_BAD,
		[POINT_UNKNOWN] = SHOW_CAUTION,
	};
	ARENA_AUTO struct arena *a = arena_new();
	size_t i;
	int width = 0;

	for (i = 0; i < r->n_points; i++)
		width = (int)strlen(r->points[i].id) > width ? (int)strlen(r->points[i].id) : width;
	for (i = 0; i < r->n_points; i++) {
		const struct check_point *p = &r->points[i];

		fprintf(out, "%s%-7s%s  %-*s  %s\n", style_on(style, colors[p->status]),
			point_status_name(p->status), style_off(style), width, p->id,
			text_printable(a, p->evidence));
		if (p->remedy && p->status != POINT_OK)
			fprintf(out, "%*s%s\n", width + 11, "", text_printable(a, p->remedy));
	}
}

void show_readiness_summary(const struct readiness *r, FILE *out)
{
	const struct check_point *first = readiness_first(r);
	ARENA_AUTO struct arena *a = arena_new();

	if (r->ready == READY_YES)
		fputs("This machine can pass PCI devices to guests.\n", out);
	else if (!first)
		fputs("Nothing could be told.\n", out);
	else
		fprintf(out, "%s. First: %s\n",
			r->ready == READY_NO ? "This machine is not ready" : "It could not be told",
			text_printable(a, first->remedy ? first->remedy : first->evidence));
}

void readiness_add_json(const struct readiness *r, struct json_object *o)
{
	struct json_object *points = json_object_new_array();
	size_t i;

	json_object_object_add(
		o, "ready",
		r->ready == READY_UNKNOWN ? NULL : json_object_new_boolean(r->ready == READY_YES));
	for (i = 0; i < r->n_points; i++) {
		struct json_object *p = json_object_new_object();

		json_add_text(p, "id", r->points[i].id);
		json_add_text(p, "status", point_status_name(r->points[i].status));
		json_add_text(p, "evidence", r->points[i].evidence);
		json_add_text(p, "remedy", r->points[i].remedy);
		json_object_array_add(points, p);
	}
	json_object_object_add(o, "points", points);
}
