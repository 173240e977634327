// SPDX-License-Identifier: LGPL-2.1-or-later
/* See boot.h: the one table of loaders, and the two plans. A new boot loader is a row here and a file beside. */
#include "boot/boot.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"
#include "boot/job.h"

static const struct {
	const char *name;
	const char *also; /* other names for it, with a blank around each */
	void (*enable)(struct job *j);
	void (*update)(struct job *j); /* what is due once its files have changed; NULL: nothing */
	void (*disable)(struct job *j,
			const struct lent_boot *row); /* where a tool keeps the words */
} loaders[LOADERS] = {
	[LOADER_GRUB] = {"grub", " grub2 grubby update-grub grub-mkconfig grub2-mkconfig bls ",
			 grub_enable, grub_update, NULL},
	[LOADER_SYSTEMD_BOOT] = {"systemd-boot",
				 " sd-boot systemd bootctl gummiboot kernel-install ",
				 systemd_boot_enable, NULL, NULL},
	[LOADER_UKI] = {"uki", " ukify mkinitcpio dracut unified ", uki_enable, uki_update, NULL},
	[LOADER_PROXMOX] = {"proxmox", " proxmox-boot-tool pve ", proxmox_enable, proxmox_update,
			    NULL},
	[LOADER_KERNELSTUB] = {"kernelstub", " pop pop-os popos pop_os ", kernelstub_enable, NULL,
			       kernelstub_disable},
	[LOADER_RPM_OSTREE] = {"rpm-ostree", " ostree ", rpm_ostree_enable, NULL,
			       rpm_ostree_disable},
};

const char *boot_loader_name(enum boot_loader loader)
{
	return loader < LOADERS ? loaders[loader].name : NULL;
}

enum boot_loader boot_loader_parse(const char *name)
{
	size_t n = strlen(name);
	const char *p;
	int i;

	for (i = 0; i < LOADERS; i++) {
		if (!strcmp(name, loaders[i].name))
			return i;
		for (p = strstr(loaders[i].also, name); p && n; p = strstr(p + n, name)) {
			if (p[-1] == ' ' && p[n] == ' ')
				return i;
		}
	}
	return LOADER_UNKNOWN;
}

int boot_read_lent(const struct root *root, struct arena *arena, struct lent *ret,
		   struct error *err)
{
	static const char path[] = "var/lib/ferry/lent.json";
	char *text;
	int code = root_read(root, arena, path, &text, NULL);

	*ret = (struct lent){0};
	if (code == -ENOENT)
		return 0;
	if (!code)
		code = lent_from_json(text, arena, ret);
	if (!code)
		return 0;
	return error_set(err, code, "/var/lib/ferry/lent.json",
			 code == -EACCES ? "run it as root" : "look at that file",
			 code == -EBADMSG
				 ? "ferry's table was altered or is torn; nothing of it is believed"
				 : "ferry's table could not be read: %s",
			 strerror(-code));
}

static void refuse_unknown(struct job *j, const struct boot_found *found)
{
	const char *words = job_words(j);

	if (found->is_ambiguous)
		job_refuse(
			j, "ambiguous-loader", "boot loader",
			"say which one boots this system: --loader grub, --loader systemd-boot or "
			"--loader uki",
			"%s", found->evidence[found->n_evidence - 1]);
	else if (found->name)
		job_refuse(
			j, "unknown-loader", found->name,
			found->by_hand
				? arena_printf(j->arena, "add %s %s", words, found->by_hand)
				: arena_printf(j->arena,
					       "add %s to its kernel command line by hand", words),
			"this system boots with %s, whose files ferry does not edit", found->name);
	else
		job_refuse(j, "unknown-loader", "boot loader",
			   arena_printf(
				   j->arena,
				   "add %s by hand to what its command line comes from; or say the "
				   "loader (--loader NAME) or the file (--file FILE)",
				   words),
			   "no boot loader was found: none of its files is there");
}

/* FILE as the system names it: a slash in front, no "." or "..". NULL: it is no such path. */
static const char *normal_path(struct arena *arena, const char *typed)
{
	TEXT_AUTO struct text t = {0};
	const char *p = typed;
	size_t len;

	while (*p) {
		p += strspn(p, "/");
		len = strcspn(p, "/");
		if (len == 2 && !memcmp(p, "..", 2))
			return NULL;
		if (len && !(len == 1 && *p == '.'))
			text_addf(&t, "/%.*s", (int)len, p);
		p += len;
	}
	return t.len ? arena_strdup(arena, text_str(&t)) : NULL;
}

