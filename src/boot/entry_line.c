// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Command lines without a shell around them: the options of a loader entry, the bare words of
 * /etc/kernel/cmdline, and a variable in GRUB's environment block, which has a size that must not change.
 */
#include "boot/words.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/kernel_cmdline.h"

struct span {
	size_t begin, end; /* of a line, without its newline and a '\r' before it */
};

static bool next_line(const struct boot_file *f, size_t *pos, struct span *ret)
{
	const char *newline;

	if (*pos >= f->len)
		return false;
	newline = memchr(f->text + *pos, '\n', f->len - *pos);
	ret->begin = *pos;
	ret->end = newline ? (size_t)(newline - f->text) : f->len;
	*pos = newline ? ret->end + 1 : f->len;
	if (ret->end > ret->begin && f->text[ret->end - 1] == '\r')
		ret->end--;
	return true;
}

static void add_words(struct arena *arena, const struct boot_file *f, size_t begin, size_t end,
		      struct boot_line *line)
{
	size_t pos = 0, at, n;

	while (kernel_cmdline_next(f->text + begin, end - begin, &pos, &at, &n))
		*arena_append(arena, line->words, line->n_words) = (struct boot_word){
			.text = arena_memdup(arena, f->text + begin + at, n),
			.begin = begin + at,
			.end = begin + at + n,
		};
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void place_at(struct boot_line *line, const struct boot_file *f, size_t begin, size_t end)
{
	line->at = end;
	line->front = end == begin || is_blank(f->text[end - 1]) ? "" : " ";
	line->back = "";
}

/* A new line at the end of the file, a missing newline left missing. */
static void place_new_line(struct arena *arena, const struct boot_file *f, const char *key,
			   struct boot_line *line)
{
	bool ends = !f->len || f->text[f->len - 1] == '\n';

	line->at = f->len;
	line->front = arena_printf(arena, "%s%s", ends ? "" : "\n", key);
	line->back = ends ? "\n" : "";
}

static struct boot_line empty_line(const char *place)
{
	return (struct boot_line){.quote_at = SIZE_MAX, .place = place};
}

/* The value of a line of that key; false: it is another line. */
static bool key_value(const struct boot_file *f, const struct span *line, const char *key,
		      size_t *ret_begin)
{
	size_t begin = line->begin, n = strlen(key);

	while (begin < line->end && is_blank(f->text[begin]))
		begin++;
	if (line->end - begin < n || memcmp(f->text + begin, key, n) != 0)
		return false;
	begin += n;
	if (begin < line->end && !is_blank(f->text[begin]))
		return false;
	while (begin < line->end && is_blank(f->text[begin]))
		begin++;
	*ret_begin = begin;
	return true;
}

static void refuse_nul(const struct boot_file *f, struct boot_line *line)
{
	if (f->len && memchr(f->text, 0, f->len))
		line->why = "it holds a NUL byte: it is no text";
}

void boot_read_entry(struct arena *arena, const struct boot_file *file, struct boot_line *ret)
{
	size_t pos = 0, begin;
	bool has_options = false;
	struct span line;

	*ret = empty_line("the options line");
	while (next_line(file, &pos, &line)) {
		if (!key_value(file, &line, "options", &begin))
			continue;
		has_options = true;
		add_words(arena, file, begin, line.end, ret);
		place_at(ret, file, begin, line.end);
		if (begin == line.end && !is_blank(file->text[line.end - 1]))
			ret->front = " ";
	}
	if (!has_options)
		place_new_line(arena, file, "options ", ret);
	refuse_nul(file, ret);
}

const char *boot_entry_value(struct arena *arena, const struct boot_file *file, const char *key)
{
	const char *value = NULL;
	size_t pos = 0, begin;
	struct span line;

	while (next_line(file, &pos, &line)) {
		if (key_value(file, &line, key, &begin))
			value = text_trim_end(
				arena_memdup(arena, file->text + begin, line.end - begin));
	}
	return value;
}

void boot_read_cmdline(struct arena *arena, const struct boot_file *file, struct boot_line *ret)
{
	bool has_line = false;
	size_t pos = 0;
	struct span line;

	*ret = empty_line("its line");
	while (next_line(file, &pos, &line)) {
		if (line.begin < line.end && file->text[line.begin] == '#')
			continue;
		add_words(arena, file, line.begin, line.end, ret);
		if (has_line)
			continue;
		has_line = true;
		place_at(ret, file, line.begin, line.end);
	}
	if (!has_line)
		place_new_line(arena, file, "", ret);
	if (!file->len)
		ret->back = "\n";
	refuse_nul(file, ret);
}

/* grub-core/lib/envblk.c: lines NAME=VALUE, '\\' before a backslash or newline, '#' up to the block's end. */
void boot_read_grubenv(struct arena *arena, const struct boot_file *file, const char *name,
		       struct boot_line *ret)
{
	const char *front = arena_printf(arena, "%s=", name);
	size_t pos = 0, n = strlen(front), padding = 0;
	struct span line;

	*ret = empty_line(name);
	ret->why = arena_printf(arena, "it has no %s", name);
	while (next_line(file, &pos, &line)) {
		if (line.end - line.begin < n || memcmp(file->text + line.begin, front, n) != 0)
			continue;
		add_words(arena, file, line.begin + n, line.end, ret);
		place_at(ret, file, line.begin + n, line.end);
		ret->why = NULL;
	}
	while (padding < file->len && file->text[file->len - 1 - padding] == '#')
		padding++;
	if (!ret->why && padding < 2)
		ret->why = "the environment block is full";
	refuse_nul(file, ret);
}

enum boot_format boot_format_of(const struct boot_file *file)
{
	const char *path = file->path;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	struct boot_line line;
	ARENA_AUTO struct arena *arena = arena_new();

	if (!strcmp(name, "grubenv"))
		return BOOT_GRUBENV;
	if (strstr(path, "dracut.conf"))
		return BOOT_DRACUT;
	if (strstr(path, "/loader/entries/") || text_has_suffix(name, ".bls"))
		return BOOT_ENTRY;
	if (strstr(path, "default/grub") || text_has_suffix(name, ".grub"))
		return BOOT_SHELL;
	if (strstr(path, "kernel/cmdline") || strstr(path, "cmdline.d/") ||
	    text_has_suffix(name, "cmdline"))
		return BOOT_CMDLINE;
	if (memmem(file->text, file->len, "GRUB_", 5))
		return BOOT_SHELL;
	boot_read_entry(arena, file, &line);
	if (line.n_words || boot_entry_value(arena, file, "linux"))
		return BOOT_ENTRY;
	return memchr(file->text, '"', file->len) ? BOOT_SHELL : BOOT_CMDLINE;
}

void boot_read(struct arena *arena, enum boot_format format, const struct boot_file *files,
	       size_t n_files, struct boot_line *ret)
{
	switch (format) {
	case BOOT_SHELL:
		boot_read_shell(arena, files, n_files, boot_grub_variables, 2, ret);
		break;
	case BOOT_ENTRY:
		boot_read_entry(arena, files, ret);
		break;
	case BOOT_CMDLINE:
		boot_read_cmdline(arena, files, ret);
		break;
	case BOOT_DRACUT:
		boot_read_shell(arena, files, n_files, boot_dracut_variables, 1, ret);
		break;
	case BOOT_GRUBENV:
		boot_read_grubenv(arena, files, "kernelopts", ret);
		break;
	}
}
