// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Opening libvirt, with a deadline. libvirt's own call has none: its daemon may be started by the very
 * socket and take its time, or hang. So the call is made in a thread, and waited for with a clock.
 * Where the time runs out the thread is left to itself: it closes what it may yet get and ends, or ends
 * with the program; it holds nothing that ferry uses.
 */
#include "guest/connection.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "guest/connection_private.h"

/*
 * A libvirt that answers nothing for half a minute is taken for dead; virsh's figures. Calls that are
 * under way end with an error then, instead of never.
 */
#define KEEPALIVE_SECONDS 5
#define KEEPALIVE_COUNT   6

/* Shared by the one who waits and the thread that opens; whoever lets go last frees it. */
struct attempt {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool has_ended;
	bool is_abandoned;
	const struct libvirt_api *api;
	char *asked; /* URI */
	bool is_for_changes;
	virConnectPtr connection;
	bool is_read_only;
	char *uri, *host_name;
	unsigned long version, hypervisor_version;
	int error_code; /* libvirt's number */
	int error;      /* ours */
	char *message;
};

static void *check(void *p)
{
	if (!p)
		abort();
	return p;
}

static void attempt_free(struct attempt *a)
{
	if (a->connection)
		a->api->virConnectClose(a->connection);
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->ended);
	free(a->asked);
	free(a->uri);
	free(a->host_name);
	free(a->message);
	free(a);
}

static void keep_error(struct attempt *a)
{
	virErrorPtr e = a->api->virGetLastError();

	a->error_code = e ? e->code : VIR_ERR_INTERNAL_ERROR;
	a->error = e ? libvirt_error_code(e->code, e->int1) : -EIO;
	a->message = check(strdup(e && e->message ? e->message : "libvirt does not say why"));
}

static void open_and_ask(struct attempt *a)
{
	const struct libvirt_api *api = a->api;

	if (a->is_for_changes) {
		a->connection = api->virConnectOpen(a->asked);
		if (!a->connection)
			keep_error(a);
	}
	if (!a->connection && (!a->is_for_changes || a->error == -EACCES)) {
		a->connection = api->virConnectOpenReadOnly(a->asked);
		a->is_read_only = true;
		/* Of two errors the first says more: it is what was asked for. */
		if (!a->connection && !a->message)
			keep_error(a);
	}
	if (!a->connection)
		return;
	/* Drivers without a daemon have no keepalive: nothing is lost. */
	api->virConnectSetKeepAlive(a->connection, KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
	a->uri = api->virConnectGetURI(a->connection);
	a->host_name = api->virConnectGetHostname(a->connection);
	if (api->virConnectGetLibVersion(a->connection, &a->version) < 0)
		a->version = 0;
	if (api->virConnectGetVersion(a->connection, &a->hypervisor_version) < 0)
		a->hypervisor_version = 0;
}

static void *attempt_run(void *data)
{
	struct attempt *a = data;
	bool is_abandoned;

	open_and_ask(a);
	pthread_mutex_lock(&a->lock);
	a->has_ended = true;
	is_abandoned = a->is_abandoned;
	pthread_cond_signal(&a->ended);
	pthread_mutex_unlock(&a->lock);
	if (is_abandoned)
		attempt_free(a);
	return NULL;
}

static struct attempt *attempt_new(const struct libvirt_api *api, const char *uri,
				   bool is_for_changes)
{
	struct attempt *a = check(calloc(1, sizeof(*a)));

	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->ended, NULL);
	a->api = api;
	a->asked = check(strdup(uri));
	a->is_for_changes = is_for_changes;
	return a;
}

/* The thread takes no signals but those of its own faults: they are for the one that waits. */
static int attempt_start(struct attempt *a, pthread_t *ret)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	sigdelset(&all, SIGSEGV);
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGFPE);
	sigdelset(&all, SIGILL);
	sigdelset(&all, SIGABRT);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(ret, NULL, attempt_run, a);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

