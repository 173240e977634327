// SPDX-License-Identifier: LGPL-2.1-or-later
/* See error.h: an error carries its three sentences to the one place that prints. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *copy(const char *s)
{
	char *p = s ? strdup(s) : NULL;

	if (s && !p)
		abort();
	return p;
}

static char *compose(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		abort();
	return s;
}

int error_set(struct error *err, int code, const char *subject, const char *remedy, const char *fmt,
	      ...)
{
	struct error fresh = {.code = code};
	va_list ap;

	if (!err)
		return code;
	/* Composed before the old one is freed: an argument may be a part of it. */
	fresh.subject = copy(subject);
	fresh.remedy = copy(remedy);
	va_start(ap, fmt);
	fresh.message = compose(fmt, ap);
	va_end(ap);
	error_clear(err);
	*err = fresh;
	return code;
}

void error_remedy(struct error *err, const char *fmt, ...)
{
	va_list ap;
	char *s;

	if (!err)
		return;
	va_start(ap, fmt);
	s = compose(fmt, ap);
	va_end(ap);
	free(err->remedy);
	err->remedy = s;
}

void error_clear(struct error *err)
{
	free(err->subject);
	free(err->message);
	free(err->remedy);
	*err = (struct error){0};
}
