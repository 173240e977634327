// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvirt's errors as ferry's: the number becomes an errno by which callers decide, libvirt's words stay
 * as they are, and where something is known to help it stands beside.
 */
#include <errno.h>

#include "base/error.h"
#include "base/text.h"
#include "guest/connection_private.h"

int libvirt_error_code(int code, int system_errno)
{
	switch (code) {
	case VIR_ERR_NO_DOMAIN:
		return -ENOENT;
	case VIR_ERR_AUTH_FAILED:
	case VIR_ERR_AUTH_UNAVAILABLE:
	case VIR_ERR_AUTH_CANCELLED:
	case VIR_ERR_ACCESS_DENIED:
	case VIR_ERR_OPERATION_DENIED:
		return -EACCES;
	case VIR_ERR_SYSTEM_ERROR:
		if (system_errno == EPERM)
			return -EACCES;
		return system_errno > 0 ? -system_errno : -EIO;
	case VIR_ERR_OPERATION_TIMEOUT:
	case VIR_ERR_RESOURCE_BUSY:
		return -EBUSY;
	case VIR_ERR_NO_CONNECT:
	case VIR_ERR_INVALID_CONN:
		return -ENOTCONN;
	case VIR_ERR_NO_SUPPORT:
	case VIR_ERR_OPERATION_UNSUPPORTED:
	case VIR_ERR_ARGUMENT_UNSUPPORTED:
		return -EOPNOTSUPP;
	case VIR_ERR_OPERATION_INVALID:
	case VIR_ERR_INVALID_ARG:
	case VIR_ERR_CONFIG_UNSUPPORTED:
	case VIR_ERR_XML_ERROR:
	case VIR_ERR_XML_DETAIL:
	case VIR_ERR_XML_INVALID_SCHEMA:
		return -EINVAL;
	default:
		return -EIO;
	}
}

static const char *remedy_for(int code)
{
	switch (code) {
	case -ENOENT:
		return "virsh list --all names the guests that there are";
	case -EACCES:
		return "run ferry as root";
	case -EBUSY:
		return "another job holds the guest: virsh domjobinfo GUEST; try again when it has ended";
	case -ENOTCONN:
		return "systemctl status libvirtd virtqemud says what became of libvirt; then run "
		       "ferry again";
	default:
		return NULL;
	}
}

/* What libvirt said last, copied at once: the next call into libvirt forgets it. */
struct last_error {
	int code;
	struct text message;
};

static struct last_error take_last_error(struct guest_connection *c, const char *what)
{
	virErrorPtr e = c->api->virGetLastError();
	struct last_error last = {.code = e ? libvirt_error_code(e->code, e->int1) : -EIO};

	if (what)
		text_addf(&last.message, "%s: ", what);
	text_add(&last.message, e && e->message ? e->message : "libvirt does not say why");
	/* Whatever the call says, without the connection it says nothing of the guest. */
	if (last.code != -ENOENT && c->api->virConnectIsAlive(c->connection) != 1)
		last.code = -ENOTCONN;
	return last;
}

static int give_error(struct last_error *last, struct error *err, const char *subject)
{
	error_set(err, last->code, subject, remedy_for(last->code), "%s", text_str(&last->message));
	text_clear(&last->message);
	return last->code;
}

int libvirt_error(struct guest_connection *c, struct error *err, const char *subject,
		  const char *what)
{
	struct last_error last = take_last_error(c, what);

	return give_error(&last, err, subject);
}

int libvirt_domain_error(struct guest_connection *c, struct error *err, virDomainPtr domain,
			 const char *what)
{
	struct last_error last = take_last_error(c, what);

	return give_error(&last, err, guest_domain_name(c, domain));
}