/* -ETIMEDOUT: the thread goes on alone, a is its own. */
static int attempt_wait(struct attempt *a, pthread_t thread, unsigned int deadline_ms)
{
	uint64_t until = guest_clock_ms() + deadline_ms;
	struct timespec at = {(time_t)(until / 1000), (long)(until % 1000) * 1000000};
	bool has_ended;
	int r = 0;

	pthread_mutex_lock(&a->lock);
	while (!a->has_ended && r != ETIMEDOUT)
		r = pthread_cond_clockwait(&a->ended, &a->lock, CLOCK_MONOTONIC, &at);
	has_ended = a->has_ended;
	a->is_abandoned = !has_ended;
	pthread_mutex_unlock(&a->lock);
	if (has_ended)
		pthread_join(thread, NULL);
	else
		pthread_detach(thread);
	return has_ended ? 0 : -ETIMEDOUT;
}

static int refuse(const struct attempt *a, struct error *err)
{
	switch (a->error) {
	case -EACCES:
		return error_set(err, -EACCES, a->asked,
				 "run ferry as root, or as a member of the group libvirt",
				 "libvirt does not let this user in: %s", a->message);
	case -ENOENT:
	case -ECONNREFUSED:
		return error_set(err, -ECONNREFUSED, a->asked,
				 "systemctl start libvirtd, or where libvirt has a daemon for each "
				 "of its parts, systemctl start virtqemud.socket",
				 "libvirt is not running: %s", a->message);
	default:
		break;
	}
	if (a->error_code == VIR_ERR_NO_CONNECT || strstr(a->message, "parse URI"))
		return error_set(err, -EINVAL, a->asked,
				 "qemu:///system is this machine's own libvirt",
				 "libvirt knows no such address: %s", a->message);
	return error_set(err, -ECONNREFUSED, a->asked,
			 "virsh --connect URI list --all shows whether libvirt answers",
			 "libvirt can't be reached: %s", a->message);
}

static int attempt_make(struct guest_connection *c, struct attempt **ret, struct error *err)
{
	struct attempt *a = attempt_new(c->api, c->uri_asked, c->is_for_changes);
	pthread_t thread;
	int r = attempt_start(a, &thread);

	if (r < 0) {
		attempt_free(a);
		return error_set(err, r, c->uri_asked, NULL,
				 "no thread can be started to open libvirt: %s", strerror(-r));
	}
	if (attempt_wait(a, thread, c->deadline_ms) < 0)
		return error_set(err, -ETIMEDOUT, c->uri_asked,
				 "systemctl status libvirtd virtqemud says what it is doing",
				 "libvirt has not answered for %u ms", c->deadline_ms);
	if (!a->connection) {
		r = refuse(a, err);
		attempt_free(a);
		return r;
	}
	*ret = a;
	return 0;
}

/* "ssh" of "qemu+ssh://host/system": any way but a socket of this machine leads to another one. */
static bool uri_has_transport(const char *uri)
{
	const char *colon = strchr(uri, ':'), *plus = strchr(uri, '+');

	if (!plus || !colon || plus > colon)
		return false;
	return strncmp(plus, "+unix:", strlen("+unix:")) != 0;
}

static bool uri_has_host(const char *uri)
{
	const char *slashes = strstr(uri, "://");

	return slashes && slashes[3] && slashes[3] != '/';
}

/* Whether the first labels of both names are the same. */
static bool is_own_name(const char *name)
{
	char own[256] = "";
	size_t len = strcspn(name, ".");

	if (gethostname(own, sizeof(own) - 1) < 0)
		return false;
	return strcspn(own, ".") == len && !strncmp(own, name, len);
}

/* A socket that the URI names may be one that ssh forwards: there the name of its host decides. */
static bool uri_is_remote(const char *uri, const char *host_name)
{
	if (uri_has_transport(uri) || uri_has_host(uri))
		return true;
	return strstr(uri, "socket=") && host_name && !is_own_name(host_name);
}

