// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See words.h: what is the same for all kinds of files. Two words are weighed as the kernel does: '-' and
 * '_' in a name are one, a value may be a list, the last of "on" and "off" counts.
 */
#include "boot/words.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/kernel_cmdline.h"

/* Values that take each other back (drivers/iommu/intel/iommu.c, arch/x86/kernel/pci-dma.c, kstrtobool). */
static const char *const opposites[][2] = {
	{"on", "off"},       {"pt", "nopt"},       {"1", "0"},           {"y", "n"},
	{"sm_on", "sm_off"}, {"force", "noforce"}, {"merge", "nomerge"},
};

static const char *opposite_of(const char *value)
{
	size_t i;

	for (i = 0; value && i < sizeof(opposites) / sizeof(*opposites); i++) {
		if (!strcmp(value, opposites[i][0]))
			return opposites[i][1];
		if (!strcmp(value, opposites[i][1]))
			return opposites[i][0];
	}
	return NULL;
}

static const struct kernel_cmdline_word *split(struct arena *arena, const char *word)
{
	struct kernel_cmdline c;

	kernel_cmdline_split(arena, word, strlen(word), &c);
	return c.count ? &c.words[0] : NULL;
}

/* 1: the word has it; -1: it takes it back; 0: neither. */
static int weigh(struct arena *arena, const char *text, const struct kernel_cmdline_word *want)
{
	const struct kernel_cmdline_word *w = split(arena, text);
	const char *opposite = opposite_of(want->value), *item;
	int result = 0;

	if (!w || !kernel_cmdline_name_equal(w->name, want->name))
		return 0;
	if (!want->value || !w->value)
		return !want->value && !w->value;
	if (!strcmp(w->value, want->value))
		return 1;
	for (item = w->value; *item; item += *item == ',') {
		size_t n = strcspn(item, ",");

		if (n == strlen(want->value) && !memcmp(item, want->value, n))
			result = 1;
		else if (opposite && n == strlen(opposite) && !memcmp(item, opposite, n))
			result = -1;
		item += n;
	}
	return result;
}

static const struct boot_word *find_opposite(struct arena *arena, const struct boot_line *line,
					     const char *word, bool only_editable, bool *ret_has)
{
	const struct kernel_cmdline_word *want = split(arena, word);
	const struct boot_word *found = NULL;
	size_t i;

	*ret_has = false;
	for (i = 0; want && i < line->n_words; i++) {
		const struct boot_word *w = &line->words[i];
		int weight = weigh(arena, w->text, want);

		if (weight)
			*ret_has = weight > 0;
		/* The first, so that repeating it comes to each of them. */
		if (weight < 0 && !found && (!only_editable || w->begin < w->end))
			found = w;
	}
	return found;
}

bool boot_line_has(const struct boot_line *line, const char *word)
{
	ARENA_AUTO struct arena *arena = arena_new();
	bool has;

	find_opposite(arena, line, word, false, &has);
	return has;
}

const struct boot_word *boot_line_opposite(const struct boot_line *line, const char *word)
{
	ARENA_AUTO struct arena *arena = arena_new();
	bool has;

	return find_opposite(arena, line, word, false, &has);
}

/* "intel_iommu=off,igfx_off" with "on" for "off". */
static const char *turned(struct arena *arena, const char *text, const char *word)
{
	const struct kernel_cmdline_word *want = split(arena, word);
	const char *opposite = opposite_of(want->value), *value = strchr(text, '=') + 1, *item;
	TEXT_AUTO struct text t = {0};

	text_add_bytes(&t, text, (size_t)(value - text));
	for (item = value; *item;) {
		size_t n = strcspn(item, ",");

		if (n == strlen(opposite) && !memcmp(item, opposite, n))
			text_add(&t, want->value);
		else
			text_add_bytes(&t, item, n);
		item += n;
		if (*item)
			text_add_bytes(&t, item++, 1);
	}
	return arena_strdup(arena, text_str(&t));
}

/* The text with what stands from begin to end replaced. */
static const char *spliced(struct arena *arena, const struct boot_file *file, size_t begin,
			   size_t end, const char *with)
{
	TEXT_AUTO struct text t = {0};

	text_add_bytes(&t, file->text, begin);
	text_add(&t, with);
	text_add_bytes(&t, file->text + end, file->len - end);
	return arena_memdup(arena, text_str(&t), t.len);
}

