// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What root writes into the kernel on the way back comes from this file: whatever was done to it, it is
 * believed whole or not at all.
 */
#include "../test.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/journal.h"
#include "apply/journal_line.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

struct place {
	char path[64];
	int fd;
	struct arena *arena;
};

static const struct journal_head head = {
	.sequence = 7,
	.command = "up guest 0000:01:00.0",
	.boot_id = "0f1e2d3c-0000-4000-8000-000000000000",
};

static struct plan_step override_step(void)
{
	return (struct plan_step){
		.kind = STEP_OVERRIDE,
		.subject = "0000:01:00.0",
		.before = "odd \"name\" \xff\x01",
		.after = "vfio-pci",
		.identity = {.address = {0, 1, 0, 0},
			     .class = 0x020000,
			     .vendor = 0x8086,
			     .device = 0x10d3,
			     .subsystem_vendor = -1,
			     .subsystem_device = 0,
			     .serial = "00-11-22-33-44-55-66-77"},
		.group = "0000:01:00.0 0000:01:00.1",
	};
}

static struct plan_step unbind_step(void)
{
	struct plan_step s = override_step();

	s.kind = STEP_UNBIND;
	s.before = "e1000e";
	s.after = NULL;
	s.override_found = "vfio-pci";
	return s;
}

static struct plan_step define_step(void)
{
	return (struct plan_step){
		.kind = STEP_DEFINE,
		.subject = "guest",
		.before = "<domain>\n  <name>a</name>\n</domain>\n",
		.after = "<domain>\n  <name>b</name>\n</domain>\n",
		.guest_uuid = "12345678-1234-1234-1234-123456789abc",
	};
}

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->path, "/tmp/ferry-journal-XXXXXX");
	if (!mkdtemp(p->path))
		return -1;
	p->fd = open(p->path, O_RDONLY | O_DIRECTORY);
	p->arena = arena_new();
	*state = p;
	return p->fd < 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;

	unlinkat(p->fd, "other", 0);
	unlinkat(p->fd, JOURNAL_NAME, 0);
	close(p->fd);
	rmdir(p->path);
	arena_free(p->arena);
	free(p);
	return 0;
}

/* begin, three intents, two seals, one undone. */
static void write_journal(struct place *p)
{
	struct plan_step steps[] = {override_step(), unbind_step(), define_step()};
	struct journal j = JOURNAL_CLOSED;
	ERROR_AUTO struct error err = {0};

	assert_int_equal(journal_create(p->fd, p->path, &head, p->arena, &j, &err), 0);
	assert_int_equal(journal_intent(&j, 0, &steps[0], &err), 0);
	assert_int_equal(journal_seal(&j, 0, &steps[0], &err), 0);
	assert_int_equal(journal_intent(&j, 1, &steps[1], &err), 0);
	assert_int_equal(journal_intent(&j, 4, &steps[2], &err), 0);
	steps[2].after = "<domain/>";
	assert_int_equal(journal_seal(&j, 4, &steps[2], &err), 0);
	assert_int_equal(journal_undone(&j, 4, &err), 0);
	journal_close(&j);
}

/* A step of the kind as the planners make it. */
static struct plan_step step_of(enum step_kind kind)
{
	struct plan_step s = unbind_step();

	if (kind == STEP_MODULE)
		s = (struct plan_step){.subject = "vfio-pci", .after = "loaded"};
	else if (kind == STEP_CONSOLE)
		s = (struct plan_step){.subject = "vtcon1", .before = "1", .after = "0"};
	else if (kind == STEP_POWER)
		s.before = "auto", s.after = "on";
	else if (kind == STEP_ATTACH || kind == STEP_DETACH)
		s = define_step(), s.before = s.after = "0000:01:00.0";
	else if (kind == STEP_DEFINE || kind == STEP_START || kind == STEP_SHUTDOWN)
		s = define_step();
	else if (kind == STEP_RUN)
		s = (struct plan_step){.subject = "update-grub", .after = "-v\n"};
	else if (kind == STEP_FILE || kind == STEP_GENERATED)
		s = (struct plan_step){.subject = "/boot/grub/grub.cfg",
				       .after = "/boot/grub/grub.cfg.new"};
	s.kind = kind;
	return s;
}

