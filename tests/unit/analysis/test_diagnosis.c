// SPDX-License-Identifier: LGPL-2.1-or-later
/* The texts of tests/data/diagnose give their causes, however they are wrapped, prefixed and mixed. */
#include "../test.h"

#include "analysis/diagnosis.h"
#include "analysis/diagnosis_match.h"
#include "analysis/diagnosis_table.h"
#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"

static struct arena *arena;

struct sample {
	const char *cause, *text;
};

/* The lines of a file, the columns of each cut at the tabs; "\n" in the text is a line break. */
static size_t samples_read(const char *name, size_t cause, size_t text, struct sample **ret)
{
	struct sample *list = NULL;
	size_t n = 0;
	ROOT_AUTO struct root r = ROOT_CLOSED;
	char *s, *line, *column[8], *from, *to;

	assert_int_equal(root_open(source_path("tests/data/diagnose"), &r), 0);
	assert_int_equal(root_read(&r, arena, name, &s, NULL), 0);
	while ((line = strsep(&s, "\n"))) {
		size_t i = 0;

		if (!*line || line[0] == '#' || text_has_prefix(line, "id\t"))
			continue;
		while (i < 8 && (column[i] = strsep(&line, "\t")))
			i++;
		struct sample *one = arena_append(arena, list, n);
		one->cause = column[cause];
		one->text = column[text];
		for (from = to = column[text]; *from; from++) {
			if (from[0] == '\\' && from[1] == 'n' &&
			    !(from > column[text] && from[-1] == '\\')) {
				*to++ = '\n';
				from++;
			} else {
				*to++ = *from;
			}
		}
		*to = 0;
	}
	*ret = list;
	return n;
}

static struct diagnosis read_text(const char *text)
{
	struct diagnosis d;

	diagnosis_of_text(text, strlen(text), arena, &d);
	return d;
}

static const char *first_cause(const struct diagnosis *d)
{
	return d->n_findings ? d->findings[0].cause : "(none)";
}

/* Exactly this cause, nothing that stops beside it, nothing unknown. */
static void expect_cause(const struct sample *s, const char *text, const char *how)
{
	struct diagnosis d = read_text(text);
	size_t i;

	if (!text_equal(first_cause(&d), s->cause))
		fail_msg("%s: \"%s\" gives %s, not %s", how, text, first_cause(&d), s->cause);
	for (i = 1; i < d.n_findings; i++)
		if (d.findings[i].severity == DIAGNOSIS_STOP)
			fail_msg("%s: \"%s\" also gives %s", how, text, d.findings[i].cause);
	if (text_has_prefix(s->cause, "ok-") && diagnosis_stops(&d))
		fail_msg("%s: \"%s\" stops", how, text);
	if (d.n_unknown)
		fail_msg("%s: \"%s\" leaves \"%s\" unknown", how, text, d.unknown[0].text);
}

static void each(const char *file, size_t cause, size_t text,
		 void (*check)(const struct sample *s, const struct sample *other))
{
	struct sample *list;
	size_t n = samples_read(file, cause, text, &list), i;

	assert_true(n > 20);
	for (i = 0; i < n; i++)
		check(&list[i], &list[(i + 7) % n]);
}

static void check_plain(const struct sample *s, const struct sample *other)
{
	expect_cause(s, s->text, "as it stands");
}

static void test_texts_give_their_cause(void **state)
{
	each("reports.tsv", 2, 1, check_plain);
	each("messages.tsv", 0, 1, check_plain);
}

/* What stands in front of a message in the form of a log. */
static void check_prefixes(const struct sample *s, const struct sample *other)
{
	static const char *const prefixes[] = {
		"Jan 10 12:00:01 host kernel: ",
		"[  100.123456] ",
		"<4>[  100.123456] ",
		"kern  :warn  : [  100.123456] ",
		"4,1234,100123456,-;",
		"2024-01-10T12:00:01.123456+01:00 host kernel: [  100.123456] ",
		"2024-02-07T09:02:08.235790Z qemu-system-x86_64: ",
		"2024-02-07 09:02:08.235+0000: 1234: error : virProcessRun:55 : ",
		"error: internal error: qemu unexpectedly closed the monitor: 2024-02-07T09:02:08.235790Z ",
		"error: internal error: QEMU unexpectedly closed the monitor (vm='vm-a'): ",
		"[  100.123456][  T123] ",
		"> > [  100.123456] ",
		"Jan 10 12:00:01.123456 host libvirtd[800]: ",
	};
	size_t i;

	if (strchr(s->text, '\n'))
		return;
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		expect_cause(s, arena_printf(arena, "%s%s\r\n", prefixes[i], s->text),
			     "with a prefix");
}

static void test_prefixes_do_not_matter(void **state)
{
	each("reports.tsv", 2, 1, check_prefixes);
	each("messages.tsv", 0, 1, check_prefixes);
}

