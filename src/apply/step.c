// SPDX-License-Identifier: LGPL-2.1-or-later
/* The one table of what ferry can do to a machine. A new kind of write is a line here and a file beside. */
#include "apply/step.h"

#include "apply/step_kinds.h"

#define OPS(prefix, outlives)                                         \
	{                                                             \
		prefix##_check, prefix##_act, prefix##_undo, outlives \
	}

const struct step_ops step_table[STEP_KINDS] = {
	[STEP_MODULE] = OPS(step_module, false),
	[STEP_OVERRIDE] = OPS(step_override, false),
	[STEP_UNBIND] = OPS(step_unbind, false),
	[STEP_BIND] = OPS(step_bind, false),
	[STEP_CONSOLE] = OPS(step_console, false),
	[STEP_POWER] = OPS(step_power, false),
	[STEP_DEFINE] = OPS(step_define, true),
	[STEP_ATTACH] = OPS(step_attach, false),
	[STEP_DETACH] = OPS(step_detach, false),
	[STEP_START] = OPS(step_start, false),
	[STEP_SHUTDOWN] = OPS(step_shutdown, false),
	[STEP_FILE] = OPS(step_file, true),
	[STEP_RUN] = OPS(step_run, true),
	[STEP_GENERATED] = OPS(step_generated, true),
};