static char *read_file(struct place *p, size_t *ret_len)
{
	struct stat st;
	int fd = openat(p->fd, JOURNAL_NAME, O_RDONLY);
	char *s;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	s = arena_alloc(p->arena, (size_t)st.st_size + 1);
	assert_int_equal(read(fd, s, (size_t)st.st_size), st.st_size);
	close(fd);
	*ret_len = (size_t)st.st_size;
	return s;
}

static int parse(struct place *p, const char *s, size_t len, struct journal_content *ret)
{
	const char *why = NULL;
	size_t line;
	int code = journal_parse(s, len, p->arena, ret, &line, &why);

	assert_true(!code || why);
	return code;
}

/* A kind that can be written and not be read would leave a machine that nothing recovers. */
static void test_every_kind_is_read_back(void **state)
{
	struct place *p = *state;
	struct journal j = JOURNAL_CLOSED;
	struct journal_content content;
	size_t kind, len;
	char *s;

	assert_int_equal(journal_create(p->fd, p->path, &head, p->arena, &j, NULL), 0);
	for (kind = 0; kind < STEP_KINDS; kind++) {
		struct plan_step step = step_of((enum step_kind)kind);

		assert_int_equal(journal_intent(&j, kind, &step, NULL), 0);
	}
	journal_close(&j);
	s = read_file(p, &len);
	assert_int_equal(parse(p, s, len, &content), 0);
	assert_int_equal(content.n_steps, STEP_KINDS);
	for (kind = 0; kind < STEP_KINDS; kind++)
		assert_int_equal(content.steps[kind].step.kind, kind);
}

static void test_what_was_written_is_read(void **state)
{
	struct place *p = *state;
	const struct plan_step o = override_step();
	struct journal_content c;
	struct stat st;
	size_t len;

	write_journal(p);
	assert_int_equal(fstatat(p->fd, JOURNAL_NAME, &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, NULL), 0);
	assert_true(c.is_there && c.has_file);
	assert_int_equal(c.head.sequence, 7);
	assert_string_equal(c.head.command, head.command);
	assert_string_equal(c.head.boot_id, head.boot_id);
	assert_int_equal(c.n_steps, 3);
	assert_int_equal(c.steps[0].step.state, STEP_DONE);
	assert_string_equal(c.steps[0].step.before, o.before);
	assert_string_equal(c.steps[0].step.after, "vfio-pci");
	assert_string_equal(c.steps[0].step.group, o.group);
	assert_string_equal(c.steps[0].step.identity.serial, o.identity.serial);
	assert_int_equal(c.steps[0].step.identity.subsystem_vendor, -1);
	assert_int_equal(c.steps[0].step.identity.class, 0x020000);
	assert_int_equal(c.steps[1].step.state, STEP_PLANNED);
	assert_int_equal(c.steps[1].step.kind, STEP_UNBIND);
	assert_null(c.steps[1].step.after);
	assert_string_equal(c.steps[1].step.override_found, "vfio-pci");
	assert_int_equal(c.steps[2].number, 4);
	assert_string_equal(c.steps[2].step.before, define_step().before);
	assert_string_equal(c.steps[2].step.after, "<domain/>");
	assert_true(c.steps[2].is_undone && !c.steps[1].is_undone);
	read_file(p, &len);
	assert_int_equal(c.length, len);
}

static void test_no_file_is_nothing(void **state)
{
	struct place *p = *state;
	struct journal_content c;

	assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, NULL), 0);
	assert_false(c.is_there || c.has_file);
	close(openat(p->fd, JOURNAL_NAME, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, NULL), 0);
	assert_true(c.has_file);
	assert_false(c.is_there);
}

