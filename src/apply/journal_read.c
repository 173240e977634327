// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See journal.h: the reading half. The file says what root shall write into the kernel and into
 * guests' definitions, so everything in it is checked before any of it is believed: whose it is, the
 * chain of sums, then each value.
 */
#include "apply/journal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json.h>

#include "apply/journal_line.h"
#include "apply/names.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"

/* {"sum", "line": {"identity": {}}} */
#define DEEPEST 4

struct parse {
	struct arena *arena;
	struct journal_content *content;
	const char *why; /* what is wrong with the line */
};

static int bad(struct parse *p, const char *why)
{
	p->why = why;
	return -EBADMSG;
}

/* The text of a key, in the arena. null and a missing key are NULL. */
static int get_text(struct parse *p, struct json_object *o, const char *key, const char **ret)
{
	struct json_object *value;

	*ret = NULL;
	if (!json_object_object_get_ex(o, key, &value) || !value)
		return 0;
	if (!json_object_is_type(value, json_type_string))
		return bad(p, "a text is no text");
	if (strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value))
		return bad(p, "a text holds a NUL");
	*ret = arena_strdup(p->arena, json_object_get_string(value));
	return 0;
}

static int get_number(struct parse *p, struct json_object *o, const char *key, uint64_t *ret)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, key, &value) ||
	    !json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0)
		return bad(p, "a number is missing");
	*ret = json_object_get_uint64(value);
	return 0;
}

