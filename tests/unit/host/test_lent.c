// SPDX-License-Identifier: LGPL-2.1-or-later
/* The table of what is lent: the same after the way to text and back, and nothing but what was written. */
#include "tree.h"

#include "base/text.h"

static struct lent_device devices[] = {
	{
		.identity = {.address = {0x10000, 0x01, 0, 0},
			     .class = 0x010802,
			     .vendor = 0x144d,
			     .device = 0xa808,
			     .subsystem_vendor = -1,
			     .subsystem_device = 0,
			     .serial = "00-11-22-33-44-55-66-77"},
		.role = LENT_ASSIGNED,
		.guest = "gu\"est \xc3\xa9\x01",
		.since = "2026-11-25T14:06:29Z",
		.boot_id = "7a0c",
		.driver_before = "nvme",
		.override_before = "",
		.is_detached_by_ferry = true,
		.is_assigned_by_ferry = true,
	},
	{
		.identity = {.address = {0, 0, 0x1f, 2}, .class = 0x010601, .vendor = 0x8086},
		.role = LENT_UNBOUND,
		.override_before = "my driver",
		.is_kept_detached = true,
	},
};
static struct lent_guest guests[] = {
	{.name = "guest", .uuid = "u", .xml_before = "<domain>\n\t<a b='/'/>\n</domain>\n"},
};
static struct lent_boot boot[] = {
	{.loader = "grub",
	 .path = "/etc/default/grub",
	 .word = "intel_iommu=on",
	 .replaced = "intel_iommu=off",
	 .before = "GRUB_CMDLINE_LINUX=\"intel_iommu=off\"\n# \xe9\n",
	 .after = "GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\n# \xe9\n"},
	{.loader = "kernelstub", .word = "iommu=pt", .since = "2026-11-25T14:06:29Z"},
};
static const struct lent table = {41, devices, 2, guests, 1, boot, 2};

static void test_there_and_back(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *text = lent_to_json(a, &table);
	const struct lent_device *d;
	struct lent back;

	assert_non_null(strstr(text, "\"schema\":1"));
	assert_non_null(strstr(text, "\"address\":\"10000:01:00.0\""));
	assert_non_null(strstr(text, "\"role\":\"unbound\""));
	assert_int_equal(lent_from_json(text, a, &back), 0);
	assert_int_equal(back.sequence, 41);
	assert_int_equal(back.n_devices, 2);
	assert_int_equal(back.n_guests, 1);
	d = &back.devices[0];
	assert_memory_equal(&d->identity.address, &devices[0].identity.address,
			    sizeof(d->identity.address));
	assert_true(pci_identity_matches(&d->identity, &devices[0].identity));
	assert_string_equal(d->identity.serial, devices[0].identity.serial);
	assert_string_equal(d->guest, devices[0].guest);
	assert_string_equal(d->since, devices[0].since);
	assert_string_equal(d->override_before, "");
	assert_true(d->is_detached_by_ferry && d->is_assigned_by_ferry && !d->is_kept_detached);
	d = &back.devices[1];
	assert_int_equal(d->role, LENT_UNBOUND);
	assert_null(d->guest);
	assert_null(d->driver_before);
	assert_null(d->identity.serial);
	assert_string_equal(d->override_before, "my driver");
	assert_true(d->is_kept_detached && !d->is_detached_by_ferry);
	assert_string_equal(back.guests[0].xml_before, guests[0].xml_before);
	assert_null(back.guests[0].xml_after);
	assert_string_equal(lent_to_json(a, &back), text);
}

static void test_empty(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const struct lent none = {0};
	struct lent back = {.sequence = 7};

	assert_int_equal(lent_from_json(lent_to_json(a, &none), a, &back), 0);
	assert_int_equal(back.sequence, 0);
	assert_int_equal(back.n_devices, 0);
}