/* Of a file cut off anywhere the whole lines count, and no step of the unfinished one. */
static void test_torn_at_every_byte(void **state)
{
	struct place *p = *state;
	struct journal_content c;
	size_t len, cut, i;
	char *s;

	write_journal(p);
	s = read_file(p, &len);
	for (cut = 0; cut <= len; cut++) {
		size_t lines = 0;

		assert_int_equal(parse(p, s, cut, &c), 0);
		for (i = 0; i < cut; i++)
			lines += s[i] == '\n';
		/* A line that lacks only its newline is whole. */
		lines += cut < len && cut && s[cut] == '\n';
		assert_int_equal(c.is_there, lines >= 1);
		assert_int_equal(c.n_steps, (lines >= 2) + (lines >= 4) + (lines >= 5));
		assert_true(c.length <= cut);
	}
}

/*
 * Any byte changed to any other: refused; only in an unfinished last line, which says nothing
 * anyway, can it pass.
 */
static void test_altered_at_every_byte(void **state)
{
	static const char with[] = {'0', 'x', '"', '}', '\n', ' ', '\\', (char)0xff, 1};
	struct place *p = *state;
	size_t len, at, i;
	char *s;

	write_journal(p);
	s = read_file(p, &len);
	for (at = 0; at < len; at++) {
		char was = s[at];

		for (i = 0; i < sizeof(with); i++) {
			ARENA_AUTO struct arena *own = arena_new();
			struct place q = *p;
			struct journal_content c;

			q.arena = own;
			s[at] = with[i];
			if (was != with[i])
				assert_int_equal(parse(&q, s, len, &c), -EBADMSG);
		}
		s[at] = was;
	}
}

static void test_altered_unfinished_line_adds_nothing(void **state)
{
	struct place *p = *state;
	struct journal_content whole, c;
	size_t len, at, first;
	char *s;

	write_journal(p);
	s = read_file(p, &len);
	first = (size_t)(strchr(s, '\n') - s) + 1;
	assert_int_equal(parse(p, s, first, &whole), 0);
	for (at = first; at < first + 40; at++) {
		char was = s[at];

		s[at] ^= 4;
		if (!parse(p, s, first + 60, &c))
			assert_int_equal(c.n_steps, 0);
		s[at] = was;
	}
}

static void test_lines_taken_out_or_swapped_are_seen(void **state)
{
	struct place *p = *state;
	struct journal_content c;
	char *s, *lines[8];
	size_t len, n = 0, i;

	write_journal(p);
	s = read_file(p, &len);
	for (lines[0] = strtok(s, "\n"); lines[n]; lines[n] = strtok(NULL, "\n"))
		n++;
	assert_int_equal(n, 7);
	for (i = 0; i + 1 < n; i++) {
		TEXT_AUTO struct text without = {0};
		TEXT_AUTO struct text swapped = {0};
		size_t k;

		for (k = 0; k < n; k++) {
			size_t other = k == i ? i + 1 : k == i + 1 ? i : k;

			if (k != i)
				text_addf(&without, "%s\n", lines[k]);
			text_addf(&swapped, "%s\n", lines[other]);
		}
		assert_int_equal(parse(p, without.s, without.len, &c), -EBADMSG);
		assert_int_equal(parse(p, swapped.s, swapped.len, &c), -EBADMSG);
	}
}

static void test_zeros_of_a_power_cut_are_an_unfinished_line(void **state)
{
	struct place *p = *state;
	struct journal_content c;
	TEXT_AUTO struct text t = {0};
	static const char zeros[100];
	size_t len;
	char *s;

	write_journal(p);
	s = read_file(p, &len);
	text_add_bytes(&t, s, len);
	text_add_bytes(&t, s, 30);
	text_add_bytes(&t, zeros, sizeof(zeros));
	assert_int_equal(parse(p, t.s, t.len, &c), 0);
	assert_int_equal(c.length, len);
	assert_int_equal(parse(p, zeros, sizeof(zeros), &c), 0);
	assert_false(c.is_there);
}

/* A journal of two lines whose sums are right: what its second says must still make sense. */
static int parse_forged(struct place *p, const char *intent)
{
	static const char begin[] =
		"{\"line\":\"begin\",\"sequence\":1,\"command\":\"up\",\"boot_id\":\"b\"}";
	TEXT_AUTO struct text t = {0};
	struct journal_content c;
	uint64_t sum = journal_line_sum(JOURNAL_FIRST_SUM, begin, strlen(begin));

	text_addf(&t, "{\"sum\":\"%016" PRIx64 "\",\"line\":%s}\n", sum, begin);
	sum = journal_line_sum(sum, intent, strlen(intent));
	text_addf(&t, "{\"sum\":\"%016" PRIx64 "\",\"line\":%s}\n", sum, intent);
	return parse(p, t.s, t.len, &c);
}

