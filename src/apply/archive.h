/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Captured machines as one compressed archive: tar, so that anybody can look into it. What comes from
 * elsewhere is somebody's: it is read through once and believed whole or not at all before a byte of it
 * is unpacked, and never outside of a folder of its own.
 */
#ifndef FERRY_APPLY_ARCHIVE_H
#define FERRY_APPLY_ARCHIVE_H

#include <stddef.h>

struct arena;
struct error;

/*
 * Unpacks an archive into a new folder of this user's own (in TMPDIR, else /tmp); *ret is the folder in
 * it that holds sys/. Refused, and nothing written: paths that lead out of it, links that do, hard
 * links, devices, a name that comes twice, more than ARCHIVE_MOST_BYTES unpacked, damage. err says which.
 */
int archive_unpack(const char *path, struct arena *arena, char **ret_folder, char **ret,
		   struct error *err);
/* Takes the folder away with all that is in it. */
void archive_remove(const char *folder);
/* Only reads it through: 0 where archive_unpack would believe it. For data in memory. */
int archive_check(const void *data, size_t size, struct error *err);

#define ARCHIVE_MOST_BYTES   ((size_t)1 << 30)
#define ARCHIVE_MOST_ENTRIES ((size_t)4 << 20)

/* An archive that is made in memory, entry by entry. */
struct archive_maker;
struct archive_maker *archive_maker_new(struct arena *arena, struct error *err);
int archive_add_file(struct archive_maker *m, const char *path, const void *data, size_t size);
int archive_add_link(struct archive_maker *m, const char *path, const char *target);
int archive_add_folder(struct archive_maker *m, const char *path);
/* Ends it; the bytes live in the arena. The maker is gone then, also after an error. */
int archive_maker_end(struct archive_maker *m, const void **ret, size_t *ret_size,
		      struct error *err);

#endif