/* Cut at every length; every byte another one; something added. */
static void test_damage(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *text = lent_to_json(a, &table);
	size_t len = strlen(text), i;
	struct lent back = {.sequence = 7};

	for (i = 0; i < len; i++) {
		ARENA_AUTO struct arena *b = arena_new();
		char *copy = arena_strdup(b, text);

		copy[i] ^= 1;
		assert_int_equal(lent_from_json(copy, b, &back), -EBADMSG);
		copy[i] = 0;
		assert_int_equal(lent_from_json(copy, b, &back), -EBADMSG);
	}
	assert_int_equal(lent_from_json(arena_printf(a, "%s{}", text), a, &back), -EBADMSG);
	assert_int_equal(lent_from_json(arena_printf(a, " %s", text), a, &back), -EBADMSG);
	assert_int_equal(lent_from_json("", a, &back), -EBADMSG);
	assert_int_equal(lent_from_json("null", a, &back), -EBADMSG);
	assert_int_equal(lent_from_json("[1]", a, &back), -EBADMSG);
	assert_int_equal(back.sequence, 7);
}

static uint64_t fnv1a(const char *s, size_t len)
{
	uint64_t hash = 14695981039346656037u;
	size_t i;

	for (i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)s[i]) * 1099511628211u;
	return hash;
}

/* object without its last brace, with the checksum that fits it. */
static const char *sign(struct arena *a, const char *object)
{
	const char *whole = arena_printf(a, "%s}", object);

	return arena_printf(a, "%s,\"checksum\":\"%016llx\"}\n", object,
			    (unsigned long long)fnv1a(whole, strlen(whole)));
}

/* The right checksum does not make nonsense a table: whoever wrote it was not this ferry. */
static void test_nonsense_with_a_checksum(void **state)
{
	static const char *const bad[] = {
		"{\"schema\":2,\"sequence\":0,\"devices\":[],\"guests\":[]",
		"{\"schema\":1,\"sequence\":-1,\"devices\":[],\"guests\":[]",
		"{\"schema\":1,\"sequence\":0,\"devices\":[],\"guests\":[{}]",
		"{\"schema\":1,\"sequence\":0,\"devices\":[7],\"guests\":[]",
		"{\"schema\":1,\"sequence\":0,\"devices\":{},\"guests\":[]",
		"{\"schema\":1,\"sequence\":0,\"devices\":[],\"guests\":[],\"more\":1",
		"{\"schema\":1,\"sequence\":0,\"devices\":[]",
	};
	ARENA_AUTO struct arena *a = arena_new();
	const char *good = "{\"schema\":1,\"sequence\":5,\"devices\":[],\"guests\":[]";
	struct lent back;
	size_t i;

	assert_int_equal(lent_from_json(sign(a, good), a, &back), 0);
	assert_int_equal(back.sequence, 5);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(lent_from_json(sign(a, bad[i]), a, &back), -EBADMSG);
}

static void test_file(void **state)
{
	ERROR_AUTO struct error err = {0};
	TREE_AUTO struct tree t;
	const char *text;

	tree_begin(&t);
	tree_read(&t, HOST_PART(HOST_LENT));
	assert_int_equal(t.host.parts[HOST_LENT], FACT_ABSENT);
	assert_int_equal(t.host.lent.n_devices, 0);
	text = lent_to_json(t.arena, &table);
	tree_put(&t, "var/lib/ferry/lent.json", text);
	tree_read(&t, HOST_PART(HOST_LENT));
	assert_int_equal(t.host.parts[HOST_LENT], FACT_READ);
	assert_int_equal(t.host.lent.n_devices, 2);
	tree_put_bytes(&t, "var/lib/ferry/lent.json", text, strlen(text) / 2);
	assert_int_equal(host_read(&t.root, HOST_PART(HOST_LENT), t.arena, &t.host, &err),
			 -EBADMSG);
	assert_string_equal(err.subject, "/var/lib/ferry/lent.json");
	assert_non_null(err.remedy);
	/* Who does not ask for it is not stopped by it. */
	tree_read(&t, HOST_PART(HOST_PCI));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_nonsense_with_a_checksum),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
