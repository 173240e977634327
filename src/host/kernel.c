// SPDX-License-Identifier: LGPL-2.1-or-later
/* The kernel that runs: its release, command line, this boot's id, and what vfio and kvm it has. */
#include "host/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/root.h"

/* "Linux version 6.1.0-28-amd64 (debian-kernel@...": the third word. */
static const char *release_of_version(struct arena *arena, const char *text)
{
	static const char front[] = "Linux version ";

	if (strncmp(text, front, sizeof(front) - 1) != 0)
		return NULL;
	text += sizeof(front) - 1;
	return arena_memdup(arena, text, strcspn(text, " \n"));
}

static void read_release(const struct root *root, struct host *host)
{
	struct host_kernel *k = &host->kernel;
	char *text;

	if (!root_read_line(root, host->arena, "proc/sys/kernel/osrelease", &text))
		k->release = text;
	else if (!root_read_line(root, host->arena, "proc/version", &text))
		k->release = release_of_version(host->arena, text);
	if (k->release)
		sscanf(k->release, "%u.%u.%u", &k->version[0], &k->version[1], &k->version[2]);
}

static enum fact read_kvm(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return fact_from_code(-errno);
	close(fd);
	return FACT_READ;
}

int host_read_kernel(const struct root *root, struct host *host)
{
	struct host_kernel *k = &host->kernel;
	char *text;

	read_release(root, host);
	if (!root_read_line(root, host->arena, "proc/cmdline", &text))
		k->command_line = text;
	if (!root_read_line(root, host->arena, "proc/sys/kernel/random/boot_id", &text))
		k->boot_id = text;
	k->has_vfio_pci = !root_exists(root, "sys/bus/pci/drivers/vfio-pci");
	if (!k->has_vfio_pci)
		k->vfio_pci_barred = module_barred(root, host->arena, "vfio-pci", k->command_line);
	if (root->live)
		k->kvm = read_kvm();
	return k->release ? 0 : -ENOENT;
}
