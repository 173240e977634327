// SPDX-License-Identifier: LGPL-2.1-or-later
/* See job.h. */
#include "boot/job.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "decode/kernel_cmdline.h"
#include "decode/shell_file.h"

/* A value of os-release, which a shell can read. */
static const char *os_value(struct arena *arena, const char *text, const char *name)
{
	struct shell_file file;
	const char *value = "";
	size_t i;

	shell_file_parse(arena, text, strlen(text), &file);
	for (i = 0; i < file.count; i++) {
		const struct shell_assignment *a = &file.list[i];
		size_t begin = a->value_begin + (a->quote ? 1 : 0);

		if (!strcmp(a->name, name) && a->insert >= begin)
			value = arena_memdup(arena, text + begin, a->insert - begin);
	}
	return value;
}

static void read_os(struct job *j)
{
	const char *text = job_text(j, "/etc/os-release");

	if (!text)
		text = job_text(j, "/usr/lib/os-release");
	j->os = os_value(j->arena, text ? text : "", "ID");
	j->os_like = os_value(j->arena, text ? text : "", "ID_LIKE");
	j->os_version = os_value(j->arena, text ? text : "", "VERSION_ID");
}

void job_begin(struct job *j, const struct root *root, const struct boot_request *request,
	       const struct lent *lent, struct arena *arena, struct plan *plan)
{
	size_t i;

	*j = (struct job){.root = root,
			  .arena = arena,
			  .request = request,
			  .plan = plan,
			  .loader = LOADER_UNKNOWN,
			  .expect = ""};
	*plan = (struct plan){.lent.sequence = lent->sequence + 1};
	for (i = 0; i < lent->n_devices; i++)
		*arena_append(arena, plan->lent.devices, plan->lent.n_devices) = lent->devices[i];
	for (i = 0; i < lent->n_guests; i++)
		*arena_append(arena, plan->lent.guests, plan->lent.n_guests) = lent->guests[i];
	for (i = 0; i < lent->n_boot; i++)
		*arena_append(arena, plan->lent.boot, plan->lent.n_boot) = lent->boot[i];
	read_os(j);
}

static bool has_item(const char *list, const char *item)
{
	size_t n = strlen(item);
	const char *p;

	for (p = strstr(list, item); p; p = strstr(p + n, item)) {
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	}
	return false;
}

bool job_is_like(const struct job *j, const char *os)
{
	return !strcmp(j->os, os) || has_item(j->os_like, os);
}

void job_refuse(struct job *j, const char *reason, const char *subject, const char *remedy,
		const char *evidence, ...)
{
	struct plan_refusal *r = arena_append(j->arena, j->plan->refusals, j->plan->n_refusals);
	va_list ap;

	r->reason = reason;
	r->subject = subject;
	r->remedy = remedy;
	va_start(ap, evidence);
	r->evidence = arena_vprintf(j->arena, evidence, ap);
	va_end(ap);
}

void job_note(struct job *j, const char *fmt, ...)
{
	const char *note;
	va_list ap;
	size_t i;

	va_start(ap, fmt);
	note = arena_vprintf(j->arena, fmt, ap);
	va_end(ap);
	for (i = 0; i < j->plan->n_notes; i++) {
		if (!strcmp(j->plan->notes[i], note))
			return;
	}
	*arena_append(j->arena, j->plan->notes, j->plan->n_notes) = note;
}

const char *job_words(const struct job *j)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < j->request->n_words; i++)
		text_addf(&t, "%s%s", i ? " " : "", j->request->words[i].word);
	return arena_strdup(j->arena, text_str(&t));
}

bool job_exists(const struct job *j, const char *path)
{
	return !root_exists(j->root, path + 1);
}

const char *job_text(const struct job *j, const char *path)
{
	char *text;

	return root_read(j->root, j->arena, path + 1, &text, NULL) ? NULL : text;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t job_list(const struct job *j, const char *folder, char ***ret)
{
	size_t n = 0;

	*ret = NULL;
	if (root_names(j->root, j->arena, folder + 1, ret, &n))
		return 0;
	if (n)
		qsort(*ret, n, sizeof(**ret), compare);
	return n;
}

bool job_has_program(const struct job *j, const char *name)
{
	static const char *const folders[] = {"/usr/sbin",      "/usr/bin", "/usr/local/sbin",
					      "/usr/local/bin", "/sbin",    "/bin"};
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		if (job_exists(j, arena_printf(j->arena, "%s/%s", folders[i], name)))
			return true;
	}
	return false;
}