/* What a file that was named alone leaves undone. */
static void note_left(struct job *j, enum boot_format format, const char *path)
{
	switch (format) {
	case BOOT_SHELL:
		job_note(j,
			 "Only %s is changed: what GRUB reads is generated from it by update-grub, "
			 "grub-mkconfig or grub2-mkconfig, which is left to be run.",
			 path);
		break;
	case BOOT_ENTRY:
		job_note(
			j,
			"Only %s is changed: other entries, and those of kernels to come, are left "
			"as they are.",
			path);
		break;
	case BOOT_CMDLINE:
	case BOOT_DRACUT:
		job_note(
			j,
			"Only %s is changed: what makes entries or images from it (kernel-install, "
			"proxmox-boot-tool refresh, mkinitcpio, dracut) is left to be run.",
			path);
		break;
	case BOOT_GRUBENV:
		job_note(j, "Only %s is changed.", path);
		break;
	}
}

static enum boot_format format_for(const struct job *j, const struct boot_file *file)
{
	enum boot_format by_name = boot_format_of(file);

	if (j->loader == LOADER_GRUB && by_name == BOOT_CMDLINE &&
	    !strstr(file->path, "kernel/cmdline"))
		return BOOT_SHELL;
	if (by_name == BOOT_SHELL && (j->loader == LOADER_PROXMOX || j->loader == LOADER_UKI))
		return BOOT_CMDLINE;
	if (by_name == BOOT_SHELL && j->loader == LOADER_SYSTEMD_BOOT)
		return BOOT_ENTRY;
	return by_name;
}

static void enable_file(struct job *j)
{
	const char *path = normal_path(j->arena, j->request->file);
	struct boot_file file;
	enum boot_format format;

	if (!path) {
		job_refuse(j, "no-file", j->request->file, "name a file of that system",
			   "it is no path below the root");
		return;
	}
	file.path = path;
	file.text = job_text(j, path);
	if (!file.text) {
		job_refuse(j, "no-file", path, "FILE is a path in the system that is meant",
			   "it could not be read: it is not there, or not for this user");
		return;
	}
	file.len = strlen(file.text);
	format = format_for(j, &file);
	if (job_edit(j, format, &path, 1) && j->has_changed)
		note_left(j, format, path);
}

static bool find_loader(struct job *j, struct boot_found *found)
{
	const char *typed = j->request->loader;

	if (typed) {
		*found = (struct boot_found){.loader = boot_loader_parse(typed), .name = typed};
		*arena_append(j->arena, found->evidence, found->n_evidence) = "It was named.";
		if (found->loader == LOADER_UNKNOWN) {
			TEXT_AUTO struct text names = {0};
			int i;

			for (i = 0; i < LOADERS; i++)
				text_addf(&names, "%s%s", i ? ", " : "", loaders[i].name);
			job_refuse(j, "unknown-loader", typed,
				   arena_printf(
					   j->arena,
					   "add %s by hand to its kernel command line; ferry knows "
					   "%s",
					   job_words(j), text_str(&names)),
				   "ferry does not know a boot loader of that name");
			return false;
		}
	} else if (!j->request->file) {
		boot_find(j->root, j->arena, found);
		if (found->loader == LOADER_UNKNOWN) {
			refuse_unknown(j, found);
			return false;
		}
	}
	j->loader = found->loader;
	return true;
}

/* Programs that can't be run in a system that only lies in a folder are said, not run. */
static void check_programs(struct job *j)
{
	size_t i;

	for (i = 0; i < j->plan->n_steps; i++) {
		const struct plan_step *s = &j->plan->steps[i];

		if (s->kind != STEP_RUN || job_has_program(j, s->subject))
			continue;
		if (j->root->live)
			job_refuse(
				j, "no-tool", s->subject, "install it, then run this again",
				"the program that makes what the boot loader reads is not there");
		else
			job_note(j,
				 "%s is not in that system: what it would make is left to be made "
				 "there.",
				 s->subject);
	}
}

/* Refused: nothing of it is left in the plan but the reasons. */
static void finish(struct job *j, const struct lent *lent)
{
	check_programs(j);
	job_flush(j);
	if (!j->plan->n_refusals)
		return;
	j->plan->steps = NULL;
	j->plan->n_steps = 0;
	j->plan->lent = *lent;
	j->plan->lent.sequence = lent->sequence + 1;
}

void boot_plan_enable(const struct root *root, const struct boot_request *request,
		      const struct lent *lent, struct arena *arena, struct plan *ret,
		      struct boot_found *ret_found)
{
	struct job j;

	*ret_found = (struct boot_found){.loader = LOADER_UNKNOWN};
	job_begin(&j, root, request, lent, arena, ret);
	if (find_loader(&j, ret_found)) {
		if (request->file)
			enable_file(&j);
		else
			loaders[j.loader].enable(&j);
		ret_found->loader = j.loader;
	}
	finish(&j, lent);
}

