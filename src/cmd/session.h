/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What most commands begin with: the machine that is meant, the parts of it that they need, its guests,
 * the words turned into devices. And what all commands that change something do: lock, recover, read,
 * plan, show, ask, act.
 */
#ifndef FERRY_CMD_SESSION_H
#define FERRY_CMD_SESSION_H

#include "analysis/request.h"
#include "base/root.h"
#include "cmd/command.h"
#include "guest/connection.h"
#include "host/host.h"
#include "show/style.h"

#define FERRY_STATE_DIR             "/var/lib/ferry"
#define FERRY_RUN_DIR               "/run/ferry"

#define SESSION_CONNECT_DEADLINE_MS 30000

#define SESSION_CHECK_PARTS \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_PLATFORM))
#define SESSION_STATUS_PARTS                                                         \
	(HOST_PART(HOST_PCI) | HOST_PART(HOST_OVERRIDE) | HOST_PART(HOST_IDENTITY) | \
	 HOST_PART(HOST_KERNEL) | HOST_PART(HOST_NAMES) | HOST_PART(HOST_LENT))

struct session {
	struct root root;
	struct host host;
	struct guest_connection *connection;
	struct guests guests;
	struct show_style style;
};

enum session_guests { SESSION_NO_GUESTS, SESSION_READS_GUESTS, SESSION_CHANGES_GUESTS };

/*
 * Opens the machine (--from or this one) and reads the parts, bits as of HOST_PART. A libvirt that can't
 * be reached is no error here: session.guests says so. A captured machine has no guests.
 */
int session_open(struct invocation *inv, unsigned int parts, enum session_guests guests,
		 struct session *ret, struct error *err);
void session_close(struct session *session);
#define SESSION_AUTO   __attribute__((cleanup(session_close)))
#define SESSION_CLOSED ((struct session){.root = {.fd = -1}})

/* The words from first on as devices, each once. err names what is not there, or the candidates. */
int session_devices(const struct invocation *inv, const struct session *session, size_t first,
		    struct plan_request *request, struct error *err);
/* The first word as a guest. -ENOENT: there is none of that name; err lists those that are. */
int session_guest(const struct invocation *inv, const struct session *session,
		  struct plan_request *request, struct error *err);

/* Is anything lent to a guest of that name? */
bool session_lends_to(const struct session *session, const char *guest);

/* The devices that are lent to request.guest. -EINVAL: none are, so they have to be named. */
int session_lent_devices(const struct invocation *inv, const struct session *session,
			 struct plan_request *request, struct error *err);

/* The moment, "2026-11-25T14:06:29Z". */
const char *session_now(struct arena *arena);

/* What a command that changes something is made of; change_run does the rest. */
struct change {
	void (*plan)(const struct host *host, const struct guests *guests,
		     const struct plan_request *request, struct arena *arena, struct plan *ret);
	unsigned int parts; /* of the machine, besides those that all need */
	bool takes_guest;   /* the first word */
	bool needs_libvirt; /* else it is not even asked: that would start a daemon that sleeps */
	bool guest_may_be_gone;
	bool ends_pending; /* what awaits confirmation, if it is that which is named, is put back */
	bool knows_lent_devices; /* no device named: those that are lent to the guest */
	/* A sentence for people when it is done; "" for none. */
	const char *(*done)(const struct invocation *inv, const struct session *session,
			    const struct plan *plan);
};
struct actor;
struct lock;
struct transaction_report;
struct transaction_pending;
struct transaction_report;
/* For change.done: which drivers the devices are on now. */
const char *change_says_drivers(const struct invocation *inv, const struct session *session,
				const struct plan *plan);
enum outcome change_run(struct invocation *inv, const struct change *change, struct error *err);
/* A yes or no of a person at a terminal; false where there is none. */
bool change_ask(struct invocation *inv, const char *question);
/* Carries the plan out and shows how far it is; err says why it is not done, a failed start with its cause. */
void change_act(struct invocation *inv, struct session *session, struct actor *actor,
		struct plan *plan, struct transaction_report *report, struct error *err);
/* The parts of it that `ferry recover` needs by itself. */
int change_lock(struct invocation *inv, struct lock *ret, struct error *err);
/* What the words and options ask for. */
int change_request(struct invocation *inv, const struct change *change,
		   const struct session *session, struct plan_request *ret, struct error *err);
/*
 * What an interrupted run left is undone first, by whatever command comes next. What awaits confirmation
 * is a refusal.
 */
enum outcome change_recover_first(struct invocation *inv, struct error *err);
/* -EBUSY: something awaits confirmation. One whose time is long over is as an interrupted run is. */
int change_refuse_pending(struct actor *actor, struct error *err);
/*
 * Before it, for a command with change.ends_pending: is it what the words name that awaits confirmation,
 * it is put back. *ret_ended: it was.
 */
enum outcome change_end_pending(struct invocation *inv, const struct change *change,
				bool *ret_ended, struct error *err);
/* That it was, among what the plan says besides. */
void change_note_ended(struct invocation *inv, struct plan *plan);
/* After an up that gave the display to a guest: looks on until that runs, and confirms by itself. */
void change_watch(struct invocation *inv, struct actor *actor, struct plan *plan,
		  struct transaction_report *report);
int change_actor(struct invocation *inv, struct session *session, struct actor *ret,
		 struct error *err);

#endif
