// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What guests need besides an IOMMU: KVM and who may use it, QEMU, libvirt's daemons and their rights, and
 * the service that would save a guest with a device at shutdown, which can't be done.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/platform_read.h"

#define CAP_SYS_RESOURCE_BIT 24 /* include/uapi/linux/capability.h */

static const char *name_of_user(struct arena *arena, uid_t uid)
{
	const struct passwd *p = getpwuid(uid);

	return p ? arena_strdup(arena, p->pw_name) : arena_printf(arena, "%u", uid);
}

static const char *name_of_group(struct arena *arena, gid_t gid)
{
	const struct group *g = getgrgid(gid);

	return g ? arena_strdup(arena, g->gr_name) : arena_printf(arena, "%u", gid);
}

static void read_node(struct host_reader *r, struct host_virtualization *ret)
{
	int fd = root_open_file(r->root, "dev/kvm", O_PATH);
	struct stat st;

	ret->kvm_node = fact_from_code(fd < 0 ? fd : 0);
	if (fd < 0)
		return;
	if (r->root->live && !fstat(fd, &st))
		ret->kvm_owner =
			arena_printf(r->arena, "%s:%s %04o", name_of_user(r->scratch, st.st_uid),
				     name_of_group(r->scratch, st.st_gid), st.st_mode & 07777);
	close(fd);
}

static void read_kvm(struct host_reader *r, struct host_virtualization *ret)
{
	read_node(r, ret);
	ret->nested = platform_read_letter(r, "sys/module/kvm_intel/parameters/nested");
	if (!ret->nested)
		ret->nested = platform_read_letter(r, "sys/module/kvm_amd/parameters/nested");
}

static void read_qemu(struct host_reader *r, struct host_virtualization *ret)
{
	static const char *const paths[] = {"usr/bin/qemu-system-x86_64",
					    "usr/libexec/qemu-kvm",
					    "usr/bin/qemu-kvm",
					    "usr/bin/kvm",
					    "usr/local/bin/qemu-system-x86_64",
					    "usr/bin/qemu-system-aarch64",
					    "run/current-system/sw/bin/qemu-system-x86_64"};
	size_t i;

	ret->qemu_read = fact_from_code(root_exists(r->root, "usr/bin"));
	for (i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (root_exists(r->root, paths[i]))
			continue;
		ret->qemu = arena_printf(r->arena, "/%s", paths[i]);
		return;
	}
}

/* "virtqemud-sock" gives "virtqemud"; those with "-ro" and "-admin" are the same daemon's. */
static void read_sockets(struct host_reader *r, struct host_virtualization *ret)
{
	char **names;
	size_t n, i;
	int err = root_list(r->root, r->scratch, "run/libvirt", &names, &n);

	ret->daemon_read = fact_from_code(err);
	if (err)
		return;
	for (i = 0; i < n; i++) {
		if (!text_has_suffix(names[i], "-sock") || !text_has_prefix(names[i], "virt") ||
		    strstr(names[i], "admin"))
			continue;
		*arena_append(r->arena, ret->sockets, ret->n_sockets) =
			arena_memdup(r->arena, names[i], strlen(names[i]) - 5);
		if (!strcmp(names[i], "virtqemud-sock"))
			ret->daemon = DAEMON_PARTS;
	}
	if (!root_exists(r->root, "run/libvirt/libvirt-sock") && ret->daemon == DAEMON_NONE)
		ret->daemon = DAEMON_WHOLE;
}

/* The value of a line "Name:  value" of /proc/PID/status or /proc/PID/limits. */
static const char *line_value(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	at = at ? at + strlen(name) : NULL;
	return at ? at + strspn(at, ": \t") : NULL;
}

static bool read_rights(struct host_reader *r, const char *pid, struct host_virtualization *ret)
{
	char *status, *limits;
	const char *value;

	if (root_read(r->root, r->scratch, arena_printf(r->scratch, "proc/%s/status", pid), &status,
		      NULL))
		return false;
	value = line_value(status, "\nCapBnd");
	if (!value)
		return false;
	ret->may_raise_limits = strtoull(value, NULL, 16) >> CAP_SYS_RESOURCE_BIT & 1;
	ret->daemon_read_limits = true;
	if (!root_read(r->root, r->scratch, arena_printf(r->scratch, "proc/%s/limits", pid),
		       &limits, NULL)) {
		value = line_value(limits, "Max locked memory");
		if (value)
			ret->daemon_memlock =
				arena_memdup(r->arena, value, strcspn(value, " \t\n"));
	}
	return true;
}

