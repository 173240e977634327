// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See archive.h: the library, and archives that are made. They are made in memory, so that the file
 * appears whole or not at all.
 */
#include "apply/archive.h"

#include <errno.h>
#include <sys/stat.h>

#include "apply/archive_api.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/library.h"
#include "base/text.h"

static struct archive_api functions;

static const struct library_symbol symbols[] = {
#define F(name) {#name, (void **)&functions.name},
	ARCHIVE_FUNCTIONS(F)
#undef F
};

int archive_api(const struct archive_api **ret, struct error *err)
{
	int code = library_load("libarchive.so.13", symbols, sizeof(symbols) / sizeof(*symbols));

	if (code)
		return error_set(err, code, "libarchive", "install libarchive (libarchive13)",
				 "the library is not installed, or lacks a function");
	*ret = &functions;
	return 0;
}

struct archive_maker {
	const struct archive_api *api;
	struct arena *arena;
	struct archive *archive;
	struct text bytes;
};

static la_ssize_t take_bytes(struct archive *a, void *data, const void *bytes, size_t size)
{
	struct archive_maker *m = data;

	text_add_bytes(&m->bytes, bytes, size);
	return (la_ssize_t)size;
}

struct archive_maker *archive_maker_new(struct arena *arena, struct error *err)
{
	struct archive_maker *m = arena_alloc(arena, sizeof(*m));

	if (archive_api(&m->api, err))
		return NULL;
	m->arena = arena;
	m->archive = m->api->archive_write_new();
	if (!m->archive || m->api->archive_write_add_filter_gzip(m->archive) != ARCHIVE_OK ||
	    m->api->archive_write_set_format_pax_restricted(m->archive) != ARCHIVE_OK ||
	    /* No padding behind the end: gzip's checksum stands in the last bytes. */
	    m->api->archive_write_set_bytes_in_last_block(m->archive, 1) != ARCHIVE_OK ||
	    m->api->archive_write_open(m->archive, m, NULL, take_bytes, NULL) != ARCHIVE_OK) {
		m->api->archive_write_free(m->archive);
		error_set(err, -ENOSYS, "libarchive", NULL, "no archive can be made with it");
		return NULL;
	}
	return m;
}

/* No owner and no time: two captures of one machine differ where the machine does. */
static int add_entry(struct archive_maker *m, const char *path, mode_t type, mode_t mode,
		     const char *target, const void *data, size_t size)
{
	struct archive_entry *e = m->api->archive_entry_new();
	int code;

	if (!e)
		return -ENOMEM;
	m->api->archive_entry_set_pathname(e, path);
	m->api->archive_entry_set_filetype(e, type);
	m->api->archive_entry_set_perm(e, mode);
	m->api->archive_entry_set_size(e, (la_int64_t)size);
	if (target)
		m->api->archive_entry_set_symlink(e, target);
	code = m->api->archive_write_header(m->archive, e) < ARCHIVE_WARN ? -EIO : 0;
	if (!code && size && m->api->archive_write_data(m->archive, data, size) != (la_ssize_t)size)
		code = -EIO;
	m->api->archive_entry_free(e);
	return code;
}

int archive_add_file(struct archive_maker *m, const char *path, const void *data, size_t size)
{
	return add_entry(m, path, S_IFREG, 0644, NULL, data, size);
}

int archive_add_link(struct archive_maker *m, const char *path, const char *target)
{
	return add_entry(m, path, S_IFLNK, 0777, target, NULL, 0);
}

int archive_add_folder(struct archive_maker *m, const char *path)
{
	return add_entry(m, path, S_IFDIR, 0755, NULL, NULL, 0);
}

int archive_maker_end(struct archive_maker *m, const void **ret, size_t *ret_size,
		      struct error *err)
{
	int code = m->api->archive_write_close(m->archive) == ARCHIVE_OK ? 0 : -EIO;

	if (code)
		error_set(err, code, "libarchive", NULL, "the archive can't be made: %s",
			  m->api->archive_error_string(m->archive));
	m->api->archive_write_free(m->archive);
	if (!code) {
		*ret = arena_memdup(m->arena, text_str(&m->bytes), m->bytes.len);
		*ret_size = m->bytes.len;
	}
	text_clear(&m->bytes);
	return code;
}
