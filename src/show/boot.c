// SPDX-License-Identifier: LGPL-2.1-or-later
/* See boot.h. */
#include "show/boot.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"
#include "show/plan.h"
#include "show/style.h"

/* How many bytes of whole lines both begin with. */
static size_t same_front(const char *a, const char *b)
{
	size_t i, line = 0;

	for (i = 0; a[i] && a[i] == b[i]; i++) {
		if (a[i] == '\n')
			line = i + 1;
	}
	return line;
}

/* How many bytes of whole lines both end with, those of the front left out. */
static size_t same_back(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t i, line = 0;

	for (i = 0; i < a_len && i < b_len && a[a_len - 1 - i] == b[b_len - 1 - i]; i++) {
		if (a[a_len - 1 - i] == '\n' && i)
			line = i;
	}
	return i == a_len || i == b_len ? i : line;
}

static void put_lines(const char *s, size_t len, const char *sign, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t n;

	for (; len; s += n, len -= n) {
		const char *end = memchr(s, '\n', len);

		n = end ? (size_t)(end - s) : len;
		fprintf(out, "          %s %s\n", sign, text_printable(a, arena_memdup(a, s, n)));
		n += end ? 1 : 0;
	}
}

static void show_difference(const struct plan_step *s, FILE *out)
{
	const char *before = s->before ? s->before : "", *after = s->after ? s->after : "";
	size_t front = same_front(before, after);
	size_t before_len = strlen(before + front), after_len = strlen(after + front);
	size_t back = same_back(before + front, before_len, after + front, after_len);

	put_lines(before + front, before_len - back, "-", out);
	put_lines(after + front, after_len - back, "+", out);
}

void show_boot_plan(const struct plan *plan, const struct show_boot *boot,
		    const struct show_style *style, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t i;

	if (boot->loader)
		fprintf(out, "%-10s%s\n", "loader", boot->loader);
	for (i = 0; i < boot->n_evidence; i++)
		fprintf(out, "%-10s%s\n", "", text_printable(a, boot->evidence[i]));
	for (i = 0; i < plan->n_steps; i++) {
		const struct plan_step *s = &plan->steps[i];

		fprintf(out, "%4zu      %s\n", i + 1, text_printable(a, show_step_text(a, s)));
		if (s->kind == STEP_FILE)
			show_difference(s, out);
	}
	if (!plan->n_steps && !plan->n_refusals)
		fprintf(out, "%-10snothing to do\n", "");
	show_notes(plan, out);
	show_refusals(plan, style, out);
}

void show_boot_json(const struct plan *plan, const struct show_boot *boot, bool is_command,
		    const struct transaction_report *report, const struct error *err, FILE *out)
{
	struct json_object *o = show_plan_object(plan, NULL, is_command, report, err);

	json_add_text(o, "loader", boot->loader);
	json_add_list(o, "evidence", boot->evidence, boot->n_evidence);
	json_print(o, out);
}
