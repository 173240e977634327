/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The board as a picture: bridges, devices with their names and what hangs under them, groups as outlined
 * regions, fitness as colour and as a word.
 */
#ifndef FERRY_SHOW_PICTURE_H
#define FERRY_SHOW_PICTURE_H

#include <stdio.h>

#include "show/survey.h"

/* survey.fitness must be there. */
void show_picture_svg(const struct survey *survey, FILE *out);
/* For Graphviz: `dot -Tsvg`. */
void show_picture_dot(const struct survey *survey, FILE *out);

#endif
