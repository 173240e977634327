// SPDX-License-Identifier: LGPL-2.1-or-later
/* See signals.h. */
#include "apply/signals.h"

#include <stddef.h>

static const int caught[SIGNALS_CAUGHT] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
static volatile sig_atomic_t seen, seen_wilful;

static void note(int number)
{
	if (!seen)
		seen = number;
	if (!seen_wilful && number != SIGHUP && number != SIGPIPE)
		seen_wilful = number;
}

void signals_catch(struct signals *ret)
{
	struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
	size_t i;

	seen = seen_wilful = 0;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < SIGNALS_CAUGHT; i++) {
		sigaction(caught[i], NULL, &ret->before[i]);
		if (ret->before[i].sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
}

void signals_restore(const struct signals *s)
{
	size_t i;

	for (i = 0; i < SIGNALS_CAUGHT; i++)
		sigaction(caught[i], &s->before[i], NULL);
}

int signals_seen(void)
{
	return seen;
}

int signals_seen_wilful(void)
{
	return seen_wilful;
}
