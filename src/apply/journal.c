// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See journal.h: the writing half. A line is one write(2) and one fdatasync(2); where that fails, what was
 * written of it is taken back, so that the file always ends with a whole line while ferry lives.
 */
#include "apply/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <json.h>

#include "apply/journal_line.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"

#define FNV_PRIME UINT64_C(0x100000001b3)

static uint64_t fnv_add(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *p = data;

	while (len--)
		hash = (hash ^ *p++) * FNV_PRIME;
	return hash;
}

uint64_t journal_line_sum(uint64_t before, const char *body, size_t len)
{
	unsigned char bytes[8];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(before >> (8 * i));
	return fnv_add(fnv_add(JOURNAL_FIRST_SUM, bytes, sizeof(bytes)), body, len);
}

static int append(struct journal *j, const struct text *line)
{
	int err = file_write_all(j->fd, line->s, line->len);

	if (!err && fdatasync(j->fd))
		err = -errno;
	if (!err) {
		j->length += line->len;
		return 0;
	}
	if (ftruncate(j->fd, (off_t)j->length) || lseek(j->fd, 0, SEEK_END) < 0)
		j->is_broken = true;
	return err;
}

/* Takes the object over. */
static int add_line(struct journal *j, struct json_object *line, struct error *err)
{
	const char *body = json_object_to_json_string_ext(
		line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	TEXT_AUTO struct text t = {0};
	uint64_t sum = journal_line_sum(j->sum, body, strlen(body));
	int code;

	text_addf(&t, JOURNAL_LINE_BEGIN "%016" PRIx64 JOURNAL_LINE_MIDDLE, sum);
	text_add(&t, body);
	text_add(&t, JOURNAL_LINE_END "\n");
	json_object_put(line);
	code = j->is_broken ? -EIO : append(j, &t);
	if (code)
		return error_set(err, code, j->path, "free space there or mend the disk",
				 "the journal could not be written: %s", strerror(-code));
	j->sum = sum;
	return 0;
}

static void add_text(struct json_object *o, const char *key, const char *s)
{
	json_object_object_add(o, key, s ? json_object_new_string(s) : NULL);
}

static struct json_object *identity_json(const struct pci_identity *id)
{
	struct json_object *o = json_object_new_object();
	char address[PCI_ADDRESS_SIZE];

	add_text(o, "address", pci_address_format(&id->address, address));
	json_object_object_add(o, "class", json_object_new_int(id->class));
	json_object_object_add(o, "vendor", json_object_new_int(id->vendor));
	json_object_object_add(o, "device", json_object_new_int(id->device));
	json_object_object_add(o, "subsystem_vendor", json_object_new_int(id->subsystem_vendor));
	json_object_object_add(o, "subsystem_device", json_object_new_int(id->subsystem_device));
	add_text(o, "serial", id->serial);
	return o;
}

static struct json_object *new_line(const char *kind)
{
	struct json_object *o = json_object_new_object();

	add_text(o, "line", kind);
	return o;
}

static struct json_object *new_step_line(const char *kind, size_t number)
{
	struct json_object *o = new_line(kind);

	json_object_object_add(o, "step", json_object_new_uint64(number));
	return o;
}

static int begin(struct journal *j, const struct journal_head *head, struct error *err)
{
	struct json_object *o = new_line("begin");
	char now[sizeof("2026-11-25T14:06:29Z")];
	time_t t = time(NULL);
	struct tm tm;

	strftime(now, sizeof(now), "%FT%TZ", gmtime_r(&t, &tm));
	json_object_object_add(o, "sequence", json_object_new_uint64(head->sequence));
	add_text(o, "command", head->command);
	add_text(o, "boot_id", head->boot_id);
	add_text(o, "revert", head->revert_id);
	json_object_object_add(o, "pid", json_object_new_int(getpid()));
	add_text(o, "time", now);
	return add_line(j, o, err);
}

static const char *path_in(struct arena *arena, const char *folder_path)
{
	return arena_printf(arena, "%s/%s", folder_path, JOURNAL_NAME);
}

static int not_made(const char *path, int code, struct error *err)
{
	if (code == -EEXIST)
		return error_set(err, code, path, "run ferry recover",
				 "an interrupted run left its journal");
	return error_set(err, code, path, NULL, "the journal could not be made: %s",
			 strerror(-code));
}

int journal_check_absent(int folder, const char *folder_path, struct arena *arena,
			 struct error *err)
{
	if (faccessat(folder, JOURNAL_NAME, F_OK, AT_SYMLINK_NOFOLLOW) && errno == ENOENT)
		return 0;
	return not_made(path_in(arena, folder_path), -EEXIST, err);
}

int journal_create(int folder, const char *folder_path, const struct journal_head *head,
		   struct arena *arena, struct journal *ret, struct error *err)
{
	struct journal j = {.path = path_in(arena, folder_path), .sum = JOURNAL_FIRST_SUM};
	int code;

	j.fd = openat(folder, JOURNAL_NAME, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		      0600);
	if (j.fd < 0)
		return not_made(j.path, -errno, err);
	code = begin(&j, head, err);
	if (!code && fsync(folder))
		code = error_set(err, -errno, folder_path, NULL, "it could not be synced: %s",
				 strerror(errno));
	if (code) {
		close(j.fd);
		unlinkat(folder, JOURNAL_NAME, 0);
		return code;
	}
	*ret = j;
	return 0;
}

int journal_intent(struct journal *j, size_t number, const struct plan_step *step,
		   struct error *err)
{
	struct json_object *o = new_step_line("intent", number);

	add_text(o, "kind", step_kind_name(step->kind));
	add_text(o, "subject", step->subject);
	add_text(o, "before", step->before);
	add_text(o, "after", step->after);
	json_object_object_add(o, "identity", identity_json(&step->identity));
	add_text(o, "group", step->group);
	add_text(o, "guest_uuid", step->guest_uuid);
	add_text(o, "override_found", step->override_found);
	if (step->made)
		add_text(o, "made", step->made);
	return add_line(j, o, err);
}

int journal_seal(struct journal *j, size_t number, const struct plan_step *step, struct error *err)
{
	struct json_object *o = new_step_line("seal", number);

	add_text(o, "after", step->after);
	return add_line(j, o, err);
}

int journal_undone(struct journal *j, size_t number, struct error *err)
{
	return add_line(j, new_step_line("undone", number), err);
}

int journal_await(struct journal *j, uint64_t deadline_ms, const char *lent, struct error *err)
{
	struct json_object *o = new_line("await");

	json_object_object_add(o, "deadline_ms", json_object_new_uint64(deadline_ms));
	add_text(o, "lent", lent);
	return add_line(j, o, err);
}

void journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}

int journal_remove(int folder, const char *folder_path, struct error *err)
{
	if (!unlinkat(folder, JOURNAL_NAME, 0))
		return fsync(folder) ? error_set(err, -errno, folder_path, NULL,
						 "it could not be synced: %s", strerror(errno))
				     : 0;
	if (errno == ENOENT)
		return 0;
	return error_set(err, -errno, folder_path, NULL, "the journal could not be removed: %s",
			 strerror(errno));
}

int journal_reopen(int folder, const char *folder_path, const struct journal_content *content,
		   struct arena *arena, struct journal *ret, struct error *err)
{
	struct journal j = {
		.path = path_in(arena, folder_path),
		.sum = content->sum,
		.length = content->length,
	};

	j.fd = openat(folder, JOURNAL_NAME, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (j.fd < 0 || ftruncate(j.fd, (off_t)j.length) || lseek(j.fd, 0, SEEK_END) < 0 ||
	    (content->lacks_newline && write(j.fd, "\n", 1) != 1)) {
		int code = -errno;

		journal_close(&j);
		return error_set(err, code, j.path, NULL, "the journal could not be written: %s",
				 strerror(-code));
	}
	j.length += content->lacks_newline;
	*ret = j;
	return 0;
}
