/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a capture holds, and what had to be left out. */
#ifndef FERRY_SHOW_CAPTURE_H
#define FERRY_SHOW_CAPTURE_H

#include <stdio.h>

struct capture;

void show_capture(const struct capture *capture, const char *file, FILE *out);
void show_capture_json(const struct capture *capture, const char *file, FILE *out);

#endif
