/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of src/boot/ share while a plan is made: the system's files as they are read and as they
 * will be, and the words in which a loader adds to the plan. A new boot loader is a file beside, and a row
 * in boot.c.
 */
#ifndef FERRY_BOOT_JOB_H
#define FERRY_BOOT_JOB_H

#include "boot/boot.h"
#include "boot/words.h"

struct job_file {
	struct boot_file file; /* as it will be */
	const char *before;
	enum boot_format format;
};

struct job {
	const struct root *root;
	struct arena *arena;
	const struct boot_request *request;
	struct plan *plan;
	enum boot_loader loader;
	struct job_file *files;
	size_t n_files;
	/* What a generated configuration must say of the default entry: "+WORD" or "-WORD", a line each. */
	const char *expect;
	bool has_changed; /* a file, or a tool has something to do */
	/* os-release: ID, ID_LIKE, VERSION_ID; "" where there is none. */
	const char *os, *os_like, *os_version;
};

void job_begin(struct job *j, const struct root *root, const struct boot_request *request,
	       const struct lent *lent, struct arena *arena, struct plan *plan);
bool job_is_like(const struct job *j, const char *os);

void job_refuse(struct job *j, const char *reason, const char *subject, const char *remedy,
		const char *evidence, ...) __attribute__((format(printf, 5, 6)));
void job_note(struct job *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "intel_iommu=on iommu=pt" */
const char *job_words(const struct job *j);

/* path has a slash in front, as everywhere in boot/. */
bool job_exists(const struct job *j, const char *path);
/* The text of a file, or NULL. */
const char *job_text(const struct job *j, const char *path);
/* The names in a folder, in the order of a shell's pattern; none where it can't be read. */
size_t job_list(const struct job *j, const char *folder, char ***ret);
bool job_has_program(const struct job *j, const char *name);

/*
 * Reads files that make one command line and brings the words into them. False: a refusal was added, which
 * tells what to add by hand.
 */
bool job_edit(struct job *j, enum boot_format format, const char *const *paths, size_t n_paths);
/* Does the line of that file have all words? */
bool job_has_words(const struct job *j, enum boot_format format, const char *path);
/* For what the words replace and add in a place that a tool keeps: a row of the table without a path. */
void job_remember(struct job *j, const char *word, const char *replaced);

/* The file as the plan will leave it, read if need be; NULL: it can't be. */
struct job_file *job_file(struct job *j, const char *path);
/* Arguments up to NULL; back (may be NULL): text of the program that takes it back. */
struct plan_step *job_run(struct job *j, const char *back, const char *program, ...);
/* The text of arguments, a newline behind each. */
const char *job_arguments(const struct job *j, const char *program, ...);
/* The steps for the files that have changed, in front of what was added since. */
void job_flush(struct job *j);

/* Of each loader: steps that bring the words in; steps that are due once files have changed. */
void grub_enable(struct job *j);
void grub_update(struct job *j);
void systemd_boot_enable(struct job *j);
void uki_enable(struct job *j);
void uki_update(struct job *j);
void proxmox_enable(struct job *j);
void proxmox_update(struct job *j);
void kernelstub_enable(struct job *j);
void kernelstub_disable(struct job *j, const struct lent_boot *row);
void rpm_ostree_enable(struct job *j);
void rpm_ostree_disable(struct job *j, const struct lent_boot *row);

/* Folders with loader entries that can be read. */
size_t entries_folders(const struct job *j, const char *const **ret);
/* Edits each entry of this system in a folder; *ret_n counts them. False: refused. */
bool entries_edit(struct job *j, const char *folder, size_t *ret_n);
/* An entry of the folder says $kernelopts. */
bool entries_use_kernelopts(const struct job *j, const char *folder);
/* The snippets that are read after /etc/default/grub, and it; 0: there is none. */
size_t grub_files(const struct job *j, const char *const **ret);
/* "/boot/grub/grub.cfg", or where this release's GRUB reads it. */
const char *grub_menu_path(const struct job *j);

#endif
