// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See archive.h. Two passes with the same judgement: the first writes nothing, the second only below a
 * folder of its own, where no link is followed.
 */
#include "apply/archive_read.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/archive_api.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"

/* No file that ferry reads is larger; a log may be long. */
#define MOST_OF_A_FILE ((la_int64_t)256 << 20)
#define DEEPEST        64

struct member {
	const char *path, *target; /* target: of a link */
	mode_t type;
};

struct unpacking {
	const struct archive_api *api;
	const char *path;
	struct archive *archive;
	int folder; /* -1: nothing is written, it is only judged */
	size_t bytes, entries;
	struct member *members; /* what was read when it was judged; sorted then */
	size_t n_members;
	struct arena *arena;
	struct error *err;
};

static int refuse(const struct unpacking *u, const char *entry, const char *why)
{
	ARENA_AUTO struct arena *arena = arena_new();

	return error_set(u->err, -EBADMSG, u->path,
			 "take an archive that ferry capture made, or a tar of sys/ and proc/",
			 "the archive is not believed, and nothing of it was unpacked: %s%s%s",
			 entry ? text_printable(arena, entry) : "", entry ? ": " : "", why);
}

static int damaged(const struct unpacking *u)
{
	ARENA_AUTO struct arena *arena = arena_new();
	const char *why = u->api->archive_error_string(u->archive);

	return refuse(u, NULL, text_printable(arena, why ? why : "it is damaged"));
}

/* "./sys/x" and "sys/x/" are "sys/x"; NULL: it leads elsewhere, or is nothing that ferry would read. */
static const char *clean_path(struct arena *arena, const char *path)
{
	TEXT_AUTO struct text clean = {0};
	size_t depth = 0, len;

	if (*path == '/')
		return NULL;
	for (; *path; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (!len || (len == 1 && *path == '.'))
			continue;
		if ((len == 2 && !strncmp(path, "..", 2)) || len > NAME_MAX || ++depth > DEEPEST)
			return NULL;
		text_addf(&clean, "%s%.*s", clean.len ? "/" : "", (int)len, path);
	}
	return clean.len < PATH_MAX ? arena_strdup(arena, text_str(&clean)) : NULL;
}

/* Open files of processes are links of any text, which nobody ever follows. */
static bool is_open_file(const char *path)
{
	const char *proc = strstr(path, "proc/");
	const char *s = proc ? proc + 5 : "";

	s += strspn(s, "0123456789");
	return (proc == path || (proc && proc[-1] == '/')) && text_has_prefix(s, "/fd/");
}

/* Does the link stay in the archive, by its text alone? Its own folder is so many levels deep. */
static bool link_stays(const char *path, const char *target)
{
	size_t depth = 0, len;
	const char *p;

	if (is_open_file(path))
		return true;
	if (*target == '/' || !*target || strlen(target) >= PATH_MAX)
		return false;
	for (p = path; (p = strchr(p, '/')); p++)
		depth++;
	for (; *target; target += len + (target[len] == '/')) {
		len = strcspn(target, "/");
		if (len == 2 && !strncmp(target, "..", 2)) {
			if (!depth--)
				return false;
		} else if (len && !(len == 1 && *target == '.')) {
			depth++;
		}
	}
	return true;
}

