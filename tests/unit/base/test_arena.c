// SPDX-License-Identifier: LGPL-2.1-or-later
/* Values in an arena keep their bytes while it grows, and arrays keep their elements. */
#include "../test.h"

#include "base/arena.h"

static void test_strings_survive_growth(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	char *first = arena_printf(a, "%s-%d", "first", 1);
	size_t i;

	for (i = 0; i < 10000; i++)
		arena_alloc(a, i % 300);
	assert_string_equal(first, "first-1");
}

static void test_append_keeps_elements(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	size_t *numbers = NULL, n = 0, i;

	for (i = 0; i < 1000; i++)
		*arena_append(a, numbers, n) = i;
	assert_int_equal(n, 1000);
	for (i = 0; i < n; i++)
		assert_int_equal(numbers[i], i);
}

static void test_large_blocks_are_zeroed(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	unsigned char *p = arena_alloc(a, 5 << 20);
	size_t i;

	for (i = 0; i < 5 << 20; i++)
		assert_int_equal(p[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings_survive_growth),
		cmocka_unit_test(test_append_keeps_elements),
		cmocka_unit_test(test_large_blocks_are_zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
