/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The plan: the ordered steps from here to there, with what the host loses and what forbids it. The
 * same value is shown and executed. Planning can't fail: what can't be done is a refusal in the plan.
 */
#ifndef FERRY_ANALYSIS_PLAN_H
#define FERRY_ANALYSIS_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/guest.h"
#include "host/host.h"

struct arena;

enum step_kind {
	/*
	 * Load a module; subject: its name or that of the PCI driver it brings. With an identity it is
	 * found by that device's modalias where no module has the driver's name (xhci_hcd: xhci_pci).
	 */
	STEP_MODULE,
	STEP_OVERRIDE, /* write driver_override; subject: the device; before, after: its content */
	STEP_UNBIND,   /* from its driver; before: the driver, after: NULL */
	STEP_BIND,     /* by drivers_probe, and read back; before: NULL, after: the driver */
	/*
	 * What draws on a display: "vtcon1" from "1" (bound) to "0", or the firmware's screen,
	 * "efi-framebuffer.0", from its driver to NULL; and back.
	 */
	STEP_CONSOLE,
	STEP_POWER, /* power/control; subject: the device; "auto" to "on", which wakes it, and back */
	STEP_DEFINE,   /* the stored definition; subject: the guest; before, after: inactive XML */
	STEP_ATTACH,   /* into the live guest; subject: the guest, after: the device */
	STEP_DETACH,   /* out of the live guest; subject: the guest, before: the device */
	STEP_START,    /* subject: the guest; "shut off" to "running" */
	STEP_SHUTDOWN, /* subject: the guest; "running" to "shut off" */
	STEP_FILE,     /* a file; subject: its path, before, after: its whole text */
	/*
	 * A program, without a shell; subject: its name, after: its arguments. before: those of the
	 * program that takes it back (NULL: none), run when all other steps are undone. Both as text with
	 * a newline behind each argument.
	 */
	STEP_RUN,
	/* What a program made goes into its place; subject: the place, after: the file that it made. */
	STEP_GENERATED,
	STEP_KINDS
};
/*
 * "module", "override", "unbind", "bind", "console", "power", "define", "attach", "detach", "start",
 * "shutdown", "file", "run", "generated"
 */
const char *step_kind_name(enum step_kind kind);

enum step_state {
	STEP_PLANNED, /* not begun; shown as null */
	STEP_DONE,
	STEP_UNDONE,
	STEP_FAILED,
	STEP_SKIPPED /* nothing to do: it was so already */
};
const char *step_state_name(enum step_state state);

struct plan_step {
	enum step_kind kind;
	const char *subject;
	const char *before, *after; /* NULL: nothing is, or will be, there */
	struct pci_identity
		identity; /* override, unbind, bind, attach, detach: checked again before the act */
	/*
	 * Override, unbind, bind, attach: the names of all members of its IOMMU group as planned,
	 * divided by blanks, in any order; compared again before the act. NULL: it has no group.
	 */
	const char *group;
	const char *guest_uuid; /* define, attach, detach, start, shutdown */
	/* Unbind, bind: driver_override as the act finds it; set by its check, for the undo. */
	const char *override_found;
	/*
	 * Run: a file that the program makes and the undo removes. Generated: what must be so in what was
	 * made, a line each: "+WORD" is on the default entry's command line, "-WORD" is not.
	 */
	const char *made, *expect;
	enum step_state state;
	double seconds; /* how long it took */
};

enum loss_severity { LOSS_MINOR, LOSS_SERIOUS, LOSS_FATAL };
const char *loss_severity_name(enum loss_severity severity);

/* Losses after which a person may have no way in any more: for them a revert is armed (Rule 3). */
enum loss_kind { LOSS_OTHER, LOSS_DISPLAY, LOSS_KEYBOARD, LOSS_CONNECTION };

struct plan_loss {
	size_t device; /* index into host.devices */
	enum loss_severity severity;
	enum loss_kind kind;
	const char **chain; /* "0000:00:1f.2", "ata1", "sda", "sda2", "/" */
	size_t n_chain;
	const char *remedy; /* the commands that free it, innermost first; NULL: none */
};

/* What ends the revert that a plan arms, the longest lasting last. */
enum plan_revert {
	REVERT_NONE,   /* none is armed */
	REVERT_GUEST,  /* that the guest which the plan starts has run for PLAN_GUEST_SECONDS */
	REVERT_CONFIRM /* ferry confirm alone */
};
/* "guest", "confirm"; NULL for none. */
const char *plan_revert_name(enum plan_revert revert);
#define PLAN_CONFIRM_SECONDS 60
#define PLAN_GUEST_SECONDS   10

struct plan_refusal {
	const char *reason; /* slug: "bridge", "fatal-loss", "in-use", "no-iommu", ... */
	const char *subject, *evidence, *remedy;
};

struct plan {
	struct plan_step *steps;
	size_t n_steps;
	struct plan_loss *losses;
	size_t n_losses;
	struct plan_refusal *refusals;
	size_t n_refusals;
	size_t *assigned, *parked, *unbound; /* indexes into host.devices */
	size_t n_assigned, n_parked, n_unbound;
	enum plan_revert revert;
	const char **notes; /* what a person should know besides: whole sentences */
	size_t n_notes;
	struct lent lent; /* the table as it will be when the plan is done */
};

#endif
