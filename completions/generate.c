// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Writes the completions of a shell from the tables of commands and options, so that a new option needs
 * no second place. What is the shell's own stands in NAME.in beside this file, where it can be read and
 * checked as what it is; its line "@table@" is replaced by what is printed here.
 *
 * usage: generate bash|zsh|fish TEMPLATE > FILE
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/commands.h"

/* In single quotes, for all three shells; those of zsh's _arguments also want [, ] and : quoted. */
static void quote(const char *s, const char *special)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\'", stdout);
		else if (strchr(special, *s))
			putchar('\\');
		putchar(*s);
	}
}

static const struct option_row *option_of(const struct command *command, size_t i)
{
	return (command->options | OPTIONS_EVERYWHERE) & OPTION(i) ? &option_table[i] : NULL;
}

/* What completes a word or an argument of that name. */
static const char *kind_of(const char *name)
{
	static const char *const kinds[][2] = {
		{"GUEST", "guest"}, {"DEVICE", "device"}, {"GROUP", "device"},
		{"FILE", "file"},   {"CAPTURE", "file"},  {"DIR", "folder"},
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strstr(name, kinds[i][0]))
			return kinds[i][1];
	}
	return "nothing";
}

/* "GUEST [DEVICE...]": calls print for each word in turn; what stands after a bar is left out. */
static void for_each_word(const struct command *command,
			  void (*print)(const char *kind, size_t place, bool repeats))
{
	char copy[256], *save = NULL, *word;
	size_t place = 0;

	snprintf(copy, sizeof(copy), "%s", command->words);
	for (word = strtok_r(copy, " ", &save); word && *word != '|' && *word != '-';
	     word = strtok_r(NULL, " ", &save))
		print(kind_of(word), place++, strstr(word, "..."));
}

static size_t count_words(const char *name)
{
	size_t n = *name != 0;

	for (; *name; name++)
		n += *name == ' ';
	return n;
}

static void bash_word(const char *kind, size_t place, bool repeats)
{
	printf("%s%s%s", place ? " " : "", kind, repeats ? "..." : "");
}

static void bash_options(const struct command *command)
{
	size_t i;

	for (i = 0; i < OPTIONS; i++) {
		const struct option_row *row = option_of(command, i);

		if (row && row->letter)
			printf(" -%c", row->letter);
		if (row)
			printf(" --%s", row->name);
	}
}

/* The pattern of a case that matches the option, in the way that bash's case wants it. */
static void bash_argument(const struct option_row *row)
{
	const char *p;

	printf("\t--%s", row->name);
	if (row->letter)
		printf(" | -%c", row->letter);
	printf(") kind='%s' values='", row->values ? "value" : kind_of(row->argument));
	for (p = row->values ? row->values : ""; *p; p++)
		putchar(*p == '|' ? ' ' : *p);
	puts("' ;;");
}

static void bash_table(void)
{
	size_t i;

	puts("_ferry_command() {\n\tcase $1 in");
	for (i = 0; command_list[i]; i++) {
		printf("\t'%s')\n\t\toptions='", command_list[i]->name);
		bash_options(command_list[i]);
		fputs("'\n\t\tkinds='", stdout);
		for_each_word(command_list[i], bash_word);
		puts("'\n\t\t;;");
	}
	puts("\t*) return 1 ;;\n\tesac\n}\n_ferry_argument() {\n\tkind='' values=''\n\tcase $1 in");
	for (i = 0; i < OPTIONS; i++) {
		if (option_table[i].argument)
			bash_argument(&option_table[i]);
	}
	puts("\t*) return 1 ;;\n\tesac\n}\n_ferry_names='");
	for (i = 1; command_list[i]; i++)
		puts(command_list[i]->name);
	puts("'");
}

static void zsh_option(const struct option_row *row)
{
	fputs("\t\t\t", stdout);
	if (row->letter)
		printf("'(-%c --%s)'{-%c%s,--%s%s}", row->letter, row->name, row->letter,
		       row->argument ? "+" : "", row->name, row->argument ? "=" : "");
	else
		printf("--%s%s", row->name, row->argument ? "=" : "");
	fputs("'[", stdout);
	quote(row->help, "[]:\\");
	putchar(']');
	if (row->values) {
		const char *p;

		printf(":%s:(", row->argument);
		for (p = row->values; *p; p++)
			putchar(*p == '|' ? ' ' : *p);
		putchar(')');
	} else if (row->argument) {
		printf(":%s:_ferry_%s", row->argument, kind_of(row->argument));
	}
	puts("'");
}

static void zsh_word(const char *kind, size_t place, bool repeats)
{
	if (repeats)
		printf("\t\t\t'*: :_ferry_%s'\n", kind);
	else
		printf("\t\t\t$((first + %zu))': :_ferry_%s'\n", place, kind);
}

