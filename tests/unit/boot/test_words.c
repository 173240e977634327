// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Boot files as people have them: only the word changes, to the byte; what can't be edited safely is
 * refused with its line; and the way back.
 */
#include "../test.h"

#include <dirent.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "boot/words.h"

static struct boot_file file_of(const char *path, const char *text)
{
	return (struct boot_file){path, text, strlen(text)};
}

static const char *added(struct arena *a, const char *path, const char *text, const char *word,
			 struct boot_edit *edit)
{
	struct boot_file file = file_of(path, text);

	boot_add(a, boot_format_of(&file), &file, 1, word, false, edit);
	return file.text;
}

static void expect_grub(const char *before, const char *after)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct boot_edit edit;
	const char *text = added(a, "/etc/default/grub", before, "intel_iommu=on", &edit);

	if (edit.line.why)
		fail_msg("refused (%s): %s", edit.line.why, before);
	assert_string_equal(text, after);
	assert_true(edit.has_it);
	/* Twice is once. */
	assert_string_equal(added(a, "/etc/default/grub", after, "intel_iommu=on", &edit), after);
}

static void expect_refused(const char *text, size_t line)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct boot_edit edit;

	assert_string_equal(added(a, "/etc/default/grub", text, "intel_iommu=on", &edit), text);
	if (!edit.line.why)
		fail_msg("not refused: %s", text);
	assert_int_equal(edit.line.why_line, line);
}

static char *read_case(struct arena *a, const char *name)
{
	ROOT_AUTO struct root root = ROOT_CLOSED;
	char *text;

	assert_int_equal(root_open(source_path("tests/data/boot"), &root), 0);
	assert_int_equal(root_read(&root, a, name, &text, NULL), 0);
	return text;
}

static void try_case(struct arena *a, const char *name)
{
	const char *dot = strrchr(name, '.');
	char *before = read_case(a, name);
	char *expect = read_case(a, arena_printf(a, "%.*s.expect", (int)(dot - name), name));
	struct boot_edit edit;
	const char *after = added(a, name, before, "intel_iommu=on", &edit);

	if (strcmp(after, expect) != 0)
		fail_msg("%s became\n%s", name, after);
	if (text_has_prefix(name, "16-"))
		assert_int_equal(edit.line.why_line, 3);
	else
		assert_true(edit.has_it);
	assert_string_equal(added(a, name, after, "intel_iommu=on", &edit), after);
}

static void every_case_is_as_expected(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	DIR *folder = opendir(source_path("tests/data/boot"));
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		if (!text_has_suffix(entry->d_name, ".grub") &&
		    !text_has_suffix(entry->d_name, ".bls") &&
		    !text_has_suffix(entry->d_name, ".cmdline"))
			continue;
		try_case(a, entry->d_name);
		n++;
	}
	closedir(folder);
	assert_int_equal(n, 17);
}

#define D "GRUB_CMDLINE_LINUX_DEFAULT="
#define L "GRUB_CMDLINE_LINUX="

static void quoting_stays(void **state)
{
	expect_grub(D "\"\"\n", D "\"intel_iommu=on\"\n");
	expect_grub(D "''", D "'intel_iommu=on'");
	expect_grub(D "\n", D "\"intel_iommu=on\"\n");
	expect_grub(D "quiet\r\nX=1\r\n", D "\"quiet intel_iommu=on\"\r\nX=1\r\n");
	expect_grub(D "\"quiet\"\r\n", D "\"quiet intel_iommu=on\"\r\n");
	expect_grub("\t" D "\"quiet\"\t# comment \"\n",
		    "\t" D "\"quiet intel_iommu=on\"\t# comment \"\n");
	expect_grub(D "\"quiet \\\n  splash\"\n", D "\"quiet \\\n  splash intel_iommu=on\"\n");
	expect_grub(D "\"quiet \\\n\"\n", D "\"quiet \\\nintel_iommu=on\"\n");
	expect_grub("export " D "quiet\n", "export " D "\"quiet intel_iommu=on\"\n");
	expect_grub(D "\"a\"'b'\n", D "\"a\"'b intel_iommu=on'\n");
	expect_grub(D "quiet\\ splash\n", D "quiet\\ splash\" intel_iommu=on\"\n");
	expect_grub(D "$QUIET\n", D "\"$QUIET intel_iommu=on\"\n");
	expect_grub(D "\"$(x \"a)\" | y 'b\"')\"\n",
		    D "\"$(x \"a)\" | y 'b\"') intel_iommu=on\"\n");
	expect_grub(D "\"`x '\"' y`\"\n", D "\"`x '\"' y` intel_iommu=on\"\n");
	expect_grub(D "\"quiet\"; GRUB_TIMEOUT=1\n",
		    D "\"quiet intel_iommu=on\"; GRUB_TIMEOUT=1\n");
}

