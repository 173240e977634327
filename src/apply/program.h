/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Can a program of a system be run? Of a system in a folder that takes more than the file: a tree that was
 * copied for its settings holds names without what would interpret them.
 */
#ifndef FERRY_APPLY_PROGRAM_H
#define FERRY_APPLY_PROGRAM_H

struct arena;
struct root;

enum program_state {
	PROGRAM_ABSENT,
	PROGRAM_LIFELESS, /* it is there, but its interpreter is not, or it is no program */
	PROGRAM_THERE
};

/* Looked for by its plain name in the folders of the usual PATH. */
enum program_state program_find(const struct root *root, struct arena *arena, const char *name);

#endif
