// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A device from one driver to another: override, unbind, bind (Rule 4). Never new_id. A probe is believed
 * only once the driver link has been read back, for drivers_probe succeeds where nothing was bound; and
 * the override names the driver meanwhile, for the probe takes the first driver that matches.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <string.h>

#include "analysis/group.h"
#include "apply/names.h"
#include "apply/sysfs.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

static const char *or_nothing(const char *s)
{
	return s ? s : "";
}

static const char *driver_text(const char *driver)
{
	return driver ? driver : "no driver";
}

static int check_subject(const struct plan_step *step, struct error *err)
{
	char address[PCI_ADDRESS_SIZE];

	if (text_equal(step->subject, pci_address_format(&step->identity.address, address)))
		return 0;
	return error_set(err, -EINVAL, step->subject, NULL, "it is no PCI device's address");
}

/* Before an act: the same card, in the same company. An undo asks for the card only. */
static int check_device(struct actor *actor, const struct plan_step *step, struct error *err)
{
	int code = check_subject(step, err);

	if (!code)
		code = sysfs_check_identity(actor, step, err);
	return code ? code : sysfs_check_group(actor, step, err);
}

static int check_driver_name(const struct plan_step *step, const char *driver, struct error *err)
{
	if (!driver || name_is_plain(driver))
		return 0;
	return error_set(err, -EINVAL, step->subject, NULL, "a driver can't have such a name");
}

int step_override_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	const char *now, *before = or_nothing(step->before), *after = or_nothing(step->after);
	int code = check_device(actor, step, err);

	if (!code)
		code = sysfs_override(actor, step->subject, &now, err);
	if (code)
		return code;
	if (!name_is_override(after))
		return error_set(err, -EINVAL, step->subject, NULL,
				 "driver_override can't hold such a text");
	if (!strcmp(now, after))
		return 1;
	if (strcmp(now, before) != 0)
		return error_set(err, -ESTALE, step->subject, "run the command again",
				 "driver_override holds \"%s\" now, not \"%s\" as planned",
				 text_printable(actor->arena, now), before);
	return 0;
}

int step_override_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	return sysfs_set_override(actor, step->subject, or_nothing(step->after), err);
}

/* Whatever it holds now: a bind that was interrupted may have left a driver's name in it. */
int step_override_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		       struct error *err)
{
	int code = sysfs_check_identity(actor, step, err);

	if (code == -ENODEV)
		return 0;
	return code ? code
		    : sysfs_set_override(actor, step->subject, or_nothing(step->before), err);
}

/* A device must not change between the host and vfio-pci while its group is held open (Rule 1). */
static int check_may_return(struct actor *actor, const struct plan_step *step, const char *from,
			    const char *to, struct error *err)
{
	if (!driver_is_vfio(from) && (!to || driver_is_vfio(to)))
		return 0;
	return sysfs_check_group_free(actor, step, err);
}

static int write_unbind(struct actor *actor, const struct plan_step *step, const char *driver,
			struct error *err)
{
	const char *path = arena_printf(actor->arena, "sys/bus/pci/drivers/%s/unbind", driver);
	const char *now;
	int code = sysfs_write(actor, step->subject, path, step->subject, err);

	if (code && code != -ECHILD)
		return code;
	if (sysfs_driver(actor, step->subject, &now, code ? NULL : err))
		return code ? code : -EIO;
	if (!now)
		return 0;
	if (code)
		return code;
	return error_set(err, -EBUSY, step->subject, NULL,
			 "it was unbound from %s, and yet %s drives it", driver, now);
}

static int say_not_bound(struct actor *actor, const struct plan_step *step, const char *driver,
			 const char *now, int code, const struct error *why, struct error *err)
{
	return error_set(err, code ? code : -ENODEV, step->subject,
			 "look at the kernel log: ferry diagnose",
			 "%s did not take the device, %s drives it%s%s", driver, driver_text(now),
			 code ? ": " : "", code && why->message ? why->message : "");
}

/* driver NULL: whichever takes it. The override is the caller's affair. */
static int probe(struct actor *actor, const struct plan_step *step, const char *driver,
		 struct error *err)
{
	ERROR_AUTO struct error why = {0};
	const char *now;
	int code, read;

