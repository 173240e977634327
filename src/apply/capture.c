// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See capture.h. A path as it was asked may go over links; the capture holds those links, and the file
 * where they lead. What only the running kernel tells (rtnetlink, the log, open files) goes into files of
 * its own, which the readers know.
 */
#include "apply/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/archive.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "host/kmsg.h"

#define LINKS 40 /* as the kernel: MAXSYMLINKS */

struct making {
	struct capture *c;
	struct archive_maker *maker;
	struct scrub *scrub; /* NULL: nothing is hidden */
	void *seen;          /* tree of the paths that stand in the archive */
	int code;
};

static int compare_paths(const void *a, const void *b)
{
	return strcmp(a, b);
}

static char *hidden(struct making *m, const char *s)
{
	return m->scrub ? scrub_text(m->scrub, s, strlen(s), NULL) : arena_strdup(m->c->arena, s);
}

/* Once for each path; false: it stands there already. */
static bool is_new(struct making *m, const char *path)
{
	char *kept = arena_strdup(m->c->arena, path);
	char **found = tsearch(kept, &m->seen, compare_paths);

	return found && *found == kept;
}

static void leave_out(struct making *m, const char *path, const char *reason)
{
	struct capture_left_out *l;

	if (!is_new(m, path))
		return;
	l = arena_append(m->c->arena, m->c->left_out, m->c->n_left_out);
	l->path = hidden(m, path);
	l->reason = reason;
}

static void count(struct making *m, int code)
{
	if (!m->code)
		m->code = code;
	m->c->entries++;
}

static void add_bytes(struct making *m, const char *path, const char *data, size_t len)
{
	if (!is_new(m, path))
		return;
	if (m->scrub) {
		data = scrub_file(m->scrub, path, data, len, &len);
		if (!data) {
			leave_out(m, arena_printf(m->c->arena, "/%s", path), "anonymous");
			return;
		}
	}
	count(m, archive_add_file(m->maker, hidden(m, path), data, len));
}

static void add_link(struct making *m, const char *path, const char *target)
{
	/* Within the archive the same link is relative to its own folder. */
	TEXT_AUTO struct text relative = {0};
	const char *p;

	if (!is_new(m, path))
		return;
	if (*target == '/' && !strstr(path, "/fd/")) {
		for (p = path; (p = strchr(p, '/')); p++)
			text_add(&relative, "../");
		text_add(&relative, target + strspn(target, "/"));
		target = text_str(&relative);
	}
	count(m, archive_add_link(m->maker, hidden(m, path), hidden(m, target)));
}

static void add_folder(struct making *m, const char *path)
{
	if (is_new(m, path))
		count(m, archive_add_folder(m->maker, hidden(m, path)));
}

/* Cuts the last component off. */
static void pop(struct text *t)
{
	char *slash = t->len ? strrchr(t->s, '/') : NULL;

	t->len = slash ? (size_t)(slash - t->s) : 0;
	if (t->s)
		t->s[t->len] = 0;
}

/*
 * Follows the path by hand, each link on the way goes into the archive. is_link: the last component
 * itself is meant. *ret: the place without links. 0, or the errno of the first that is not there.
 */
static int resolve(struct making *m, const char *path, bool is_link, char **ret)
{
	TEXT_AUTO struct text done = {0}, rest = {0};
	char target[PATH_MAX], name[NAME_MAX + 1];
	int links = 0;

	text_add(&rest, path);
	while (*(text_str(&rest) + strspn(text_str(&rest), "/"))) {
		const char *p = text_str(&rest) + strspn(text_str(&rest), "/");
		size_t len = strcspn(p, "/");
		const char *behind = p + len + strspn(p + len, "/");
		struct text next = {0};
		struct stat st;
		ssize_t n;

		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		snprintf(name, sizeof(name), "%.*s", (int)len, p);
		if (!strcmp(name, "..")) {
			pop(&done);
		} else if (strcmp(name, ".") != 0) {
			text_addf(&done, "%s%s", done.len ? "/" : "", name);
			if (fstatat(m->c->root->fd, text_str(&done), &st, AT_SYMLINK_NOFOLLOW))
				return -errno;
			if (S_ISLNK(st.st_mode)) {
				n = readlinkat(m->c->root->fd, text_str(&done), target,
					       sizeof(target) - 1);
				if (n < 0)
					return -errno;
				target[n] = 0;
				add_link(m, text_str(&done), target);
				if (!*behind && is_link)
					break;
				if (++links > LINKS)
					return -ELOOP;
				pop(&done);
				if (*target == '/') {
					text_clear(&done);
					done = (struct text){0};
				}
				text_addf(&next, "%s/", target);
			}
		}
		text_add(&next, behind);
		text_clear(&rest);
		rest = next;
	}
	*ret = arena_strdup(m->c->arena, text_str(&done));
	return 0;
}

static const char *reason_of(int code)
{
	return fact_name(fact_from_code(code));
}

static void take_file(struct making *m, const char *asked, const char *path)
{
	ARENA_AUTO struct arena *arena = arena_new();
	struct stat st;
	char *data;
	size_t len;
	int code;

	if (fstatat(m->c->root->fd, path, &st, AT_SYMLINK_NOFOLLOW))
		return;
	if (S_ISDIR(st.st_mode)) {
		add_folder(m, path);
		return;
	}
	if (!S_ISREG(st.st_mode))
		return; /* a device node: its content is no fact */
	code = root_read(m->c->root, arena, path, &data, &len);
	if (!code)
		add_bytes(m, path, data, len);
	else if (fact_from_code(code) != FACT_ABSENT)
		leave_out(m, arena_printf(m->c->arena, "/%s", asked), reason_of(code));
}

