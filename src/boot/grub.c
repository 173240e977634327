// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * GRUB. /etc/default/grub is what its grub.cfg is generated from, except where entries are files of their
 * own (Fedora and its kin): there the generator leaves them alone, and the words go into every entry, into
 * /etc/kernel/cmdline for kernels to come, and into the environment block where entries say $kernelopts.
 */
#include "boot/job.h"

#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "decode/grub_menu.h"
#include "decode/kernel_cmdline.h"
#include "decode/shell_file.h"

#define DEFAULTS "/etc/default/grub"
#define SNIPPETS "/etc/default/grub.d"
#define ENTRIES  "/boot/loader/entries"
#define CMDLINE  "/etc/kernel/cmdline"

static bool is_fedora_like(const struct job *j)
{
	return job_is_like(j, "fedora") || job_is_like(j, "rhel") || job_is_like(j, "centos");
}

static bool is_debian_like(const struct job *j)
{
	return job_is_like(j, "debian") || job_is_like(j, "ubuntu");
}

/* Whether the generator reads the folder stands in the generator; Debian's and its kin's do. */
static bool reads_snippets(const struct job *j)
{
	static const char *const generators[] = {
		"/usr/sbin/grub-mkconfig", "/usr/bin/grub-mkconfig", "/usr/sbin/grub2-mkconfig",
		"/usr/bin/grub2-mkconfig"};
	size_t i;

	for (i = 0; i < sizeof(generators) / sizeof(*generators); i++) {
		const char *text = job_text(j, generators[i]);

		if (text && strstr(text, "default/grub"))
			return strstr(text, "default/grub.d");
	}
	return is_debian_like(j) || !*j->os;
}

size_t grub_files(const struct job *j, const char *const **ret)
{
	const char **paths = NULL;
	size_t n = 0, count, i;
	char **names;

	if (!job_exists(j, DEFAULTS))
		return 0;
	*arena_append(j->arena, paths, n) = DEFAULTS;
	count = reads_snippets(j) ? job_list(j, SNIPPETS, &names) : 0;
	for (i = 0; i < count; i++) {
		if (text_has_suffix(names[i], ".cfg") && names[i][0] != '.')
			*arena_append(j->arena, paths, n) =
				arena_printf(j->arena, SNIPPETS "/%s", names[i]);
	}
	*ret = paths;
	return n;
}

/* Is GRUB_ENABLE_BLSCFG true in the end? */
static bool has_entries(const struct job *j)
{
	const char *text = job_text(j, DEFAULTS), *menu = job_text(j, grub_menu_path(j));
	struct shell_file file;
	bool is_true = false;
	size_t i;

	if (!text)
		return false;
	shell_file_parse(j->arena, text, strlen(text), &file);
	for (i = 0; i < file.count; i++) {
		const struct shell_assignment *a = &file.list[i];

		if (!strcmp(a->name, "GRUB_ENABLE_BLSCFG"))
			is_true = memmem(text + a->value_begin, a->value_end - a->value_begin,
					 "true", 4);
	}
	return is_true && (!menu || strstr(menu, "blscfg") || !grub_menu_default(j->arena, menu));
}

/* A stub that only leads to the other file: Fedora since 34, RHEL since 9. */
static bool is_stub(const char *text)
{
	return strstr(text, "configfile") && !strstr(text, "menuentry") && !strstr(text, "blscfg");
}

/* In the EFI system partition, on releases before those. */
static const char *menu_in_esp(const struct job *j)
{
	static const char *const folder = "/boot/efi/EFI";
	char **names;
	size_t n = job_list(j, folder, &names), i;

	for (i = 0; i < n; i++) {
		const char *path = arena_printf(j->arena, "%s/%s/grub.cfg", folder, names[i]);
		const char *text = job_text(j, path);

		if (text && !is_stub(text))
			return path;
	}
	return NULL;
}

/* etc/grub2-efi.cfg -> ../boot/grub2/grub.cfg: what the distribution itself goes by. */
static const char *menu_by_link(const struct job *j, const char *link)
{
	char *target;

	if (root_readlink(j->root, j->arena, link, &target))
		return NULL;
	while (text_has_prefix(target, "../"))
		target += 3;
	return *target == '/' ? target : arena_printf(j->arena, "/%s", target);
}

