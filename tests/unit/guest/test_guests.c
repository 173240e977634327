// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The connection, reading and switching, on libvirt's own library: its test driver keeps guests in this
 * process, and a socket of the test's stands for a daemon that hangs or is gone.
 */
#include "guest_test.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "guest/connection.h"
#include "guest/edit.h"
#include "guest/power.h"

static struct guest_connection *open_test_driver(void)
{
	struct guest_connection *c;

	assert_int_equal(guest_connection_open("test:///default", true, 20000, &c, NULL), 0);
	return c;
}

static void reads_the_guests(void **state)
{
	GUEST_CONNECTION_AUTO struct guest_connection *c = open_test_driver();
	struct guests guests;
	const struct guest *g;

	guests_read(c, NULL, arena, &guests);
	assert_int_equal(guests.access, GUESTS_READ);
	assert_string_equal(guests.uri, "test:///default");
	assert_false(guests.is_remote);
	assert_false(guests.is_read_only);
	assert_true(guests.version >= 1000000);
	assert_int_equal(guests.count, 1);
	g = guests_find(&guests, "test");
	assert_non_null(g);
	assert_int_equal(g->state, GUEST_RUNNING);
	assert_true(g->is_persistent);
	assert_non_null(strstr(g->xml, "<name>test</name>"));
	assert_non_null(strstr(g->live_xml, "id='"));
	assert_ptr_equal(guests_find(&guests, g->uuid), g);
	assert_null(guests_find(&guests, "nobody"));
}

static void switches_a_guest(void **state)
{
	GUEST_CONNECTION_AUTO struct guest_connection *c = open_test_driver();
	ERROR_AUTO struct error err = {0};
	struct guests guests;
	enum guest_state now;
	const char *uuid;

	guests_read(c, NULL, arena, &guests);
	uuid = guests.list[0].uuid;
	assert_int_equal(guest_start(c, uuid, &err), -EALREADY);
	assert_string_equal(err.subject, "test");
	assert_int_equal(guest_shutdown(c, uuid, 5000, NULL), 0);
	assert_int_equal(guest_shutdown(c, uuid, 5000, NULL), 0);
	assert_int_equal(guest_state_now(c, uuid, &now, NULL), 0);
	assert_int_equal(now, GUEST_SHUT_OFF);
	guests_read(c, NULL, arena, &guests);
	assert_null(guests.list[0].live_xml);
	assert_int_equal(guest_start(c, uuid, NULL), 0);
	assert_int_equal(guest_destroy(c, uuid, NULL), 0);
	assert_int_equal(guest_destroy(c, uuid, NULL), 0);
	assert_int_equal(guest_start(c, uuid, NULL), 0);
	assert_int_equal(guest_start(c, "11111111-2222-3333-4444-555555555555", &err), -ENOENT);
}

static void defines_and_undoes(void **state)
{
	GUEST_CONNECTION_AUTO struct guest_connection *c = open_test_driver();
	const struct pci_address device = address("0000:42:00.0");
	const char *before, *edited, *after, *back;
	struct guests guests;
	const struct guest *g;
	bool is_live = true;

	guests_read(c, NULL, arena, &guests);
	g = &guests.list[0];
	/* What was never read back may be written in another order (see same.c). */
	assert_int_equal(guest_define(c, g->xml, arena, &before, NULL), 0);
	assert_int_equal(guest_xml_with_hostdevs(before, &device, 1, arena, &edited, NULL), 0);
	assert_int_equal(guest_define(c, edited, arena, &after, NULL), 0);
	guests_read(c, NULL, arena, &guests);
	assert_ptr_equal(guests_find_holder(&guests, &device, &is_live), &guests.list[0]);
	assert_false(is_live);
	assert_int_equal(guest_define(c, before, arena, NULL, NULL), 0);
	assert_int_equal(guest_stored_xml(c, g->uuid, arena, &back, NULL), 0);
	assert_string_equal(back, before);
}

static void undefined_guest_is_not_brought_back(void **state)
{
	GUEST_CONNECTION_AUTO struct guest_connection *c = open_test_driver();
	ERROR_AUTO struct error err = {0};

	assert_int_equal(guest_define(c, definition("q35.xml"), arena, NULL, &err), -ENOENT);
	assert_int_equal(guest_define(c, "<domain/>", arena, NULL, &err), -EINVAL);
	assert_int_equal(guest_define(c, "nonsense", arena, NULL, &err), -EINVAL);
}