/* Names are facts too: links and folders stand in it, files only where somebody read them. */
static void take_folder(struct making *m, const char *path)
{
	ARENA_AUTO struct arena *arena = arena_new();
	char **names, *ignored;
	size_t n, i;

	add_folder(m, path);
	if (!strcmp(path, "proc") || root_list(m->c->root, arena, path, &names, &n))
		return;
	for (i = 0; i < n; i++) {
		const char *below = arena_printf(arena, "%s/%s", path, names[i]);
		struct stat st;

		if (fstatat(m->c->root->fd, below, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (S_ISDIR(st.st_mode))
			add_folder(m, below);
		else if (S_ISLNK(st.st_mode))
			resolve(m, below, true, &ignored);
		else if (!names[i][strspn(names[i], "0123456789")])
			take_file(m, below, below); /* interrupts, which are counted */
	}
}

/* What is of one process, or a secret of guests. */
static bool is_private(const char *path)
{
	const char *s = text_has_prefix(path, "proc/") ? path + 5 : NULL;

	if (text_has_prefix(path, "var/lib/ferry"))
		return true;
	if (!s)
		return false;
	return text_has_prefix(s, "net/") ||
	       (strspn(s, "0123456789") && strcmp(s, "1/mountinfo") != 0);
}

static void take(struct making *m, const struct root_question *q)
{
	bool is_link = q->asked == ROOT_LINK;
	char *path;
	int code;

	if (is_private(q->path) || !strcmp(q->path, KMSG_PATH)) {
		if (text_has_prefix(q->path, "var/lib/ferry") && !root_exists(m->c->root, q->path))
			leave_out(m, arena_printf(m->c->arena, "/%s", q->path),
				  "definitions of guests may hold secrets");
		return;
	}
	code = resolve(m, q->path, is_link, &path);
	if (code) {
		if (fact_from_code(code) != FACT_ABSENT)
			leave_out(m, arena_printf(m->c->arena, "/%s", q->path), reason_of(code));
		return;
	}
	if (q->asked == ROOT_FILE || q->asked == ROOT_EXISTS)
		take_file(m, q->path, path);
	else if (q->asked == ROOT_FOLDER)
		take_folder(m, path);
}

static void take_network(struct making *m)
{
	const struct host *host = m->c->host;
	TEXT_AUTO struct text t = {0};
	size_t i, k;

	if (host->addresses_read != FACT_READ)
		text_add(&t, "unread\n");
	for (i = 0; i < host->n_interfaces; i++) {
		const struct host_interface *one = &host->interfaces[i];

		for (k = 0; k < one->n_addresses; k++)
			text_addf(&t, "address %s %s\n", one->name,
				  m->scrub ? "(hidden)" : one->addresses[k]);
		if (one->has_default_route)
			text_addf(&t, "default %s\n", one->name);
		if (one->carries_login)
			text_addf(&t, "login %s\n", one->name);
	}
	add_bytes(m, "ferry/network", text_str(&t), t.len);
}

static void take_process(struct making *m, unsigned int pid, const char *command, const char *file,
			 size_t number)
{
	struct arena *arena = m->c->arena;

	add_bytes(m, arena_printf(arena, "proc/%u/comm", pid), arena_printf(arena, "%s\n", command),
		  strlen(command) + 1);
	add_link(m, arena_printf(arena, "proc/%u/fd/%zu", pid, number), file);
}

/* "Xorg (process 812)" */
static void take_processes(struct making *m)
{
	const struct host *host = m->c->host;
	size_t i;

	add_folder(m, "proc/1");
	add_folder(m, "proc/1/fd");
	for (i = 0; i < host->n_holders; i++)
		take_process(m, host->holders[i].pid, host->holders[i].command,
			     host->holders[i].path, i);
	for (i = 0; i < host->n_uses; i++) {
		const struct host_use *use = &host->uses[i];
		const char *number = strrchr(use->what, ' ');

		if (use->kind != USE_PROCESS || !use->n_way || !number)
			continue;
		take_process(m, (unsigned int)strtoul(number + 1, NULL, 10),
			     arena_memdup(m->c->arena, use->what,
					  (size_t)(strstr(use->what, " (process ") - use->what)),
			     use->way[use->n_way - 1], host->n_holders + i);
	}
}

static void take_line(void *data, const char *line, size_t len)
{
	text_add_bytes(data, line, len);
}

static void take_log(struct making *m)
{
	TEXT_AUTO struct text t = {0};
	int code = kmsg_read(m->c->root, take_line, &t);

	if (code)
		leave_out(m, "/" KMSG_PATH, reason_of(code));
	else
		add_bytes(m, KMSG_PATH, text_str(&t), t.len);
}

static void forget(void *path)
{
}

int capture_write(struct capture *c, const struct root_trace *trace, const char *path,
		  struct error *err)
{
	struct making m = {.c = c, .maker = archive_maker_new(c->arena, err)};
	const void *data;
	size_t i;
	int code;

	if (!m.maker)
		return err->code;
	if (c->is_anonymous)
		m.scrub = scrub_new(c);
	for (i = 0; i < trace->n; i++)
		take(&m, &trace->list[i]);
	take_network(&m);
	take_processes(&m);
	take_log(&m);
	tdestroy(m.seen, forget);
	code = archive_maker_end(m.maker, &data, &c->bytes, err);
	if (!code && m.code)
		code = error_set(err, m.code, path, NULL, "the archive can't be made: %s",
				 strerror(-m.code));
	if (code)
		return code;
	code = atomic_file_replace(path, data, c->bytes, 0600);
	if (code)
		return error_set(err, code, path, "name a file in a folder that you may write to",
				 "the archive can't be written: %s", strerror(-code));
	return 0;
}
