/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An error is a value that names the thing, says what happened and why, and what to do next. It is made
 * by the first caller that knows the subject; base/ and decode/ return bare codes. Only main shows it.
 */
#ifndef FERRY_BASE_ERROR_H
#define FERRY_BASE_ERROR_H

struct error {
	int code;      /* negative errno; 0: no error */
	char *subject; /* the device, file or guest; NULL: none */
	char *message; /* what happened and why, without the subject */
	char *remedy;  /* what to do next; NULL: nothing is known to help */
};

/*
 * Fills err (NULL is allowed; what it held is freed) and gives code back, so that a caller can write
 * "return error_set(err, -ENODEV, name, remedy, ...)". subject and remedy may be NULL.
 */
int error_set(struct error *err, int code, const char *subject, const char *remedy, const char *fmt,
	      ...) __attribute__((format(printf, 5, 6)));
/* Replaces the remedy, for one that has to be composed. */
void error_remedy(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void error_clear(struct error *err);
#define ERROR_AUTO __attribute__((cleanup(error_clear)))

#endif
