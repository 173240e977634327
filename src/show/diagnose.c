// SPDX-License-Identifier: LGPL-2.1-or-later
/* See diagnose.h. The text of a log is somebody else's: nothing of it reaches the terminal unfiltered. */
#include "show/diagnose.h"

#include <inttypes.h>

#include "analysis/diagnosis.h"
#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"
#include "show/style.h"

static void put_text(const char *s, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fputs(text_printable(a, s), out);
}

static void put_line(const char *text, const char *source, uint64_t line, uint64_t count, FILE *out)
{
	fputs("  ", out);
	if (source)
		fprintf(out, "%s, ", source);
	fprintf(out, "line %" PRIu64, line);
	if (count > 1)
		fprintf(out, " and %" PRIu64 " more", count - 1);
	fputs(": ", out);
	put_text(text, out);
	fputc('\n', out);
}

static void put_finding(const struct diagnosis_finding *f, const struct show_style *style,
			FILE *out)
{
	static const enum show_color colors[] = {
		[DIAGNOSIS_PASS] = SHOW_GOOD,
		[DIAGNOSIS_NOTE] = SHOW_DIM,
		[DIAGNOSIS_WARN] = SHOW_CAUTION,
		[DIAGNOSIS_STOP] = SHOW_BAD,
	};

	fprintf(out, "%s%s: %s%s", style_on(style, colors[f->severity]),
		diagnosis_severity_name(f->severity), f->cause, style_off(style));
	if (f->device)
		fprintf(out, "  %s", f->device);
	fputc('\n', out);
	put_line(f->text, f->source, f->line, f->count, out);
	fputs("  ", out);
	put_text(f->meaning, out);
	fprintf(out, "\n  %s ", style_arrow(style));
	put_text(f->remedy, out);
	fputs("\n\n", out);
}

static size_t put_findings(const struct diagnose_view *view, const struct show_style *style,
			   FILE *out)
{
	const struct diagnosis *d = view->diagnosis;
	size_t i, n = 0;

	for (i = 0; i < d->n_findings; i++) {
		if (d->findings[i].severity == DIAGNOSIS_PASS && !view->is_verbose)
			continue;
		put_finding(&d->findings[i], style, out);
		n++;
	}
	return n;
}

static void put_unknown(const struct diagnosis *d, FILE *out)
{
	size_t i;

	if (!d->n_unknown)
		return;
	fputs("Looks like a failure, but ferry does not know it:\n", out);
	for (i = 0; i < d->n_unknown; i++)
		put_line(d->unknown[i].text, d->unknown[i].source, d->unknown[i].line,
			 d->unknown[i].count, out);
	fputc('\n', out);
}

static void put_left_out(const struct diagnosis *d, FILE *out)
{
	if (d->findings_left_out)
		fprintf(out,
			"%" PRIu64
			" lines of the same causes, about further devices, are not listed.\n",
			d->findings_left_out);
	if (d->unknown_left_out)
		fprintf(out, "%" PRIu64 " further unknown lines are not listed.\n",
			d->unknown_left_out);
}

static void put_summary(const struct diagnose_view *view, FILE *out)
{
	const struct diagnosis *d = view->diagnosis;

	put_text(view->what, out);
	fprintf(out, ": %" PRIu64 " lines read, ", d->lines);
	if (diagnosis_stops(d))
		fprintf(out, "begin with %s.\n", d->findings[0].cause);
	else if (d->n_unknown)
		fputs("nothing that ferry knows stops a device; see the unknown ones.\n", out);
	else
		fputs("nothing stops a device from reaching its guest.\n", out);
	if (!view->unreadable)
		return;
	fputs("Not read, so nothing is known of it: ", out);
	put_text(view->unreadable, out);
	fputc('\n', out);
}

void show_diagnosis(const struct diagnose_view *view, const struct show_style *style, FILE *out)
{
	put_findings(view, style, out);
	put_unknown(view->diagnosis, out);
	put_left_out(view->diagnosis, out);
	put_summary(view, out);
}

static struct json_object *finding_json(const struct diagnosis_finding *f)
{
	struct json_object *row = json_object_new_object();

	json_add_text(row, "cause", f->cause);
	json_add_text(row, "severity", diagnosis_severity_name(f->severity));
	json_add_text(row, "text", f->text);
	json_add_int(row, "line", (int64_t)f->line);
	json_add_text(row, "source", f->source);
	json_add_int(row, "count", (int64_t)f->count);
	json_add_text(row, "meaning", f->meaning);
	json_add_text(row, "remedy", f->remedy);
	json_add_text(row, "device", f->device);
	json_object_object_add(row, "group", f->group < 0 ? NULL : json_object_new_int64(f->group));
	return row;
}

static struct json_object *unknown_json(const struct diagnosis_unknown *u)
{
	struct json_object *row = json_object_new_object();

	json_add_text(row, "text", u->text);
	json_add_int(row, "line", (int64_t)u->line);
	json_add_text(row, "source", u->source);
	json_add_int(row, "count", (int64_t)u->count);
	return row;
}

void show_diagnosis_json(const struct diagnose_view *view, FILE *out)
{
	const struct diagnosis *d = view->diagnosis;
	struct json_stream s;
	size_t i;

	json_stream_begin(&s, out);
	json_stream_list(&s, "findings");
	for (i = 0; i < d->n_findings; i++)
		json_stream_row(&s, finding_json(&d->findings[i]));
	json_stream_list(&s, "unknown");
	for (i = 0; i < d->n_unknown; i++)
		json_stream_row(&s, unknown_json(&d->unknown[i]));
	json_stream_value(&s, "lines", json_object_new_int64((int64_t)d->lines));
	json_stream_value(&s, "findings_left_out",
			  json_object_new_int64((int64_t)d->findings_left_out));
	json_stream_value(&s, "unknown_left_out",
			  json_object_new_int64((int64_t)d->unknown_left_out));
	json_stream_list(&s, "unreadable");
	if (view->unreadable)
		json_stream_row(&s, json_text(view->unreadable));
	json_stream_end(&s);
}
