// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The stored definition of a guest (Rule 2). What stood there is defined again, byte by byte, as long as
 * what is there now is what ferry left. Where somebody else has edited it since, only ferry's part goes.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <string.h>

#include "apply/settle.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "guest/domain_xml.h"
#include "guest/edit.h"

int step_define_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	const char *now;
	int code = guest_stored_xml(actor->connection, step->guest_uuid, actor->arena, &now, err);

	if (code)
		return code;
	if (!strcmp(now, step->after))
		return 1;
	if (!strcmp(now, step->before))
		return 0;
	return error_set(err, -ESTALE, step->subject, "run the command again",
			 "its definition was edited since the plan was made");
}

int step_define_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	const char *now;
	int code = guest_define(actor->connection, step->after, actor->arena, &now, err);

	if (!code)
		step->after = now;
	return code;
}

static bool holds(const struct domain_xml *facts, const struct pci_address *address)
{
	size_t i;

	for (i = 0; i < facts->devices.count; i++) {
		if (pci_address_equal(&facts->devices.list[i].source, address))
			return true;
	}
	return false;
}

struct addresses {
	struct pci_address *list;
	size_t count;
};

/* The devices that a has and b has not. */
static struct addresses difference(struct actor *actor, const struct domain_xml *a,
				   const struct domain_xml *b)
{
	struct addresses d = {0};
	size_t i;

	for (i = 0; i < a->devices.count; i++) {
		const struct pci_address *address = &a->devices.list[i].source;

		if (!holds(b, address))
			*arena_append(actor->arena, d.list, d.count) = *address;
	}
	return d;
}

/* now without what the step put into it, and with what it took out. */
static int reverse_edit(struct actor *actor, const struct plan_step *step, const char *now,
			const char **ret, struct error *err)
{
	struct domain_xml before, after, current;
	struct addresses added, removed;
	int code = domain_xml_read(step->before, actor->arena, &before);

	code = code ? code : domain_xml_read(step->after, actor->arena, &after);
	code = code ? code : domain_xml_read(now, actor->arena, &current);
	if (code)
		return error_set(err, code, step->subject, "virsh edit sets it right",
				 "its definition makes no sense to ferry: %s", strerror(-code));
	added = difference(actor, &after, &before);
	removed = difference(actor, &before, &after);
	/* What somebody else has put back already stays as he put it. */
	for (size_t i = removed.count; i-- > 0;) {
		if (holds(&current, &removed.list[i]))
			removed.list[i] = removed.list[--removed.count];
	}
	*ret = now;
	if (added.count)
		code = guest_xml_without_hostdevs(*ret, step->before, added.list, added.count,
						  actor->arena, ret, err);
	if (!code && removed.count)
		code = guest_xml_with_hostdevs(*ret, removed.list, removed.count, actor->arena, ret,
					       err);
	return code;
}

static int define_before(struct actor *actor, const struct plan_step *step, const char **ret_note,
			 struct error *err)
{
	const char *now;
	int code = guest_define(actor->connection, step->before, actor->arena, &now, err);

	if (!code && !guest_xml_is_same(now, step->before, actor->arena))
		*ret_note = arena_printf(actor->arena,
					 "The definition of %s is as before, but libvirt writes it "
					 "differently now.",
					 step->subject);
	return code;
}

static int undo_edited(struct actor *actor, const struct plan_step *step, const char *now,
		       const char **ret_note, struct error *err)
{
	const char *without;
	int code = reverse_edit(actor, step, now, &without, err);

	if (code)
		return code;
	if (guest_xml_is_same(without, step->before, actor->arena))
		return define_before(actor, step, ret_note, err);
	if (!guest_xml_is_same(without, now, actor->arena))
		code = guest_define(actor->connection, without, actor->arena, NULL, err);
	if (!code)
		*ret_note =
			arena_printf(actor->arena,
				     "The definition of %s was edited by somebody else meanwhile: "
				     "only ferry's own part was undone, the rest stays as it is.",
				     step->subject);
	return code;
}

/* Is it something else than it was before the step? */
static int is_changed(struct actor *actor, const struct plan_step *step, struct error *err)
{
	const char *now;
	int code = guest_stored_xml(actor->connection, step->guest_uuid, actor->arena, &now, err);

	return code ? code : strcmp(now, step->before) != 0;
}

int step_define_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		     struct error *err)
{
	const char *now;
	int code = settle(actor, step, is_changed, err);

	if (code == -ENOENT) {
		*ret_note = arena_printf(
			actor->arena, "The guest %s is not defined any more: nothing to put back.",
			step->subject);
		return 0;
	}
	if (code <= 0)
		return code;
	code = guest_stored_xml(actor->connection, step->guest_uuid, actor->arena, &now, err);
	if (code)
		return code;
	if (guest_xml_is_same(now, step->after, actor->arena))
		return define_before(actor, step, ret_note, err);
	return undo_edited(actor, step, now, ret_note, err);
}