static int connection_make(struct guest_connection *c, struct error *err)
{
	struct attempt *a = NULL;
	int r = attempt_make(c, &a, err);

	if (r < 0)
		return r;
	free(c->uri);
	free(c->host_name);
	c->connection = a->connection;
	c->is_read_only = a->is_read_only;
	c->uri = a->uri ? a->uri : check(strdup(c->uri_asked));
	c->host_name = a->host_name;
	c->version = a->version;
	c->hypervisor_version = a->hypervisor_version;
	c->is_remote = uri_is_remote(c->uri, c->host_name);
	a->connection = NULL;
	a->uri = a->host_name = NULL;
	attempt_free(a);
	return 0;
}

static const char *uri_or_default(const char *uri)
{
	const char *environment = getenv("LIBVIRT_DEFAULT_URI");

	if (uri)
		return uri;
	return environment && *environment ? environment : "qemu:///system";
}

int guest_connection_open(const char *uri, bool is_for_changes, unsigned int deadline_ms,
			  struct guest_connection **ret, struct error *err)
{
	const struct libvirt_api *api;
	struct guest_connection *c;
	int r = libvirt_api(&api);

	if (r < 0)
		return error_set(err, r, "libvirt.so.0",
				 "install libvirt: the packages libvirt-daemon-system and "
				 "libvirt-clients, or libvirt-daemon-kvm",
				 r == -ENOSYS ? "this version of libvirt's library is too old"
					      : "libvirt's library is not installed");
	c = check(calloc(1, sizeof(*c)));
	c->api = api;
	c->uri_asked = check(strdup(uri_or_default(uri)));
	c->is_for_changes = is_for_changes || !geteuid();
	c->deadline_ms = deadline_ms;
	r = connection_make(c, err);
	if (r < 0) {
		guest_connection_close(c);
		return r;
	}
	*ret = c;
	return 0;
}

void guest_connection_close(struct guest_connection *c)
{
	PIPE_GUARD;
	if (!c)
		return;
	if (c->connection)
		c->api->virConnectClose(c->connection);
	free(c->uri_asked);
	free(c->uri);
	free(c->host_name);
	free(c);
}

void guest_connection_closep(struct guest_connection **c)
{
	guest_connection_close(*c);
}

static void on_time(int timer, void *data)
{
	*(bool *)data = true;
}

/* Deals with what has come in, and does not wait for more. */
static void run_pending_events(const struct libvirt_api *api)
{
	bool is_over = false;
	int timer = api->virEventAddTimeout(0, on_time, &is_over, NULL);

	while (timer >= 0 && !is_over)
		if (api->virEventRunDefaultImpl() < 0)
			break;
	if (timer >= 0)
		api->virEventRemoveTimeout(timer);
}

int guest_connection_ready(struct guest_connection *c, struct error *err)
{
	run_pending_events(c->api);
	if (c->connection && c->api->virConnectIsAlive(c->connection) == 1)
		return 0;
	if (c->connection)
		c->api->virConnectClose(c->connection);
	c->connection = NULL;
	return connection_make(c, err);
}

int guest_connection_may_change(struct guest_connection *c, const char *subject, struct error *err)
{
	int r = guest_connection_ready(c, err);

	if (r < 0)
		return r;
	if (c->is_remote)
		return error_set(err, -EACCES, subject, "run ferry on that machine",
				 "the guest is on another machine, %s: its devices are not this "
				 "one's",
				 c->host_name ? c->host_name : c->uri);
	if (c->is_read_only)
		return error_set(err, -EACCES, subject, "run ferry as root",
				 "libvirt lets this user read, and change nothing");
	return 0;
}

int guest_domain(struct guest_connection *c, const char *uuid, virDomainPtr *ret, struct error *err)
{
	virDomainPtr domain = c->api->virDomainLookupByUUIDString(c->connection, uuid);

	if (!domain)
		return libvirt_error(c, err, uuid, NULL);
	*ret = domain;
	return 0;
}

void guest_domain_free(struct guest_connection *c, virDomainPtr domain)
{
	if (domain)
		c->api->virDomainFree(domain);
}

const char *guest_domain_name(struct guest_connection *c, virDomainPtr domain)
{
	const char *name = c->api->virDomainGetName(domain);

	return name ? name : "guest";
}
