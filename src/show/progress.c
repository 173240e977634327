// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See progress.h. The seconds of a running step are counted by a thread of our own, since the step
 * itself may be in a call that does not return: the user must see that, and for how long.
 */
#include "show/progress.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "analysis/plan.h"
#include "base/arena.h"
#include "base/text.h"
#include "show/plan.h"

struct show_progress {
	FILE *out;
	struct show_style style;
	struct arena *arena;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows, and of the line on the terminal */
	pthread_cond_t wake;
	bool has_thread, ends;
	const char *running; /* NULL: no step is running */
	struct timespec since;
};

static double seconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - since->tv_sec) + (double)(now.tv_nsec - since->tv_nsec) / 1e9;
}

/* Cut to the width, so that the line can be drawn over; UTF-8 is not cut inside a character. */
static void draw_running(struct show_progress *p)
{
	unsigned int room = p->style.width > 20 ? p->style.width - 16 : 64;
	int n = 0;

	while (p->running[n] && (unsigned int)n < room)
		n++;
	while (n && ((unsigned char)p->running[n] & 0xc0) == 0x80)
		n--;
	fprintf(p->out, "\r\033[K  %s%s%s %.*s", style_on(&p->style, SHOW_CAUTION),
		p->style.utf8 ? "\xe2\x80\xa6" : ">", style_off(&p->style), n, p->running);
	if (seconds_since(&p->since) >= 1)
		fprintf(p->out, "  %.0f s", seconds_since(&p->since));
	fflush(p->out);
}

static void *tick(void *arg)
{
	struct show_progress *p = arg;

	pthread_mutex_lock(&p->lock);
	while (!p->ends) {
		struct timespec until;

		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		if (pthread_cond_timedwait(&p->wake, &p->lock, &until) == ETIMEDOUT && p->running)
			draw_running(p);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static void start_thread(struct show_progress *p)
{
	pthread_condattr_t attributes;
	sigset_t all, old;

	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	/* Signals are the executor's. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	p->has_thread = p->style.width && !pthread_create(&p->thread, NULL, tick, p);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

struct show_progress *progress_new(FILE *out, const struct show_style *style)
{
	struct arena *arena = arena_new();
	struct show_progress *p = arena_alloc(arena, sizeof(*p));

	p->arena = arena;
	p->out = out;
	p->style = *style;
	if (out)
		start_thread(p);
	return p;
}

void progress_free(struct show_progress *p)
{
	if (p->has_thread) {
		pthread_mutex_lock(&p->lock);
		p->ends = true;
		pthread_cond_signal(&p->wake);
		pthread_mutex_unlock(&p->lock);
		pthread_join(p->thread, NULL);
	}
	arena_free(p->arena);
}

static const char *step_mark(const struct show_progress *p, const struct plan_step *step,
			     enum show_color *ret_color)
{
	switch (step->state) {
	case STEP_FAILED:
		*ret_color = SHOW_BAD;
		return p->style.utf8 ? "\xe2\x9c\x97" : "!";
	case STEP_UNDONE:
		*ret_color = SHOW_CAUTION;
		return p->style.utf8 ? "\xe2\x86\xa9" : "<";
	case STEP_SKIPPED:
		*ret_color = SHOW_DIM;
		return "-";
	default:
		*ret_color = SHOW_GOOD;
		return p->style.utf8 ? "\xe2\x9c\x93" : "+";
	}
}

static void draw_ended(struct show_progress *p, const struct plan_step *step)
{
	enum show_color color;
	const char *mark = step_mark(p, step, &color);
	const char *text = text_printable(p->arena, show_step_text(p->arena, step));

	fprintf(p->out, "%s  %s%s%s %s", p->style.width ? "\r\033[K" : "",
		style_on(&p->style, color), mark, style_off(&p->style), text);
	if (step->state == STEP_FAILED)
		fprintf(p->out, "  failed after %.2f s\n", step->seconds);
	else if (step->state == STEP_SKIPPED)
		fputs(step->kind == STEP_RUN || step->kind == STEP_GENERATED
			      ? "  (left to be done there)\n"
			      : "  (was so already)\n",
		      p->out);
	else if (step->state == STEP_UNDONE)
		fputs("  put back\n", p->out);
	else
		fprintf(p->out, "  %.2f s\n", step->seconds);
	fflush(p->out);
}

void progress_step(void *arg, const struct plan *plan, size_t step, bool begins)
{
	struct show_progress *p = arg;

	if (!p->out)
		return;
	pthread_mutex_lock(&p->lock);
	if (begins) {
		p->running = text_printable(p->arena, show_step_text(p->arena, &plan->steps[step]));
		clock_gettime(CLOCK_MONOTONIC, &p->since);
		if (p->has_thread)
			draw_running(p);
	} else {
		p->running = NULL;
		draw_ended(p, &plan->steps[step]);
	}
	pthread_mutex_unlock(&p->lock);
}