/* Breaks at blanks, at the column or before it, as mail programs do. */
static char *wrapped(const char *text, size_t width)
{
	TEXT_AUTO struct text t = {0};
	size_t column = 0;

	while (*text) {
		size_t word = strcspn(text, " \n"), blanks;

		if (column && column + 1 + word > width) {
			text_add(&t, "\n");
			column = 0;
		} else if (column) {
			text_add(&t, " ");
			column++;
		}
		text_add_bytes(&t, text, word);
		column += word;
		text += word;
		blanks = strspn(text, " ");
		text += blanks;
		if (*text == '\n') {
			text_add(&t, "\n");
			column = 0;
			text++;
		}
	}
	return arena_strdup(arena, text_str(&t));
}

/* Breaks at the column, in the middle of a word, as terminals do. */
static char *folded(const char *text, size_t width)
{
	TEXT_AUTO struct text t = {0};

	while (strlen(text) > width) {
		text_add_bytes(&t, text, width);
		text_add(&t, "\n");
		text += width;
	}
	text_add(&t, text);
	return arena_strdup(arena, text_str(&t));
}

static void check_wrapped(const struct sample *s, const struct sample *other)
{
	const char *text = arena_printf(arena, "Jan 10 12:00:01 host kernel: %s", s->text);

	if (strchr(s->text, '\n'))
		return;
	expect_cause(s, wrapped(s->text, 72), "wrapped");
	expect_cause(s, wrapped(text, 72), "wrapped");
	expect_cause(s, wrapped(text, 79), "wrapped");
	expect_cause(s, folded(text, 80), "folded");
	expect_cause(s, folded(text, 72), "folded");
}

static void test_wrapping_does_not_matter(void **state)
{
	each("reports.tsv", 2, 1, check_wrapped);
	each("messages.tsv", 0, 1, check_wrapped);
}

/* Other digits in every number, other letters in addresses. */
static void check_numbers(const struct sample *s, const struct sample *other)
{
	char *text = arena_strdup(arena, s->text), *at;

	if (strstr(text, "127") || strstr(text, "7f") || strstr(text, "Code 43") ||
	    strstr(text, "-22") || strstr(text, "-5") || strstr(text, "x2apic") ||
	    strstr(text, "interrupts=1"))
		return;
	for (at = text; (at = strpbrk(at, "0123456789")); at++)
		if (at[1] >= '0' && at[1] <= '9')
			*at = (char)('0' + (*at - '0' + 1) % 7);
	expect_cause(s, text, "with other numbers");
}

static void test_numbers_do_not_matter(void **state)
{
	each("reports.tsv", 2, 1, check_numbers);
	each("messages.tsv", 0, 1, check_numbers);
}

static void check_mixed(const struct sample *s, const struct sample *other)
{
	struct sample *harmless;
	size_t n = samples_read("harmless.tsv", 0, 0, &harmless), i;
	TEXT_AUTO struct text t = {0};
	struct diagnosis d;

	for (i = 0; i < n; i++) {
		text_addf(&t, "%s\n", harmless[i].text);
		if (i == n / 2)
			text_addf(&t, "[  200.000000] %s\n", s->text);
	}
	d = read_text(text_str(&t));
	if (!text_equal(first_cause(&d), s->cause))
		fail_msg("among others, \"%s\" gives %s, not %s", s->text, first_cause(&d),
			 s->cause);
	if (d.findings[0].line != n / 2 + 2 && !strchr(s->text, '\n'))
		fail_msg("\"%s\" stands in line %zu, not %zu", s->text, n / 2 + 2,
			 (size_t)d.findings[0].line);
	assert_int_equal(d.n_unknown, 0);
}

static void test_neighbours_do_not_matter(void **state)
{
	each("reports.tsv", 2, 1, check_mixed);
	each("messages.tsv", 0, 1, check_mixed);
}

static void test_cases(void **state)
{
	struct sample *list;
	size_t n = samples_read("cases.tsv", 0, 1, &list), i;

	assert_true(n >= 25);
	for (i = 0; i < n; i++) {
		struct diagnosis d = read_text(list[i].text);
		const char *cause = diagnosis_stops(&d) ? first_cause(&d) : "-";

		if (!text_equal(cause, list[i].cause))
			fail_msg("\"%s\" gives %s, not %s", list[i].text, cause, list[i].cause);
		if (d.n_unknown)
			fail_msg("\"%s\" leaves \"%s\" unknown", list[i].text, d.unknown[0].text);
	}
}

