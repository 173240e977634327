// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Steps on guests against a libvirt of a few lines: its calls are replaced at link time, the edits of
 * definitions are the real ones. What a person keeps: the definition to the byte, or his own edit.
 */
#include "../test.h"

#include <errno.h>

#include "apply/step.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "guest/connection.h"
#include "guest/edit.h"
#include "guest/power.h"

#define UUID   "12345678-1234-1234-1234-123456789abc"
#define DEVICE "0000:01:00.0"

static struct arena *arena;
static struct actor actor;
static const char *before, *after; /* definitions: without and with the device */

/* The libvirt of this test. */
static struct {
	const char *stored; /* NULL: undefined */
	const char *late;   /* what becomes of it after so many looks */
	int looks_before;
	int n_defines;
	enum guest_state state;
	bool has_device, refuses, was_destroyed;
} virt;

int __wrap_guest_stored_xml(struct guest_connection *c, const char *uuid, struct arena *a,
			    const char **ret_xml, struct error *err);
int __wrap_guest_define(struct guest_connection *c, const char *xml, struct arena *a,
			const char **ret_xml, struct error *err);
int __wrap_guest_state_now(struct guest_connection *c, const char *uuid, enum guest_state *ret,
			   struct error *err);
int __wrap_guest_start(struct guest_connection *c, const char *uuid, struct error *err);
int __wrap_guest_shutdown(struct guest_connection *c, const char *uuid, unsigned int deadline_ms,
			  struct error *err);
int __wrap_guest_destroy(struct guest_connection *c, const char *uuid, struct error *err);
int __wrap_guest_attach_live(struct guest_connection *c, const char *uuid,
			     const struct pci_address *address, struct error *err);
int __wrap_guest_detach_live(struct guest_connection *c, const char *uuid,
			     const struct pci_address *address, unsigned int deadline_ms,
			     struct error *err);
void __wrap_guests_read(struct guest_connection *c, const struct error *open_error, struct arena *a,
			struct guests *ret);

static void look(void)
{
	if (virt.looks_before && !--virt.looks_before) {
		if (virt.late)
			virt.stored = virt.late;
		else
			virt.state = GUEST_RUNNING;
	}
}

int __wrap_guest_stored_xml(struct guest_connection *c, const char *uuid, struct arena *a,
			    const char **ret_xml, struct error *err)
{
	assert_string_equal(uuid, UUID);
	look();
	if (!virt.stored)
		return error_set(err, -ENOENT, "guest", NULL, "no such guest");
	*ret_xml = arena_strdup(a, virt.stored);
	return 0;
}

int __wrap_guest_define(struct guest_connection *c, const char *xml, struct arena *a,
			const char **ret_xml, struct error *err)
{
	virt.n_defines++;
	virt.stored = arena_strdup(arena, xml);
	if (ret_xml)
		*ret_xml = virt.stored;
	return 0;
}

int __wrap_guest_state_now(struct guest_connection *c, const char *uuid, enum guest_state *ret,
			   struct error *err)
{
	look();
	*ret = virt.state;
	return 0;
}

int __wrap_guest_start(struct guest_connection *c, const char *uuid, struct error *err)
{
	virt.state = GUEST_RUNNING;
	return 0;
}

int __wrap_guest_shutdown(struct guest_connection *c, const char *uuid, unsigned int deadline_ms,
			  struct error *err)
{
	assert_int_equal(deadline_ms, 7000);
	if (virt.refuses)
		return error_set(err, -ETIMEDOUT, "guest", "--force pulls its plug",
				 "it was asked to shut down and is still running");
	virt.state = GUEST_SHUT_OFF;
	return 0;
}

int __wrap_guest_destroy(struct guest_connection *c, const char *uuid, struct error *err)
{
	virt.was_destroyed = true;
	virt.state = GUEST_SHUT_OFF;
	return 0;
}

int __wrap_guest_attach_live(struct guest_connection *c, const char *uuid,
			     const struct pci_address *address, struct error *err)
{
	virt.has_device = true;
	return 0;
}

