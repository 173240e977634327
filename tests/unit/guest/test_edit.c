// SPDX-License-Identifier: LGPL-2.1-or-later
/* Definitions with ferry's devices and without them again. */
#include "guest_test.h"

#include <errno.h>

#include "base/error.h"
#include "guest/domain_xml.h"
#include "guest/edit.h"
#include "guest/topology.h"
#include "guest/xml.h"

#define MOST 8

/* The addresses named in s, divided by spaces. */
static size_t addresses(const char *s, struct pci_address *ret)
{
	char *copy = arena_strdup(arena, s), *word, *rest = copy;
	size_t n = 0;

	while ((word = strtok_r(rest, " ", &rest))) {
		assert_true(n < MOST);
		ret[n++] = address(word);
	}
	return n;
}

static const char *with(const char *xml, const char *list)
{
	struct pci_address a[MOST];
	const char *ret;
	size_t n = addresses(list, a);

	assert_int_equal(guest_xml_with_hostdevs(xml, a, n, arena, &ret, NULL), 0);
	return ret;
}

static const char *without(const char *xml, const char *before, const char *list)
{
	struct pci_address a[MOST];
	const char *ret;
	size_t n = addresses(list, a);

	assert_int_equal(guest_xml_without_hostdevs(xml, before, a, n, arena, &ret, NULL), 0);
	return ret;
}

/* Where the guest sees it: "bus:slot.function", "+" where it says multifunction; "" where libvirt chooses. */
static const char *place_of(const char *xml, const char *source)
{
	XML_AUTO struct xml x = {0};
	const struct pci_address wanted = address(source);
	struct guest_place place;
	struct guest_hostdev h;
	struct xml_node *n;

	assert_int_equal(domain_xml_parse(xml, &x), 0);
	n = xml_child(xml_child(xml_root(&x), "devices"), "hostdev");
	for (; n; n = xml_next(n, "hostdev")) {
		if (domain_xml_hostdev(n, arena, &h) || !pci_address_equal(&h.source, &wanted))
			continue;
		if (guest_place_read(n, &place))
			return "";
		return arena_printf(arena, "%x:%x.%x%s", place.bus, place.slot, place.function,
				    xml_attribute_is(xml_child(n, "address"), "multifunction", "on")
					    ? "+"
					    : "");
	}
	return "absent";
}

static void single_device_gets_its_place_from_libvirt(void **state)
{
	const char *before = definition("q35.xml"), *after = with(before, "0000:01:00.0");

	/* To the byte: one element more, where libvirt would write it. */
	assert_string_equal(
		after,
		replaced(
			before, "    <memballoon",
			"    <hostdev mode='subsystem' type='pci' managed='no'>\n"
			"      <source>\n"
			"        <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>\n"
			"      </source>\n"
			"    </hostdev>\n"
			"    <memballoon"));
	assert_string_equal(without(after, before, "0000:01:00.0"), before);
}

static void untouched_text_stays_to_the_byte(void **state)
{
	static const char *const names[] = {"q35.xml",      "i440fx.xml",      "q35-full.xml",
					    "q35-live.xml", "i440fx-live.xml", "rich.xml"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *before = definition(names[i]);

		assert_string_equal(with(before, ""), before);
		assert_string_equal(without(before, before, "0000:77:00.0"), before);
		assert_string_equal(without(with(before, "0000:42:00.0 0000:00:1f.2 0000:00:1f.3"),
					    before, "0000:00:1f.3 0000:42:00.0 0000:00:1f.2"),
				    before);
	}
}

static void functions_of_a_slot_share_one(void **state)
{
	const char *xml = with(definition("q35.xml"), "0000:41:00.1 0000:41:00.0");

	assert_string_equal(place_of(xml, "0000:41:00.0"), "2:0.0+");
	assert_string_equal(place_of(xml, "0000:41:00.1"), "2:0.1");
	assert_int_equal(occurrences(xml, "model='pcie-root-port'"), 2);
}

static void first_becomes_function_0(void **state)
{
	const char *xml = with(definition("q35.xml"), "0000:00:1f.2 0000:00:1f.3");

	assert_string_equal(place_of(xml, "0000:00:1f.2"), "2:0.0+");
	assert_string_equal(place_of(xml, "0000:00:1f.3"), "2:0.3");
}

