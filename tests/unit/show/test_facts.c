// SPDX-License-Identifier: LGPL-2.1-or-later
/* The names of "facts" are a promise: all there, numbers as numbers, null where nothing is. */
#include "../test.h"

#include <json.h>

#include "base/arena.h"
#include "decode/kernel_log.h"
#include "show/facts.h"

static struct json_object *facts_of(struct arena *a, const char *text)
{
	KERNEL_LOG_AUTO struct kernel_log *log = kernel_log_new();
	struct kernel_log_facts facts;

	kernel_log_feed(log, text, strlen(text));
	kernel_log_finish(log, a, &facts);
	return show_facts_json(&facts);
}

static void assert_json(struct json_object *o, const char *key, const char *wanted)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, key, &value))
		fail_msg("no %s", key);
	assert_string_equal(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN), wanted);
}

static void nothing_known_has_all_names(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct json_object *o = facts_of(a, "");

	assert_json(o, "vendor", "\"none\"");
	assert_json(o, "iommu", "\"unknown\"");
	assert_json(o, "interrupt_remapping", "\"unknown\"");
	assert_json(o, "default_domain", "\"unknown\"");
	assert_json(o, "units", "null");
	assert_json(o, "groups", "null");
	assert_json(o, "parameters", "[]");
	assert_json(o, "problems", "[]");
	json_object_put(o);
}

static void what_is_known_has_its_line(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct json_object *o = facts_of(a, "Linux version 6.1.0\n"
					    "Command line: amd_iommu=on iommu=pt\n"
					    "AMD-Vi: Unknown option - 'on'\n"
					    "pci 0000:00:00.2: AMD-Vi: Found IOMMU cap 0x40\n"
					    "pci 0000:00:01.0: Adding to iommu group 3\n");
	struct json_object *lines;

	assert_json(o, "vendor", "\"amd\"");
	assert_json(o, "units", "1");
	assert_json(o, "groups", "{\"0000:00:01.0\":3}");
	assert_json(o, "parameters", "[\"amd_iommu=on\",\"iommu=pt\"]");
	assert_json(o, "problems", "[\"unknown-option\"]");
	assert_json(o, "kernel", "\"6.1.0\"");
	json_object_object_get_ex(o, "lines", &lines);
	assert_json(lines, "unknown-option",
		    "{\"line\":3,\"text\":\"AMD-Vi: Unknown option - 'on'\"}");
	json_object_put(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_known_has_all_names),
		cmocka_unit_test(what_is_known_has_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
