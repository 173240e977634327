// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Loader entries, a file each (the Boot Loader Specification): systemd-boot's, and GRUB's on Fedora and its
 * kin. Every entry of this system gets the words, and /etc/kernel/cmdline where there is one, from which
 * kernel-install composes the entries of kernels to come; without it they are composed from the command
 * line of the kernel that runs.
 */
#include "boot/job.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define CMDLINE "/etc/kernel/cmdline"

size_t entries_folders(const struct job *j, const char *const **ret)
{
	static const char *const places[] = {"/boot/loader/entries", "/boot/efi/loader/entries",
					     "/efi/loader/entries"};
	const char **list = NULL;
	size_t n = 0, i;

	for (i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (job_exists(j, places[i]))
			*arena_append(j->arena, list, n) = places[i];
	}
	*ret = list;
	return n;
}

/* Another system that shares the partition has an entry with another machine's id. */
static bool is_ours(struct job *j, const struct boot_file *file)
{
	const char *theirs = boot_entry_value(j->arena, file, "machine-id");
	const char *ours = job_text(j, "/etc/machine-id");

	if (!boot_entry_value(j->arena, file, "linux") &&
	    !boot_entry_value(j->arena, file, "options"))
		return false;
	if (!theirs || !ours || strlen(ours) < 32 || !strncmp(ours, theirs, 32))
		return true;
	job_note(j, "%s is another system's entry (machine-id %s): it is left as it is.",
		 file->path, theirs);
	return false;
}

static size_t list_entries(const struct job *j, const char *folder, struct boot_file **ret)
{
	struct boot_file *files = NULL;
	char **names;
	size_t n = job_list(j, folder, &names), count = 0, i;

	for (i = 0; i < n; i++) {
		const char *path = arena_printf(j->arena, "%s/%s", folder, names[i]);
		const char *text = text_has_suffix(path, ".conf") ? job_text(j, path) : NULL;

		if (text)
			*arena_append(j->arena, files, count) =
				(struct boot_file){path, text, strlen(text)};
	}
	*ret = files;
	return count;
}

static bool uses_kernelopts(const struct job *j, const struct boot_file *file)
{
	const char *options = boot_entry_value(j->arena, file, "options");

	return options && strstr(options, "$kernelopts");
}

bool entries_use_kernelopts(const struct job *j, const char *folder)
{
	struct boot_file *files;
	size_t n = list_entries(j, folder, &files), i;

	for (i = 0; i < n; i++) {
		if (uses_kernelopts(j, &files[i]))
			return true;
	}
	return false;
}

bool entries_edit(struct job *j, const char *folder, size_t *ret_n)
{
	struct boot_file *files;
	size_t n = list_entries(j, folder, &files), i;

	for (i = 0; i < n; i++) {
		if (!is_ours(j, &files[i]))
			continue;
		++*ret_n;
		/* What the variable holds stands in the environment block. */
		if (uses_kernelopts(j, &files[i]))
			continue;
		if (!job_edit(j, BOOT_ENTRY, &files[i].path, 1))
			return false;
	}
	return true;
}

void systemd_boot_enable(struct job *j)
{
	static const char *const cmdline[] = {CMDLINE};
	const char *const *folders;
	size_t n_folders = entries_folders(j, &folders), n = 0, i;

	for (i = 0; i < n_folders; i++) {
		if (!entries_edit(j, folders[i], &n))
			return;
	}
	if (!n) {
		job_refuse(j, "no-entry", "/boot/loader/entries",
			   arena_printf(j->arena,
					"mount the EFI system partition; or add %s by hand to the "
					"options line of each entry",
					job_words(j)),
			   "no loader entry could be read in /boot, /boot/efi or /efi");
		return;
	}
	if (job_exists(j, CMDLINE))
		job_edit(j, BOOT_CMDLINE, cmdline, 1);
	else if (j->has_changed)
		job_note(j, "There is no " CMDLINE ": a kernel that is installed before the next "
			    "reboot gets the command line of the one that runs, without the word.");
}