int __wrap_guest_detach_live(struct guest_connection *c, const char *uuid,
			     const struct pci_address *address, unsigned int deadline_ms,
			     struct error *err)
{
	if (virt.refuses)
		return error_set(err, -ETIMEDOUT, DEVICE, NULL, "guest did not let it go");
	virt.has_device = false;
	return 0;
}

void __wrap_guests_read(struct guest_connection *c, const struct error *open_error, struct arena *a,
			struct guests *ret)
{
	struct guest *g = arena_alloc(a, sizeof(*g));

	*g = (struct guest){.name = "guest", .uuid = UUID, .state = virt.state};
	if (virt.has_device) {
		struct guest_hostdev *h = arena_append(a, g->live.list, g->live.count);

		h->source = (struct pci_address){0, 1, 0, 0};
	}
	*ret = (struct guests){.access = GUESTS_READ, .list = g, .count = 1};
}

static const char definition[] =
	"<domain type='kvm'>\n"
	"  <name>guest</name>\n"
	"  <uuid>" UUID "</uuid>\n"
	"  <memory unit='KiB'>524288</memory>\n"
	"  <os>\n"
	"    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>\n"
	"  </os>\n"
	"  <devices>\n"
	"    <emulator>/usr/bin/qemu-system-x86_64</emulator>\n"
	"    <controller type='pci' index='0' model='pcie-root'/>\n"
	"    <controller type='pci' index='1' model='pcie-root-port'>\n"
	"      <model name='pcie-root-port'/>\n"
	"      <target chassis='1' port='0x8'/>\n"
	"      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>\n"
	"    </controller>\n"
	"    <memballoon model='none'/>\n"
	"  </devices>\n"
	"</domain>\n";

/* What libvirt makes of the edit: it adds the port's address, and here other quotes besides. */
static char *replace(const char *s, const char *what, const char *with)
{
	const char *found = strstr(s, what);

	assert_non_null(found);
	return arena_printf(arena, "%.*s%s%s", (int)(found - s), s, with, found + strlen(what));
}

static int begin(void **state)
{
	const struct pci_address device = {0, 1, 0, 0};

	arena = arena_new();
	actor = (struct actor){.arena = arena, .shutdown_deadline_ms = 7000};
	before = definition;
	memset(&virt, 0, sizeof(virt));
	assert_int_equal(guest_xml_with_hostdevs(before, &device, 1, arena, &after, NULL), 0);
	assert_non_null(strstr(after, "<hostdev"));
	virt.stored = before;
	return 0;
}

static int end(void **state)
{
	arena_free(arena);
	return 0;
}

static struct plan_step step_of(enum step_kind kind)
{
	return (struct plan_step){
		.kind = kind,
		.subject = "guest",
		.guest_uuid = UUID,
		.before = kind == STEP_DEFINE   ? before
			  : kind == STEP_DETACH ? DEVICE
						: NULL,
		.after = kind == STEP_DEFINE   ? after
			 : kind == STEP_ATTACH ? DEVICE
					       : NULL,
		.state = STEP_DONE,
	};
}

static int undo(const struct plan_step *step, const char **ret_note)
{
	*ret_note = NULL;
	return step_table[step->kind].undo(&actor, step, ret_note, NULL);
}

static void test_definition_comes_back_to_the_byte(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);
	const char *note;

	assert_int_equal(step_table[STEP_DEFINE].check(&actor, &step, NULL), 0);
	assert_int_equal(step_table[STEP_DEFINE].act(&actor, &step, NULL), 0);
	assert_string_equal(virt.stored, after);
	assert_int_equal(step_table[STEP_DEFINE].check(&actor, &step, NULL), 1);
	assert_int_equal(undo(&step, &note), 0);
	assert_string_equal(virt.stored, before);
	assert_null(note);
	/* Once more changes nothing. */
	assert_int_equal(undo(&step, &note), 0);
	assert_int_equal(virt.n_defines, 2);
}

static void test_definition_edited_before_is_not_touched(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);

	virt.stored = replace(before, "524288", "1048576");
	assert_int_equal(step_table[STEP_DEFINE].check(&actor, &step, NULL), -ESTALE);
}

