// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See connection_private.h. The signal of a broken pipe goes to the thread that wrote, so that blocking
 * it here, and taking it off the list afterwards, touches nobody else's.
 */
#include <time.h>

#include "guest/connection_private.h"

static bool is_pending(void)
{
	sigset_t pending;

	sigpending(&pending);
	return sigismember(&pending, SIGPIPE) == 1;
}

static void only_sigpipe(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGPIPE);
}

struct pipe_guard pipe_guard_begin(void)
{
	struct pipe_guard guard = {.was_pending = is_pending()};
	sigset_t set;

	only_sigpipe(&set);
	pthread_sigmask(SIG_BLOCK, &set, &guard.before);
	return guard;
}

void pipe_guard_end(struct pipe_guard *guard)
{
	const struct timespec at_once = {0};
	sigset_t set;

	only_sigpipe(&set);
	if (!guard->was_pending && is_pending())
		sigtimedwait(&set, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}