const char *grub_menu_path(const struct job *j)
{
	bool is_efi = job_exists(j, "/sys/firmware/efi") || job_exists(j, "/boot/efi/EFI");
	const char *path = NULL;

	if (job_exists(j, "/boot/grub/grub.cfg") && !job_exists(j, "/boot/grub2/grub.cfg"))
		return "/boot/grub/grub.cfg";
	if (is_fedora_like(j) && is_efi)
		path = menu_in_esp(j);
	if (!path && is_fedora_like(j) && is_efi)
		path = menu_by_link(j, "etc/grub2-efi.cfg");
	if (path)
		return path;
	if (job_exists(j, "/boot/grub2/grub.cfg") || is_fedora_like(j) || job_is_like(j, "suse") ||
	    job_is_like(j, "opensuse"))
		return "/boot/grub2/grub.cfg";
	return "/boot/grub/grub.cfg";
}

static const char *generator(const struct job *j)
{
	if (job_has_program(j, "update-grub") || is_debian_like(j))
		return "update-grub";
	if (job_has_program(j, "grub2-mkconfig") || is_fedora_like(j) || job_is_like(j, "suse") ||
	    job_is_like(j, "opensuse"))
		return "grub2-mkconfig";
	return "grub-mkconfig";
}

/*
 * Made beside the file that GRUB reads, looked at, and only then put in its place: the generator would copy
 * over it, and a power cut in the middle of that leaves nothing to boot. (The last -o counts, also behind
 * the one that update-grub gives.)
 */
void grub_update(struct job *j)
{
	const char *menu = grub_menu_path(j), *program = generator(j);
	const char *made = arena_printf(j->arena, "%s.ferry-new", menu);
	struct plan_step *step;

	if (has_entries(j))
		return;
	step = job_run(j, NULL, program, "-o", made, NULL);
	step->made = made;
	*arena_append(j->arena, j->plan->steps, j->plan->n_steps) = (struct plan_step){
		.kind = STEP_GENERATED,
		.subject = menu,
		.after = made,
		.expect = j->expect,
	};
	if (job_exists(j, "/etc/kernel/proxmox-boot-uuids"))
		proxmox_update(j);
}

/* The file says it, but what GRUB reads was not generated from it yet. */
static bool menu_lacks_words(struct job *j)
{
	const char *text = job_text(j, grub_menu_path(j));
	const char *line = text ? grub_menu_default(j->arena, text) : NULL;
	struct boot_file file;
	struct boot_line words;
	bool lacks = false;
	size_t i;

	if (!line)
		return false;
	file = (struct boot_file){grub_menu_path(j), line, strlen(line)};
	boot_read_cmdline(j->arena, &file, &words);
	for (i = 0; i < j->request->n_words; i++) {
		const struct boot_word_wanted *w = &j->request->words[i];
		bool has = boot_line_has(&words, w->word);

		if (has || (w->only_replace && !boot_line_opposite(&words, w->word)))
			continue;
		lacks = true;
		j->expect = arena_printf(j->arena, "%s+%s\n", j->expect, w->word);
	}
	return lacks;
}

static void edit_entries(struct job *j)
{
	static const char *const environments[] = {"/boot/grub2/grubenv"};
	static const char *const cmdline[] = {CMDLINE};
	size_t n = 0;

	if (!entries_edit(j, ENTRIES, &n))
		return;
	if (entries_use_kernelopts(j, ENTRIES) && job_exists(j, environments[0]) &&
	    !job_edit(j, BOOT_GRUBENV, environments, 1))
		return;
	if (job_exists(j, CMDLINE) && !job_edit(j, BOOT_CMDLINE, cmdline, 1))
		return;
	if (!n)
		job_refuse(j, "no-entry", ENTRIES,
			   arena_printf(j->arena, "grubby --update-kernel=ALL --args=\"%s\"",
					job_words(j)),
			   "GRUB_ENABLE_BLSCFG is true, but no loader entry could be read there");
}

void grub_enable(struct job *j)
{
	const char *const *paths;
	size_t n = grub_files(j, &paths);

	if (!n) {
		job_refuse(j, "no-file", DEFAULTS,
			   "name the file that this GRUB is configured by: --file FILE",
			   "there is no such file");
		return;
	}
	if (!job_edit(j, BOOT_SHELL, paths, n))
		return;
	if (has_entries(j)) {
		edit_entries(j);
		return;
	}
	if (!j->has_changed && menu_lacks_words(j)) {
		job_note(j, "%s says it already, but %s was not generated from it yet.", DEFAULTS,
			 grub_menu_path(j));
		j->has_changed = j->root->live || job_has_program(j, generator(j));
	}
	if (j->has_changed)
		grub_update(j);
}
