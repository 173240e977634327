// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unified kernel images hold their command line, so they have to be built again: by whichever of
 * kernel-install, mkinitcpio and dracut built them, from the file that this tool reads.
 */
#include "boot/job.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define CMDLINE  "/etc/kernel/cmdline"
#define SNIPPETS "/etc/cmdline.d"
#define DRACUT   "/etc/dracut.conf.d"
#define MODULES  "/usr/lib/modules"
#define VARIABLE "kernel_cmdline"

enum uki_builder { BUILDER_NONE, BUILDER_KERNEL_INSTALL, BUILDER_MKINITCPIO, BUILDER_DRACUT };

/* A line of a file that is no comment and holds the text. */
static bool file_says(const struct job *j, const char *path, const char *what)
{
	const char *text = job_text(j, path), *line;
	size_t len;

	for (line = text; line && *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		if (line[strspn(line, " \t")] != '#' && memmem(line, len, what, strlen(what)))
			return true;
	}
	return false;
}

static bool folder_says(const struct job *j, const char *folder, const char *suffix,
			const char *what)
{
	char **names;
	size_t n = job_list(j, folder, &names), i;

	for (i = 0; i < n; i++) {
		if (text_has_suffix(names[i], suffix) &&
		    file_says(j, arena_printf(j->arena, "%s/%s", folder, names[i]), what))
			return true;
	}
	return false;
}

static enum uki_builder find_builder(const struct job *j)
{
	if (file_says(j, "/etc/kernel/install.conf", "layout=uki") ||
	    file_says(j, "/usr/lib/kernel/install.conf", "layout=uki") ||
	    folder_says(j, "/etc/kernel/install.conf.d", ".conf", "layout=uki"))
		return BUILDER_KERNEL_INSTALL;
	if (folder_says(j, "/etc/mkinitcpio.d", ".preset", "_uki="))
		return BUILDER_MKINITCPIO;
	if (folder_says(j, DRACUT, ".conf", "uefi=") || file_says(j, "/etc/dracut.conf", "uefi="))
		return BUILDER_DRACUT;
	return job_has_program(j, "kernel-install") ? BUILDER_KERNEL_INSTALL : BUILDER_NONE;
}

static const char *kernel_of(const struct job *j, const char *version)
{
	const char *path = arena_printf(j->arena, MODULES "/%s/vmlinuz", version);

	if (job_exists(j, path))
		return path;
	path = arena_printf(j->arena, "/boot/vmlinuz-%s", version);
	return job_exists(j, path) ? path : NULL;
}

static void run_kernel_install(struct job *j)
{
	char **versions;
	size_t n = job_list(j, MODULES, &versions), i, count = 0;

	for (i = 0; i < n; i++) {
		const char *image = kernel_of(j, versions[i]);

		if (!image)
			continue;
		count++;
		job_run(j, job_arguments(j, "kernel-install", "add", versions[i], image, NULL),
			"kernel-install", "add", versions[i], image, NULL);
	}
	if (!count)
		job_refuse(j, "no-kernel", MODULES, NULL,
			   "no kernel was found there that an image could be built from");
}

void uki_update(struct job *j)
{
	switch (find_builder(j)) {
	case BUILDER_KERNEL_INSTALL:
		run_kernel_install(j);
		break;
	case BUILDER_MKINITCPIO:
		job_run(j, job_arguments(j, "mkinitcpio", "-P", NULL), "mkinitcpio", "-P", NULL);
		break;
	case BUILDER_DRACUT:
		job_run(j, job_arguments(j, "dracut", "--regenerate-all", "--force", NULL),
			"dracut", "--regenerate-all", "--force", NULL);
		break;
	case BUILDER_NONE:
		job_refuse(j, "no-tool", "unified kernel image",
			   arena_printf(j->arena, "build the image again by hand with %s",
					job_words(j)),
			   "what built it could not be told");
		break;
	}
}

/* The file of dracut's that sets the command line, the last one. */
static const char *dracut_file(const struct job *j)
{
	char **names;
	size_t n = job_list(j, DRACUT, &names), i;

	for (i = n; i-- > 0;) {
		const char *path = arena_printf(j->arena, DRACUT "/%s", names[i]);

		if (text_has_suffix(names[i], ".conf") && file_says(j, path, VARIABLE "="))
			return path;
	}
	return file_says(j, "/etc/dracut.conf", VARIABLE "=") ? "/etc/dracut.conf" : NULL;
}

static const char *snippet(const struct job *j)
{
	char **names;
	size_t n = job_list(j, SNIPPETS, &names), i;

	for (i = n; i-- > 0;) {
		if (text_has_suffix(names[i], ".conf"))
			return arena_printf(j->arena, SNIPPETS "/%s", names[i]);
	}
	return NULL;
}

void uki_enable(struct job *j)
{
	const char *dracut = find_builder(j) == BUILDER_DRACUT ? dracut_file(j) : NULL;
	const char *path = job_exists(j, CMDLINE) ? CMDLINE : snippet(j);
	bool is_done;

	if (dracut) {
		is_done = job_edit(j, BOOT_DRACUT, &dracut, 1);
	} else if (path) {
		is_done = job_edit(j, BOOT_CMDLINE, &path, 1);
	} else {
		job_refuse(
			j, "no-file", CMDLINE,
			arena_printf(
				j->arena,
				"write the whole command line of this system into it, with %s, "
				"and build the images again",
				job_words(j)),
			"there is no such file: what the images' command line is made from could not "
			"be told");
		return;
	}
	if (is_done && j->has_changed)
		uki_update(j);
}