static void read_daemon(struct host_reader *r, struct host_virtualization *ret)
{
	static const char *const names[] = {"virtqemud", "libvirtd"};
	uint64_t pid;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (root_read_u64(r->root, arena_printf(r->scratch, "run/%s.pid", names[i]), &pid))
			continue;
		/* A daemon that went to sleep leaves its file. */
		if (!read_rights(r, arena_printf(r->scratch, "%llu", (unsigned long long)pid), ret))
			continue;
		ret->daemon_name = names[i];
		return;
	}
}

/* The value of the last line "ON_SHUTDOWN=value", quotes left out; NULL: there is none. */
static const char *shutdown_in(struct host_reader *r, const char *path)
{
	char *text, *line, *save = NULL;
	const char *found = NULL;

	if (root_read(r->root, r->arena, path, &text, NULL))
		return NULL;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		line += strspn(line, " \t");
		if (!text_has_prefix(line, "ON_SHUTDOWN="))
			continue;
		line += 12 + strspn(line + 12, "\"'");
		line[strcspn(line, "\"' \t#")] = 0;
		/* "${ON_SHUTDOWN:-suspend}" */
		if (text_has_prefix(line, "${ON_SHUTDOWN:-")) {
			line += 15;
			line[strcspn(line, "}")] = 0;
		}
		found = line;
	}
	return found;
}

/* What the file sets, else what the service's own script begins with. */
static void read_guests_service(struct host_reader *r, struct host_virtualization *ret)
{
	static const char *const files[] = {"etc/default/libvirt-guests",
					    "etc/sysconfig/libvirt-guests"};
	static const char *const scripts[] = {"usr/lib/libvirt/libvirt-guests.sh",
					      "usr/libexec/libvirt-guests.sh",
					      "usr/lib/libvirt-guests.sh"};
	size_t i;

	ret->guests_service = fact_from_code(root_exists(
		r->root, "etc/systemd/system/multi-user.target.wants/libvirt-guests.service"));
	for (i = 0; i < 2 && !ret->on_shutdown; i++) {
		if (!root_exists(r->root, files[i]) || !ret->on_shutdown_path)
			ret->on_shutdown_path = arena_printf(r->arena, "/%s", files[i]);
		ret->on_shutdown = shutdown_in(r, files[i]);
	}
	for (i = 0; i < 3 && !ret->on_shutdown; i++)
		ret->on_shutdown = shutdown_in(r, scripts[i]);
}

static void read_confinement(struct host_reader *r, struct host_virtualization *ret)
{
	char buffer[8];

	ret->apparmor = platform_read_letter(r, "sys/module/apparmor/parameters/enabled");
	if (!root_read_attribute(&r->sys, "fs/selinux/enforce", buffer, sizeof(buffer), NULL))
		ret->selinux = buffer[0];
}

static bool is_member(gid_t gid, const gid_t *groups, int n)
{
	for (int i = 0; i < n; i++)
		if (groups[i] == gid)
			return true;
	return getegid() == gid;
}

static void read_user(struct host_reader *r, struct host_virtualization *ret)
{
	int n = getgroups(0, NULL);
	gid_t *groups = arena_calloc(r->scratch, (size_t)(n > 0 ? n : 0), sizeof(*groups));
	const struct group *g;
	struct rlimit limit;

	n = n > 0 ? getgroups(n, groups) : 0;
	ret->user = name_of_user(r->arena, geteuid());
	ret->is_root = geteuid() == 0;
	g = getgrnam("kvm");
	ret->is_in_kvm = g && is_member(g->gr_gid, groups, n);
	g = getgrnam("libvirt");
	ret->has_libvirt_group = g;
	ret->is_in_libvirt = g && is_member(g->gr_gid, groups, n);
	if (!getrlimit(RLIMIT_MEMLOCK, &limit))
		ret->memlock = limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

void platform_read_virtualization(struct host_reader *r, struct host_virtualization *ret)
{
	*ret = (struct host_virtualization){0};
	read_kvm(r, ret);
	read_qemu(r, ret);
	read_sockets(r, ret);
	read_daemon(r, ret);
	read_guests_service(r, ret);
	read_confinement(r, ret);
	if (r->root->live)
		read_user(r, ret);
}
