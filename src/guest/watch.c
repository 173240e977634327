// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Waiting on libvirt's events. The event loop is libvirt's own and runs only in here, in ferry's one
 * thread: a thread for it would make every fork(2) and every kill point a matter of chance.
 */
#include <stdlib.h>
#include <time.h>

#include "base/error.h"
#include "guest/connection_private.h"

/* A lost event costs this much, and no more. */
#define SAFETY_NET_MS 2000

uint64_t guest_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void on_lifecycle(virConnectPtr connection, virDomainPtr domain, int event, int detail,
			 void *data)
{
	((struct guest_watch *)data)->is_woken = true;
}

static void on_removed(virConnectPtr connection, virDomainPtr domain, const char *alias, void *data)
{
	((struct guest_watch *)data)->is_woken = true;
}

static void on_removal_failed(virConnectPtr connection, virDomainPtr domain, const char *alias,
			      void *data)
{
	struct guest_watch *w = data;

	w->is_woken = w->is_refused = true;
}

static void on_time(int timer, void *data)
{
	*(bool *)data = true;
}

/* An event that can't be asked for is left to the safety net. */
void guest_watch_begin(struct guest_connection *c, virDomainPtr domain, struct guest_watch *ret)
{
	static const int ids[] = {VIR_DOMAIN_EVENT_ID_LIFECYCLE, VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED,
				  VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED};
	const virConnectDomainEventGenericCallback callbacks[] = {
		VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), VIR_DOMAIN_EVENT_CALLBACK(on_removed),
		VIR_DOMAIN_EVENT_CALLBACK(on_removal_failed)};
	int i;

	*ret = (struct guest_watch){.c = c, .domain = domain};
	for (i = 0; i < 3; i++)
		ret->callbacks[i] = c->api->virConnectDomainEventRegisterAny(
			c->connection, domain, ids[i], callbacks[i], ret, NULL);
}

void guest_watch_end(struct guest_watch *w)
{
	int i;

	for (i = 0; i < 3; i++)
		if (w->callbacks[i] >= 0)
			w->c->api->virConnectDomainEventDeregisterAny(w->c->connection,
								      w->callbacks[i]);
}

/* Runs the event loop until an event came or ms have passed. */
static int sleep_on_events(struct guest_watch *w, int ms)
{
	int timer = w->c->api->virEventAddTimeout(ms, on_time, &w->is_woken, NULL), r = 0;

	if (timer < 0)
		return -1;
	w->is_woken = false;
	while (!w->is_woken && r >= 0)
		r = w->c->api->virEventRunDefaultImpl();
	w->c->api->virEventRemoveTimeout(timer);
	return r;
}

int guest_watch_wait(struct guest_watch *w, uint64_t until_ms, guest_condition *condition,
		     void *data, struct error *err)
{
	uint64_t now;
	int r;

	for (;;) {
		r = condition(w, data, err);
		now = guest_clock_ms();
		if (r || now >= until_ms)
			return r;
		r = sleep_on_events(w, until_ms - now < SAFETY_NET_MS ? (int)(until_ms - now)
								      : SAFETY_NET_MS);
		if (r < 0)
			return libvirt_domain_error(w->c, err, w->domain,
						    "waiting for libvirt's events failed");
	}
}