/* Is the row one of those that are to be taken out? */
static bool is_meant(const struct job *j, const struct lent_boot *row)
{
	const struct boot_request *r = j->request;
	const char *file = r->file ? normal_path(j->arena, r->file) : NULL;
	size_t i;

	if (r->file && !text_equal(row->path, file))
		return false;
	if (r->loader && row->loader &&
	    boot_loader_parse(row->loader) != boot_loader_parse(r->loader))
		return false;
	for (i = 0; i < r->n_words; i++) {
		if (!strcmp(r->words[i].word, row->word))
			return true;
	}
	return !r->n_words;
}

/* The texts of a file that ferry wrote, the last change first. */
static void take_out(struct job *j, const struct lent_boot *row)
{
	struct job_file *f = job_file(j, row->path);
	enum boot_format format;

	if (!f) {
		job_note(j, "%s is not there any more.", row->path);
		return;
	}
	format = boot_format_of(&f->file);
	if (row->loader)
		j->loader = boot_loader_parse(row->loader);
	if (!strcmp(f->file.text, row->after)) {
		f->file.text = row->before;
		f->file.len = strlen(row->before);
	} else if (!boot_remove(j->arena, format, &f->file, row->word, row->replaced)) {
		job_note(j, "%s has no %s any more: somebody else has taken it out.", row->path,
			 row->word);
		return;
	}
	j->has_changed = true;
}

static void forget_rows(struct job *j)
{
	struct lent *lent = &j->plan->lent;
	size_t i, n = 0;

	for (i = 0; i < lent->n_boot; i++) {
		if (!is_meant(j, &lent->boot[i]))
			lent->boot[n++] = lent->boot[i];
	}
	lent->n_boot = n;
}

/* What the default entry must be like then; a word that somebody else wrote as well may stay. */
static void expect_gone(struct job *j, const struct lent_boot *row)
{
	const char *const *paths;
	size_t n = grub_files(j, &paths), i;
	struct boot_file *files = arena_calloc(j->arena, n, sizeof(*files));
	struct boot_line line;

	for (i = 0; i < n; i++) {
		struct job_file *f = job_file(j, paths[i]);

		if (f)
			files[i] = f->file;
		else
			return;
	}
	boot_read_shell(j->arena, files, n, boot_grub_variables, 2, &line);
	for (i = 0; i < line.n_words; i++) {
		if (!strcmp(line.words[i].text, row->word))
			return;
	}
	j->expect = arena_printf(j->arena, "%s-%s\n", j->expect, row->word);
	if (row->replaced)
		j->expect = arena_printf(j->arena, "%s+%s\n", j->expect, row->replaced);
}

static void update_loaders(struct job *j, const bool *touched)
{
	int i;

	for (i = 0; i < LOADERS; i++) {
		if (!touched[i] || !loaders[i].update)
			continue;
		j->loader = i;
		loaders[i].update(j);
	}
}

void boot_plan_disable(const struct root *root, const struct boot_request *request,
		       const struct lent *lent, struct arena *arena, struct plan *ret,
		       struct boot_found *ret_found)
{
	bool touched[LOADERS + 1] = {false};
	struct job j;
	size_t i, n = 0;

	*ret_found = (struct boot_found){.loader = LOADER_UNKNOWN};
	job_begin(&j, root, request, lent, arena, ret);
	for (i = lent->n_boot; i-- > 0;) {
		const struct lent_boot *row = &lent->boot[i];
		enum boot_loader loader =
			row->loader ? boot_loader_parse(row->loader) : LOADER_UNKNOWN;

		if (!is_meant(&j, row))
			continue;
		n++;
		j.has_changed = false;
		if (row->path && row->before && row->after)
			take_out(&j, row);
		else if (!row->path && loader < LOADERS && loaders[loader].disable)
			loaders[loader].disable(&j, row);
		touched[loader] |= j.has_changed && !request->file;
	}
	for (i = 0; i < lent->n_boot; i++) {
		const struct lent_boot *row = &lent->boot[i];

		if (touched[LOADER_GRUB] && is_meant(&j, row) && row->path &&
		    text_has_prefix(row->path, "/etc/default/grub"))
			expect_gone(&j, row);
		if (is_meant(&j, row) && row->loader)
			ret_found->loader = boot_loader_parse(row->loader);
	}
	update_loaders(&j, touched);
	forget_rows(&j);
	if (!n)
		job_note(&j,
			 "Nothing to do: ferry has put no kernel parameter into this system's boot "
			 "files.");
	finish(&j, lent);
}
