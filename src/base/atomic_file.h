/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files that are whole or not there: written beside, synced, renamed, the folder synced. A power cut
 * leaves the old file or the new one. State stands in folders that are nobody else's.
 */
#ifndef FERRY_BASE_ATOMIC_FILE_H
#define FERRY_BASE_ATOMIC_FILE_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Is it root's (or this user's, for who is not root), and can nobody else write to it? */
int file_check_own(const struct stat *st);

/*
 * Opens a folder that must be root's own. mode 0: it is not made; else it is made with that mode where it
 * is not there, its parent synced. -EPERM: it is somebody else's, or others can write to it; -ELOOP or
 * -ENOTDIR: it is a link or no folder.
 */
int folder_open(const char *path, mode_t mode);
/*
 * As folder_open, and proves that files can be written and synced there: -EROFS, -ENOSPC, -EACCES and
 * the like where they can't.
 */
int folder_open_writable(const char *path, mode_t mode);

/*
 * Replaces the file of that name in the folder. What stands there must be a plain file or nothing:
 * -ELOOP for a link, -EINVAL for anything else. After an error the old file stands, except where the
 * folder could not be synced: then the new one may stand.
 */
int atomic_file_write(int folder, const char *name, const void *data, size_t len, mode_t mode);
/* The same by path; the folder must be there and is used whoever owns it (boot files). */
int atomic_file_replace(const char *path, const void *data, size_t len, mode_t mode);

/* The whole of data, however often write(2) is interrupted or falls short. */
int file_write_all(int fd, const void *data, size_t len);

#endif