#define IDENTITY                                                                            \
	"\"identity\":{\"address\":\"0000:01:00.0\",\"class\":1,\"vendor\":2,\"device\":3," \
	"\"subsystem_vendor\":4,\"subsystem_device\":5,\"serial\":null}"
#define UUID         "\"guest_uuid\":\"12345678-1234-1234-1234-123456789abc\""
#define INTENT(rest) "{\"line\":\"intent\",\"step\":0," rest "," IDENTITY "}"

static void test_content_is_checked_before_it_is_believed(void **state)
{
	struct place *p = *state;
	static const char *const good[] = {
		INTENT("\"kind\":\"unbind\",\"subject\":\"0000:01:00.0\",\"before\":\"e1000e\""),
		INTENT("\"kind\":\"bind\",\"subject\":\"0000:01:00.0\",\"after\":\"vfio-pci\""),
		INTENT("\"kind\":\"module\",\"subject\":\"vfio-pci\""),
		INTENT("\"kind\":\"start\",\"subject\":\"any/name\"," UUID),
		INTENT("\"kind\":\"attach\",\"subject\":\"g\",\"after\":\"0000:01:00.0\"," UUID),
	};
	static const char *const bad[] = {
		"[]",
		"{\"line\":\"intent\"}",
		"{\"line\":\"begin\",\"sequence\":1,\"command\":\"up\",\"boot_id\":\"b\"}",
		"{\"line\":\"seal\",\"step\":0,\"after\":null}",
		"{\"line\":\"erase\",\"step\":0}",
		INTENT("\"kind\":\"format\",\"subject\":\"0000:01:00.0\""),
		INTENT("\"kind\":\"unbind\",\"subject\":\"0000:01:00.1\",\"before\":\"e1000e\""),
		INTENT("\"kind\":\"unbind\",\"subject\":\"../../x\",\"before\":\"e1000e\""),
		INTENT("\"kind\":\"unbind\",\"subject\":\"0000:01:00.0\",\"before\":\"../../x\""),
		INTENT("\"kind\":\"unbind\",\"subject\":\"0000:01:00.0\",\"before\":\"..\""),
		INTENT("\"kind\":\"unbind\",\"subject\":\"0000:01:00.0\",\"before\":null"),
		INTENT("\"kind\":\"bind\",\"subject\":\"0000:01:00.0\",\"after\":\"a/b\""),
		INTENT("\"kind\":\"bind\",\"subject\":\"0000:01:00.0\",\"after\":\"\""),
		INTENT("\"kind\":\"bind\",\"subject\":\"0000:01:00.0\",\"after\":7"),
		INTENT("\"kind\":\"override\",\"subject\":\"0000:01:00.0\",\"before\":\"a\\nb\""),
		INTENT("\"kind\":\"override\",\"subject\":\"0000:01:00.0\",\"before\":\"a\\u0000b\""),
		INTENT("\"kind\":\"module\",\"subject\":\"/tmp/evil.ko\""),
		INTENT("\"kind\":\"start\",\"subject\":\"guest\""),
		INTENT("\"kind\":\"start\",\"subject\":\"guest\",\"guest_uuid\":\"x\""),
		INTENT("\"kind\":\"define\",\"subject\":\"g\",\"before\":\"<x/>\"," UUID),
		INTENT("\"kind\":\"attach\",\"subject\":\"g\",\"after\":\"1.0\"," UUID),
		"{\"line\":\"intent\",\"step\":-1,\"kind\":\"module\",\"subject\":\"m\"," IDENTITY
		"}",
		"{\"line\":\"intent\",\"step\":0,\"kind\":\"module\",\"subject\":\"m\"}",
		"{\"line\":\"intent\",\"step\":0,\"kind\":\"module\",\"subject\":\"m\",\"identity\":{\"address\":\"z\"}}",
		"{\"a\":[[[[[[[[]]]]]]]]}",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_int_equal(parse_forged(p, good[i]), 0);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(parse_forged(p, bad[i]), -EBADMSG);
}

static void test_links_and_loose_files_are_refused_with_what_to_do(void **state)
{
	struct place *p = *state;
	ERROR_AUTO struct error err = {0};
	struct journal_content c;

	write_journal(p);
	assert_int_equal(fchmodat(p->fd, JOURNAL_NAME, 0644, 0), 0);
	assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, &err), -EPERM);
	assert_non_null(strstr(err.subject, p->path));
	assert_non_null(strstr(err.remedy, "remove the file"));
	assert_int_equal(fchmodat(p->fd, JOURNAL_NAME, 0600, 0), 0);
	assert_int_equal(linkat(p->fd, JOURNAL_NAME, p->fd, "other", 0), 0);
	assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, &err), -EPERM);
	assert_int_equal(unlinkat(p->fd, JOURNAL_NAME, 0), 0);
	assert_int_equal(symlinkat("other", p->fd, JOURNAL_NAME), 0);
	assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, &err), -EPERM);
	if (!geteuid()) {
		assert_int_equal(renameat(p->fd, "other", p->fd, JOURNAL_NAME), 0);
		assert_int_equal(fchownat(p->fd, JOURNAL_NAME, 12345, 12345, 0), 0);
		assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, &err), -EPERM);
	}
}

