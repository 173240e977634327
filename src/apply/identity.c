// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * An address is not an identity (Rule 4): before each write the device behind it is looked at again, and
 * who shares its group, and who has that group open. Only this one device's files are read, for it
 * happens at every step.
 */
#include "apply/sysfs.h"

#include <errno.h>
#include <string.h>

#include "analysis/plan.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"
#include "host/read.h"

static const char *attribute_path(struct actor *actor, const char *device, const char *attribute)
{
	return arena_printf(actor->arena, "sys/bus/pci/devices/%s/%s", device, attribute);
}

/* -1 where it is not there; not readable is an error, for then nothing can be said. */
static int read_id(struct actor *actor, const char *device, const char *attribute, int32_t *ret)
{
	uint64_t value;
	int code = root_read_u64(actor->root, attribute_path(actor, device, attribute), &value);

	if (code && code != -ENOENT)
		return code;
	if (!code && value > 0xffffff)
		return -ERANGE;
	*ret = code ? -1 : (int32_t)value;
	return 0;
}

static int read_identity(struct actor *actor, const char *device, struct pci_identity *ret)
{
	int code = read_id(actor, device, "class", &ret->class);

	code = code ? code : read_id(actor, device, "vendor", &ret->vendor);
	code = code ? code : read_id(actor, device, "device", &ret->device);
	code = code ? code : read_id(actor, device, "subsystem_vendor", &ret->subsystem_vendor);
	code = code ? code : read_id(actor, device, "subsystem_device", &ret->subsystem_device);
	/* One that can't be read now is not compared. */
	if (!code)
		host_read_serial(actor->root, device, actor->arena, &ret->serial);
	return code;
}

static const char *identity_text(struct actor *actor, const struct pci_identity *id)
{
	return arena_printf(actor->arena,
			    "%04x:%04x, subsystem %04x:%04x, class %06x, serial number %s",
			    (unsigned int)id->vendor & 0xffff, (unsigned int)id->device & 0xffff,
			    (unsigned int)id->subsystem_vendor & 0xffff,
			    (unsigned int)id->subsystem_device & 0xffff,
			    (unsigned int)id->class & 0xffffff, id->serial ? id->serial : "none");
}

static size_t count_words(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += *s != ' ' && (!s[1] || s[1] == ' ');
	return n;
}

static bool has_word(const char *s, const char *word)
{
	size_t len = strlen(word);
	const char *found = s;

	while ((found = strstr(found, word))) {
		if ((found == s || found[-1] == ' ') && (!found[len] || found[len] == ' '))
			return true;
		found += len;
	}
	return false;
}

int sysfs_check_group(struct actor *actor, const struct plan_step *step, struct error *err)
{
	char **names = NULL;
	size_t n = 0, i;
	bool is_same;
	int code =
		root_list(actor->root, actor->arena,
			  attribute_path(actor, step->subject, "iommu_group/devices"), &names, &n);

	if (code && code != -ENOENT)
		return error_set(err, code, step->subject, NULL,
				 "the members of its group could not be read: %s", strerror(-code));
	is_same = n == count_words(step->group ? step->group : "");
	for (i = 0; i < n && is_same; i++)
		is_same = has_word(step->group, names[i]);
	if (is_same)
		return 0;
	return error_set(
		err, -ESTALE, step->subject, "run the command again",
		"its IOMMU group has changed since the plan was made: it was %s, and has %zu "
		"members now",
		step->group ? step->group : "none", n);
}

int sysfs_check_identity(struct actor *actor, const struct plan_step *step, struct error *err)
{
	struct pci_identity now = {.address = step->identity.address};
	const char *driver;
	int code = sysfs_driver(actor, step->subject, &driver, err);

	if (code)
		return code;
	code = read_identity(actor, step->subject, &now);
	if (code)
		return error_set(err, code, step->subject, NULL, "its ids could not be read: %s",
				 strerror(-code));
	if (!pci_identity_matches(&now, &step->identity))
		return error_set(err, -ESTALE, step->subject, "run the command again",
				 "another device is at this address now: it was %s, and is %s",
				 identity_text(actor, &step->identity), identity_text(actor, &now));
	return 0;
}

static int say_held(struct actor *actor, const struct plan_step *step, const struct host_holder *h,
		    struct error *err)
{
	return error_set(
		err, -EBUSY, step->subject,
		"end that process (a guest: ferry down), then run ferry recover",
		"process %u (%s) has %s open: its driver can't be changed before it lets go",
		h->pid, text_printable(actor->arena, h->command ? h->command : "?"),
		text_printable(actor->arena, h->path));
}

/* A holder whose group can't be told may hold this one. */
static bool may_hold(const struct host_holder *h, int group)
{
	return h->group < 0 || group < 0 || h->group == group;
}

int sysfs_check_group_free(struct actor *actor, const struct plan_step *step, struct error *err)
{
	const unsigned int parts =
		HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_HOLDERS);
	const struct pci_device *device;
	struct host host;
	size_t i;
	int code = host_read(actor->root, parts, actor->arena, &host, err);

	if (code)
		return code;
	device = host_find_device(&host, &step->identity.address);
	for (i = 0; i < host.n_holders; i++) {
		if (may_hold(&host.holders[i], device ? device->group : -1))
			return say_held(actor, step, &host.holders[i], err);
	}
	if (host.parts[HOST_HOLDERS] == FACT_READ && !host.n_unread_processes)
		return 0;
	return error_set(
		err, -EACCES, step->subject, "run it as root, in the host's own PID namespace",
		"%zu processes could not be looked at: whether one of them has the group open "
		"is not known, so its driver is not changed",
		host.n_unread_processes);
}
