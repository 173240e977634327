// SPDX-License-Identifier: LGPL-2.1-or-later
/* See settle.h. */
#include "apply/settle.h"

#include <time.h>

#include "apply/undo.h"

/* A call that libvirtd has taken shows within a second even on a busy machine; a start within three. */
#define WATCH_SECONDS 5.0
#define LOOK_AGAIN_NS 200000000L

int settle(struct actor *actor, const struct plan_step *step,
	   int (*has_happened)(struct actor *actor, const struct plan_step *step,
			       struct error *err),
	   struct error *err)
{
	const struct timespec pause = {.tv_nsec = LOOK_AGAIN_NS};
	double end = seconds_now() + WATCH_SECONDS;
	int answer;

	for (;;) {
		answer = has_happened(actor, step, err);
		if (answer || step->state != STEP_PLANNED || seconds_now() >= end)
			return answer;
		nanosleep(&pause, NULL);
	}
}
