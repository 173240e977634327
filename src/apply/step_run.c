// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Programs of the system: boot loaders' tools. Each has an argument vector, a deadline and a status that is
 * looked at; that it says 0 proves nothing, so what it was to make is read by the step that follows. Of a
 * system that lies in a folder a program is run inside that folder, where it can be run at all.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "apply/place.h"
#include "apply/program.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/child.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"

/* A search for other systems on slow disks takes minutes. */
#define RUN_DEADLINE_MS 900000
/* As much of what a failing program says as fits a message. */
#define LONGEST_SAID 300

static const char **split(struct arena *arena, const char *arguments)
{
	const char **argv = NULL;
	size_t n = 0, len;

	for (; *arguments; arguments += len + (arguments[len] == '\n')) {
		len = strcspn(arguments, "\n");
		*arena_append(arena, argv, n) = arena_memdup(arena, arguments, len);
	}
	*arena_append(arena, argv, n) = NULL;
	return argv;
}

static const char *as_line(struct arena *arena, const char *arguments)
{
	char *line = arena_strdup(arena, arguments), *p;

	for (p = line; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	return text_trim_end(line);
}

/* The last lines of what it wrote. */
static const char *last_words(struct arena *arena, const struct child_output *output)
{
	const char *s = output->text;
	size_t len = strlen(text_trim_end(output->text));

	s += len > LONGEST_SAID ? len - LONGEST_SAID : 0;
	return *s ? arena_printf(arena, "; it wrote: %s", text_printable(arena, s)) : "";
}

static int run(struct actor *actor, const char *arguments, struct error *err)
{
	const char **argv = split(actor->arena, arguments);
	const char *line = as_line(actor->arena, arguments);
	struct child_output output = {0};
	int code = child_run_in(actor->root->fd, argv, RUN_DEADLINE_MS, actor->arena, &output);

	place_sync_boot(actor->root);
	if (code == -ETIMEDOUT)
		return error_set(err, code, argv[0], "run it by hand to see what it waits for",
				 "%s had not ended after %d s and was killed%s", line,
				 RUN_DEADLINE_MS / 1000, last_words(actor->arena, &output));
	if (code)
		return error_set(err, code, argv[0], NULL, "%s could not be run: %s", line,
				 strerror(-code));
	if (output.signal)
		return error_set(err, -EIO, argv[0], NULL, "%s was ended by a signal (%s)%s", line,
				 strsignal(output.signal), last_words(actor->arena, &output));
	if (output.exit_status)
		return error_set(err, -EIO, argv[0],
				 "run it by hand; mend what it says, then run ferry again",
				 "%s failed with status %d%s", line, output.exit_status,
				 last_words(actor->arena, &output));
	return 0;
}

int step_run_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	enum program_state state = program_find(actor->root, actor->arena, step->subject);

	if (state == PROGRAM_THERE)
		return 0;
	/* The plan has said that it is left to be done. */
	if (!actor->root->live)
		return 1;
	return error_set(err, -ENOENT, step->subject, "install it, then run ferry again",
			 "the program is not there");
}

/* Also the draft that grub-mkconfig leaves where it did not like what came out. */
static void remove_made(struct actor *actor, const struct plan_step *step)
{
	PLACE_AUTO struct place p = PLACE_CLOSED, draft = PLACE_CLOSED;
	const char *name;

	if (!step->made)
		return;
	name = arena_printf(actor->arena, "%s.new", step->made);
	if (!place_open(actor->root, step->made, actor->arena, &p, NULL))
		place_remove(&p, NULL);
	if (!place_open(actor->root, name, actor->arena, &draft, NULL))
		place_remove(&draft, NULL);
}

/* What an earlier run left there must not be taken for what this one makes. */
int step_run_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	int code;

	remove_made(actor, step);
	code = run(actor, step->after, err);
	if (!code && step->made && root_exists(actor->root, step->made + 1))
		code = error_set(err, -EIO, step->subject,
				 "run the tool by hand and look at what it says",
				 "it said that it was done, but %s is not there", step->made);
	return code;
}

int step_run_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		  struct error *err)
{
	remove_made(actor, step);
	return step->before ? run(actor, step->before, err) : 0;
}