static void the_variable_is_chosen(void **state)
{
	expect_grub("", D "\"intel_iommu=on\"\n");
	expect_grub("GRUB_TIMEOUT=5", "GRUB_TIMEOUT=5\n" D "\"intel_iommu=on\"");
	expect_grub("A=1\r\n", "A=1\r\n" D "\"intel_iommu=on\"\r\n");
	expect_grub(L "\"\"\n" D "\"quiet\"\n" L "\"x\"\n",
		    L "\"\"\n" D "\"quiet intel_iommu=on\"\n" L "\"x\"\n");
	expect_grub(D "\"quiet\"\n" D "+=\"\"\n", D "\"quiet\"\n" D "+=\" intel_iommu=on\"\n");
	/* A heredoc, a comment and an assignment of one command's environment are no assignments. */
	expect_grub(D "\"quiet\"\ncat <<X >/dev/null\n" D "\"no\"\nX\n# " D "\"no\"\n",
		    D "\"quiet intel_iommu=on\"\ncat <<X >/dev/null\n" D "\"no\"\nX\n# " D
		      "\"no\"\n");
	/* One that is thrown away may stand in a condition. */
	expect_grub("if [ -e /x ]; then\n" D "\"a\"\nfi\n" D "\"b\"\n",
		    "if [ -e /x ]; then\n" D "\"a\"\nfi\n" D "\"b intel_iommu=on\"\n");
	expect_grub(D "\"a\"\ncase $X in\na|b) Y=1 ;;\n*) Y=2 ;;\nesac\n"
		      "f() { " D "x; }\n" D "\"b\"\n",
		    D "\"a\"\ncase $X in\na|b) Y=1 ;;\n*) Y=2 ;;\nesac\n"
		      "f() { " D "x; }\n" D "\"b intel_iommu=on\"\n");
}

static void what_is_there_counts(void **state)
{
	expect_grub(L "\"intel_iommu=on\"\n" D "\"quiet\"\n",
		    L "\"intel_iommu=on\"\n" D "\"quiet\"\n");
	expect_grub(D "\"intel_iommu=igfx_off,on\"\n", D "\"intel_iommu=igfx_off,on\"\n");
	expect_grub(D "\"intel-iommu=on\"\n", D "\"intel-iommu=on\"\n");
	expect_grub(D "\"intel_iommu=igfx_off\"\n", D "\"intel_iommu=igfx_off intel_iommu=on\"\n");
	expect_grub(D "\"xintel_iommu=on\"\n", D "\"xintel_iommu=on intel_iommu=on\"\n");
	expect_grub("X=\"intel_iommu=on\"\n" D "\"$X\"\n", "X=\"intel_iommu=on\"\n" D "\"$X\"\n");
	/* Thrown away by what follows: it does not count. */
	expect_grub(D "\"intel_iommu=on\"\n" D "\"quiet\"\n",
		    D "\"intel_iommu=on\"\n" D "\"quiet intel_iommu=on\"\n");
}

