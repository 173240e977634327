// SPDX-License-Identifier: LGPL-2.1-or-later
/* See table.h. Its text is host/lent.c's; here it is opened with care and replaced with care. */
#include "apply/table.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"

static int check_file(int folder)
{
	struct stat st;

	if (fstatat(folder, TABLE_NAME, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	return S_ISREG(st.st_mode) ? file_check_own(&st) : -EPERM;
}

/* The folder is root's alone, so nobody changes what the name stands for between check and reading. */
static int read_text(int folder, struct arena *arena, char **ret)
{
	const struct root root = {.fd = folder, .live = true};
	int err = check_file(folder);

	return err ? err : root_read(&root, arena, TABLE_NAME, ret, NULL);
}

int table_read(int folder, const char *folder_path, struct arena *arena, struct lent *ret,
	       struct error *err)
{
	const char *path = arena_printf(arena, "%s/%s", folder_path, TABLE_NAME);
	char *text;
	int code = read_text(folder, arena, &text);

	if (code == -ENOENT) {
		*ret = (struct lent){0};
		return 0;
	}
	if (!code)
		code = lent_from_json(text, arena, ret);
	if (!code)
		return 0;
	return error_set(
		err, code, path,
		"look at it; it lists what is lent, and nothing is changed before it can be "
		"read",
		code == -EPERM ? "it is not a plain file of root's own"
			       : "the table of what is lent could not be read: %s",
		strerror(-code));
}

/* Did the rename happen, though something after it failed? */
static bool is_replaced(int folder, const char *text, struct arena *arena)
{
	char *now;

	return !read_text(folder, arena, &now) && !strcmp(now, text);
}

int table_replace(int folder, const char *folder_path, const struct lent *lent, struct arena *arena,
		  struct error *err)
{
	const char *path = arena_printf(arena, "%s/%s", folder_path, TABLE_NAME);
	const char *text = lent_to_json(arena, lent);
	int code = atomic_file_write(folder, TABLE_NAME, text, strlen(text), 0600);

	if (!code)
		return 0;
	if (is_replaced(folder, text, arena))
		return 1;
	return error_set(err, code, path, "free space there or mend the disk",
			 "the table of what is lent could not be written: %s", strerror(-code));
}

bool table_equals(const struct lent *a, const struct lent *b, struct arena *arena)
{
	struct lent same = *b;

	same.sequence = a->sequence;
	return !strcmp(lent_to_json(arena, a), lent_to_json(arena, &same));
}