	code = sysfs_write(actor, step->subject, "sys/bus/pci/drivers_probe", step->subject, &why);
	if (code == -ETIMEDOUT)
		return error_set(err, code, why.subject, why.remedy, "%s", why.message);
	read = sysfs_driver(actor, step->subject, &now, err);
	if (read)
		return read;
	if (!driver || text_equal(now, driver))
		return 0;
	return say_not_bound(actor, step, driver, now, code, &why, err);
}

/* With the override naming the driver while it is probed, and holding what it shall after. */
static int bind_to(struct actor *actor, const struct plan_step *step, const char *driver,
		   const char *override, struct error *err)
{
	int code, restored;

	code = sysfs_set_override(actor, step->subject, driver, err);
	if (!code)
		code = probe(actor, step, driver, err);
	restored = sysfs_set_override(actor, step->subject, override, code ? NULL : err);
	return code ? code : restored;
}

int step_unbind_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	const char *now;
	int code = check_driver_name(step, step->before, err);

	if (!code)
		code = check_device(actor, step, err);
	if (!code)
		code = sysfs_driver(actor, step->subject, &now, err);
	if (code)
		return code;
	if (!now)
		return 1;
	if (!text_equal(now, step->before))
		return error_set(err, -ESTALE, step->subject, "run the command again",
				 "%s drives it now, not %s as planned", now,
				 driver_text(step->before));
	code = check_may_return(actor, step, now, NULL, err);
	return code ? code : sysfs_override(actor, step->subject, &step->override_found, err);
}

int step_unbind_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	return write_unbind(actor, step, step->before, err);
}

/* Another driver has it, which ferry did not bind, or could not unbind: it is not touched. */
static int say_foreign(const struct plan_step *step, const char *now, const char *wanted,
		       struct error *err)
{
	return error_set(err, -EBUSY, step->subject, "set it right by hand, then run ferry recover",
			 "%s drives it now, so it was not given back to %s", driver_text(now),
			 driver_text(wanted));
}

int step_unbind_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		     struct error *err)
{
	const char *now, *override = or_nothing(step->override_found);
	int code = sysfs_check_identity(actor, step, err);

	if (code == -ENODEV) {
		*ret_note = arena_printf(actor->arena, "%s is not there any more.", step->subject);
		error_clear(err);
		return 0;
	}
	if (!code)
		code = sysfs_driver(actor, step->subject, &now, err);
	if (code)
		return code;
	if (text_equal(now, step->before))
		return sysfs_set_override(actor, step->subject, override, err);
	if (now)
		return say_foreign(step, now, step->before, err);
	code = check_may_return(actor, step, NULL, step->before, err);
	if (!code)
		code = module_load_driver(actor, step->before, step->subject, err);
	return code ? code : bind_to(actor, step, step->before, override, err);
}

int step_bind_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	const char *now;
	int code = check_driver_name(step, step->after, err);

	if (!code)
		code = check_device(actor, step, err);
	if (!code)
		code = sysfs_driver(actor, step->subject, &now, err);
	if (code)
		return code;
	if (now && text_equal(now, step->after))
		return 1;
	if (now)
		return error_set(err, -ESTALE, step->subject, "run the command again",
				 "%s drives it now, where no driver was planned", now);
	code = step->after ? check_may_return(actor, step, NULL, step->after, err)
			   : sysfs_check_group_free(actor, step, err);
	return code ? code : sysfs_override(actor, step->subject, &step->override_found, err);
}

int step_bind_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	if (!step->after)
		return probe(actor, step, NULL, err);
	return bind_to(actor, step, step->after, or_nothing(step->override_found), err);
}

int step_bind_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		   struct error *err)
{
	const char *now;
	int code = sysfs_check_identity(actor, step, err);

	if (code == -ENODEV) {
		error_clear(err);
		return 0;
	}
	if (!code)
		code = sysfs_driver(actor, step->subject, &now, err);
	if (!code && now && step->after && !text_equal(now, step->after))
		return say_foreign(step, now, NULL, err);
	if (!code && now)
		code = check_may_return(actor, step, now, NULL, err);
	if (!code && now)
		code = write_unbind(actor, step, now, err);
	return code ? code
		    : sysfs_set_override(actor, step->subject, or_nothing(step->override_found),
					 err);
}