static struct job_file *find_file(const struct job *j, const char *path)
{
	size_t i;

	for (i = 0; i < j->n_files; i++) {
		if (!strcmp(j->files[i].file.path, path))
			return &j->files[i];
	}
	return NULL;
}

/* As it is, or as it will be by what the plan has already. */
static bool read_file(struct job *j, enum boot_format format, const char *path,
		      struct boot_file *ret)
{
	struct job_file *f = find_file(j, path);
	char *text;
	size_t len;
	int code;

	if (!f) {
		code = root_read(j->root, j->arena, path + 1, &text, &len);
		if (code) {
			job_refuse(j, "unreadable", path, code == -EACCES ? "run it as root" : NULL,
				   "it could not be read: %s", strerror(-code));
			return false;
		}
		if (strlen(text) != len) {
			job_refuse(j, "unsafe-file", path,
				   arena_printf(j->arena, "add %s by hand", job_words(j)),
				   "it holds a NUL byte: it is no text");
			return false;
		}
		f = arena_append(j->arena, j->files, j->n_files);
		*f = (struct job_file){{path, text, len}, text, format};
	}
	*ret = f->file;
	return true;
}

struct job_file *job_file(struct job *j, const char *path)
{
	struct job_file *f = find_file(j, path);
	const char *text = f ? NULL : job_text(j, path);

	if (f || !text)
		return f;
	f = arena_append(j->arena, j->files, j->n_files);
	*f = (struct job_file){{path, text, strlen(text)}, text, BOOT_SHELL};
	return f;
}

static void keep_file(struct job *j, const struct boot_file *file)
{
	find_file(j, file->path)->file = *file;
}

static void remember(struct job *j, const char *path, const struct boot_change *change,
		     const char *before)
{
	*arena_append(j->arena, j->plan->lent.boot, j->plan->lent.n_boot) = (struct lent_boot){
		.loader = boot_loader_name(j->loader),
		.path = path,
		.word = change->put,
		.replaced = change->replaced,
		.before = before,
		.after = change->text,
		.since = j->request->now,
		.boot_id = j->request->boot_id,
	};
}

void job_remember(struct job *j, const char *word, const char *replaced)
{
	const struct boot_change change = {.put = word, .replaced = replaced};
	const struct lent *lent = &j->plan->lent;
	size_t i;

	/* Asked for again, where the tool could not be run. */
	for (i = 0; i < lent->n_boot; i++) {
		if (!lent->boot[i].path && !strcmp(lent->boot[i].word, word))
			return;
	}
	remember(j, NULL, &change, NULL);
}

/* Words that somebody has written and that the wanted one does not take back. */
static void warn_of(struct job *j, const char *path, const struct boot_line *line)
{
	struct kernel_cmdline_iommu asked;
	TEXT_AUTO struct text t = {0};
	struct kernel_cmdline c;
	size_t i;

	for (i = 0; i < line->n_words; i++)
		text_addf(&t, "%s ", line->words[i].text);
	kernel_cmdline_split(j->arena, text_str(&t), t.len, &c);
	kernel_cmdline_iommu(&c, &asked);
	if (asked.intremap_off)
		job_note(j,
			 "%s: %s switches interrupt remapping off, which guests with devices need.",
			 path, asked.intremap_off->text);
	if (asked.all_off)
		job_note(j, "%s: %s switches every IOMMU off: take it out.", path,
			 asked.all_off->text);
	if (asked.amd_off)
		job_note(j, "%s: %s switches AMD's IOMMU off: take it out.", path,
			 asked.amd_off->text);
	if (line->note)
		job_note(j, "%s", line->note);
}

