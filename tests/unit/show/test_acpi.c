// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a reader sees of damaged tables: every truncation and every change of one byte of a dozen real
 * tables. Each is told as damage, none reads outside the table (this runs under sanitizers), and the
 * structures before the damage read as in the sound table.
 */
#include "../test.h"

#include "base/arena.h"
#include "show/acpi.h"

static const char *const tables[] = {
	"DMAR-Desktop-055F3A7CF9A9",     /* ANDD, namespace scopes */
	"DMAR-Desktop-0AD635180FE5",     /* ATSR, RHSA */
	"DMAR-Notebook-55FB3FEC2E80",    /* the shortest */
	"IVRS-Desktop-304D134A1D3E",     /* 10h alone */
	"IVRS-Convertible-1B4452685D60", /* 10h, 11h, 40h */
	"DMAR-Desktop-4A64A6094FE3",     /* the most structures */
	"DMAR-Desktop-93B51664ABEB",     /* revision 2 */
	"DMAR-Notebook-188EB681251A",
	"DMAR-Notebook-35D8FF8B7006",
	"DMAR-Server-60DCEE46526A", /* paths of two steps */
	"IVRS-Desktop-12D38FA28E1A",
	"IVRS-Desktop-4C483D36D3E6", /* an ACPI device without UID */
	"IVRS-Desktop-BF6A37F4A7D0", /* the longest */
	"IVRS-Notebook-26FEFDA4DE0C",
};
#define N_TABLES (sizeof(tables) / sizeof(*tables))
#define N_WHOLE  5 /* in whose every place every value is tried */

struct view {
	char *text, *json;
	size_t n_issues;
	/* Where each structure of the table ends. */
	size_t n, *ends;
};

/* size bytes in a block of exactly that size: the sanitizer sees the first byte beyond. */
static uint8_t *exact(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, data, size);
	return copy;
}

static uint8_t *load(const char *name, size_t *ret_size)
{
	uint8_t data[4096];
	char below[128];
	FILE *f;

	snprintf(below, sizeof(below), "tests/data/acpi/%s.dat", name);
	f = fopen(source_path(below), "rb");
	assert_non_null(f);
	*ret_size = fread(data, 1, sizeof(data), f);
	fclose(f);
	assert_in_range(*ret_size, 48, sizeof(data) - 1);
	return exact(data, *ret_size);
}

static void print_dmar(const struct dmar *d, struct arena *a, struct view *v, FILE *text,
		       FILE *json)
{
	size_t i;

	show_dmar(d, NULL, text);
	show_dmar_json(d, json);
	v->n_issues = d->table.n_issues;
	v->n = d->n_structures;
	v->ends = arena_calloc(a, v->n, sizeof(size_t));
	for (i = 0; i < v->n; i++)
		v->ends[i] = d->structures[i].offset + d->structures[i].length;
}

static void print_ivrs(const struct ivrs *d, struct arena *a, struct view *v, FILE *text,
		       FILE *json)
{
	size_t i;

	show_ivrs(d, NULL, text);
	show_ivrs_json(d, json);
	v->n_issues = d->table.n_issues;
	v->n = d->n_structures;
	v->ends = arena_calloc(a, v->n, sizeof(size_t));
	for (i = 0; i < v->n; i++)
		v->ends[i] = d->structures[i].offset + d->structures[i].length;
}

/* data is a block of exactly that size. */
static void view_table(struct arena *a, const char *name, const uint8_t *data, size_t size,
		       struct view *v)
{
	size_t text_size, json_size;
	char *text, *json;
	FILE *t = open_memstream(&text, &text_size), *j = open_memstream(&json, &json_size);

	if (*name == 'D') {
		struct dmar d;

		dmar_decode(a, data, size, &d);
		print_dmar(&d, a, v, t, j);
	} else {
		struct ivrs d;

		ivrs_decode(a, data, size, &d);
		print_ivrs(&d, a, v, t, j);
	}
	fclose(t);
	fclose(j);
	v->text = arena_memdup(a, text, text_size);
	v->json = arena_memdup(a, json, json_size);
	free(text);
	free(json);
}

static size_t count_issues(const char *name, const uint8_t *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t n;

	if (*name == 'D') {
		struct dmar d;

		dmar_decode(a, data, size, &d);
		n = d.table.n_issues;
	} else {
		struct ivrs d;

		ivrs_decode(a, data, size, &d);
		n = d.table.n_issues;
	}
	return n;
}

