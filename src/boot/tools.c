// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Systems whose own tool keeps the command line: Proxmox copies kernels and entries to partitions that are
 * not even mounted, kernelstub (Pop!_OS) and rpm-ostree have options to add and to delete a word.
 */
#include "boot/job.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define CMDLINE "/etc/kernel/cmdline"

void proxmox_update(struct job *j)
{
	const char *again = job_arguments(j, "proxmox-boot-tool", "refresh", NULL);

	job_run(j, again, "proxmox-boot-tool", "refresh", NULL);
}

/* No file means that these partitions boot GRUB; one that is made would be read by nobody. */
void proxmox_enable(struct job *j)
{
	static const char *const path[] = {CMDLINE};

	if (!job_exists(j, CMDLINE)) {
		job_note(j, "There is no " CMDLINE ": this Proxmox boots through GRUB.");
		j->loader = LOADER_GRUB;
		grub_enable(j);
		return;
	}
	if (job_edit(j, BOOT_CMDLINE, path, 1) && j->has_changed)
		proxmox_update(j);
}

/* What the tool has: words as they stand in its file, and whether one of them says the opposite. */
static const char *opposite_in(struct job *j, const char *text, const char *word, bool *ret_has)
{
	struct boot_file file = {"", text, strlen(text)};
	const struct boot_word *opposite;
	struct boot_line line;

	boot_read_cmdline(j->arena, &file, &line);
	*ret_has = boot_line_has(&line, word);
	opposite = boot_line_opposite(&line, word);
	return opposite ? opposite->text : NULL;
}

/* Each wanted word that the options lack, in place of its opposite (NULL: there is none). */
static void put_missing(struct job *j, const char *options,
			void (*put)(struct job *j, const char *opposite, const char *word))
{
	size_t i;

	for (i = 0; i < j->request->n_words; i++) {
		const struct boot_word_wanted *w = &j->request->words[i];
		bool has;
		const char *opposite = opposite_in(j, options, w->word, &has);

		if (has || (w->only_replace && !opposite))
			continue;
		put(j, opposite, w->word);
		job_remember(j, w->word, opposite);
		j->has_changed = true;
	}
}

/* The options of kernelstub's configuration are strings of JSON lists. */
static const char *kernelstub_options(struct job *j)
{
	const char *text = job_text(j, "/etc/kernelstub/configuration");
	char *words = arena_strdup(j->arena, text ? text : ""), *p;

	for (p = words; *p; p++) {
		if (strchr("\"[]{}\n", *p) || (*p == ',' && (p[1] == ' ' || p[1] == '\n')))
			*p = ' ';
	}
	return words;
}

static void kernelstub(struct job *j, const char *option, const char *back, const char *word)
{
	job_run(j, job_arguments(j, "kernelstub", back, word, NULL), "kernelstub", option, word,
		NULL);
}

static void kernelstub_put(struct job *j, const char *opposite, const char *word)
{
	if (opposite)
		kernelstub(j, "--delete-options", "--add-options", opposite);
	kernelstub(j, "--add-options", "--delete-options", word);
}

void kernelstub_enable(struct job *j)
{
	put_missing(j, kernelstub_options(j), kernelstub_put);
}

void kernelstub_disable(struct job *j, const struct lent_boot *row)
{
	kernelstub(j, "--delete-options", "--add-options", row->word);
	if (row->replaced)
		kernelstub(j, "--add-options", "--delete-options", row->replaced);
}

/* The entries that ostree writes, all alike. */
static const char *ostree_options(struct job *j)
{
	static const char *const folder = "/boot/loader/entries";
	char **names;
	size_t n = job_list(j, folder, &names), i;

	for (i = 0; i < n; i++) {
		const char *path = arena_printf(j->arena, "%s/%s", folder, names[i]);
		const char *text = job_text(j, path), *options;
		struct boot_file file = {path, text, text ? strlen(text) : 0};

		options = text ? boot_entry_value(j->arena, &file, "options") : NULL;
		if (options)
			return options;
	}
	return "";
}

static void kargs(struct job *j, const char *out, const char *in)
{
	const char *append = in ? arena_printf(j->arena, "--append-if-missing=%s", in) : NULL;
	const char *delete = out ? arena_printf(j->arena, "--delete-if-present=%s", out) : NULL;
	const char *append_back =
		out ? arena_printf(j->arena, "--append-if-missing=%s", out) : NULL;
	const char *delete_back = in ? arena_printf(j->arena, "--delete-if-present=%s", in) : NULL;

	job_run(j,
		job_arguments(j, "rpm-ostree", "kargs", delete_back ? delete_back : append_back,
			      delete_back ? append_back : NULL, NULL),
		"rpm-ostree", "kargs", delete ? delete : append, delete ? append : NULL, NULL);
}

void rpm_ostree_enable(struct job *j)
{
	put_missing(j, ostree_options(j), kargs);
}

void rpm_ostree_disable(struct job *j, const struct lent_boot *row)
{
	kargs(j, row->word, row->replaced);
}
