/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the analyzers are told beside each file of src/, because they look at one file at a time and
 * can't know it: after a failed call errno is one of the positive numbers (a few stand for all), and
 * error_set() gives back the code that it was given. Without these every failure is taken for a possible
 * success with its outputs unset. The compiler never sees this file.
 */
#ifndef FERRY_TESTS_ANALYZER_H
#define FERRY_TESTS_ANALYZER_H

#include <errno.h>

#undef errno
#define errno                                                                                    \
	(*({                                                                                     \
		int *place = __errno_location();                                                 \
		if (*place != ENOENT && *place != EACCES && *place != EINTR && *place != EAGAIN) \
			*place = EIO;                                                            \
		place;                                                                           \
	}))

#ifndef FERRY_ERROR_ITSELF
#include "base/error.h"
#define error_set(err, code, ...) ((error_set)((err), (code), __VA_ARGS__), (code))
#endif

#endif