static int get_id(struct parse *p, struct json_object *o, const char *key, int32_t *ret)
{
	struct json_object *value;
	int64_t n;

	if (!json_object_object_get_ex(o, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return bad(p, "an id is missing");
	n = json_object_get_int64(value);
	if (n < -1 || n > 0xffffff)
		return bad(p, "an id is out of range");
	*ret = (int32_t)n;
	return 0;
}

static int get_identity(struct parse *p, struct json_object *line, struct pci_identity *ret)
{
	struct json_object *o;
	const char *address;

	if (!json_object_object_get_ex(line, "identity", &o) ||
	    !json_object_is_type(o, json_type_object))
		return bad(p, "the identity is missing");
	if (get_text(p, o, "address", &address) || get_text(p, o, "serial", &ret->serial) ||
	    get_id(p, o, "class", &ret->class) || get_id(p, o, "vendor", &ret->vendor) ||
	    get_id(p, o, "device", &ret->device) ||
	    get_id(p, o, "subsystem_vendor", &ret->subsystem_vendor) ||
	    get_id(p, o, "subsystem_device", &ret->subsystem_device))
		return -EBADMSG;
	if (!address || pci_address_parse(address, &ret->address))
		return bad(p, "an address makes no sense");
	return 0;
}

static int get_kind(struct parse *p, struct json_object *o, enum step_kind *ret)
{
	const char *name;
	int kind;

	if (get_text(p, o, "kind", &name))
		return -EBADMSG;
	for (kind = 0; name && kind < STEP_KINDS; kind++) {
		if (!strcmp(name, step_kind_name(kind))) {
			*ret = kind;
			return 0;
		}
	}
	return bad(p, "a kind of step that this ferry does not know");
}

static bool is_address(const char *s)
{
	struct pci_address a;

	return s && !pci_address_parse(s, &a);
}

static int check_device_step(struct parse *p, const struct plan_step *s)
{
	char address[PCI_ADDRESS_SIZE];

	if (strcmp(s->subject, pci_address_format(&s->identity.address, address)) != 0)
		return bad(p, "the device is not the one of the identity");
	if (s->override_found && !name_is_override(s->override_found))
		return bad(p, "an override that the kernel cannot hold");
	if (s->group && strchr(s->group, '/'))
		return bad(p, "a member of a group that is no name");
	if (s->kind == STEP_OVERRIDE)
		return (s->before && !name_is_override(s->before)) ||
				       (s->after && !name_is_override(s->after))
			       ? bad(p, "an override that the kernel cannot hold")
			       : 0;
	if (s->kind == STEP_UNBIND && !s->before)
		return bad(p, "the driver is missing");
	if ((s->before && !name_is_plain(s->before)) || (s->after && !name_is_plain(s->after)))
		return bad(p, "a driver that is no name");
	return 0;
}

static int check_guest_step(struct parse *p, const struct plan_step *s)
{
	if (!s->guest_uuid || !name_is_uuid(s->guest_uuid))
		return bad(p, "the guest has no UUID");
	if (s->kind == STEP_DEFINE && (!s->before || !s->after))
		return bad(p, "a definition is missing");
	if (s->kind == STEP_ATTACH && !is_address(s->after))
		return bad(p, "an address makes no sense");
	if (s->kind == STEP_DETACH && !is_address(s->before))
		return bad(p, "an address makes no sense");
	return 0;
}

/* Paths in the system that is meant, and programs that are found by their name. */
static int check_boot_step(struct parse *p, const struct plan_step *s)
{
	if (s->made && !name_is_path(s->made))
		return bad(p, "a file that is no path");
	if (s->kind == STEP_RUN)
		return !name_is_plain(s->subject) || (s->before && !name_is_arguments(s->before))
			       ? bad(p, "a program that is no name")
			       : 0;
	if (!name_is_path(s->subject))
		return bad(p, "a file that is no path");
	if (s->kind == STEP_GENERATED && (!s->after || !name_is_path(s->after)))
		return bad(p, "a file that is no path");
	return 0;
}

static int check_console_step(struct parse *p, const struct plan_step *s)
{
	if (!name_is_plain(s->subject) || (s->before && !name_is_plain(s->before)) ||
	    (s->after && !name_is_plain(s->after)))
		return bad(p, "a console that is no name");
	return s->before || s->after ? 0 : bad(p, "a console that was and will be nothing");
}

static int check_power_step(struct parse *p, const struct plan_step *s)
{
	if (!text_equal(s->before, "auto") && !text_equal(s->before, "on"))
		return bad(p, "a power setting that makes no sense");
	return check_device_step(p, s);
}

static int check_step(struct parse *p, const struct plan_step *s)
{
	if (!s->subject || !*s->subject)
		return bad(p, "the subject is missing");
	switch (s->kind) {
	case STEP_MODULE:
		return name_is_plain(s->subject) ? 0 : bad(p, "a module that is no name");
	case STEP_CONSOLE:
		return check_console_step(p, s);
	case STEP_POWER:
		return check_power_step(p, s);
	case STEP_OVERRIDE:
	case STEP_UNBIND:
	case STEP_BIND:
		return check_device_step(p, s);
	case STEP_FILE:
	case STEP_RUN:
	case STEP_GENERATED:
		return check_boot_step(p, s);
	case STEP_DEFINE:
	case STEP_ATTACH:
	case STEP_DETACH:
	case STEP_START:
	case STEP_SHUTDOWN:
		return check_guest_step(p, s);
	case STEP_KINDS:
		break;
	}
	return bad(p, "no such kind of step");
}

static int read_intent(struct parse *p, struct json_object *o, size_t number)
{
	struct journal_content *c = p->content;
	struct plan_step s = {0};

	if (c->awaits_lent)
		return bad(p, "a step after its end");
	if (c->n_steps && c->steps[c->n_steps - 1].number >= number)
		return bad(p, "the steps are out of order");
	if (get_kind(p, o, &s.kind) || get_text(p, o, "subject", &s.subject) ||
	    get_text(p, o, "before", &s.before) || get_text(p, o, "after", &s.after) ||
	    get_identity(p, o, &s.identity) || get_text(p, o, "group", &s.group) ||
	    get_text(p, o, "guest_uuid", &s.guest_uuid) ||
	    get_text(p, o, "override_found", &s.override_found) ||
	    get_text(p, o, "made", &s.made) || check_step(p, &s))
		return -EBADMSG;
	*arena_append(p->arena, c->steps, c->n_steps) =
		(struct journal_step){.number = number, .step = s};
	return 0;
}

static struct journal_step *find_step(struct journal_content *c, size_t number)
{
	size_t i;

	for (i = 0; i < c->n_steps; i++) {
		if (c->steps[i].number == number)
			return &c->steps[i];
	}
	return NULL;
}

static int read_seal(struct parse *p, struct json_object *o, struct journal_step *s)
{
	if (s->step.state != STEP_PLANNED || s->is_undone || p->content->awaits_lent)
		return bad(p, "a step is sealed twice");
	if (get_text(p, o, "after", &s->step.after))
		return -EBADMSG;
	s->step.state = STEP_DONE;
	return check_step(p, &s->step);
}

static int read_begin(struct parse *p, struct json_object *o)
{
	struct journal_head *head = &p->content->head;

	if (p->content->is_there)
		return bad(p, "it begins twice");
	if (get_number(p, o, "sequence", &head->sequence) ||
	    get_text(p, o, "command", &head->command) ||
	    get_text(p, o, "boot_id", &head->boot_id) || get_text(p, o, "revert", &head->revert_id))
		return -EBADMSG;
	if (!head->command || !head->boot_id)
		return bad(p, "the command or the boot id is missing");
	if (head->revert_id && !name_is_revert_id(head->revert_id))
		return bad(p, "the id of its revert makes no sense");
	p->content->is_there = true;
	return 0;
}

static int read_await(struct parse *p, struct json_object *o)
{
	struct journal_content *c = p->content;

	if (!c->head.revert_id || c->awaits_lent)
		return bad(p, "it awaits what it can't");
	if (get_number(p, o, "deadline_ms", &c->awaits_until_ms) ||
	    get_text(p, o, "lent", &c->awaits_lent))
		return -EBADMSG;
	return c->awaits_lent ? 0 : bad(p, "the table is missing");
}

static int read_step_line(struct parse *p, struct json_object *o, const char *kind)
{
	struct journal_step *s;
	uint64_t number;

	if (!p->content->is_there)
		return bad(p, "it has no beginning");
	if (!strcmp(kind, "await"))
		return read_await(p, o);
	if (get_number(p, o, "step", &number))
		return -EBADMSG;
	if (!strcmp(kind, "intent"))
		return read_intent(p, o, number);
	s = find_step(p->content, number);
	if (!s)
		return bad(p, "a step that was never begun");
	if (!strcmp(kind, "seal"))
		return read_seal(p, o, s);
	if (strcmp(kind, "undone") != 0)
		return bad(p, "a kind of line that this ferry does not know");
	s->is_undone = true;
	return 0;
}

static int read_object(struct parse *p, struct json_object *o)
{
	const char *kind;

	if (!json_object_is_type(o, json_type_object))
		return bad(p, "a line is no object");
	if (get_text(p, o, "line", &kind))
		return -EBADMSG;
	if (!kind)
		return bad(p, "a line has no kind");
	return strcmp(kind, "begin") ? read_step_line(p, o, kind) : read_begin(p, o);
}

/* Parses s; *ret_incomplete: it is the beginning of an object, no more. */
static struct json_object *parse_json(const char *s, size_t len, bool *ret_incomplete)
{
	struct json_tokener *tokener = json_tokener_new_ex(DEEPEST);
	struct json_object *o;

	*ret_incomplete = false;
	if (!tokener || len > INT32_MAX) {
		json_tokener_free(tokener);
		return NULL;
	}
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	o = json_tokener_parse_ex(tokener, s, (int)len);
	*ret_incomplete = json_tokener_get_error(tokener) == json_tokener_continue;
	if (json_tokener_get_error(tokener) != json_tokener_success ||
	    json_tokener_get_parse_end(tokener) != len) {
		json_object_put(o);
		o = NULL;
	}
	json_tokener_free(tokener);
	return o;
}

static bool parse_sum(const char *s, uint64_t *ret)
{
	size_t i;

	*ret = 0;
	for (i = 0; i < JOURNAL_SUM_DIGITS; i++) {
		if (!isdigit((unsigned char)s[i]) && (s[i] < 'a' || s[i] > 'f'))
			return false;
		*ret = *ret << 4 |
		       (uint64_t)(isdigit((unsigned char)s[i]) ? s[i] - '0' : s[i] - 'a' + 10);
	}
	return true;
}

/* A whole line without its newline. */
static int read_line(struct parse *p, const char *s, size_t len)
{
	const size_t begin = strlen(JOURNAL_LINE_BEGIN);
	const size_t body = begin + JOURNAL_SUM_DIGITS + strlen(JOURNAL_LINE_MIDDLE);
	const size_t end = strlen(JOURNAL_LINE_END);
	struct json_object *o;
	bool incomplete;
	uint64_t sum;
	int err;

	if (len <= body + end || memcmp(s, JOURNAL_LINE_BEGIN, begin) != 0 ||
	    memcmp(s + begin + JOURNAL_SUM_DIGITS, JOURNAL_LINE_MIDDLE,
		   strlen(JOURNAL_LINE_MIDDLE)) != 0 ||
	    memcmp(s + len - end, JOURNAL_LINE_END, end) != 0 || !parse_sum(s + begin, &sum))
		return bad(p, "it is no line of a journal");
	len -= body + end;
	if (sum != journal_line_sum(p->content->sum, s + body, len))
		return bad(p, "its sum does not fit");
	o = parse_json(s + body, len, &incomplete);
	err = o ? read_object(p, o) : bad(p, "it is no JSON");
	json_object_put(o);
	if (!err)
		p->content->sum = sum;
	return err;
}

/*
 * What follows the last newline. Nothing, or the beginning of a line: passed over, also where a power
 * cut has left zeros in the place of its end. A whole line that lacks only its newline counts.
 */
static int read_tail(struct parse *p, const char *s, size_t len)
{
	struct json_object *o;
	bool incomplete;

	while (len && !s[len - 1])
		len--;
	if (!len)
		return 0;
	o = parse_json(s, len, &incomplete);
	json_object_put(o);
	if (o) {
		p->content->lacks_newline = true;
		p->content->length += len;
		return read_line(p, s, len);
	}
	return incomplete ? 0 : bad(p, "it is no line of a journal");
}

int journal_parse(const char *text, size_t len, struct arena *arena, struct journal_content *ret,
		  size_t *ret_line, const char **ret_why)
{
	struct journal_content content = {.has_file = true, .sum = JOURNAL_FIRST_SUM};
	struct parse p = {.arena = arena, .content = &content};
	const char *s = text, *newline;
	size_t line = 1;
	int err = 0;

	for (; (newline = memchr(s, '\n', len - (size_t)(s - text))); s = newline + 1, line++) {
		err = read_line(&p, s, (size_t)(newline - s));
		if (err)
			break;
	}
	content.length = (size_t)(s - text);
	if (!err)
		err = read_tail(&p, s, len - content.length);
	if (err) {
		*ret_line = line;
		*ret_why = p.why;
		return err;
	}
	*ret = content;
	return 0;
}

static int read_all(int fd, struct text *t)
{
	char buffer[16384];

	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno != EINTR)
			return -errno;
		if (!n)
			return 0;
		if (n > 0)
			text_add_bytes(t, buffer, (size_t)n);
	}
}