static void test_quotations_are_no_findings(void **state)
{
	struct sample *list;
	size_t n = samples_read("quoted.tsv", 0, 0, &list), i;
	ROOT_AUTO struct root r = ROOT_CLOSED;
	char *s, *line;

	/* samples_read() leaves lines with '#' out, which are the point of some of these. */
	assert_true(n > 10);
	assert_int_equal(root_open(source_path("tests/data/diagnose"), &r), 0);
	assert_int_equal(root_read(&r, arena, "quoted.tsv", &s, NULL), 0);
	for (i = 0; (line = strsep(&s, "\n")); i++) {
		struct diagnosis d = read_text(line);

		if (d.n_findings || d.n_unknown)
			fail_msg("\"%s\" gives %s", line,
				 d.n_findings ? d.findings[0].cause : "unknown");
	}
	assert_true(i > 15);
}

static void test_what_is_in_no_row_is_unknown(void **state)
{
	struct sample *list;
	size_t n = samples_read("unknown.tsv", 0, 0, &list), i;

	assert_true(n > 5);
	for (i = 0; i < n; i++) {
		struct diagnosis d = read_text(list[i].text);

		if (d.n_findings || d.n_unknown != 1 || d.unknown[0].line != 1)
			fail_msg("\"%s\": %zu findings, %zu unknown", list[i].text, d.n_findings,
				 d.n_unknown);
		assert_string_equal(d.unknown[0].text, list[i].text);
	}
}

static void test_harmless_lines_say_nothing(void **state)
{
	struct sample *list;
	size_t n = samples_read("harmless.tsv", 0, 0, &list), i;

	for (i = 0; i < n; i++) {
		struct diagnosis d = read_text(list[i].text);

		if (d.n_findings || d.n_unknown)
			fail_msg("\"%s\" gives %s", list[i].text, first_cause(&d));
	}
}

/* Counts for each row the texts that it takes; no text may be taken by two. */
static void rows_count(const char *file, size_t text, struct matcher *m, size_t *taken)
{
	struct sample *list;
	size_t n = samples_read(file, 0, text, &list), i, row, first, last;
	struct words w = {0};

	for (i = 0; i < n; i++) {
		size_t other = SIZE_MAX;

		words_read(&w, list[i].text, strlen(list[i].text));
		for (row = 0; row < diagnosis_n_rows; row++) {
			if (!matcher_fits(m, row, &w, &first, &last))
				continue;
			taken[row]++;
			if (diagnosis_rows[row].rule == RULE_AFTERMATH ||
			    strchr(list[i].text, '\n'))
				continue;
			if (other != SIZE_MAX)
				fail_msg("\"%s\" is taken by \"%s\" and by \"%s\"", list[i].text,
					 diagnosis_rows[other].pattern,
					 diagnosis_rows[row].pattern);
			other = row;
		}
	}
	words_free(&w);
}

static void test_no_two_rows_take_the_same(void **state)
{
	struct matcher *m = matcher_new();
	size_t *taken = arena_calloc(arena, diagnosis_n_rows, sizeof(*taken)), row;

	rows_count("reports.tsv", 1, m, taken);
	rows_count("messages.tsv", 1, m, taken);
	rows_count("cases.tsv", 1, m, taken);
	for (row = 0; row < diagnosis_n_rows; row++)
		if (!taken[row] && diagnosis_rows[row].rule != RULE_AFTERMATH)
			fail_msg("no text is taken by \"%s\"", diagnosis_rows[row].pattern);
	matcher_free(m);
}

static void test_every_cause_can_be_found(void **state)
{
	bool seen[CAUSES] = {false};
	size_t i;

	seen[CAUSE_PARAM_TYPO] = true; /* not from a row */
	for (i = 0; i < diagnosis_n_rows; i++)
		seen[diagnosis_rows[i].cause] = true;
	for (i = 0; i < CAUSES; i++) {
		assert_true(seen[i]);
		assert_non_null(diagnosis_causes[i].slug);
		assert_non_null(diagnosis_causes[i].meaning);
		assert_non_null(diagnosis_causes[i].remedy);
	}
}

static void test_names_the_device_and_the_group(void **state)
{
	struct diagnosis d = read_text("vfio 0000:86:00.0: group 6 is not viable\n");

	assert_string_equal(d.findings[0].device, "0000:86:00.0");
	assert_int_equal(d.findings[0].group, 6);
	assert_non_null(strstr(d.findings[0].meaning, "group 6"));
	assert_non_null(strstr(d.findings[0].remedy, "ferry detach group:6"));
	d = read_text(
		"10000:e1:00.0: Device is ineligible for IOMMU domain attach due to platform RMRR\n");
	assert_string_equal(d.findings[0].device, "10000:e1:00.0");
	d = read_text("vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up\n"
		      "vfio-pci 0000:02:00.0: not ready 65535ms after FLR; giving up\n"
		      "vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up\n");
	assert_int_equal(d.n_findings, 2);
	assert_int_equal(d.findings[0].count, 2);
	assert_int_equal(d.findings[0].line, 1);
	assert_int_equal(d.findings[1].line, 2);
	assert_string_equal(d.findings[1].device, "0000:02:00.0");
}