/* A guest that holds a device while it runs counts before one that would at its next start. */
static void live_holder_comes_first(void **state)
{
	struct guest_hostdev device = {.source = address("0000:01:00.0")};
	struct guest list[] = {{.name = "a", .uuid = "1", .stored = {&device, 1}},
			       {.name = "b", .uuid = "a", .live = {&device, 1}}};
	const struct guests guests = {.access = GUESTS_READ, .list = list, .count = 2};
	const struct pci_address free_one = address("0000:02:00.0");
	bool is_live = false;

	assert_ptr_equal(guests_find_holder(&guests, &device.source, &is_live), &list[1]);
	assert_true(is_live);
	assert_null(guests_find_holder(&guests, &free_one, NULL));
	/* A name wins over somebody's UUID. */
	assert_ptr_equal(guests_find(&guests, "a"), &list[0]);
}

static char socket_path[] = "/tmp/ferry-test-XXXXXX";

static int make_socket(void **state)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd;

	assert_non_null(mkdtemp(socket_path));
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/s", socket_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_return_code(bind(fd, (struct sockaddr *)&at, sizeof(at)), errno);
	assert_return_code(listen(fd, 4), errno);
	*state = (void *)(intptr_t)fd;
	return 0;
}

static int remove_socket(void **state)
{
	close((int)(intptr_t)*state);
	unlink(arena_printf(arena, "%s/s", socket_path));
	rmdir(socket_path);
	return 0;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* It takes the connection and says nothing, as a daemon does that is stuck. */
static void deadline_holds_against_a_silent_daemon(void **state)
{
	ERROR_AUTO struct error err = {0};
	struct guest_connection *c = NULL;
	struct guests guests;
	double begin = seconds();
	const char *uri = arena_printf(arena, "qemu+unix:///system?socket=%s/s", socket_path);

	assert_int_equal(guest_connection_open(uri, true, 300, &c, &err), -ETIMEDOUT);
	assert_true(seconds() - begin > 0.29);
	assert_true(seconds() - begin < 20);
	assert_null(c);
	guests_read(NULL, &err, arena, &guests);
	assert_int_equal(guests.access, GUESTS_SILENT);
	assert_non_null(strstr(guests.message, "300 ms"));
	assert_non_null(guests.remedy);
}

static void says_that_libvirt_is_not_running(void **state)
{
	ERROR_AUTO struct error err = {0};
	struct guest_connection *c;
	struct guests guests;

	assert_int_equal(guest_connection_open("qemu+unix:///system?socket=/nonexistent/s", true,
					       20000, &c, &err),
			 -ECONNREFUSED);
	assert_non_null(strstr(err.message, "not running"));
	assert_non_null(strstr(err.remedy, "systemctl start"));
	guests_read(NULL, &err, arena, &guests);
	assert_int_equal(guests.access, GUESTS_UNREACHABLE);
	assert_int_equal(guests.count, 0);
}

static void says_that_a_uri_makes_no_sense(void **state)
{
	ERROR_AUTO struct error err = {0};
	struct guest_connection *c;

	assert_int_equal(guest_connection_open("http://a b", true, 20000, &c, &err), -EINVAL);
	assert_string_equal(err.subject, "http://a b");
}

/* LIBVIRT_DEFAULT_URI is what virsh heeds. */
static void heeds_the_environment(void **state)
{
	struct guest_connection *c;
	struct guests guests;

	setenv("LIBVIRT_DEFAULT_URI", "test:///default", 1);
	assert_int_equal(guest_connection_open(NULL, false, 20000, &c, NULL), 0);
	unsetenv("LIBVIRT_DEFAULT_URI");
	guests_read(c, NULL, arena, &guests);
	assert_string_equal(guests.uri, "test:///default");
	guest_connection_close(c);
}

static void not_asked_is_not_empty(void **state)
{
	struct guests guests;

	guests_read(NULL, NULL, arena, &guests);
	assert_int_equal(guests.access, GUESTS_NOT_READ);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_guests),
		cmocka_unit_test(switches_a_guest),
		cmocka_unit_test(defines_and_undoes),
		cmocka_unit_test(undefined_guest_is_not_brought_back),
		cmocka_unit_test(live_holder_comes_first),
		cmocka_unit_test_setup_teardown(deadline_holds_against_a_silent_daemon, make_socket,
						remove_socket),
		cmocka_unit_test(says_that_libvirt_is_not_running),
		cmocka_unit_test(says_that_a_uri_makes_no_sense),
		cmocka_unit_test(heeds_the_environment),
		cmocka_unit_test(not_asked_is_not_empty),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
