// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The parser is getopt_long(3) over a table made from option_table: ours would be one more dialect of
 * what everybody's fingers know. A command's name is looked for before any option is judged, so that
 * "ferry --json survey" and "ferry survey --json" are the same.
 */
#include "cmd/parse.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#define FIRST_LONG 256 /* above every letter */

static void fill_getopt(struct option longs[OPTIONS + 1], char letters[2 * OPTIONS + 3])
{
	char *p = letters;
	size_t i;

	*p++ = ':'; /* tell a missing argument from an unknown option */
	for (i = 0; i < OPTIONS; i++) {
		const struct option_row *row = &option_table[i];

		longs[i] =
			(struct option){row->name, row->argument ? required_argument : no_argument,
					NULL, FIRST_LONG + (int)i};
		if (!row->letter)
			continue;
		*p++ = row->letter;
		if (row->argument)
			*p++ = ':';
	}
	longs[OPTIONS] = (struct option){0};
	*p = 0;
}

static int option_by_code(int code)
{
	int i;

	if (code >= FIRST_LONG)
		return code - FIRST_LONG;
	for (i = 0; i < OPTIONS; i++) {
		if (option_table[i].letter == code)
			return i;
	}
	return -1;
}

static bool value_is_allowed(const char *values, const char *value)
{
	size_t len = strlen(value);
	const char *p;

	for (p = values; p; p = strchr(p, '|') ? strchr(p, '|') + 1 : NULL) {
		if (len && !strncmp(p, value, len) && (p[len] == '|' || !p[len]))
			return true;
	}
	return false;
}

static int store_option(struct invocation *inv, int id, const char *value, struct error *err)
{
	const struct option_row *row = &option_table[id];

	if (row->values && !value_is_allowed(row->values, value))
		return error_set(err, -EINVAL, NULL, NULL, "--%s takes %s, not \"%s\"", row->name,
				 row->values, value);
	inv->options[id] = value ? value : "";
	return 0;
}

static int parse_options(int argc, char **argv, struct invocation *inv, struct error *err)
{
	struct option longs[OPTIONS + 1];
	char letters[2 * OPTIONS + 3];
	int code, ret;

	fill_getopt(longs, letters);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		if (code == ':')
			return error_set(err, -EINVAL, NULL, NULL, "%s needs an argument",
					 argv[optind - 1]);
		if (code == '?')
			return error_set(err, -EINVAL, NULL, NULL, "unknown option %s",
					 argv[optind - 1]);
		ret = store_option(inv, option_by_code(code), optarg, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_options(const struct invocation *inv, struct error *err)
{
	uint64_t allowed = inv->command->options | OPTIONS_EVERYWHERE;
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		if (inv->options[i] && !(allowed & OPTION(i)))
			return error_set(err, -EINVAL, NULL, NULL, "ferry%s%s does not take --%s",
					 *inv->command->name ? " " : "", inv->command->name,
					 option_table[i].name);
	}
	return 0;
}

static int check_words(const struct invocation *inv, struct error *err)
{
	const struct command *c = inv->command;
	size_t i;

	if (inv->n_words < c->least_words)
		return error_set(err, -EINVAL, NULL, NULL, "ferry %s needs %s", c->name, c->words);
	if (inv->n_words > c->most_words)
		return error_set(err, -EINVAL, NULL, NULL, "ferry %s: \"%s\" is one word too many",
				 c->name, inv->words[c->most_words]);
	for (i = 0; i < inv->n_words; i++) {
		if (!*inv->words[i])
			return error_set(err, -EINVAL, NULL, NULL, "ferry %s: word %zu is empty",
					 c->name, i + 1);
	}
	return 0;
}

/* A command's name may have two words ("iommu enable"): the longer one is tried first. */
static int take_command(struct invocation *inv, struct error *err)
{
	if (!inv->n_words) {
		inv->command = command_list[0];
		return 0;
	}
	if (inv->n_words > 1) {
		inv->command = command_find(
			arena_printf(inv->arena, "%s %s", inv->words[0], inv->words[1]));
		if (inv->command) {
			inv->words += 2;
			inv->n_words -= 2;
			return 0;
		}
	}
	inv->command = *inv->words[0] ? command_find(inv->words[0]) : NULL;
	if (!inv->command)
		return error_set(err, -EINVAL, NULL, NULL, "there is no command \"%s\"",
				 text_printable(inv->arena, inv->words[0]));
	inv->words++;
	inv->n_words--;
	return 0;
}

static bool color_is_wanted(const struct invocation *inv)
{
	const char *when = inv->options[OPTION_COLOR];

	if (when && strcmp(when, "auto") != 0)
		return !strcmp(when, "always");
	return isatty(fileno(inv->out)) && !getenv("NO_COLOR") && !inv->options[OPTION_JSON];
}

int invocation_parse(int argc, char **argv, struct invocation *inv, struct error *err)
{
	int ret = parse_options(argc, argv, inv, err);

	if (ret)
		return ret;
	inv->words = (const char *const *)argv + optind;
	inv->n_words = (size_t)(argc - optind);
	ret = take_command(inv, err);
	if (ret)
		return ret;
	inv->use_color = color_is_wanted(inv);
	if (invocation_has(inv, OPTION_HELP) || invocation_has(inv, OPTION_VERSION))
		return 0;
	ret = check_options(inv, err);
	return ret ? ret : check_words(inv, err);
}