static void test_root_cause_stands_before_its_consequence(void **state)
{
	struct diagnosis d = read_text(
		"vfio 0000:0b:00.0: failed to set iommu for container: Operation not permitted\n"
		"vfio: Cannot reset device 0000:0b:00.0, no available reset mechanism.\n"
		"vfio-pci 0000:0b:00.0: Device is ineligible for IOMMU domain attach\n");

	assert_int_equal(d.n_findings, 3);
	assert_string_equal(d.findings[0].cause, "rmrr-bound");
	assert_string_equal(d.findings[1].cause, "container-eperm");
	assert_string_equal(d.findings[2].cause, "no-reset");
	assert_null(strstr(d.findings[0].remedy, "unsafe"));
	assert_null(strstr(d.findings[1].remedy, "unsafe"));
}

/* The same text in pieces of every size, at every place of the reader's buffer. */
static void test_any_length_in_any_pieces(void **state)
{
	static const char fault[] =
		"[  100.000000] vfio-pci 0000:01:00.0: not ready 65535ms after FLR; giving up\n";
	static const char noise[] =
		"[  100.000000] usb 1-1: new device found, it is of no interest whatsoever\n";
	uint64_t lines = 0, faults = 0;
	struct diagnosis_reader *r = diagnosis_reader_new(arena);
	struct diagnosis d;
	size_t i;

	for (i = 0; i < 60000; i++) {
		bool is_fault = i % 97 == 0;

		diagnosis_reader_add(r, is_fault ? fault : noise, strlen(is_fault ? fault : noise));
		lines++;
		faults += is_fault;
	}
	diagnosis_reader_end(r, &d);
	assert_int_equal(d.lines, lines);
	assert_int_equal(d.n_findings, 1);
	assert_int_equal(d.findings[0].count, faults);
	assert_int_equal(d.findings[0].line, 1);
}

static void test_a_line_without_an_end(void **state)
{
	struct diagnosis_reader *r = diagnosis_reader_new(arena);
	struct diagnosis d;
	char block[4096];
	size_t i;

	memset(block, 'x', sizeof(block));
	for (i = 0; i < 1000; i++)
		diagnosis_reader_add(r, block, sizeof(block));
	diagnosis_reader_add(r, "\nkvm: disabled by bios", 22);
	diagnosis_reader_end(r, &d);
	assert_int_equal(d.n_findings, 1);
	assert_string_equal(d.findings[0].cause, "kvm-off-bios");
	assert_int_equal(d.findings[0].line, 2);
	d = read_text("");
	assert_int_equal(d.n_findings + d.n_unknown + d.lines, 0);
}

/* However many devices a hostile log names, the list stays short, and what was left out is said. */
static void test_memory_does_not_grow_with_the_log(void **state)
{
	struct diagnosis_reader *r = diagnosis_reader_new(arena);
	struct diagnosis d;
	char line[160];
	unsigned i;

	for (i = 0; i < 20000; i++) {
		snprintf(line, sizeof(line),
			 "vfio-pci %04x:%02x:00.0: not ready 65535ms after FLR; giving up\n",
			 i >> 8, i & 255);
		diagnosis_reader_add(r, line, strlen(line));
		snprintf(line, sizeof(line), "[  100.000000] vfio error: never seen word%c%c%c\n",
			 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 676 % 26);
		diagnosis_reader_add(r, line, strlen(line));
	}
	diagnosis_reader_end(r, &d);
	assert_true(d.n_findings < 100);
	assert_int_equal(d.findings_left_out, 20000 - d.n_findings);
	assert_true(d.n_unknown < 100);
	assert_true(d.unknown_left_out > 15000);
}

static int setup(void **state)
{
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_give_their_cause),
		cmocka_unit_test(test_prefixes_do_not_matter),
		cmocka_unit_test(test_wrapping_does_not_matter),
		cmocka_unit_test(test_numbers_do_not_matter),
		cmocka_unit_test(test_neighbours_do_not_matter),
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_quotations_are_no_findings),
		cmocka_unit_test(test_what_is_in_no_row_is_unknown),
		cmocka_unit_test(test_harmless_lines_say_nothing),
		cmocka_unit_test(test_no_two_rows_take_the_same),
		cmocka_unit_test(test_every_cause_can_be_found),
		cmocka_unit_test(test_names_the_device_and_the_group),
		cmocka_unit_test(test_root_cause_stands_before_its_consequence),
		cmocka_unit_test(test_any_length_in_any_pieces),
		cmocka_unit_test(test_a_line_without_an_end),
		cmocka_unit_test(test_memory_does_not_grow_with_the_log),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