static void brings_a_port_where_none_is_free(void **state)
{
	const char *before = definition("q35-full.xml");
	const char *xml = with(before, "0000:41:00.0 0000:41:00.1 0000:42:00.0 0000:42:00.1");

	assert_string_equal(place_of(xml, "0000:41:00.0"), "1:0.0+");
	assert_string_equal(place_of(xml, "0000:42:00.1"), "2:0.1");
	assert_non_null(strstr(xml, "<controller type='pci' index='1' model='pcie-root-port'/>"));
	assert_non_null(strstr(xml, "<controller type='pci' index='2' model='pcie-root-port'/>"));
	/* Only one of the two is empty then. */
	xml = without(xml, before, "0000:42:00.0 0000:42:00.1");
	assert_int_equal(occurrences(xml, "pcie-root-port"), 1);
	/* A lower one stays as long as a higher one is in use: libvirt would fill the gap. */
	xml = with(before, "0000:41:00.0 0000:41:00.1 0000:42:00.0 0000:42:00.1");
	xml = without(xml, before, "0000:41:00.0 0000:41:00.1");
	assert_int_equal(occurrences(xml, "pcie-root-port"), 2);
	/* Nobody knows whose they are: they stay. */
	xml = without(xml, NULL, "0000:42:00.0 0000:42:00.1");
	assert_int_equal(occurrences(xml, "pcie-root-port"), 2);
}

static void i440fx_has_slots_on_its_root_bus(void **state)
{
	const char *xml = with(definition("i440fx.xml"), "0000:41:00.0 0000:41:00.1");

	/* 1 is PIIX, 2 the graphics card. */
	assert_string_equal(place_of(xml, "0000:41:00.0"), "0:3.0+");
	assert_string_equal(place_of(xml, "0000:41:00.1"), "0:3.1");
}

static void full_i440fx_gets_a_bridge(void **state)
{
	char *before = definition("i440fx.xml");
	TEXT_AUTO struct text more = {0};
	const char *xml;
	int slot;

	for (slot = 3; slot < 32; slot++)
		text_addf(&more,
			  "    <sound model='ac97'>\n      <address type='pci' domain='0x0000' "
			  "bus='0x00' slot='0x%02x' function='0x0'/>\n    </sound>\n",
			  slot);
	text_add(&more, "    <memballoon");
	before = replaced(before, "    <memballoon", text_str(&more));
	xml = with(before, "0000:41:00.0 0000:41:00.1");
	assert_string_equal(place_of(xml, "0000:41:00.1"), "1:1.1");
	assert_non_null(strstr(xml, "<controller type='pci' index='1' model='pci-bridge'/>"));
	assert_string_equal(without(xml, before, "0000:41:00.0 0000:41:00.1"), before);
}

static void later_function_joins_its_slot(void **state)
{
	const char *before = with(definition("q35.xml"), "0000:00:1f.2 0000:00:1f.3"), *xml;

	xml = with(before, "0000:00:1f.0");
	assert_string_equal(place_of(xml, "0000:00:1f.0"), "2:0.0+");
	assert_string_equal(place_of(xml, "0000:00:1f.2"), "2:0.2");
	assert_string_equal(place_of(xml, "0000:00:1f.3"), "2:0.3");
	assert_int_equal(occurrences(xml, "multifunction"), 2);
	/* And what stays is still seen when function 0 goes. */
	xml = without(xml, before, "0000:00:1f.0");
	assert_string_equal(place_of(xml, "0000:00:1f.2"), "2:0.0+");
	xml = without(xml, before, "0000:00:1f.2");
	assert_string_equal(place_of(xml, "0000:00:1f.3"), "2:0.0");
}

static void strangers_do_not_share(void **state)
{
	/* The hostdev of rich.xml stands alone on bus 5; its mate joins it, another slot's does not. */
	const char *xml = with(definition("rich.xml"), "0000:65:00.1 0000:66:00.1");

	assert_string_equal(place_of(xml, "0000:65:00.0"), "5:0.0+");
	assert_string_equal(place_of(xml, "0000:65:00.1"), "5:0.1");
	assert_string_equal(place_of(xml, "0000:66:00.1"), "");
}

static void existing_device_is_named(void **state)
{
	static const char *const there[] = {"0000:65:00.0", "0000:03:10.1", "0000:06:00.0"};
	ERROR_AUTO struct error err = {0};
	const char *xml = definition("rich.xml"), *ret = "untouched";
	size_t i;

	for (i = 0; i < 3; i++) {
		struct pci_address a[2] = {address("0000:42:00.0"), address(there[i])};

		assert_int_equal(guest_xml_with_hostdevs(xml, a, 2, arena, &ret, &err), -EEXIST);
		assert_string_equal(err.subject, there[i]);
		assert_non_null(strstr(err.message, "rich"));
		assert_string_equal(ret, "untouched");
	}
}

static void only_hostdevs_are_taken_out(void **state)
{
	const char *xml = definition("rich.xml");

	assert_string_equal(without(xml, xml, "0000:03:10.1 0000:06:00.0"), xml);
}

