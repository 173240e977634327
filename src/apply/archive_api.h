/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libarchive's functions, loaded when first used. Only for archive*.c. */
#ifndef FERRY_APPLY_ARCHIVE_API_H
#define FERRY_APPLY_ARCHIVE_API_H

#include <archive.h>
#include <archive_entry.h>

struct error;

#define ARCHIVE_FUNCTIONS(F)                       \
	F(archive_read_new)                        \
	F(archive_read_support_filter_gzip)        \
	F(archive_read_support_filter_bzip2)       \
	F(archive_read_support_filter_xz)          \
	F(archive_read_support_filter_zstd)        \
	F(archive_read_support_format_tar)         \
	F(archive_read_support_format_raw)         \
	F(archive_read_open_filename)              \
	F(archive_read_open_memory)                \
	F(archive_read_next_header)                \
	F(archive_read_data_block)                 \
	F(archive_read_free)                       \
	F(archive_error_string)                    \
	F(archive_entry_pathname)                  \
	F(archive_entry_filetype)                  \
	F(archive_entry_size)                      \
	F(archive_entry_symlink)                   \
	F(archive_entry_hardlink)                  \
	F(archive_write_new)                       \
	F(archive_write_add_filter_gzip)           \
	F(archive_write_set_format_pax_restricted) \
	F(archive_write_set_bytes_in_last_block)   \
	F(archive_write_open)                      \
	F(archive_write_header)                    \
	F(archive_write_data)                      \
	F(archive_write_close)                     \
	F(archive_write_free)                      \
	F(archive_entry_new)                       \
	F(archive_entry_free)                      \
	F(archive_entry_set_pathname)              \
	F(archive_entry_set_filetype)              \
	F(archive_entry_set_perm)                  \
	F(archive_entry_set_size)                  \
	F(archive_entry_set_symlink)

struct archive_api {
#define F(name) __typeof__(name) *name;
	ARCHIVE_FUNCTIONS(F)
#undef F
};

/* -ENOPKG, -ENOSYS: libarchive is not there, or too old; err says so. */
int archive_api(const struct archive_api **ret, struct error *err);

#endif