static void test_a_second_journal_is_not_begun(void **state)
{
	struct place *p = *state;
	ERROR_AUTO struct error err = {0};
	struct journal j = JOURNAL_CLOSED;

	write_journal(p);
	assert_int_equal(journal_create(p->fd, p->path, &head, p->arena, &j, &err), -EEXIST);
	assert_non_null(strstr(err.remedy, "ferry recover"));
	assert_int_equal(unlinkat(p->fd, JOURNAL_NAME, 0), 0);
	/* Nor is one begun through a link that somebody laid there. */
	assert_int_equal(symlinkat("other", p->fd, JOURNAL_NAME), 0);
	assert_int_equal(journal_create(p->fd, p->path, &head, p->arena, &j, &err), -EEXIST);
	assert_int_equal(faccessat(p->fd, "other", F_OK, 0), -1);
}

static void test_reopened_after_a_cut_at_every_byte(void **state)
{
	struct place *p = *state;
	struct journal_content c, again;
	size_t len, cut, first;
	char *s;

	write_journal(p);
	s = read_file(p, &len);
	first = (size_t)(strchr(strchr(s, '\n') + 1, '\n') - s);
	for (cut = first; cut < len; cut += 7) {
		struct journal j = JOURNAL_CLOSED;
		int fd = openat(p->fd, JOURNAL_NAME, O_WRONLY | O_TRUNC);

		assert_int_equal(write(fd, s, cut), cut);
		close(fd);
		assert_int_equal(journal_read(p->fd, p->path, p->arena, &c, NULL), 0);
		assert_int_equal(journal_reopen(p->fd, p->path, &c, p->arena, &j, NULL), 0);
		assert_int_equal(journal_undone(&j, 0, NULL), 0);
		journal_close(&j);
		assert_int_equal(journal_read(p->fd, p->path, p->arena, &again, NULL), 0);
		assert_int_equal(again.n_steps, c.n_steps);
		assert_true(again.steps[0].is_undone);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_was_written_is_read),
		TEST(test_every_kind_is_read_back),
		TEST(test_no_file_is_nothing),
		TEST(test_torn_at_every_byte),
		TEST(test_altered_at_every_byte),
		TEST(test_altered_unfinished_line_adds_nothing),
		TEST(test_lines_taken_out_or_swapped_are_seen),
		TEST(test_zeros_of_a_power_cut_are_an_unfinished_line),
		TEST(test_content_is_checked_before_it_is_believed),
		TEST(test_links_and_loose_files_are_refused_with_what_to_do),
		TEST(test_a_second_journal_is_not_begun),
		TEST(test_reopened_after_a_cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