static void the_same_named_twice_is_one(void **state)
{
	const char *xml = with(definition("q35.xml"), "0000:01:00.0 0000:01:00.0");

	assert_int_equal(occurrences(xml, "<hostdev"), 1);
	assert_string_equal(place_of(xml, "0000:01:00.0"), "");
}

static void board_without_pci(void **state)
{
	static const char xml[] = "<domain type='kvm'>\n  <name>g</name>\n</domain>\n";
	const struct pci_address a[2] = {address("0000:41:00.0"), address("0000:41:00.1")};
	ERROR_AUTO struct error err = {0};
	const char *ret;

	assert_int_equal(guest_xml_with_hostdevs(xml, a, 2, arena, &ret, &err), -EOPNOTSUPP);
	assert_string_equal(err.subject, "g");
	assert_string_equal(
		with(xml, "0000:41:00.0"),
		"<domain type='kvm'>\n  <name>g</name>\n  <devices>\n"
		"    <hostdev mode='subsystem' type='pci' managed='no'>\n"
		"      <source>\n"
		"        <address domain='0x0000' bus='0x41' slot='0x00' function='0x0'/>\n"
		"      </source>\n    </hostdev>\n  </devices>\n</domain>\n");
}

static void no_bus_number_left(void **state)
{
	const char *xml =
		"<domain type='kvm'><name>g</name><devices><controller type='pci' index='0' "
		"model='pcie-root'/><controller type='pci' index='255' model='pcie-root-port'>"
		"</controller><sound><address type='pci' bus='0xff' slot='0x00'/></sound>"
		"</devices></domain>";
	const struct pci_address a[2] = {address("0000:41:00.0"), address("0000:41:00.1")};
	const char *ret;

	assert_int_equal(guest_xml_with_hostdevs(xml, a, 2, arena, &ret, NULL), -ENOSPC);
}

static void hostile_text_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"x",
		"<domain",
		"<network/>",
		"<!DOCTYPE d [<!ENTITY e 'x'>]><domain>&e;</domain>",
		"<domain><name>\xe4</name></domain>",
		"<domain><devices><hostdev type='pci'><source/></hostdev></devices></domain>"};
	const struct pci_address a = address("0000:41:00.0");
	const char *ret;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		ERROR_AUTO struct error err = {0};

		assert_int_equal(guest_xml_with_hostdevs(texts[i], &a, 1, arena, &ret, &err),
				 -EINVAL);
		assert_non_null(err.message);
		assert_int_equal(
			guest_xml_without_hostdevs(texts[i], NULL, &a, 1, arena, &ret, NULL),
			-EINVAL);
	}
}

static void order_of_controllers_does_not_matter(void **state)
{
	const char *a = definition("q35.xml");
	const char *sata = "    <controller type='sata' index='0'>\n"
			   "      <address type='pci' domain='0x0000' bus='0x00' slot='0x1f' "
			   "function='0x2'/>\n    </controller>\n";
	const char *moved =
		replaced(replaced(a, sata, ""), "    <controller type='pci' index='0'",
			 arena_printf(arena, "%s    <controller type='pci' index='0'", sata));

	assert_string_not_equal(a, moved);
	assert_true(guest_xml_is_same(a, moved, arena));
	assert_false(guest_xml_is_same(a, replaced(moved, "slot='0x1f'", "slot='0x1e'"), arena));
	assert_false(guest_xml_is_same(a, replaced(moved, "<acpi/>", ""), arena));
	assert_false(guest_xml_is_same(a, replaced(moved, sata, ""), arena));
	assert_false(guest_xml_is_same(a, "x", arena));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_device_gets_its_place_from_libvirt),
		cmocka_unit_test(untouched_text_stays_to_the_byte),
		cmocka_unit_test(functions_of_a_slot_share_one),
		cmocka_unit_test(first_becomes_function_0),
		cmocka_unit_test(brings_a_port_where_none_is_free),
		cmocka_unit_test(i440fx_has_slots_on_its_root_bus),
		cmocka_unit_test(full_i440fx_gets_a_bridge),
		cmocka_unit_test(later_function_joins_its_slot),
		cmocka_unit_test(strangers_do_not_share),
		cmocka_unit_test(existing_device_is_named),
		cmocka_unit_test(only_hostdevs_are_taken_out),
		cmocka_unit_test(the_same_named_twice_is_one),
		cmocka_unit_test(board_without_pci),
		cmocka_unit_test(no_bus_number_left),
		cmocka_unit_test(hostile_text_is_refused),
		cmocka_unit_test(order_of_controllers_does_not_matter),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
