// SPDX-License-Identifier: LGPL-2.1-or-later
/* Numbers are read whole or not at all; nothing that was read can steer a terminal. */
#include "../test.h"

#include <errno.h>

#include "base/arena.h"
#include "base/text.h"

static void test_numbers(void **state)
{
	uint64_t v = 7;

	assert_int_equal(text_parse_u64("0x1f\n", 16, UINT64_MAX, &v), 0);
	assert_int_equal(v, 0x1f);
	assert_int_equal(text_parse_u64(" 42 ", 10, 100, &v), 0);
	assert_int_equal(v, 42);
	assert_int_equal(text_parse_u64("42x", 10, 100, &v), -EINVAL);
	assert_int_equal(text_parse_u64("-1", 10, 100, &v), -EINVAL);
	assert_int_equal(text_parse_u64("", 10, 100, &v), -EINVAL);
	assert_int_equal(text_parse_u64("101", 10, 100, &v), -ERANGE);
	assert_int_equal(text_parse_u64("99999999999999999999", 10, UINT64_MAX, &v), -ERANGE);
	assert_int_equal(v, 42);
}

static void test_printable(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();

	assert_string_equal(text_printable(a, "plain \xc3\xa4"), "plain \xc3\xa4");
	assert_string_equal(text_printable(a, "\x1b[31mred\x7f\n"), "?[31mred??");
	assert_string_equal(text_printable(a, "\xff\xc0\xaf"),
			    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	/* C1 control characters steer terminals too. */
	assert_string_equal(text_printable(a, "\xc2\x9b"
					      "31m"),
			    "?31m");
	assert_string_equal(text_printable(a, "\xed\xa0\x80"),
			    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_growth(void **state)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	assert_string_equal(text_str(&t), "");
	for (i = 0; i < 5000; i++)
		text_addf(&t, "%zu,", i % 10);
	assert_int_equal(t.len, 10000);
	assert_true(text_has_prefix(t.s, "0,1,2,"));
	assert_true(text_has_suffix(t.s, ",8,9,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
