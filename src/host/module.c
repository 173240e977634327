// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See module.h. modprobe heeds `blacklist` only for what an alias pulls in; whoever loads a module by
 * name has to look for himself, as libvirt does (KMOD_PROBE_APPLY_BLACKLIST).
 */
#include "host/module.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/fact.h"
#include "base/root.h"
#include "base/text.h"

#define SPACE " \t"

/* The names of modules treat - and _ as one. */
static bool is_module(const char *word, size_t len, const char *module)
{
	size_t i;

	if (strlen(module) != len)
		return false;
	for (i = 0; i < len; i++) {
		char a = word[i] == '-' ? '_' : word[i], b = module[i] == '-' ? '_' : module[i];

		if (a != b)
			return false;
	}
	return true;
}

static const char *next_word(const char *s, size_t *ret_len)
{
	s += strspn(s, SPACE);
	*ret_len = strcspn(s, SPACE);
	return s;
}

static bool is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && !strncmp(s, word, len);
}

/* "blacklist MODULE", or "install MODULE /bin/false" and whatever else does not load it. */
static bool line_bars(const char *line, const char *module)
{
	size_t n_verb, n_name, n_rest;
	const char *verb = next_word(line, &n_verb), *name = next_word(verb + n_verb, &n_name);
	const char *rest = next_word(name + n_name, &n_rest);

	if (!is_module(name, n_name, module))
		return false;
	if (is_word(verb, n_verb, "blacklist"))
		return true;
	return is_word(verb, n_verb, "install") && n_rest && !strstr(rest, "modprobe") &&
	       !strstr(rest, "insmod");
}

/* A line that ends in a backslash goes on in the next one; *number counts what was taken. */
static char *take_line(char **at, size_t *number)
{
	char *line = *at, *end = line;

	for (;;) {
		end = strchrnul(end, '\n');
		(*number)++;
		if (!*end || end == line || end[-1] != '\\')
			break;
		end[-1] = end[0] = ' ';
	}
	*at = *end ? end + 1 : NULL;
	*end = 0;
	return line;
}

static const char *file_bars(const struct root *root, struct arena *arena, const char *path,
			     const char *module)
{
	char *at, *line;
	size_t number = 0, first;
	int err = root_read(root, arena, path, &at, NULL);

	if (err)
		return fact_from_code(err) == FACT_ABSENT
			       ? NULL
			       : arena_printf(arena, "/%s, which can't be read (%s)", path,
					      strerror(-err));
	while (at) {
		first = number + 1;
		line = take_line(&at, &number);
		if (line_bars(line, module))
			return arena_printf(arena, "/%s, line %zu: %s", path, first,
					    text_trim_end(line + strspn(line, SPACE)));
	}
	return NULL;
}

struct config_file {
	const char *name, *folder;
};

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct config_file *)a)->name, ((const struct config_file *)b)->name);
}

/* A file in a folder that comes earlier hides those of its name in the later ones. */
static void add_folder(const struct root *root, struct arena *arena, const char *folder,
		       struct config_file **files, size_t *n_files)
{
	char **names;
	size_t n, i, k;

	if (root_list(root, arena, folder, &names, &n))
		return;
	for (i = 0; i < n; i++) {
		if (!text_has_suffix(names[i], ".conf"))
			continue;
		for (k = 0; k < *n_files && strcmp((*files)[k].name, names[i]) != 0; k++)
			;
		if (k == *n_files)
			*arena_append(arena, *files, *n_files) =
				(struct config_file){names[i], folder};
	}
}

/* Whether one word is "modprobe.blacklist=a,b" or "module_blacklist=a,b" with the module in it. */
static bool word_bars(const char *word, size_t len, const char *module)
{
	static const char *const keys[] = {"modprobe.blacklist", "module_blacklist"};
	const char *end = word + len, *p = memchr(word, '=', len);
	size_t n;

	if (!p || (!is_module(word, (size_t)(p - word), keys[0]) &&
		   !is_module(word, (size_t)(p - word), keys[1])))
		return false;
	for (p++; p < end; p += n + 1) {
		p += *p == '"';
		n = strcspn(p, ",\" \t\n");
		if (is_module(p, n, module))
			return true;
	}
	return false;
}

static const char *command_line_bars(struct arena *arena, const char *line, const char *module)
{
	size_t len;

	for (; *line; line += len) {
		line += strspn(line, " \t\n");
		len = strcspn(line, " \t\n");
		if (word_bars(line, len, module))
			return arena_printf(arena, "the kernel's command line: %.*s", (int)len,
					    line);
	}
	return NULL;
}

const char *module_barred(const struct root *root, struct arena *arena, const char *module,
			  const char *command_line)
{
	/* The order of modprobe.d(5), that of kmod 30 and of later ones with /usr/local. */
	static const char *const folders[] = {"etc/modprobe.d", "run/modprobe.d",
					      "usr/local/lib/modprobe.d", "usr/lib/modprobe.d",
					      "lib/modprobe.d"};
	struct config_file *files = NULL;
	const char *bar = NULL;
	size_t n = 0, i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		add_folder(root, arena, folders[i], &files, &n);
	if (n)
		qsort(files, n, sizeof(*files), compare_files);
	for (i = 0; i < n && !bar; i++)
		bar = file_bars(root, arena,
				arena_printf(arena, "%s/%s", files[i].folder, files[i].name),
				module);
	if (!bar && command_line)
		bar = command_line_bars(arena, command_line, module);
	return bar;
}
