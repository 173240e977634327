/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What step_table is made of: for each kind the three functions of struct step_ops. */
#ifndef FERRY_APPLY_STEP_KINDS_H
#define FERRY_APPLY_STEP_KINDS_H

#include "apply/step.h"

#define STEP_KIND(prefix)                                                                   \
	int prefix##_check(struct actor *actor, struct plan_step *step, struct error *err); \
	int prefix##_act(struct actor *actor, struct plan_step *step, struct error *err);   \
	int prefix##_undo(struct actor *actor, const struct plan_step *step,                \
			  const char **ret_note, struct error *err)

STEP_KIND(step_module);
STEP_KIND(step_override);
STEP_KIND(step_unbind);
STEP_KIND(step_bind);
STEP_KIND(step_console);
STEP_KIND(step_power);
STEP_KIND(step_define);
STEP_KIND(step_attach);
STEP_KIND(step_detach);
STEP_KIND(step_start);
STEP_KIND(step_shutdown);
STEP_KIND(step_file);
STEP_KIND(step_run);
STEP_KIND(step_generated);

#undef STEP_KIND

/*
 * The module of a PCI driver, by its name or, where no module has that name, by the modalias of the
 * device (NULL: none). 0 too where the driver is there already. -EACCES: the administrator bars it.
 */
int module_load_driver(struct actor *actor, const char *driver, const char *device,
		       struct error *err);

#endif
