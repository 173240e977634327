/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A world of a few words and steps that change them, each in two halves: what a step is to the executor.
 * The world is memory that outlives a process; the n-th thing that is done in it can fail or be the
 * last that the process does.
 */
#ifndef FERRY_TEST_FAKE_H
#define FERRY_TEST_FAKE_H

#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/journal.h"
#include "apply/recover.h"
#include "apply/step.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#define FAKE_WORDS 5
#define FAKE_UUID  "12345678-1234-1234-1234-12345678900"

struct fake_world {
	char word[FAKE_WORDS][16];
	char half[FAKE_WORDS][16]; /* the second thing that each step changes */
	int count;                 /* of all that was done so far */
	int fail_at, die_at;       /* 0: never */
	int fail_undo_of;          /* the word whose undo never works, from 1; 0: none */
};

static struct fake_world *fake;

static inline struct fake_world *fake_map(const char *path)
{
	int fd = path ? open(path, O_RDWR | O_CREAT, 0600) : -1;
	void *p;

	if (path && (fd < 0 || ftruncate(fd, sizeof(*fake))))
		abort();
	p = mmap(NULL, sizeof(*fake), PROT_READ | PROT_WRITE,
		 MAP_SHARED | (path ? 0 : MAP_ANONYMOUS), fd, 0);
	if (p == MAP_FAILED)
		abort();
	if (fd >= 0)
		close(fd);
	return fake = p;
}

static inline void fake_reset(void)
{
	size_t i;

	/* The executor leaves an ignored signal ignored, and whoever started the tests may ignore it. */
	signal(SIGHUP, SIG_DFL);
	memset(fake, 0, sizeof(*fake));
	for (i = 0; i < FAKE_WORDS; i++) {
		snprintf(fake->word[i], sizeof(fake->word[i]), "before%zu", i);
		snprintf(fake->half[i], sizeof(fake->half[i]), "before%zu", i);
	}
}

static inline bool fake_is(const char *prefix)
{
	size_t i;

	for (i = 0; i < FAKE_WORDS; i++) {
		char want[16];

		snprintf(want, sizeof(want), "%s%zu", prefix, i);
		if (strcmp(fake->word[i], want) != 0 || strcmp(fake->half[i], want) != 0)
			return false;
	}
	return true;
}

static inline int fake_point(struct error *err)
{
	/* A point for those who kill from outside. */
	static int null = -1;

	if (null < 0)
		null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (write(null, "", 1) != 1)
		abort();
	fake->count++;
	if (fake->count == fake->die_at)
		_exit(77);
	if (fake->count == fake->fail_at)
		return error_set(err, -EIO, "fake", NULL, "point %d fails", fake->count);
	return 0;
}

static inline int fake_index(const struct plan_step *step)
{
	return step->subject[strlen(step->subject) - 1] - '0';
}

static inline int fake_set(char *where, const char *value, struct error *err)
{
	int code = fake_point(err);

	if (!code)
		strcpy(where, value);
	return code;
}

static inline int fake_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	int i = fake_index(step);
	int code = fake_point(err);

	if (code)
		return code;
	if (!strcmp(fake->word[i], step->after))
		return 1;
	return strcmp(fake->word[i], step->before)
		       ? error_set(err, -ESTALE, step->subject, NULL, "it has changed")
		       : 0;
}

static inline int fake_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	int i = fake_index(step);
	int code = fake_set(fake->word[i], step->after, err);

	code = code ? code : fake_set(fake->half[i], step->after, err);
	code = code ? code : fake_point(err);
	if (!code && step->kind == STEP_DEFINE)
		step->after = arena_printf(actor->arena, "%s as it became", step->after);
	return code;
}

static inline int fake_undo(struct actor *actor, const struct plan_step *step,
			    const char **ret_note, struct error *err)
{
	int i = fake_index(step);
	int code;

	if (fake->fail_undo_of == i + 1)
		return error_set(err, -EBUSY, step->subject, "wait", "somebody holds it");
	code = fake_set(fake->half[i], step->before, err);
	code = code ? code : fake_set(fake->word[i], step->before, err);
	*ret_note = "A note.";
	return code;
}

static const struct step_ops fake_ops[STEP_KINDS] = {
	[STEP_MODULE] = {fake_check, fake_act, fake_undo, false},
	[STEP_OVERRIDE] = {fake_check, fake_act, fake_undo, false},
	[STEP_UNBIND] = {fake_check, fake_act, fake_undo, false},
	[STEP_BIND] = {fake_check, fake_act, fake_undo, false},
	[STEP_DEFINE] = {fake_check, fake_act, fake_undo, true},
	[STEP_ATTACH] = {fake_check, fake_act, fake_undo, false},
	[STEP_DETACH] = {fake_check, fake_act, fake_undo, false},
	[STEP_START] = {fake_check, fake_act, fake_undo, false},
	[STEP_SHUTDOWN] = {fake_check, fake_act, fake_undo, false},
};

/* Three steps that the kernel forgets, one that outlives it, and one more. */
static inline void fake_plan(struct arena *arena, struct plan *ret)
{
	static const enum step_kind kinds[FAKE_WORDS] = {STEP_MODULE, STEP_MODULE, STEP_DEFINE,
							 STEP_MODULE, STEP_START};
	size_t i;

	*ret = (struct plan){0};
	for (i = 0; i < FAKE_WORDS; i++) {
		struct plan_step *s = arena_append(arena, ret->steps, ret->n_steps);

		s->kind = kinds[i];
		s->subject = arena_printf(arena, "word%zu", i);
		s->before = arena_printf(arena, "before%zu", i);
		s->after = arena_printf(arena, "after%zu", i);
		s->guest_uuid = arena_printf(arena, FAKE_UUID "%zu", i);
	}
	ret->lent.sequence = 1;
	*arena_append(arena, ret->lent.guests, ret->lent.n_guests) = (struct lent_guest){
		.name = "word2",
		.uuid = ret->steps[2].guest_uuid,
		.boot_id = "boot",
		.xml_before = "x",
		.xml_after = "y",
	};
}

static inline struct actor fake_actor(struct arena *arena, const char *state_dir,
				      const char *run_dir)
{
	return (struct actor){
		.arena = arena,
		.state_dir = state_dir,
		.run_dir = run_dir,
		.command = "up guest 0000:01:00.0",
		.boot_id = "boot",
		.write_deadline_ms = 10000,
		.shutdown_deadline_ms = 10000,
		.ops = fake_ops,
	};
}

#endif
