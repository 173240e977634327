// SPDX-License-Identifier: LGPL-2.1-or-later
/* A diagnosis on the screen and as JSON: the names of json.md, and nothing that steers a terminal. */
#include "../test.h"

#include <json.h>

#include "analysis/diagnosis.h"
#include "base/arena.h"
#include "show/diagnose.h"
#include "show/style.h"

static const char failure[] =
	"Jan 10 12:00:01 host kernel: pci 0000:01:00.0: Adding to iommu group 6\n"
	"vfio 0000:01:00.0: group 6 is not viable \033[2J\xff\n"
	"qemu-system-x86_64: vfio 0000:01:00.0: failed for a reason that nobody knows\n";

static char *shown(const char *text, bool is_json, bool is_verbose, const char *unreadable)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct show_style style = {0};
	struct diagnosis d;
	struct diagnose_view view = {
		.diagnosis = &d,
		.what = "vm.log",
		.unreadable = unreadable,
		.is_verbose = is_verbose,
	};
	char *s = NULL;
	size_t len;
	FILE *out = open_memstream(&s, &len);

	assert_non_null(out);
	diagnosis_of_text(text, strlen(text), a, &d);
	if (is_json)
		show_diagnosis_json(&view, out);
	else
		show_diagnosis(&view, &style, out);
	fclose(out);
	return s;
}

static const char *string_of(struct json_object *row, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(row, key, &value));
	return json_object_get_string(value);
}

static void test_json_keeps_its_promise(void **state)
{
	char *s = shown(failure, true, false, NULL);
	struct json_object *o = json_tokener_parse(s), *list, *row, *value;

	assert_non_null(o);
	assert_true(json_object_object_get_ex(o, "schema", &value));
	assert_int_equal(json_object_get_int(value), 1);
	assert_true(json_object_object_get_ex(o, "findings", &list));
	assert_int_equal(json_object_array_length(list), 2);
	row = json_object_array_get_idx(list, 0);
	assert_string_equal(string_of(row, "cause"), "group-not-viable");
	assert_non_null(strstr(string_of(row, "text"), "group 6 is not viable"));
	assert_non_null(strstr(string_of(row, "meaning"), "group 6"));
	assert_non_null(strstr(string_of(row, "remedy"), "ferry detach group:6"));
	assert_true(json_object_object_get_ex(row, "line", &value));
	assert_true(json_object_is_type(value, json_type_int));
	assert_int_equal(json_object_get_int(value), 2);
	assert_string_equal(string_of(json_object_array_get_idx(list, 1), "cause"), "ok-iommu-on");
	assert_true(json_object_object_get_ex(o, "unknown", &list));
	assert_int_equal(json_object_array_length(list), 1);
	row = json_object_array_get_idx(list, 0);
	assert_non_null(strstr(string_of(row, "text"), "nobody knows"));
	assert_true(json_object_object_get_ex(row, "line", &value));
	assert_int_equal(json_object_get_int(value), 3);
	json_object_put(o);
	free(s);
}

static void test_nothing_steers_the_terminal(void **state)
{
	char *s = shown(failure, false, false, NULL);

	assert_null(strchr(s, '\033'));
	assert_null(strchr(s, '\xff'));
	assert_non_null(strstr(s, "stop: group-not-viable"));
	assert_non_null(strstr(s, "nobody knows"));
	assert_non_null(strstr(s, "begin with group-not-viable"));
	free(s);
}

static void test_good_news_only_where_asked(void **state)
{
	static const char good[] = "pci 0000:01:00.0: Adding to iommu group 6\n";
	char *s = shown(good, false, false, NULL);

	assert_null(strstr(s, "ok-iommu-on"));
	assert_non_null(strstr(s, "nothing stops"));
	free(s);
	s = shown(good, false, true, NULL);
	assert_non_null(strstr(s, "ok-iommu-on"));
	free(s);
}

/* What could not be read is said, in both forms. */
static void test_says_what_it_could_not_read(void **state)
{
	char *s = shown("", false, false, "/dev/kmsg: Operation not permitted");

	assert_non_null(strstr(s, "/dev/kmsg: Operation not permitted"));
	free(s);
	s = shown("", true, false, "/dev/kmsg: Operation not permitted");
	assert_non_null(strstr(s, "/dev/kmsg: Operation not permitted"));
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_keeps_its_promise),
		cmocka_unit_test(test_nothing_steers_the_terminal),
		cmocka_unit_test(test_good_news_only_where_asked),
		cmocka_unit_test(test_says_what_it_could_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