/* A folder below the archive's own, level by level, made where it is not there; no link on the way. */
static int open_folder(int top, const char *path, size_t len)
{
	int fd = fcntl(top, F_DUPFD_CLOEXEC, 0), next, code;
	char name[NAME_MAX + 1];
	size_t at, n;

	for (at = 0; fd >= 0 && at < len; at += n + 1) {
		n = strcspn(path + at, "/");
		memcpy(name, path + at, n);
		name[n] = 0;
		code = mkdirat(fd, name, 0700) && errno != EEXIST ? -errno : 0;
		next = code ? -1 : openat(fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		code = code ? code : next < 0 ? -errno : 0;
		close(fd);
		if (code)
			return code;
		fd = next;
	}
	return fd < 0 ? -errno : fd;
}

/* -EFBIG: more than is believed. file -1: only read through. */
static int copy_data(struct unpacking *u, int file)
{
	const void *data;
	la_int64_t offset, expected = 0;
	size_t size;
	int code;

	for (;;) {
		code = u->api->archive_read_data_block(u->archive, &data, &size, &offset);
		if (code == ARCHIVE_EOF)
			return 0;
		/* A hole would stand for data that is not there. */
		if (code != ARCHIVE_OK || offset != expected)
			return -EBADMSG;
		expected += (la_int64_t)size;
		u->bytes += size;
		if (u->bytes > ARCHIVE_MOST_BYTES)
			return -EFBIG;
		if (file >= 0) {
			code = file_write_all(file, data, size);
			if (code)
				return code;
		}
	}
}

static int write_file(struct unpacking *u, int folder, const char *name)
{
	int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int code;

	if (file < 0)
		return -errno;
	code = copy_data(u, file);
	close(file);
	return code;
}

static int write_entry(struct unpacking *u, const struct member *m)
{
	const char *slash = strrchr(m->path, '/'), *name = slash ? slash + 1 : m->path;
	bool is_folder = m->type == S_IFDIR;
	int folder, code = 0;

	folder = open_folder(u->folder, m->path,
			     is_folder ? strlen(m->path)
			     : slash   ? (size_t)(slash - m->path)
				       : 0);
	if (folder < 0)
		return folder;
	if (m->type == S_IFLNK)
		code = symlinkat(m->target, folder, name) ? -errno : 0;
	else if (!is_folder)
		code = write_file(u, folder, name);
	close(folder);
	return code;
}

/* What is wrong with an entry by itself; NULL: nothing. */
static const char *judge(const struct unpacking *u, struct archive_entry *e, struct member *m)
{
	const char *path = u->api->archive_entry_pathname(e);

	m->type = u->api->archive_entry_filetype(e);
	m->path = path ? clean_path(u->arena, path) : NULL;
	if (!m->path)
		return "the path leads out of the archive, or is none";
	if (u->api->archive_entry_hardlink(e))
		return "a hard link";
	if (m->type == S_IFLNK) {
		m->target = u->api->archive_entry_symlink(e);
		if (!m->target || !link_stays(m->path, m->target))
			return "a link that leads out of the archive";
		m->target = arena_strdup(u->arena, m->target);
	} else if (m->type != S_IFREG && m->type != S_IFDIR) {
		return "neither a file nor a folder nor a link";
	}
	if (u->api->archive_entry_size(e) > MOST_OF_A_FILE)
		return "larger than anything that a capture holds";
	return NULL;
}

static int take_entry(struct unpacking *u, struct archive_entry *e)
{
	struct member m = {0};
	const char *wrong = judge(u, e, &m);
	int code = 0;

	if (wrong)
		return refuse(u, u->api->archive_entry_pathname(e), wrong);
	if (++u->entries > ARCHIVE_MOST_ENTRIES)
		return refuse(u, NULL, "it has more entries than any machine");
	if (!*m.path)
		return 0; /* "./" */
	if (u->folder < 0) {
		*arena_append(u->arena, u->members, u->n_members) = m;
		code = m.type == S_IFREG ? copy_data(u, -1) : 0;
	} else {
		code = write_entry(u, &m);
	}
	if (code == -EFBIG)
		return refuse(u, m.path, "unpacked it is larger than any machine");
	if (code == -EBADMSG)
		return damaged(u);
	return code ? error_set(u->err, code, u->path, "look at the folder for temporary files",
				"%s can't be unpacked: %s", m.path, strerror(-code))
		    : 0;
}

static int compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static const struct member *find_member(const struct unpacking *u, const char *path)
{
	const struct member key = {.path = path};

	return bsearch(&key, u->members, u->n_members, sizeof(key), compare_members);
}

/* What is wrong with the entries together: a name twice, or something in what is no folder. */
static int judge_members(struct unpacking *u)
{
	const struct member *above;
	char *path, *slash;
	size_t i;

	if (u->n_members)
		qsort(u->members, u->n_members, sizeof(*u->members), compare_members);
	for (i = 0; i < u->n_members; i++) {
		const struct member *m = &u->members[i];

		if (i && !strcmp(m->path, m[-1].path) &&
		    (m->type != S_IFDIR || m[-1].type != S_IFDIR))
			return refuse(u, m->path, "it comes twice");
		path = arena_strdup(u->arena, m->path);
		while ((slash = strrchr(path, '/'))) {
			*slash = 0;
			above = find_member(u, path);
			if (above && above->type != S_IFDIR)
				return refuse(u, m->path, "it lies in what is no folder");
		}
	}
	return 0;
}

static int open_archive(struct unpacking *u, const void *data, size_t size)
{
	const struct archive_api *api = u->api;
	int code;

	u->archive = api->archive_read_new();
	if (!u->archive)
		return -ENOMEM;
	/* Only filters of the library's own: some others would start a program. */
	api->archive_read_support_filter_gzip(u->archive);
	api->archive_read_support_filter_bzip2(u->archive);
	api->archive_read_support_filter_xz(u->archive);
	api->archive_read_support_filter_zstd(u->archive);
	api->archive_read_support_format_tar(u->archive);
	code = data ? api->archive_read_open_memory(u->archive, data, size)
		    : api->archive_read_open_filename(u->archive, u->path, 65536);
	return code == ARCHIVE_OK ? 0 : damaged(u);
}

static int read_through(struct unpacking *u, const void *data, size_t size)
{
	struct archive_entry *e;
	int code = open_archive(u, data, size), state = ARCHIVE_OK;

	u->bytes = u->entries = 0;
	while (!code) {
		state = u->api->archive_read_next_header(u->archive, &e);
		if (state == ARCHIVE_EOF)
			break;
		/* A warning is of a name in another alphabet; anything else is damage. */
		if (state != ARCHIVE_OK && state != ARCHIVE_WARN)
			code = damaged(u);
		else
			code = take_entry(u, e);
	}
	if (!code && !u->entries)
		code = refuse(u, NULL, "it is empty");
	u->api->archive_read_free(u->archive);
	u->archive = NULL;
	return code;
}

static int check(struct unpacking *u, const void *data, size_t size)
{
	int code = archive_api(&u->api, u->err);

	if (code)
		return code;
	code = archive_gzip_check(u->api, u->path, data, size);
	if (code)
		return refuse(u, NULL,
			      code == -EFBIG ? "unpacked it is larger than any machine"
					     : "it is damaged: its checksum is wrong");
	u->folder = -1;
	code = read_through(u, data, size);
	return code ? code : judge_members(u);
}

int archive_check(const void *data, size_t size, struct error *err)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct unpacking u = {.path = "archive", .arena = arena, .err = err};

	return check(&u, data, size);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	return remove(path);
}