static const char *inserted(struct arena *arena, const struct boot_file *file,
			    const struct boot_line *line, const char *word)
{
	TEXT_AUTO struct text t = {0};
	size_t quote = line->quote_at == SIZE_MAX ? line->at : line->quote_at;

	text_add_bytes(&t, file->text, quote);
	if (line->quote_at != SIZE_MAX)
		text_add(&t, "\"");
	text_add_bytes(&t, file->text + quote, line->at - quote);
	text_addf(&t, "%s%s%s", line->front, word, line->back);
	text_add_bytes(&t, file->text + line->at, file->len - line->at);
	return arena_memdup(arena, text_str(&t), t.len);
}

bool boot_line_add(struct arena *arena, const struct boot_file *files, const struct boot_line *line,
		   const char *word, bool only_replace, struct boot_change *ret)
{
	const struct boot_word *opposite;
	bool has;

	opposite = find_opposite(arena, line, word, true, &has);
	if (has)
		return false;
	if (opposite) {
		const char *put = turned(arena, opposite->text, word);

		*ret = (struct boot_change){
			.file = opposite->file,
			.text = spliced(arena, &files[opposite->file], opposite->begin,
					opposite->end, put),
			.put = put,
			.replaced = opposite->text,
		};
		return true;
	}
	if (only_replace || line->why)
		return false;
	*ret = (struct boot_change){
		.file = line->file,
		.text = inserted(arena, &files[line->file], line, word),
		.put = word,
	};
	return true;
}

bool boot_line_remove(struct arena *arena, const struct boot_file *files,
		      const struct boot_line *line, size_t file, const char *put,
		      const char *replaced, struct boot_change *ret)
{
	const struct boot_file *f = &files[file];
	size_t i, begin;

	for (i = line->n_words; i-- > 0;) {
		const struct boot_word *w = &line->words[i];

		if (w->file != file || w->begin == w->end || strcmp(w->text, put) != 0)
			continue;
		/* The blank that came in with it. */
		begin = w->begin;
		if (!replaced && begin && f->text[begin - 1] == ' ')
			begin--;
		*ret = (struct boot_change){
			.file = file,
			.text = spliced(arena, f, begin, w->end, replaced ? replaced : ""),
			.put = put,
			.replaced = replaced,
		};
		return true;
	}
	return false;
}

static void set_text(struct boot_file *file, const char *text)
{
	file->text = text;
	file->len = strlen(text);
}

/* The block keeps its size: what came in goes off the padding, what went comes to it. */
static const char *fitted(struct arena *arena, const char *text, size_t size)
{
	size_t len = strlen(text), padding = 0;
	TEXT_AUTO struct text t = {0};

	while (padding < len && text[len - 1 - padding] == '#')
		padding++;
	if (len > size && len - size >= padding)
		return NULL;
	text_add_bytes(&t, text, len < size ? len : size);
	while (t.len < size)
		text_add(&t, "#");
	return arena_strdup(arena, text_str(&t));
}

void boot_add(struct arena *arena, enum boot_format format, struct boot_file *files, size_t n_files,
	      const char *word, bool only_replace, struct boot_edit *ret)
{
	struct boot_change change;

	*ret = (struct boot_edit){0};
	boot_read(arena, format, files, n_files, &ret->line);
	while (boot_line_add(arena, files, &ret->line, word, only_replace, &change)) {
		struct boot_file *file = &files[change.file];

		if (format == BOOT_GRUBENV)
			change.text = fitted(arena, change.text, file->len);
		if (!change.text) {
			ret->line.why = "the environment block is full";
			return;
		}
		set_text(file, change.text);
		*arena_append(arena, ret->changes, ret->n_changes) = change;
		boot_read(arena, format, files, n_files, &ret->line);
	}
	ret->has_it = boot_line_has(&ret->line, word);
}

bool boot_remove(struct arena *arena, enum boot_format format, struct boot_file *file,
		 const char *put, const char *replaced)
{
	struct boot_change change;
	struct boot_line line;

	boot_read(arena, format, file, 1, &line);
	if (!boot_line_remove(arena, file, &line, 0, put, replaced, &change))
		return false;
	if (format == BOOT_GRUBENV)
		change.text = fitted(arena, change.text, file->len);
	if (!change.text)
		return false;
	set_text(file, change.text);
	return true;
}
