/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How text may look on this output: colour only where it was asked for or a terminal reads it, and
 * nothing that only colour says. Symbols beyond ASCII only in a UTF-8 locale.
 */
#ifndef FERRY_SHOW_STYLE_H
#define FERRY_SHOW_STYLE_H

#include <stdbool.h>

struct show_style {
	bool color, utf8;
	unsigned int width; /* columns; 0: no limit (not a terminal) */
};

enum show_color { SHOW_PLAIN, SHOW_GOOD, SHOW_CAUTION, SHOW_BAD, SHOW_DIM, SHOW_STRONG };

/* The sequence that begins a colour, and the one that ends it; "" where there is no colour. */
const char *style_on(const struct show_style *style, enum show_color color);
const char *style_off(const struct show_style *style);
const char *style_arrow(const struct show_style *style); /* "→" or "->" */
/* fd: what will be written to. */
void style_init(struct show_style *style, int fd, bool color);

#endif