static void an_off_is_replaced_where_it_stands(void **state)
{
	expect_grub(D "\"a intel_iommu=off b\"\n", D "\"a intel_iommu=on b\"\n");
	expect_grub(D "intel_iommu=off\n", D "intel_iommu=on\n");
	expect_grub(L "'intel_iommu=off'\n" D "\"quiet\"\n",
		    L "'intel_iommu=on'\n" D "\"quiet\"\n");
	expect_grub(D "\"intel_iommu=off x intel_iommu=off\"\n",
		    D "\"intel_iommu=on x intel_iommu=on\"\n");
	expect_grub(D "\"intel_iommu=off intel_iommu=on\"\n",
		    D "\"intel_iommu=off intel_iommu=on\"\n");
	expect_grub(D "\"intel_iommu=igfx_off,off\"\n", D "\"intel_iommu=igfx_off,on\"\n");
	expect_grub("X='intel_iommu=off'\n" D "\"${X} y\"\n",
		    "X='intel_iommu=on'\n" D "\"${X} y\"\n");
	/* Only as a part of another word: what is added behind it wins. */
	expect_grub("X=off\n" D "\"intel_iommu=$X\"\n",
		    "X=off\n" D "\"intel_iommu=$X intel_iommu=on\"\n");
}

static void what_is_not_safe_is_refused(void **state)
{
	expect_refused("A=1\n" D "\"quiet\n", 2);
	expect_refused(D "'quiet\n" L "'x'\n", 1);
	expect_refused(D "\"quiet\n" L "\"x\n", 1);
	expect_refused("A=1\n" D "quiet splash\n", 2);
	expect_refused(D "\"quiet\" splash\n", 1);
	expect_refused("export " D "quiet splash\n", 1);
	expect_refused(D "=x\n" D " = \"quiet\"\n", 2);
	expect_refused("A=1\nif true; then\n  " D "\"x\"\nfi\n", 3);
	expect_refused("[ -e /x ] && " D "\"x\"\n", 1);
	expect_refused("true &&\n" D "\"x\"\n", 2);
	expect_refused("[ -e /x ] && { A=1; " D "\"x\"; }\n", 1);
	expect_refused(D "\"x\" | cat\n", 1);
	expect_refused("f() {\n" D "\"x\"\n}\n", 2);
	expect_refused("function f {\n" D "\"x\"\n}\n", 2);
	expect_refused("(\n" D "\"x\"\n)\n", 2);
	expect_refused("for i in 1 2; do\n" D "\"$i\"\ndone\n", 2);
	expect_refused("case x in\n  y)\n" D "\"x\"\n;;\nesac\n", 3);
	expect_refused(D "\"x\"\nif true; then\nA=1\n", 2);
	expect_refused(D "\"x\"\nfi\n", 2);
	expect_refused(D "\"x\"\n)\n", 2);
	expect_refused(D "\"$(x\"\n", 1);
	expect_refused(D "(a b)\n", 1);
	expect_refused(D "\"x\"\nunset GRUB_CMDLINE_LINUX_DEFAULT\n", 2);
}

static void snippets_are_read_after_the_file(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct boot_file files[] = {
		file_of("/etc/default/grub", D "\"quiet\"\n" L "\"\"\n"),
		file_of("/etc/default/grub.d/50-a.cfg", D "\"console=tty1\"\n"),
		file_of("/etc/default/grub.d/60-b.cfg", "GRUB_TIMEOUT=0\n"),
	};
	struct boot_edit edit;

	boot_add(a, BOOT_SHELL, files, 3, "intel_iommu=on", false, &edit);
	assert_int_equal(edit.n_changes, 1);
	assert_int_equal(edit.changes[0].file, 1);
	assert_string_equal(files[0].text, D "\"quiet\"\n" L "\"\"\n");
	assert_string_equal(files[1].text, D "\"console=tty1 intel_iommu=on\"\n");
	assert_string_equal(files[2].text, "GRUB_TIMEOUT=0\n");
}

static void entries_keep_their_form(void **state)
{
	static const char *const cases[][2] = {
		{"title x\r\noptions a\r\nlinux /y\r\n",
		 "title x\r\noptions a intel_iommu=on\r\nlinux /y\r\n"},
		{"options a\noptions b", "options a\noptions b intel_iommu=on"},
		{"options\n", "options intel_iommu=on\n"},
		{"options \n", "options intel_iommu=on\n"},
		{"linux /x\n", "linux /x\noptions intel_iommu=on\n"},
		{"linux /x", "linux /x\noptions intel_iommu=on"},
		{"#options x\n optionsx y\n\toptions\ta \n",
		 "#options x\n optionsx y\n\toptions\ta intel_iommu=on\n"},
		{"options a intel_iommu=off\noptions b\n", "options a intel_iommu=on\noptions b\n"},
	};
	ARENA_AUTO struct arena *a = arena_new();
	struct boot_edit edit;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(added(a, "/boot/loader/entries/x.conf", cases[i][0],
					  "intel_iommu=on", &edit),
				    cases[i][1]);
}

