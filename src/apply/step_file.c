// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A file's whole text, before and after. What somebody else has made of it in between is nobody's to
 * throw away: it is refused on the way there, and left and named on the way back.
 */
#include "apply/step_kinds.h"

#include <errno.h>

#include "apply/place.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

static int read_now(struct actor *actor, const struct plan_step *step, struct place *p,
		    const char **ret, struct error *err)
{
	int code = place_open(actor->root, step->subject, actor->arena, p, err);

	return code ? code : place_read(p, actor->arena, ret, err);
}

int step_file_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	PLACE_AUTO struct place p = PLACE_CLOSED;
	const char *now;
	int code = read_now(actor, step, &p, &now, err);

	if (code)
		return code;
	if (text_equal(now, step->after))
		return 1;
	if (text_equal(now, step->before))
		return 0;
	return error_set(err, -ESTALE, step->subject, "run the command again",
			 "it was edited since the plan was made");
}

/* The first text that ferry found is kept; it goes where ferry has put just that back. */
static int keep(struct actor *actor, const struct plan_step *step, const struct place *p,
		struct error *err)
{
	struct place kept = *p;
	const char *text = NULL;

	kept.name = arena_printf(actor->arena, "%s%s", p->name, PLACE_BEFORE);
	if (!step->before)
		return 0;
	if (!place_read(&kept, actor->arena, &text, NULL) && text &&
	    text_equal(text, step->after)) {
		place_forget(p, actor->arena);
		return 0;
	}
	return place_keep(p, false, actor->arena, err);
}

static int set(const struct place *p, const char *text, struct error *err)
{
	return text ? place_write(p, text, err) : place_remove(p, err);
}

int step_file_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	PLACE_AUTO struct place p = PLACE_CLOSED;
	const char *now;
	int code = place_open(actor->root, step->subject, actor->arena, &p, err);

	if (!code)
		code = keep(actor, step, &p, err);
	if (!code)
		code = set(&p, step->after, err);
	if (!code)
		code = place_read(&p, actor->arena, &now, err);
	if (!code && !text_equal(now, step->after))
		code = error_set(err, -EIO, step->subject, NULL,
				 "it holds something else than what was just written");
	return code;
}

int step_file_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		   struct error *err)
{
	PLACE_AUTO struct place p = PLACE_CLOSED;
	const char *now;
	int code = read_now(actor, step, &p, &now, err);

	if (!code && !text_equal(now, step->before) && !text_equal(now, step->after))
		return error_set(err, -ESTALE, step->subject,
				 "take ferry's word out of it by hand, then run ferry recover",
				 "somebody has edited it since: it is left as it is");
	if (!code && !text_equal(now, step->before))
		code = set(&p, step->before, err);
	if (!code)
		place_forget(&p, actor->arena);
	return code;
}