/* The n-th row of "structures", up to the end of its line without the comma; NULL: there is none. */
static char *json_row(struct arena *a, const char *json, size_t n)
{
	const char *p = strstr(json, "\"structures\":[");
	size_t len;

	assert_non_null(p);
	for (p = strchr(p, '\n'); p && n; n--)
		p = strchr(p + 1, '\n');
	if (!p || p[1] != '{')
		return NULL;
	len = strcspn(++p, "\n");
	return arena_memdup(a, p, p[len - 1] == ',' ? len - 1 : len);
}

static void assert_kept(struct arena *a, const struct view *sound, const struct view *damaged,
			size_t size)
{
	size_t i;

	for (i = 0; i < sound->n && sound->ends[i] <= size; i++) {
		char *row = json_row(a, damaged->json, i);

		assert_non_null(row);
		assert_string_equal(row, json_row(a, sound->json, i));
	}
}

static void test_truncations(void **state)
{
	size_t i, size, whole;
	uint8_t *cut;

	for (i = 0; i < N_TABLES; i++) {
		uint8_t *data = load(tables[i], &whole);
		ARENA_AUTO struct arena *a = arena_new();
		struct view sound;

		view_table(a, tables[i], data, whole, &sound);
		assert_int_equal(sound.n_issues, 0);
		assert_null(strstr(sound.text, "DAMAGED"));
		for (size = 0; size < whole; size++) {
			ARENA_AUTO struct arena *b = arena_new();
			struct view damaged;

			cut = exact(data, size);
			view_table(b, tables[i], cut, size, &damaged);
			free(cut);
			assert_true(damaged.n_issues > 0);
			assert_non_null(strstr(damaged.text, "DAMAGED"));
			assert_non_null(strstr(damaged.json, "\"offset\":"));
			assert_kept(b, &sound, &damaged, size);
		}
		free(data);
	}
}

/*
 * All 255 other values in every place of the tables that have every kind of structure between them, each
 * fifth in the others: decoded, for the checksum alone makes each of them damage.
 */
static void test_changes(void **state)
{
	size_t i, at, size;
	unsigned int change, step;

	for (i = 0; i < N_TABLES; i++) {
		uint8_t *data = load(tables[i], &size);

		step = i < N_WHOLE ? 1 : 5;
		for (at = 0; at < size; at++) {
			for (change = 1; change < 256; change += step) {
				data[at] ^= (uint8_t)change;
				if (!count_issues(tables[i], data, size))
					fail_msg("%s: byte %zu is 0x%02x", tables[i], at, data[at]);
				data[at] ^= (uint8_t)change;
			}
		}
		free(data);
	}
}

/* The same, printed, with three values in each place. */
static void test_changes_are_printed(void **state)
{
	size_t i, at, size, j;

	for (i = 0; i < N_TABLES; i++) {
		uint8_t *data = load(tables[i], &size);

		for (at = 0; at < size; at++) {
			const uint8_t was = data[at];
			const uint8_t values[] = {0, 0xff, was ^ 0x80};

			for (j = 0; j < sizeof(values); j++) {
				ARENA_AUTO struct arena *a = arena_new();
				struct view v;

				data[at] = values[j];
				if (values[j] == was)
					continue;
				view_table(a, tables[i], data, size, &v);
				assert_non_null(strstr(v.json, "\"offset\":"));
				assert_int_equal(v.text[strcspn(v.text, "\033\007\x9b")], 0);
			}
			data[at] = was;
		}
		free(data);
	}
}

static const char *name_device(void *data, uint16_t segment, uint8_t bus,
			       const struct dmar_path *path, size_t n_path)
{
	(*(unsigned int *)data)++;
	return !segment && !bus && n_path == 1 && path->device == 2 && !path->function
		       ? "Graphics \033[31m of mine"
		       : NULL;
}

/* A name is shown beside its device and cannot steer the terminal. */
static void test_names(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	unsigned int asked = 0;
	struct acpi_names names = {name_device, &asked};
	char *text, *data;
	size_t size;
	struct dmar d;
	FILE *out = open_memstream(&text, &size);

	data = (char *)load(tables[0], &size);
	dmar_decode(a, data, size, &d);
	show_dmar(&d, &names, out);
	fclose(out);
	assert_non_null(strstr(text, "00:02.0  Graphics ?[31m of mine\n"));
	assert_int_equal(asked, 6); /* the I/O APIC and the HPET have none */
	free(text);
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests_all[] = {
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_changes_are_printed),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests_all, NULL, NULL);
}