static void zsh_table(void)
{
	size_t i, j;

	puts("_ferry_names=(");
	for (i = 1; command_list[i]; i++) {
		printf("\t'");
		quote(command_list[i]->name, ":\\");
		putchar(':');
		quote(command_list[i]->summary, "\\");
		puts("'");
	}
	puts(")\n_ferry_with_argument=(");
	for (i = 0; i < OPTIONS; i++) {
		if (option_table[i].argument && option_table[i].letter)
			printf("\t-%c\n", option_table[i].letter);
		if (option_table[i].argument)
			printf("\t--%s\n", option_table[i].name);
	}
	puts(")\n_ferry_command() {\n\tcase $1 in");
	for (i = 0; command_list[i]; i++) {
		printf("\t'%s')\n\t\tfirst=%zu\n\t\tspecs=(\n", command_list[i]->name,
		       count_words(command_list[i]->name) + 1);
		for (j = 0; j < OPTIONS; j++) {
			if (option_of(command_list[i], j))
				zsh_option(&option_table[j]);
		}
		for_each_word(command_list[i], zsh_word);
		puts("\t\t)\n\t\t;;");
	}
	puts("\t*) return 1 ;;\n\tesac\n}");
}

static const char *fish_command; /* for fish_word, which is called by for_each_word */

static void fish_word(const char *kind, size_t place, bool repeats)
{
	if (!strcmp(kind, "nothing"))
		return;
	printf("complete -c ferry -n '__ferry_at \"%s\" %zu%s' %s\n", fish_command, place,
	       repeats ? " more" : "",
	       !strcmp(kind, "file") || !strcmp(kind, "folder") ? "-F"
	       : !strcmp(kind, "guest")                         ? "-a '(__ferry_guests)'"
								: "-a '(__ferry_devices)'");
}

static void fish_option(const struct command *command, const struct option_row *row)
{
	const char *p;

	printf("complete -c ferry -n '__ferry_is \"%s\"' -l %s", command->name, row->name);
	if (row->letter)
		printf(" -s %c", row->letter);
	if (row->values) {
		fputs(" -x -a '", stdout);
		for (p = row->values; *p; p++)
			putchar(*p == '|' ? ' ' : *p);
		putchar('\'');
	} else if (row->argument) {
		p = kind_of(row->argument);
		fputs(!strcmp(p, "file") || !strcmp(p, "folder") ? " -r -F" : " -x", stdout);
	}
	fputs(" -d '", stdout);
	quote(row->help, "\\");
	puts("'");
}

/* A command of two words is offered a word at a time. */
static void fish_name(const char *name, const char *summary)
{
	const char *second = strchr(name, ' ');
	int first = second ? (int)(second - name) : 0;

	if (second)
		printf("complete -c ferry -n '__ferry_is \"\"' -a %.*s\n", first, name);
	printf("complete -c ferry -n '__ferry_is \"%.*s\"' -a %s -d '", first, name,
	       second ? second + 1 : name);
	quote(summary, "\\");
	puts("'");
}

static void fish_table(void)
{
	size_t i, j;

	fputs("set -g __ferry_names", stdout);
	for (i = 1; command_list[i]; i++)
		printf(" '%s'", command_list[i]->name);
	fputs("\nset -g __ferry_with_argument", stdout);
	for (i = 0; i < OPTIONS; i++) {
		if (option_table[i].argument && option_table[i].letter)
			printf(" -%c", option_table[i].letter);
		if (option_table[i].argument)
			printf(" --%s", option_table[i].name);
	}
	putchar('\n');
	for (i = 0; command_list[i]; i++) {
		const char *name = command_list[i]->name;

		if (*name)
			fish_name(name, command_list[i]->summary);
		fish_command = name;
		for (j = 0; j < OPTIONS; j++) {
			if (option_of(command_list[i], j))
				fish_option(command_list[i], &option_table[j]);
		}
		for_each_word(command_list[i], fish_word);
	}
}

static const struct {
	const char *name;
	void (*table)(void);
} shells[] = {{"bash", bash_table}, {"zsh", zsh_table}, {"fish", fish_table}};

int main(int argc, char **argv)
{
	char line[1024];
	FILE *template;
	size_t i;

	for (i = 0; argc == 3 && i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(shells[i].name, argv[1]) != 0)
			continue;
		template = fopen(argv[2], "re");
		if (!template) {
			perror(argv[2]);
			return EXIT_FAILURE;
		}
		while (fgets(line, sizeof(line), template)) {
			if (!strcmp(line, "@table@\n"))
				shells[i].table();
			else
				fputs(line, stdout);
		}
		fclose(template);
		return fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
	}
	fputs("usage: generate bash|zsh|fish TEMPLATE\n", stderr);
	return EXIT_FAILURE;
}
