/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of block devices and of mounts need of each other. */
#ifndef FERRY_HOST_STORAGE_READ_H
#define FERRY_HOST_STORAGE_READ_H

#include "host/parts.h"

/* The index of the block device of that name, or -1. */
int storage_find(const struct host *host, const char *name);
void storage_add_upper(struct host_reader *r, int lower, size_t upper);

/* Mounts and swap, once the blocks are known. */
enum fact mount_read(struct host_reader *r);
/* pool.c: ZFS and btrfs that are open though no mount of them was seen, as mounts without a target. */
void pool_read(struct host_reader *r);
/* What udev found on a block device ("E:ID_FS_TYPE=zfs_member"); false: it has not, or is not known. */
bool pool_has_property(struct host_reader *r, const struct block_device *b, const char *property);
/* The block device that the file at this absolute path lies on, or -1. */
int mount_block_of_file(const struct host *host, const char *path);

#endif
