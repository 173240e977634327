// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names against a plain reading of the same list, line by line, for every function of the captured
 * machines; and what stands in no list.
 */
#include "tree.h"

#include "base/text.h"

static FILE *open_list(void)
{
	FILE *f = fopen("/usr/share/misc/pci.ids", "r");

	return f ? f : fopen("/usr/share/hwdata/pci.ids", "r");
}

/* The name behind "key  " below the top line that begins with top; NULL: there is none. */
static char *look_up(FILE *f, const char *top, const char *key, char *buffer, size_t size)
{
	char line[1024];
	bool is_in = false;

	rewind(f);
	while (fgets(line, sizeof(line), f)) {
		const char *s = *line == '\t' ? line + 1 : line;

		if (*line != '\t' && *line != '#' && *line != '\n')
			is_in = text_has_prefix(line, top) && line[strlen(top)] == ' ';
		if (!is_in || (key ? s == line : s != line))
			continue;
		if (!key)
			key = top;
		if (!text_has_prefix(s, key) || s[strlen(key)] != ' ')
			continue;
		snprintf(buffer, size, "%s", s + strlen(key) + 2);
		return text_trim_end(buffer);
	}
	return NULL;
}

static void check(FILE *f, const struct pci_device *d)
{
	char buffer[1024], top[16], key[16];
	const char *name;

	snprintf(top, sizeof(top), "%04x", (unsigned int)d->vendor);
	assert_true(text_equal(look_up(f, top, NULL, buffer, sizeof(buffer)), d->vendor_name));
	snprintf(key, sizeof(key), "%04x", (unsigned int)d->device);
	assert_true(text_equal(look_up(f, top, key, buffer, sizeof(buffer)), d->device_name));
	snprintf(top, sizeof(top), "C %02x", (unsigned int)d->class >> 16);
	snprintf(key, sizeof(key), "%02x", (unsigned int)d->class >> 8 & 0xff);
	name = look_up(f, top, key, buffer, sizeof(buffer));
	if (!name)
		name = look_up(f, top, NULL, buffer, sizeof(buffer));
	assert_true(text_equal(name, d->class_name));
}

static void test_captured_machines(void **state)
{
	FILE *f = open_list();
	size_t i, k;

	if (!f)
		skip();
	for (i = 0; i < N_CAPTURED; i += 3) {
		struct tree t = {.root = ROOT_CLOSED, .arena = arena_new()};

		assert_int_equal(root_open(captured_path(captured[i]), &t.root), 0);
		tree_read(&t, HOST_PART(HOST_NAMES));
		assert_int_equal(t.host.parts[HOST_NAMES], FACT_READ);
		for (k = 0; k < t.host.n_devices; k += 4)
			check(f, &t.host.devices[k]);
		arena_free(t.arena);
		root_close(&t.root);
	}
	fclose(f);
}

static void test_unknown(void **state)
{
	TREE_AUTO struct tree t;
	FILE *f = open_list();

	if (!f)
		skip();
	fclose(f);
	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "10601", "8086:2922", NULL);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "FFFFFF", "FFF7:FFFE", NULL);
	tree_pci(&t, "pci0000:00/0000:00:03.0", "1FFFF", "8086:FFFE", NULL);
	tree_put(&t, "sys/devices/pci0000:00/0000:00:04.0/class", "garbage\n");
	tree_link(&t, "sys/bus/pci/devices/0000:00:04.0",
		  "../../../devices/pci0000:00/0000:00:04.0");
	tree_read(&t, HOST_PART(HOST_NAMES));
	assert_string_equal(tree_device(&t, "0000:00:01.0")->vendor_name, "Intel Corporation");
	assert_string_equal(tree_device(&t, "0000:00:01.0")->class_name, "SATA controller");
	assert_non_null(strstr(tree_device(&t, "0000:00:01.0")->device_name, "AHCI"));
	assert_null(tree_device(&t, "0000:00:02.0")->vendor_name);
	assert_null(tree_device(&t, "0000:00:02.0")->device_name);
	assert_string_equal(tree_device(&t, "0000:00:03.0")->vendor_name, "Intel Corporation");
	assert_null(tree_device(&t, "0000:00:03.0")->device_name);
	/* Subclass ff of storage is in no list: the base class says what there is to say. */
	assert_string_equal(tree_device(&t, "0000:00:03.0")->class_name, "Mass storage controller");
	assert_null(tree_device(&t, "0000:00:04.0")->class_name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured_machines),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
