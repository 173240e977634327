// SPDX-License-Identifier: LGPL-2.1-or-later
/* An error may be made from the text of the one it replaces. */
#include "../test.h"

#include <errno.h>

#include "base/error.h"

static void test_error_wraps_itself(void **state)
{
	ERROR_AUTO struct error err = {0};

	assert_int_equal(error_set(&err, -EBUSY, "0000:00:1f.2", NULL, "%s", "in use"), -EBUSY);
	error_set(&err, -EIO, err.subject, "try again", "could not: %s", err.message);
	assert_int_equal(err.code, -EIO);
	assert_string_equal(err.subject, "0000:00:1f.2");
	assert_string_equal(err.message, "could not: in use");
	assert_string_equal(err.remedy, "try again");
	error_remedy(&err, "type %s", "ferry status");
	assert_string_equal(err.remedy, "type ferry status");
}

static void test_null_error_gives_the_code(void **state)
{
	assert_int_equal(error_set(NULL, -ENODEV, NULL, NULL, "nobody listens"), -ENODEV);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_error_wraps_itself),
		cmocka_unit_test(test_null_error_gives_the_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
