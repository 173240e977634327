/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that call libvirt share: the handle, the domain of a UUID, errors, and waiting. */
#ifndef FERRY_GUEST_CONNECTION_PRIVATE_H
#define FERRY_GUEST_CONNECTION_PRIVATE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "guest/connection.h"
#include "guest/libvirt_api.h"

struct guest_connection {
	const struct libvirt_api *api;
	virConnectPtr connection;
	char *uri_asked; /* NULL: the default */
	bool is_for_changes;
	unsigned int deadline_ms;
	bool is_read_only;
	bool is_remote;
	char *uri, *host_name;
	unsigned long version, hypervisor_version;
};

/*
 * Stands in each function that calls libvirt: a daemon that has gone makes its next write raise SIGPIPE,
 * which would end ferry, or look like the end of whoever reads ferry's output. What comes meanwhile is
 * swallowed, and the call fails with EPIPE.
 */
struct pipe_guard {
	sigset_t before;
	bool was_pending;
};
struct pipe_guard pipe_guard_begin(void);
void pipe_guard_end(struct pipe_guard *guard);
#define PIPE_GUARD                                                                      \
	struct pipe_guard pipe_guard __attribute__((cleanup(pipe_guard_end), unused)) = \
		pipe_guard_begin()

/*
 * Before each use: deals with what libvirt has sent since the last one and, where the connection was
 * closed meanwhile, opens it again. libvirtd closes one that has not answered its keepalive for half a
 * minute, as happens while a person thinks about a question.
 */
int guest_connection_ready(struct guest_connection *c, struct error *err);
/* As guest_connection_ready(); -EACCES where the connection is read-only or to another machine. */
int guest_connection_may_change(struct guest_connection *c, const char *subject, struct error *err);
/* -ENOENT: no such guest. To be freed with guest_domain_free(). */
int guest_domain(struct guest_connection *c, const char *uuid, virDomainPtr *ret,
		 struct error *err);
void guest_domain_free(struct guest_connection *c, virDomainPtr domain);
/* The name, for messages; valid as long as the domain. */
const char *guest_domain_name(struct guest_connection *c, virDomainPtr domain);

int guest_domain_state(struct guest_connection *c, virDomainPtr domain, enum guest_state *ret,
		       struct error *err);
/* flags: VIR_DOMAIN_XML_* */
int guest_domain_xml(struct guest_connection *c, virDomainPtr domain, unsigned int flags,
		     struct arena *arena, const char **ret, struct error *err);

/* libvirt's last error in this thread as ours; what says which act failed, NULL: nothing to add. */
int libvirt_error(struct guest_connection *c, struct error *err, const char *subject,
		  const char *what);
/* The same, the guest's name the subject: asking libvirt for it first would lose the error. */
int libvirt_domain_error(struct guest_connection *c, struct error *err, virDomainPtr domain,
			 const char *what);
/* The errno for an error of libvirt's. */
int libvirt_error_code(int code, int system_errno);

uint64_t guest_clock_ms(void); /* CLOCK_MONOTONIC */

/*
 * Waiting for something that happens to one guest, on libvirt's events. Begun before the act whose
 * outcome is waited for, so that no event is missed.
 */
struct guest_watch {
	struct guest_connection *c;
	virDomainPtr domain;
	int callbacks[3]; /* -1: not registered */
	bool is_woken;    /* an event came, or the time is up */
	bool is_refused;  /* the guest said that it keeps the device */
};
void guest_watch_begin(struct guest_connection *c, virDomainPtr domain, struct guest_watch *ret);
void guest_watch_end(struct guest_watch *w);
/* 1: it is so; 0: not yet; or a negative errno. */
typedef int guest_condition(struct guest_watch *w, void *data, struct error *err);
/*
 * Until the condition holds (gives 1) or fails (a negative errno), or the clock says until_ms (0). It is
 * asked after every event and, should one have been lost, every few seconds.
 */
int guest_watch_wait(struct guest_watch *w, uint64_t until_ms, guest_condition *condition,
		     void *data, struct error *err);

#endif