static void refuse_edit(struct job *j, const struct boot_file *files, const struct boot_line *line)
{
	const char *path = files[line->why_file].path;
	const char *by_hand = arena_printf(j->arena, "add %s by hand to %s in %s", job_words(j),
					   line->place, path);

	if (line->why_line)
		job_refuse(j, "unsafe-file", path, by_hand, "line %zu: %s", line->why_line,
			   line->why);
	else
		job_refuse(j, "unsafe-file", path, by_hand, "%s", line->why);
}

static void expect(struct job *j, char sign, const char *word)
{
	j->expect = arena_printf(j->arena, "%s%c%s\n", j->expect, sign, word);
}

/* One word into one command line, whose files hold texts as they will be. */
static bool edit_word(struct job *j, enum boot_format format, struct boot_file *files, size_t n,
		      const struct boot_word_wanted *want)
{
	const char **texts = arena_calloc(j->arena, n, sizeof(*texts));
	struct boot_edit edit;
	size_t i;

	for (i = 0; i < n; i++)
		texts[i] = files[i].text;
	boot_add(j->arena, format, files, n, want->word, want->only_replace, &edit);
	for (i = 0; i < edit.n_changes; i++) {
		const struct boot_change *c = &edit.changes[i];

		remember(j, files[c->file].path, c, texts[c->file]);
		texts[c->file] = c->text;
		expect(j, '+', c->put);
		j->has_changed = true;
	}
	warn_of(j, files[edit.n_changes ? edit.changes[0].file : 0].path, &edit.line);
	if (edit.has_it || (want->only_replace && !edit.line.why))
		return true;
	if (edit.line.why)
		refuse_edit(j, files, &edit.line);
	return !edit.line.why;
}

bool job_edit(struct job *j, enum boot_format format, const char *const *paths, size_t n_paths)
{
	struct boot_file *files = arena_calloc(j->arena, n_paths, sizeof(*files));
	bool is_done = true;
	size_t i;

	for (i = 0; i < n_paths; i++) {
		if (!read_file(j, format, paths[i], &files[i]))
			return false;
	}
	for (i = 0; i < j->request->n_words && is_done; i++)
		is_done = edit_word(j, format, files, n_paths, &j->request->words[i]);
	for (i = 0; i < n_paths; i++)
		keep_file(j, &files[i]);
	return is_done;
}

bool job_has_words(const struct job *j, enum boot_format format, const char *path)
{
	const char *text = job_text(j, path);
	struct boot_file file = {path, text, text ? strlen(text) : 0};
	struct boot_line line;
	size_t i;

	if (!text)
		return false;
	boot_read(j->arena, format, &file, 1, &line);
	for (i = 0; i < j->request->n_words; i++) {
		if (!boot_line_has(&line, j->request->words[i].word))
			return false;
	}
	return true;
}

static const char *arguments(struct arena *arena, const char *program, va_list ap)
{
	TEXT_AUTO struct text t = {0};
	const char *s;

	for (s = program; s; s = va_arg(ap, const char *))
		text_addf(&t, "%s\n", s);
	return arena_strdup(arena, text_str(&t));
}

const char *job_arguments(const struct job *j, const char *program, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, program);
	text = arguments(j->arena, program, ap);
	va_end(ap);
	return text;
}

struct plan_step *job_run(struct job *j, const char *back, const char *program, ...)
{
	struct plan_step *step = arena_append(j->arena, j->plan->steps, j->plan->n_steps);
	va_list ap;

	va_start(ap, program);
	*step = (struct plan_step){
		.kind = STEP_RUN,
		.subject = program,
		.before = back,
		.after = arguments(j->arena, program, ap),
	};
	va_end(ap);
	return step;
}

void job_flush(struct job *j)
{
	struct plan_step *behind = j->plan->steps;
	size_t n = j->plan->n_steps, i;

	j->plan->steps = NULL;
	j->plan->n_steps = 0;
	for (i = 0; i < j->n_files; i++) {
		const struct job_file *f = &j->files[i];

		if (!strcmp(f->before, f->file.text))
			continue;
		*arena_append(j->arena, j->plan->steps, j->plan->n_steps) = (struct plan_step){
			.kind = STEP_FILE,
			.subject = f->file.path,
			.before = f->before,
			.after = f->file.text,
		};
	}
	for (i = 0; i < n; i++)
		*arena_append(j->arena, j->plan->steps, j->plan->n_steps) = behind[i];
}