/* Killed before the seal: what libvirt made of the edit is not what was sent. */
static void test_definition_without_seal_comes_back_to_the_byte(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);
	const char *note;

	step.state = STEP_PLANNED;
	virt.stored = replace(after, "type='kvm'", "type=\"kvm\"");
	virt.stored = replace(virt.stored, "</hostdev>", "<alias name='ua-1'/></hostdev>");
	assert_int_equal(undo(&step, &note), 0);
	assert_string_equal(virt.stored, before);
	assert_null(note);
}

/* Killed while libvirtd still had the call before it. */
static void test_definition_that_comes_late_is_undone(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);
	const char *note;

	step.state = STEP_PLANNED;
	virt.late = after;
	virt.looks_before = 4;
	assert_int_equal(undo(&step, &note), 0);
	assert_string_equal(virt.stored, before);
	assert_int_equal(virt.n_defines, 1);
}

static void test_somebody_elses_edit_stays(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);
	const char *note;

	virt.stored = replace(after, "524288", "1048576");
	assert_int_equal(undo(&step, &note), 0);
	assert_null(strstr(virt.stored, "<hostdev"));
	assert_non_null(strstr(virt.stored, "1048576"));
	assert_string_equal(replace(virt.stored, "1048576", "524288"), before);
	assert_non_null(note);
	assert_non_null(strstr(note, "guest"));
	assert_int_equal(undo(&step, &note), 0);
	assert_int_equal(virt.n_defines, 1);
}

static void test_a_device_that_somebody_took_out_needs_no_define(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);
	const char *note;

	virt.stored = replace(before, "524288", "1048576");
	assert_int_equal(undo(&step, &note), 0);
	assert_int_equal(virt.n_defines, 0);
	assert_non_null(note);
}

/* The undo of an unassign brings the device back. */
static void test_undo_of_taking_out(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);
	const char *note;

	step.before = after;
	step.after = before;
	virt.stored = before;
	assert_int_equal(undo(&step, &note), 0);
	assert_string_equal(virt.stored, after);
	virt.stored = replace(before, "524288", "1048576");
	assert_int_equal(undo(&step, &note), 0);
	assert_non_null(strstr(virt.stored, "<hostdev"));
	assert_non_null(strstr(virt.stored, "1048576"));
	assert_non_null(note);
}

static void test_a_guest_that_is_undefined_is_not_brought_back(void **state)
{
	struct plan_step step = step_of(STEP_DEFINE);
	const char *note;

	virt.stored = NULL;
	assert_int_equal(undo(&step, &note), 0);
	assert_int_equal(virt.n_defines, 0);
	assert_non_null(note);
}

static void test_start_is_undone_by_asking(void **state)
{
	struct plan_step step = step_of(STEP_START);
	const char *note;

	assert_int_equal(step_table[STEP_START].check(&actor, &step, NULL), 0);
	assert_int_equal(step_table[STEP_START].act(&actor, &step, NULL), 0);
	assert_int_equal(step_table[STEP_START].check(&actor, &step, NULL), 1);
	virt.refuses = true;
	assert_int_equal(undo(&step, &note), -ETIMEDOUT);
	assert_false(virt.was_destroyed);
	virt.refuses = false;
	assert_int_equal(undo(&step, &note), 0);
	assert_int_equal(virt.state, GUEST_SHUT_OFF);
	assert_int_equal(undo(&step, &note), 0);
}

static void test_force_is_force(void **state)
{
	struct plan_step step = step_of(STEP_START);
	const char *note;

	virt.state = GUEST_RUNNING;
	virt.refuses = true;
	actor.force = true;
	assert_int_equal(undo(&step, &note), 0);
	assert_true(virt.was_destroyed);
}

static void test_a_start_that_comes_late_is_undone(void **state)
{
	struct plan_step step = step_of(STEP_START);
	const char *note;

	step.state = STEP_PLANNED;
	virt.looks_before = 4;
	assert_int_equal(undo(&step, &note), 0);
	assert_int_equal(virt.looks_before, 0);
	assert_int_equal(virt.state, GUEST_SHUT_OFF);
}

