// SPDX-License-Identifier: LGPL-2.1-or-later
/* See session.h. */
#include "cmd/session.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "analysis/target.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "host/read.h"

static void open_guests(const struct invocation *inv, enum session_guests mode,
			struct session *session)
{
	ERROR_AUTO struct error err = {0};

	if (mode == SESSION_NO_GUESTS || !session->root.live)
		return;
	guest_connection_open(inv->options[OPTION_CONNECT], mode == SESSION_CHANGES_GUESTS,
			      SESSION_CONNECT_DEADLINE_MS, &session->connection, &err);
	guests_read(session->connection, &err, inv->arena, &session->guests);
}

int session_open(struct invocation *inv, unsigned int parts, enum session_guests guests,
		 struct session *ret, struct error *err)
{
	const char *from = inv->options[OPTION_FROM];
	int code;

	style_init(&ret->style, fileno(inv->out), inv->use_color);
	code = root_open(from, &ret->root);
	if (code)
		return error_set(err, code, from ? from : "/",
				 "--from takes the folder that holds sys/ (and proc/)", "%s",
				 strerror(-code));
	code = host_read(&ret->root, parts, inv->arena, &ret->host, err);
	if (code)
		return code;
	open_guests(inv, guests, ret);
	return 0;
}

void session_close(struct session *session)
{
	guest_connection_close(session->connection);
	session->connection = NULL;
	root_close(&session->root);
}

static void add_device(struct arena *arena, struct plan_request *request, size_t device)
{
	size_t i;

	for (i = 0; i < request->n_devices; i++) {
		if (request->devices[i] == device)
			return;
	}
	*arena_append(arena, request->devices, request->n_devices) = device;
}

int session_devices(const struct invocation *inv, const struct session *session, size_t first,
		    struct plan_request *request, struct error *err)
{
	size_t i, k;

	for (i = first; i < inv->n_words; i++) {
		size_t *devices, n;
		int code = target_resolve(&session->host, inv->words[i], inv->arena, &devices, &n,
					  err);

		if (code)
			return code;
		for (k = 0; k < n; k++)
			add_device(inv->arena, request, devices[k]);
	}
	return 0;
}

static int no_such_guest(const struct session *session, const char *name, struct error *err)
{
	TEXT_AUTO struct text names = {0};
	size_t i;

	for (i = 0; i < session->guests.count; i++)
		text_addf(&names, "%s%s", i ? ", " : "", session->guests.list[i].name);
	error_set(err, -ENOENT, name, NULL, "there is no guest of that name on %s",
		  session->guests.uri);
	if (session->guests.count)
		error_remedy(err, "the guests are: %s", text_str(&names));
	else
		error_remedy(
			err,
			"libvirt knows no guest at all; virt-manager or virsh define makes one");
	return -ENOENT;
}

int session_guest(const struct invocation *inv, const struct session *session,
		  struct plan_request *request, struct error *err)
{
	request->guest_name = inv->words[0];
	if (session->guests.access != GUESTS_READ)
		return error_set(err, -ENOTCONN,
				 session->guests.uri ? session->guests.uri : "libvirt",
				 session->guests.remedy, "%s",
				 session->guests.message ? session->guests.message
							 : "libvirt was not asked");
	request->guest = guests_find(&session->guests, inv->words[0]);
	if (!request->guest)
		return no_such_guest(session, inv->words[0], err);
	request->guest_name = request->guest->name;
	return 0;
}

const char *session_now(struct arena *arena)
{
	char *s = arena_alloc(arena, sizeof("2026-11-25T14:06:29Z") + 8);
	time_t now = time(NULL);
	struct tm tm;

	strftime(s, sizeof("2026-11-25T14:06:29Z") + 8, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
	return s;
}

bool session_lends_to(const struct session *session, const char *guest)
{
	const struct lent *lent = &session->host.lent;
	size_t i;

	for (i = 0; i < lent->n_devices; i++) {
		if (text_equal(lent->devices[i].guest, guest))
			return true;
	}
	for (i = 0; i < lent->n_guests; i++) {
		if (text_equal(lent->guests[i].name, guest))
			return true;
	}
	return false;
}

int session_lent_devices(const struct invocation *inv, const struct session *session,
			 struct plan_request *request, struct error *err)
{
	const struct lent *lent = &session->host.lent;
	size_t i;

	for (i = 0; i < lent->n_devices; i++) {
		const struct lent_device *row = &lent->devices[i];
		const struct pci_device *d;
		char address[PCI_ADDRESS_SIZE];

		if (row->role != LENT_ASSIGNED || !text_equal(row->guest, request->guest_name))
			continue;
		d = host_find_device(&session->host, &row->identity.address);
		if (!d)
			return error_set(
				err, -ENODEV, pci_address_format(&row->identity.address, address),
				"ferry down gives back what is left; then name the devices anew",
				"it is lent to %s, but no device has that address now",
				request->guest_name);
		add_device(inv->arena, request, (size_t)(d - session->host.devices));
	}
	if (request->n_devices)
		return 0;
	return error_set(err, -EINVAL, request->guest_name, "ferry survey shows the devices",
			 "nothing is lent to it yet: name the devices that it shall have");
}

const char *change_says_drivers(const struct invocation *inv, const struct session *session,
				const struct plan *plan)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < plan->n_steps; i++) {
		const struct plan_step *s = &plan->steps[i];

		if (s->kind == STEP_BIND && s->after)
			text_addf(&t, "%s%s is on %s", t.len ? ", " : "", s->subject, s->after);
	}
	if (t.len)
		text_add(&t, ".");
	else if (!plan->n_notes)
		text_add(&t, "Nothing to do: it is so already.");
	return arena_strdup(inv->arena, text_str(&t));
}
