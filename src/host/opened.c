// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a file that a process has open to the PCI device behind it. A device node's number leads there by
 * sys/dev; a captured machine has the node's name alone, which is looked for among what hangs under the
 * devices. NVIDIA's own driver is in no class: it tells its nodes in proc.
 */
#include "host/use_read.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/way.h"

/* "nvme0n1" is a disk, "nvme0" the controller: both stand in their class by that name. */
static const char *const classes[] = {"block",       "drm",    "sound",
				      "input",       "nvme",   "tty",
				      "video4linux", "hidraw", "infiniband_verbs",
				      "watchdog"};

static bool by_number(struct host_reader *r, unsigned int major, unsigned int minor, bool is_block,
		      size_t *ret_device, const char **ret_rest)
{
	char *path;

	if (root_readlink(&r->sys, r->scratch,
			  arena_printf(r->scratch, "dev/%s/%u:%u", is_block ? "block" : "char",
				       major, minor),
			  &path))
		return false;
	return pci_path_device(r->host, path, ret_device, ret_rest);
}

/* Sound's nodes ("pcmC0D0p") and all others stand in a class's folder under their last name. */
static bool by_name(struct host_reader *r, const char *path, bool *ret_is_block, size_t *ret_device,
		    const char **ret_rest)
{
	const char *name = strrchr(path, '/') + 1;
	size_t i;

	for (i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		bool is_block = !strcmp(classes[i], "block");
		int device;

		if (text_has_prefix(path, "/dev/dri/") != !strcmp(classes[i], "drm") ||
		    !use_place(r, classes[i], name, &device, ret_rest) || device < 0)
			continue;
		*ret_is_block = is_block;
		*ret_device = (size_t)device;
		return true;
	}
	return false;
}

static bool is_nvidia(const struct pci_device *d, struct host_reader *r, const char *number)
{
	const char *line;
	char *text;

	if (!text_equal(d->driver, "nvidia"))
		return false;
	/* nvidiactl, nvidia-uvm, nvidia-modeset: of all cards. */
	if (!isdigit((unsigned char)*number))
		return true;
	if (root_read(r->root, r->scratch,
		      arena_printf(r->scratch, "proc/driver/nvidia/gpus/%s/information", d->name),
		      &text, NULL))
		return true;
	line = strstr(text, "Device Minor:");
	if (!line)
		return true;
	line += strcspn(line, "0123456789\n");
	return !strncmp(line, number, strspn(number, "0123456789")) &&
	       !isdigit((unsigned char)line[strspn(number, "0123456789")]);
}

static void add(struct host_reader *r, size_t device, const char *rest, const char *path,
		unsigned int pid, const char *command, bool is_block)
{
	const char *what = arena_printf(r->arena, "%s (process %u)", command, pid);
	struct host_use *use;
	size_t i;

	/* A process often has the same file open several times. */
	for (i = 0; i < r->host->n_uses; i++) {
		use = &r->host->uses[i];
		if (use->kind == USE_PROCESS && use->device == (int)device &&
		    !strcmp(use->what, what) && use->n_way &&
		    !strcmp(use->way[use->n_way - 1], path))
			return;
	}
	use = use_add(r, USE_PROCESS, (int)device, what);
	way_names(r->arena, rest, &use->way, &use->n_way);
	use_add_station(r, use, path);
	use->is_block = is_block;
	use->is_guests = text_has_prefix(command, "qemu-");
}

void opened_add(struct host_reader *r, unsigned int pid, const char *command, const char *path,
		unsigned int major, unsigned int minor, bool is_block)
{
	const char *rest = "";
	size_t device, i;

	if (text_has_prefix(path, "/dev/nvidia")) {
		for (i = 0; i < r->host->n_devices; i++) {
			if (is_nvidia(&r->host->devices[i], r, path + 11))
				add(r, i, rest, path, pid, command, false);
		}
		return;
	}
	/* Every keyboard and mouse is open in the seat's programs: they are listed as what they are. */
	if (text_has_prefix(path, "/dev/input/"))
		return;
	if (major ? by_number(r, major, minor, is_block, &device, &rest)
		  : by_name(r, path, &is_block, &device, &rest))
		add(r, device, rest, path, pid, command, is_block);
}
