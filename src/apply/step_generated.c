// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a tool generated is read before any boot loader can: the words must be there and the root file
 * system must be the one that it was. Only then it takes its place, in one rename; tools themselves copy
 * over it, and a power cut in the middle of that leaves a machine that does not boot.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <string.h>

#include "apply/place.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"
#include "decode/grub_menu.h"
#include "decode/kernel_cmdline.h"

/* Something else, or a system in which the tool could not be run: there is nothing to put in place. */
int step_generated_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	PLACE_AUTO struct place to = PLACE_CLOSED;

	if (!root_exists(actor->root, step->after + 1)) {
		/* What is kept from now on is what stands there now: the undo goes by it. */
		int code = place_open(actor->root, step->subject, actor->arena, &to, err);

		if (!code)
			place_forget(&to, actor->arena);
		return code;
	}
	if (!actor->root->live)
		return 1;
	return error_set(err, -EIO, step->subject, "run the tool by hand and look at what it says",
			 "the tool said that it was done, but %s is not there", step->after);
}

static bool line_has(struct arena *arena, const char *line, const char *word)
{
	struct kernel_cmdline c;
	size_t i;

	kernel_cmdline_split(arena, line, strlen(line), &c);
	for (i = 0; i < c.count; i++) {
		if (!strcmp(c.words[i].text, word))
			return true;
	}
	return false;
}

static int check_words(struct arena *arena, const struct plan_step *step, const char *line,
		       struct error *err)
{
	const char *p = step->expect ? step->expect : "";
	size_t len;

	for (; *p; p += len + (p[len] == '\n')) {
		const char *word;

		len = strcspn(p, "\n");
		if (len < 2)
			continue;
		word = arena_memdup(arena, p + 1, len - 1);
		if (line_has(arena, line, word) != (*p == '+'))
			return error_set(
				err, -EIO, step->subject,
				"look at what the tool reads: something else than the file that "
				"was changed decides",
				"%s would %s %s: %s", step->after,
				*p == '+' ? "boot without" : "still boot with", word, line);
	}
	return 0;
}

static const char *root_of(struct arena *arena, const char *line)
{
	const struct kernel_cmdline_word *w;
	struct kernel_cmdline c;

	kernel_cmdline_split(arena, line, strlen(line), &c);
	w = kernel_cmdline_last(&c, "root");
	return w ? w->text : NULL;
}

static int check_root(struct arena *arena, const struct plan_step *step, const char *before,
		      const char *after, struct error *err)
{
	const char *was = before ? root_of(arena, before) : NULL;
	const char *is = root_of(arena, after);

	if (!was || text_equal(was, is))
		return 0;
	return error_set(
		err, -EIO, step->subject,
		"run the tool by hand and look at why; it is not a matter of the parameter",
		"%s would boot another root file system: %s instead of %s", step->after,
		is ? is : "none", was);
}

static int check_made(struct actor *actor, const struct plan_step *step, const char *old,
		      const char *new, struct error *err)
{
	const char *after = grub_menu_default(actor->arena, new);
	const char *before = old ? grub_menu_default(actor->arena, old) : NULL;
	int code;

	if (!after && !before)
		return 0; /* entries of their own, or a chain to another configuration */
	if (!after)
		return error_set(err, -EIO, step->subject,
				 "run the tool by hand and look at what it says",
				 "%s has no entry that boots Linux", step->after);
	code = check_words(actor->arena, step, after, err);
	return code ? code : check_root(actor->arena, step, before, after, err);
}

int step_generated_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	PLACE_AUTO struct place to = PLACE_CLOSED, from = PLACE_CLOSED;
	const char *old, *new;
	int code = place_open(actor->root, step->subject, actor->arena, &to, err);

	if (!code)
		code = place_open(actor->root, step->after, actor->arena, &from, err);
	if (!code)
		code = place_read(&to, actor->arena, &old, err);
	if (!code)
		code = place_read(&from, actor->arena, &new, err);
	if (!code)
		code = check_made(actor, step, old, new ? new : "", err);
	if (!code)
		code = place_keep(&to, true, actor->arena, err);
	if (!code)
		code = place_write(&to, new, err);
	if (!code)
		code = place_remove(&from, err);
	place_sync_boot(actor->root);
	return code;
}

int step_generated_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
			struct error *err)
{
	PLACE_AUTO struct place to = PLACE_CLOSED;
	int code = place_open(actor->root, step->subject, actor->arena, &to, err);

	if (!code && place_is_kept(&to, actor->arena))
		code = place_put_back(&to, actor->arena, err);
	place_sync_boot(actor->root);
	return code;
}
