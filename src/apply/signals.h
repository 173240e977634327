/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * While the machine is being changed a signal ends nothing: it is noted, and the executor looks between
 * two steps. What was ignored before (nohup) stays ignored.
 */
#ifndef FERRY_APPLY_SIGNALS_H
#define FERRY_APPLY_SIGNALS_H

#include <signal.h>

#define SIGNALS_CAUGHT 4 /* SIGINT, SIGTERM, SIGHUP, SIGPIPE */

struct signals {
	struct sigaction before[SIGNALS_CAUGHT];
};

void signals_catch(struct signals *ret);
void signals_restore(const struct signals *s);
/* The first that came since signals_catch(); 0: none. */
int signals_seen(void);
/* The first of those that a person sends: neither a hangup nor the end of a reader. */
int signals_seen_wilful(void);

#endif