void archive_remove(const char *folder)
{
	nftw(folder, remove_one, 32, FTW_DEPTH | FTW_PHYS);
}

/* Where sys/ is: at the top, or one folder further in. */
static char *find_machine(struct unpacking *u, const char *folder)
{
	const struct member *first = u->n_members ? &u->members[0] : NULL;
	size_t len;

	if (!first || find_member(u, "sys"))
		return arena_strdup(u->arena, folder);
	for (size_t i = 0; i < u->n_members; i++) {
		const char *path = u->members[i].path, *slash = strchr(path, '/');

		if (text_has_prefix(path, "sys/"))
			return arena_strdup(u->arena, folder);
		if (!slash || !text_has_prefix(slash, "/sys/"))
			continue;
		len = (size_t)(slash - path);
		return arena_printf(u->arena, "%s/%.*s", folder, (int)len, path);
	}
	return arena_strdup(u->arena, folder);
}

int archive_unpack(const char *path, struct arena *arena, char **ret_folder, char **ret,
		   struct error *err)
{
	struct unpacking u = {.path = path, .arena = arena, .err = err};
	const char *place = getenv("TMPDIR");
	int code = check(&u, NULL, 0);
	char *folder;

	if (code)
		return code;
	folder = arena_printf(arena, "%s/ferry-XXXXXX", place && *place ? place : "/tmp");
	if (!mkdtemp(folder))
		return error_set(err, -errno, folder, "set TMPDIR to a folder that can be written",
				 "no folder can be made to unpack the archive in: %s",
				 strerror(errno));
	u.folder = open(folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	code = u.folder < 0 ? -errno : read_through(&u, NULL, 0);
	if (u.folder >= 0)
		close(u.folder);
	if (code) {
		archive_remove(folder);
		return code;
	}
	*ret_folder = folder;
	*ret = find_machine(&u, folder);
	return 0;
}
