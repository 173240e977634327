// SPDX-License-Identifier: LGPL-2.1-or-later
/* Consoles and power in a folder that stands for /: what is written, and what an undo makes of it. */
#include "../test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/step.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"

#define VT     "sys/class/vtconsole/vtcon1"
#define DEVICE "sys/bus/pci/devices/0000:01:00.0"

static char top[64];
static struct root root;
static struct arena *arena;
static struct actor actor;

static void put(const char *path, const char *text)
{
	char whole[256], *p;
	FILE *f;

	snprintf(whole, sizeof(whole), "%s/%s", top, path);
	for (p = whole + strlen(top) + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		mkdir(whole, 0755);
	}
	f = fopen(whole, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void assert_file(const char *path, const char *want)
{
	char *text;

	assert_int_equal(root_read_line(&root, arena, path, &text), 0);
	assert_string_equal(text, want);
}

static int begin(void **state)
{
	strcpy(top, "/tmp/ferry-display-XXXXXX");
	if (!mkdtemp(top) || root_open(top, &root))
		return -1;
	arena = arena_new();
	actor = (struct actor){.arena = arena, .root = &root, .write_deadline_ms = 10000};
	put(VT "/bind", "1\n");
	put(DEVICE "/power/control", "auto\n");
	put(DEVICE "/power/runtime_status", "active\n");
	put(DEVICE "/vendor", "0x8086\n");
	put(DEVICE "/device", "0x10d3\n");
	put(DEVICE "/class", "0x020000\n");
	return 0;
}

static void drop_file(const char *path)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "%s/%s", top, path);
	for (; strlen(whole) > strlen(top); *strrchr(whole, '/') = 0) {
		if (unlink(whole) && rmdir(whole))
			break;
	}
}

static int end(void **state)
{
	static const char *const files[] = {
		VT "/bind",       DEVICE "/power/control", DEVICE "/power/runtime_status",
		DEVICE "/vendor", DEVICE "/device",        DEVICE "/class"};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		drop_file(files[i]);
	root_close(&root);
	arena_free(arena);
	return rmdir(top);
}

static struct plan_step console_step(void)
{
	return (struct plan_step){
		.kind = STEP_CONSOLE, .subject = "vtcon1", .before = "1", .after = "0"};
}

static void test_console(void **state)
{
	const struct step_ops *ops = &step_table[STEP_CONSOLE];
	struct plan_step step = console_step();
	const char *note = NULL;

	assert_int_equal(ops->check(&actor, &step, NULL), 0);
	assert_int_equal(ops->act(&actor, &step, NULL), 0);
	assert_file(VT "/bind", "0");
	assert_int_equal(ops->check(&actor, &step, NULL), 1);
	assert_int_equal(ops->undo(&actor, &step, &note, NULL), 0);
	assert_file(VT "/bind", "1");
	assert_int_equal(ops->undo(&actor, &step, &note, NULL), 0);
	assert_null(note);
}

static void test_a_console_that_went_with_its_screen(void **state)
{
	const struct step_ops *ops = &step_table[STEP_CONSOLE];
	struct plan_step step = console_step();
	const char *note = NULL;

	drop_file(VT "/bind");
	assert_int_equal(ops->check(&actor, &step, NULL), 1);
	assert_int_equal(ops->undo(&actor, &step, &note, NULL), 0);
	assert_non_null(strstr(note, "vtcon1 is not there any more"));
}

static void test_no_path_is_made_of_a_subject(void **state)
{
	ERROR_AUTO struct error err = {0};
	struct plan_step step = console_step();

	step.subject = "../../../etc";
	assert_int_equal(step_table[STEP_CONSOLE].check(&actor, &step, &err), -EINVAL);
}

static struct plan_step power_step(void)
{
	return (struct plan_step){
		.kind = STEP_POWER,
		.subject = "0000:01:00.0",
		.before = "auto",
		.after = "on",
		.identity = {.address = {0, 1, 0, 0},
			     .class = 0x020000,
			     .vendor = 0x8086,
			     .device = 0x10d3,
			     .subsystem_vendor = -1,
			     .subsystem_device = -1},
	};
}

static void test_power(void **state)
{
	const struct step_ops *ops = &step_table[STEP_POWER];
	struct plan_step step = power_step();
	const char *note = NULL;

	assert_int_equal(ops->check(&actor, &step, NULL), 0);
	put(DEVICE "/power/control", "auto");
	assert_int_equal(ops->act(&actor, &step, NULL), -EIO);
	put(DEVICE "/power/control", "");
	put(DEVICE "/power/control", "on\n");
	assert_int_equal(ops->check(&actor, &step, NULL), 1);
	assert_int_equal(ops->act(&actor, &step, NULL), 0);
	/* What vfio-pci made of it meanwhile is what an undo goes back to. */
	step.after = "auto";
	assert_int_equal(ops->check(&actor, &step, NULL), 0);
	assert_string_equal(step.before, "on");
	assert_int_equal(ops->undo(&actor, &step, &note, NULL), 0);
}

static void test_it_does_not_wake(void **state)
{
	ERROR_AUTO struct error err = {0};
	struct plan_step step = power_step();

	put(DEVICE "/power/control", "on\n");
	put(DEVICE "/power/runtime_status", "suspended\n");
	assert_int_equal(step_table[STEP_POWER].act(&actor, &step, &err), -EIO);
	assert_non_null(strstr(err.message, "could not be woken"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_console),
		TEST(test_a_console_that_went_with_its_screen),
		TEST(test_no_path_is_made_of_a_subject),
		TEST(test_power),
		TEST(test_it_does_not_wake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