static int check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1 || st.st_mode & (S_IRWXG | S_IRWXO))
		return -EPERM;
	return file_check_own(&st);
}

static int read_file(int folder, struct text *t)
{
	int fd = openat(folder, JOURNAL_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	int err;

	if (fd < 0)
		return errno == ELOOP ? -EPERM : -errno;
	err = check_file(fd);
	if (!err)
		err = read_all(fd, t);
	close(fd);
	return err;
}

#define BY_HAND                                                                                   \
	"ferry does not act on it: look at it, set each device's driver and driver_override and " \
	"each guest's definition right by hand, then remove the file"

int journal_read(int folder, const char *folder_path, struct arena *arena,
		 struct journal_content *ret, struct error *err)
{
	const char *path = arena_printf(arena, "%s/%s", folder_path, JOURNAL_NAME);
	TEXT_AUTO struct text t = {0};
	const char *why;
	size_t line;
	int code;

	code = read_file(folder, &t);
	if (code == -ENOENT) {
		*ret = (struct journal_content){.sum = JOURNAL_FIRST_SUM};
		return 0;
	}
	if (code == -EPERM)
		return error_set(err, code, path, BY_HAND,
				 "it is not a plain file of root's that nobody else can read or "
				 "write, so it is not believed");
	if (code)
		return error_set(err, code, path, NULL, "it could not be read: %s",
				 strerror(-code));
	code = journal_parse(text_str(&t), t.len, arena, ret, &line, &why);
	if (code)
		return error_set(err, code, path, BY_HAND,
				 "it was altered or is damaged (line %zu: %s)", line, why);
	return 0;
}
