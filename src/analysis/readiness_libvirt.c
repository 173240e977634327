// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvirt: does it answer, are its daemons there, may they lock a guest's memory, who may ask it, and would
 * the host try to save a guest with a device when it goes down.
 */
#include <inttypes.h>
#include <string.h>

#include "analysis/readiness_judge.h"
#include "base/arena.h"
#include "base/text.h"

static const char *version(const struct judge *j, unsigned long v)
{
	return arena_printf(j->arena, "%lu.%lu.%lu", v / 1000000, v / 1000 % 1000, v % 1000);
}

static void judge_connection(const struct judge *j)
{
	const struct guests *g = j->guests;

	if (g->access == GUESTS_NOT_READ)
		judge_aside(j, "libvirt", POINT_UNKNOWN, "run ferry check on the machine itself",
			    "libvirt was not asked: a captured machine has none");
	else if (g->access != GUESTS_READ)
		judge_add(j, "libvirt",
			  g->access == GUESTS_DENIED || g->access == GUESTS_SILENT ? POINT_UNKNOWN
										   : POINT_FAIL,
			  g->remedy ? g->remedy : "see journalctl -u libvirtd -u virtqemud", "%s",
			  g->message ? g->message : "libvirt can't be reached");
	else
		judge_add(j, "libvirt", POINT_OK, NULL, "%s answers: libvirt %s%s%s, %zu guest%s%s",
			  g->uri, version(j, g->version), g->hypervisor_version ? ", QEMU " : "",
			  g->hypervisor_version ? version(j, g->hypervisor_version) : "", g->count,
			  g->count == 1 ? "" : "s", g->is_remote ? ", on another machine" : "");
}

static void judge_daemons(const struct judge *j)
{
	const struct host_virtualization *v = &j->platform->virtualization;
	bool has_network = false;
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < v->n_sockets; i++) {
		text_addf(&t, "%s%s", i ? ", " : "", v->sockets[i]);
		has_network |= !strcmp(v->sockets[i], "virtnetworkd");
	}
	if (v->daemon == DAEMON_WHOLE)
		judge_aside(j, "libvirt-daemons", POINT_OK, NULL,
			    "one daemon for all, libvirtd (/run/libvirt/libvirt-sock)");
	else if (v->daemon == DAEMON_PARTS)
		judge_aside(
			j, "libvirt-daemons", has_network ? POINT_OK : POINT_WARN,
			"systemctl enable --now virtnetworkd.socket, unless no guest uses a network "
			"of libvirt's",
			"a daemon for each part: %s%s", text_str(&t),
			has_network ? "" : "; virtnetworkd is not among them");
}

/* Hardened units forbid it, and the failure then says "Cannot allocate memory". */
static void judge_memlock(const struct judge *j)
{
	const struct host_virtualization *v = &j->platform->virtualization;
	const char *own = v->memlock == UINT64_MAX
				  ? "no limit"
				  : arena_printf(j->arena, "%" PRIu64 " KiB", v->memlock / 1024);

	if (v->daemon_read_limits && !v->may_raise_limits)
		judge_add(
			j, "memlock", POINT_FAIL,
			arena_printf(
				j->arena,
				"systemctl edit %s: CapabilityBoundingSet with CAP_SYS_RESOURCE "
				"in it, LimitMEMLOCK=infinity; then restart it",
				v->daemon_name),
			"%s may not raise the limit of locked memory (no CAP_SYS_RESOURCE, limit %s): a "
			"guest with a device fails with \"Cannot allocate memory\"",
			v->daemon_name, v->daemon_memlock ? v->daemon_memlock : "unknown");
	else if (v->daemon_read_limits)
		judge_aside(j, "memlock", POINT_OK, NULL,
			    "%s raises the limit of locked memory for each guest with a device",
			    v->daemon_name);
	else if (j->host->is_live)
		judge_aside(
			j, "memlock", POINT_OK, NULL,
			"libvirt raises the limit for each guest with a device; of this user's own "
			"processes: %s",
			own);
}

static void judge_guests_service(const struct judge *j)
{
	const struct host_virtualization *v = &j->platform->virtualization;

	if (v->guests_service != FACT_READ)
		return;
	if (!v->on_shutdown)
		judge_aside(
			j, "libvirt-guests", POINT_UNKNOWN,
			arena_printf(j->arena, "set ON_SHUTDOWN=shutdown in %s",
				     v->on_shutdown_path),
			"libvirt-guests is enabled; what it does with guests at shutdown could not "
			"be read");
	else if (!strcmp(v->on_shutdown, "suspend"))
		judge_aside(
			j, "libvirt-guests", POINT_WARN,
			arena_printf(j->arena, "set ON_SHUTDOWN=shutdown in %s",
				     v->on_shutdown_path),
			"libvirt-guests saves the guests when the host goes down (ON_SHUTDOWN=suspend):"
			" one with a device can't be saved");
	else
		judge_aside(j, "libvirt-guests", POINT_OK, NULL,
			    "when the host goes down: ON_SHUTDOWN=%s", v->on_shutdown);
}

static void judge_user(const struct judge *j)
{
	const struct host_virtualization *v = &j->platform->virtualization;

	if (!v->user)
		return;
	if (v->is_root)
		judge_aside(j, "user", POINT_OK, NULL, "%s", v->user);
	else if (v->is_in_libvirt || !v->has_libvirt_group)
		judge_aside(j, "user", POINT_OK, NULL, "%s%s%s; changing anything needs root",
			    v->user, v->is_in_libvirt ? ", in the group libvirt" : "",
			    v->is_in_kvm ? ", in the group kvm" : "");
	else
		judge_aside(
			j, "user", POINT_WARN,
			arena_printf(
				j->arena,
				"run ferry with sudo, or: sudo usermod -aG libvirt %s, and log "
				"in again",
				v->user),
			"%s is not in the group libvirt%s: libvirt asks for a password, or refuses",
			v->user, v->is_in_kvm ? "" : " and not in the group kvm");
}

static void judge_confinement(const struct judge *j)
{
	const struct host_virtualization *v = &j->platform->virtualization;
	const char *what = v->apparmor == 'Y'  ? "AppArmor is in force"
			   : v->selinux == '1' ? "SELinux is enforcing"
			   : v->selinux == '0' ? "SELinux is permissive: it only logs"
					       : NULL;

	if (what)
		judge_aside(
			j, "confinement", POINT_OK, NULL,
			"%s; libvirt lets a guest reach its own devices, but a ROM file must lie where "
			"the policy allows it",
			what);
	else if (j->host->is_live)
		judge_aside(j, "confinement", POINT_OK, NULL,
			    "neither AppArmor nor SELinux is in force");
}

void judge_libvirt(const struct judge *j)
{
	judge_connection(j);
	judge_daemons(j);
	judge_memlock(j);
	judge_guests_service(j);
	judge_user(j);
	judge_confinement(j);
}
