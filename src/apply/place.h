/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One file of a system, this one or one that lies in a folder, and how it is replaced: a new file beside
 * it with its owner, mode and attributes, synced, renamed, the file system synced. GRUB replays no ext4
 * journal: after a power cut it reads what was on the disk, and only syncfs(2) puts there what Linux sees.
 */
#ifndef FERRY_APPLY_PLACE_H
#define FERRY_APPLY_PLACE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct root;

struct place {
	int folder;       /* in which it stands, every link followed; -1: not open */
	const char *name; /* in that folder */
	const char *path; /* as it was named, for messages */
};
#define PLACE_CLOSED ((struct place){.folder = -1})

/* path: from the system's root. The file need not be there, its folder must. */
int place_open(const struct root *root, const char *path, struct arena *arena, struct place *ret,
	       struct error *err);
void place_close(struct place *p);
#define PLACE_AUTO __attribute__((cleanup(place_close)))

/* *ret NULL: there is no file. -EINVAL: it is no plain file, or holds a NUL byte. */
int place_read(const struct place *p, struct arena *arena, const char **ret, struct error *err);
/* Replaces or makes it (0644). After an error the old file stands. */
int place_write(const struct place *p, const char *text, struct error *err);
int place_remove(const struct place *p, struct error *err);

/*
 * Another file in its folder, by what is put behind its name. No loader and no tool reads such a name, and
 * it is never executable.
 */
#define PLACE_BEFORE ".ferry-before"
#define PLACE_NEW    ".ferry-new"
/* What stands there, copied to NAME.ferry-before where there is none yet (or in any case). */
int place_keep(const struct place *p, bool again, struct arena *arena, struct error *err);
bool place_is_kept(const struct place *p, struct arena *arena);
/* NAME.ferry-before put back in its place. */
int place_put_back(const struct place *p, struct arena *arena, struct error *err);
void place_forget(const struct place *p, struct arena *arena);

/* The file systems that boot loaders read: /boot and where ESPs are mounted. What can't be opened is not there. */
void place_sync_boot(const struct root *root);

#endif
