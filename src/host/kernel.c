// SPDX-License-Identifier: LGPL-2.1-or-later
/* The kernel that runs: its release, command line, this boot's id, and what vfio and kvm it has. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/module.h"
#include "host/parts.h"

/* "Linux version 6.1.0-28-amd64 (debian-kernel@...": the third word. */
static const char *release_of_version(struct arena *arena, const char *text)
{
	static const char front[] = "Linux version ";

	if (!text_has_prefix(text, front))
		return NULL;
	text += sizeof(front) - 1;
	return arena_memdup(arena, text, strcspn(text, " \n"));
}

static int read_release(struct host_reader *r)
{
	struct host_kernel *k = &r->host->kernel;
	char *text;
	int err = root_read_line(r->root, r->arena, "proc/version", &text);

	if (!err) {
		k->build = text;
		k->release = release_of_version(r->arena, text);
	}
	if (!root_read_line(r->root, r->arena, "proc/sys/kernel/osrelease", &text)) {
		k->release = text;
		err = 0;
	}
	if (k->release)
		sscanf(k->release, "%u.%u.%u", &k->version[0], &k->version[1], &k->version[2]);
	return err ? err : k->release ? 0 : -EBADMSG;
}

/* Only opening tells: the file may be there without the module, or without permission. */
static enum fact read_kvm(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return errno == ENXIO ? FACT_ABSENT : fact_from_code(-errno);
	close(fd);
	return FACT_READ;
}

enum fact kernel_read(struct host_reader *r)
{
	struct host_kernel *k = &r->host->kernel;
	char *text;
	int err = read_release(r);

	if (!root_read_line(r->root, r->arena, "proc/cmdline", &text))
		k->command_line = text;
	if (!root_read_line(r->root, r->arena, "proc/sys/kernel/random/boot_id", &text))
		k->boot_id = text;
	k->has_vfio_pci = !root_exists(&r->sys, "bus/pci/drivers/vfio-pci");
	/* What is loaded, or built in, need not be loaded. */
	if (!k->has_vfio_pci)
		k->vfio_pci_barred = module_barred(r->root, r->arena, "vfio-pci", k->command_line);
	if (r->root->live)
		k->kvm = read_kvm();
	return k->command_line || k->boot_id ? FACT_READ : fact_from_code(err);
}