static void test_a_guest_in_another_state_is_not_started(void **state)
{
	struct plan_step step = step_of(STEP_START);

	virt.state = GUEST_PAUSED;
	assert_int_equal(step_table[STEP_START].check(&actor, &step, NULL), -ESTALE);
}

static void test_a_guest_that_was_shut_down_is_not_started_again(void **state)
{
	struct plan_step step = step_of(STEP_SHUTDOWN);
	const char *note;

	virt.state = GUEST_RUNNING;
	assert_int_equal(step_table[STEP_SHUTDOWN].check(&actor, &step, NULL), 0);
	virt.refuses = true;
	assert_int_equal(step_table[STEP_SHUTDOWN].act(&actor, &step, NULL), -ETIMEDOUT);
	assert_int_equal(undo(&step, &note), 0);
	assert_null(note);
	virt.refuses = false;
	assert_int_equal(step_table[STEP_SHUTDOWN].act(&actor, &step, NULL), 0);
	assert_int_equal(undo(&step, &note), 0);
	assert_int_equal(virt.state, GUEST_SHUT_OFF);
	assert_non_null(strstr(note, "ferry start"));
	assert_int_equal(step_table[STEP_SHUTDOWN].check(&actor, &step, NULL), 1);
}

static void test_attach_is_undone_by_unplugging(void **state)
{
	struct plan_step step = step_of(STEP_ATTACH);
	const char *note;

	virt.state = GUEST_SHUT_OFF;
	assert_int_equal(step_table[STEP_ATTACH].check(&actor, &step, NULL), -ESTALE);
	virt.state = GUEST_RUNNING;
	assert_int_equal(step_table[STEP_ATTACH].act(&actor, &step, NULL), 0);
	assert_int_equal(step_table[STEP_ATTACH].check(&actor, &step, NULL), 1);
	virt.refuses = true;
	assert_int_equal(undo(&step, &note), -ETIMEDOUT);
	virt.refuses = false;
	assert_int_equal(undo(&step, &note), 0);
	assert_false(virt.has_device);
	assert_int_equal(undo(&step, &note), 0);
}

static void test_detach_is_undone_by_plugging_in(void **state)
{
	struct plan_step step = step_of(STEP_DETACH);
	const char *note;

	virt.state = GUEST_RUNNING;
	assert_int_equal(step_table[STEP_DETACH].check(&actor, &step, NULL), 1);
	virt.has_device = true;
	assert_int_equal(step_table[STEP_DETACH].check(&actor, &step, NULL), 0);
	assert_int_equal(step_table[STEP_DETACH].act(&actor, &step, NULL), 0);
	assert_false(virt.has_device);
	assert_int_equal(undo(&step, &note), 0);
	assert_true(virt.has_device);
	assert_null(note);
	/* Off by now: nothing to plug into, and that is said. */
	virt.has_device = false;
	virt.state = GUEST_SHUT_OFF;
	assert_int_equal(undo(&step, &note), 0);
	assert_false(virt.has_device);
	assert_non_null(strstr(note, DEVICE));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_definition_comes_back_to_the_byte),
		TEST(test_definition_edited_before_is_not_touched),
		TEST(test_definition_without_seal_comes_back_to_the_byte),
		TEST(test_definition_that_comes_late_is_undone),
		TEST(test_somebody_elses_edit_stays),
		TEST(test_a_device_that_somebody_took_out_needs_no_define),
		TEST(test_undo_of_taking_out),
		TEST(test_a_guest_that_is_undefined_is_not_brought_back),
		TEST(test_start_is_undone_by_asking),
		TEST(test_force_is_force),
		TEST(test_a_start_that_comes_late_is_undone),
		TEST(test_a_guest_in_another_state_is_not_started),
		TEST(test_a_guest_that_was_shut_down_is_not_started_again),
		TEST(test_attach_is_undone_by_unplugging),
		TEST(test_detach_is_undone_by_plugging_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