static void a_bare_line_keeps_its_form(void **state)
{
	static const char *const cases[][2] = {
		{"", "intel_iommu=on\n"},
		{"a", "a intel_iommu=on"},
		{"a \n", "a intel_iommu=on\n"},
		{"a\r\n", "a intel_iommu=on\r\n"},
		{"a\nb\n", "a intel_iommu=on\nb\n"},
		{"# x\na\n", "# x\na intel_iommu=on\n"},
		{"a\nintel_iommu=off b\n", "a\nintel_iommu=on b\n"},
	};
	ARENA_AUTO struct arena *a = arena_new();
	struct boot_edit edit;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(
			added(a, "/etc/kernel/cmdline", cases[i][0], "intel_iommu=on", &edit),
			cases[i][1]);
}

static void the_environment_block_keeps_its_size(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct boot_edit edit;
	struct boot_file file;
	char block[1025];
	int n;

	n = snprintf(block, sizeof(block), "# GRUB Environment Block\nkernelopts=root=/dev/x ro\n");
	memset(block + n, '#', 1024 - (size_t)n);
	block[1024] = 0;
	file = file_of("/boot/grub2/grubenv", block);
	boot_add(a, BOOT_GRUBENV, &file, 1, "intel_iommu=on", false, &edit);
	assert_int_equal(file.len, 1024);
	assert_non_null(strstr(file.text, "\nkernelopts=root=/dev/x ro intel_iommu=on\n###"));
	assert_true(boot_remove(a, BOOT_GRUBENV, &file, "intel_iommu=on", NULL));
	assert_string_equal(file.text, block);
	/* No room for it. */
	memset(block + n, 'x', 1000 - (size_t)n);
	file = file_of("/boot/grub2/grubenv", block);
	block[1010] = '\n';
	boot_add(a, BOOT_GRUBENV, &file, 1, "intel_iommu=on", false, &edit);
	assert_string_equal(file.text, block);
	assert_non_null(edit.line.why);
}

static void what_was_put_in_goes_out_again(void **state)
{
	static const struct {
		const char *path, *with, *put, *replaced, *without;
	} cases[] = {
		{"/etc/default/grub", D "\"quiet intel_iommu=on x\"\n", "intel_iommu=on", NULL,
		 D "\"quiet x\"\n"},
		{"/etc/default/grub", D "\"intel_iommu=on\"\n", "intel_iommu=on", "intel_iommu=off",
		 D "\"intel_iommu=off\"\n"},
		{"/etc/default/grub", D "'intel_iommu=on'\n", "intel_iommu=on", NULL, D "''\n"},
		{"/boot/loader/entries/x.conf", "options a intel_iommu=on\n", "intel_iommu=on",
		 NULL, "options a\n"},
		{"/etc/kernel/cmdline", "a intel_iommu=on", "intel_iommu=on", NULL, "a"},
	};
	ARENA_AUTO struct arena *a = arena_new();
	struct boot_file file;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		file = file_of(cases[i].path, cases[i].with);
		assert_true(boot_remove(a, boot_format_of(&file), &file, cases[i].put,
					cases[i].replaced));
		assert_string_equal(file.text, cases[i].without);
		assert_false(boot_remove(a, boot_format_of(&file), &file, cases[i].put,
					 cases[i].replaced));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_is_as_expected),
		cmocka_unit_test(quoting_stays),
		cmocka_unit_test(the_variable_is_chosen),
		cmocka_unit_test(what_is_there_counts),
		cmocka_unit_test(an_off_is_replaced_where_it_stands),
		cmocka_unit_test(what_is_not_safe_is_refused),
		cmocka_unit_test(snippets_are_read_after_the_file),
		cmocka_unit_test(entries_keep_their_form),
		cmocka_unit_test(a_bare_line_keeps_its_form),
		cmocka_unit_test(the_environment_block_keeps_its_size),
		cmocka_unit_test(what_was_put_in_goes_out_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
