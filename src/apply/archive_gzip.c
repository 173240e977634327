// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libarchive passes over the checksum at the end of a gzip file, so that a byte that has changed in it
 * would go unseen. Here it is looked at: RFC 1952, 2.3.1.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/archive_api.h"
#include "apply/archive_read.h"

#define TRAILER 8 /* the CRC-32 of what was packed, and its size modulo 2^32 */

static uint32_t crc_add(uint32_t crc, const uint8_t *data, size_t size)
{
	static uint32_t table[256];
	uint32_t i, k;

	for (i = 0; !table[255] && i < 256; i++) {
		for (k = 0, table[i] = i; k < 8; k++)
			table[i] = table[i] & 1 ? 0xedb88320 ^ table[i] >> 1 : table[i] >> 1;
	}
	for (crc = ~crc; size--; data++)
		crc = table[(crc ^ *data) & 0xff] ^ crc >> 8;
	return ~crc;
}

static uint32_t little(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The first two bytes and the last eight; false: it is no gzip file. */
static bool ends_of_file(const char *path, const void *data, size_t size, uint8_t end[TRAILER])
{
	uint8_t start[2] = {0};
	bool is_gzip;
	struct stat st;
	int fd;

	if (data) {
		if (size < TRAILER + 2)
			return false;
		memcpy(start, data, 2);
		memcpy(end, (const uint8_t *)data + size - TRAILER, TRAILER);
		return start[0] == 0x1f && start[1] == 0x8b;
	}
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	is_gzip = !fstat(fd, &st) && st.st_size > TRAILER && pread(fd, start, 2, 0) == 2 &&
		  pread(fd, end, TRAILER, st.st_size - TRAILER) == TRAILER && start[0] == 0x1f &&
		  start[1] == 0x8b;
	close(fd);
	return is_gzip;
}

static int sum_up(const struct archive_api *api, struct archive *a, uint32_t *ret_crc,
		  size_t *ret_size)
{
	la_int64_t offset;
	const void *data;
	size_t size;
	int code;

	for (;;) {
		code = api->archive_read_data_block(a, &data, &size, &offset);
		if (code == ARCHIVE_EOF)
			return 0;
		if (code != ARCHIVE_OK)
			return -EBADMSG;
		*ret_crc = crc_add(*ret_crc, data, size);
		*ret_size += size;
		if (*ret_size > 2 * ARCHIVE_MOST_BYTES)
			return -EFBIG;
	}
}

int archive_gzip_check(const struct archive_api *api, const char *path, const void *data,
		       size_t size)
{
	uint8_t end[TRAILER];
	struct archive_entry *e;
	struct archive *a;
	uint32_t crc = 0;
	size_t packed = 0;
	int code = 0;

	if (!ends_of_file(path, data, size, end))
		return 0;
	a = api->archive_read_new();
	if (!a)
		return -ENOMEM;
	api->archive_read_support_filter_gzip(a);
	api->archive_read_support_format_raw(a);
	if ((data ? api->archive_read_open_memory(a, data, size)
		  : api->archive_read_open_filename(a, path, 65536)) != ARCHIVE_OK ||
	    api->archive_read_next_header(a, &e) != ARCHIVE_OK)
		code = -EBADMSG;
	if (!code)
		code = sum_up(api, a, &crc, &packed);
	api->archive_read_free(a);
	if (!code && (crc != little(end) || (uint32_t)packed != little(end + 4)))
		code = -EBADMSG;
	return code;
}
