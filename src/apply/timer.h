/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who runs the revert when ferry itself is gone, and the user with it: a transient timer of systemd. The
 * unit tests have their own.
 */
#ifndef FERRY_APPLY_TIMER_H
#define FERRY_APPLY_TIMER_H

struct actor;
struct error;

struct timer_ops {
	/* In so many seconds `ferry recover --revert ID` is run, as the unit of that name. */
	int (*arm)(struct actor *actor, const char *unit, const char *id, unsigned int seconds,
		   struct error *err);
	/* Nothing where there is none. A revert that runs already is not ended. */
	void (*disarm)(struct actor *actor, const char *unit);
};

extern const struct timer_ops timer_systemd;

#endif
