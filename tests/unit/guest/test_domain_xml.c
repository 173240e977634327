// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reading definitions: who holds what, which ports are free, and what hostile texts get. */
#include "guest_test.h"

#include <errno.h>

#include "guest/domain_xml.h"

#define HEAD "<domain type='kvm' id='3'><name>g</name><features><acpi/></features><devices>"
#define TAIL "</devices></domain>"

static struct domain_xml facts(const char *text)
{
	struct domain_xml d;

	assert_int_equal(domain_xml_read(text, arena, &d), 0);
	return d;
}

static void finds_every_kind_of_device(void **state)
{
	struct domain_xml d = facts(definition("rich.xml"));
	const struct pci_address disk = address("0000:06:00.0"), net = address("0000:03:10.1"),
				 other = address("0000:65:00.0");

	assert_string_equal(d.name, "rich & \"sch\xc3\xb6n\"");
	assert_false(d.is_live);
	assert_int_equal(d.devices.count, 3);
	assert_true(pci_address_equal(&d.devices.list[0].source, &disk));
	assert_true(d.devices.list[0].is_disk);
	assert_false(d.devices.list[0].is_managed);
	assert_true(pci_address_equal(&d.devices.list[1].source, &net));
	assert_true(d.devices.list[1].is_interface);
	assert_true(d.devices.list[1].is_managed);
	assert_true(pci_address_equal(&d.devices.list[2].source, &other));
	assert_false(d.devices.list[2].is_interface);
	assert_true(d.devices.list[2].is_managed);
}

static void reads_alias_and_wide_domain(void **state)
{
	struct domain_xml d = facts(
		HEAD
		"<hostdev mode='subsystem' type='pci' managed='no'><driver name='vfio'/><source>"
		"<address domain='0x10000' bus='0x01' slot='0x1f' function='0x7'/></source>"
		"<alias name='hostdev0'/></hostdev><hostdev mode='subsystem' type='usb'><source>"
		"<address bus='1' device='2'/></source></hostdev>" TAIL);
	const struct pci_address wide = address("10000:01:1f.7");

	assert_int_equal(d.devices.count, 1);
	assert_true(pci_address_equal(&d.devices.list[0].source, &wide));
	assert_string_equal(d.devices.list[0].alias, "hostdev0");
}

static void counts_free_ports(void **state)
{
	struct domain_xml d = facts(definition("q35-live.xml"));

	assert_true(d.is_live);
	assert_int_equal(d.free_ports, 1);
	assert_true(d.has_hotplug_bus);
	d = facts(definition("i440fx-live.xml"));
	/* 31 slots but those of PIIX and the graphics card. */
	assert_int_equal(d.free_ports, 29);
	d = facts(definition("q35-full.xml"));
	assert_int_equal(d.free_ports, 0);
	assert_false(d.has_hotplug_bus);
}

static void port_without_hotplug_is_none(void **state)
{
	char *live = definition("q35-live.xml");
	struct domain_xml d;

	d = facts(replaced(live, "<target chassis='2'", "<target hotplug='off' chassis='2'"));
	assert_int_equal(d.free_ports, 0);
	assert_true(d.has_hotplug_bus);
	/* i440fx plugs through ACPI, and without it not at all. */
	d = facts(replaced(definition("i440fx-live.xml"), "<acpi/>", ""));
	assert_int_equal(d.free_ports, 0);
	assert_false(d.has_hotplug_bus);
}

static void refuses(const char *text)
{
	struct domain_xml d;

	assert_int_equal(domain_xml_read(text, arena, &d), -EINVAL);
}

static void refuses_what_makes_no_sense(void **state)
{
	static const char *const addresses[] = {
		"",
		"<address domain='0x0000' bus='0x100' slot='0x00' function='0x0'/>",
		"<address domain='0x0000' bus='0x00' slot='0x20' function='0x0'/>",
		"<address domain='0x0000' bus='0x00' slot='0x00' function='0x8'/>",
		"<address domain='0x100000000' bus='0x00' slot='0x00' function='0x0'/>",
		"<address domain='0x0000' bus='-1' slot='0x00' function='0x0'/>",
		"<address domain='0x0000' bus='' slot='0x00' function='0x0'/>",
		"<address domain='0x0000' bus='0x01' function='0x0'/>",
	};
	size_t i;

	for (i = 0; i < sizeof(addresses) / sizeof(*addresses); i++)
		refuses(arena_printf(arena,
				     HEAD "<hostdev mode='subsystem' type='pci'><source>%s"
					  "</source></hostdev>" TAIL,
				     addresses[i]));
	refuses("");
	refuses("not XML");
	refuses("<domain>");
	refuses("<network/>");
	refuses(HEAD "\xff\xfe" TAIL);
	refuses(HEAD "<controller type='pci' index='x' model='pcie-root-port'/>" TAIL);
	refuses(HEAD "<sound><address type='pci' bus='0x00' slot='0x40'/></sound>" TAIL);
}

static void refuses_document_types(void **state)
{
	TEXT_AUTO struct text bomb = {0};
	int i;

	text_add(&bomb, "<!DOCTYPE d [<!ENTITY a0 'aaaaaaaaaa'>");
	for (i = 1; i < 30; i++)
		text_addf(&bomb, "<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>", i,
			  i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	text_add(&bomb, "]><domain><name>&a29;</name></domain>");
	refuses(text_str(&bomb));
	refuses("<!DOCTYPE d SYSTEM 'file:///etc/passwd'><domain/>");
	refuses("<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
		"<domain><name>&e;</name></domain>");
	refuses("<domain><name>&undeclared;</name></domain>");
}

static void refuses_depths(void **state)
{
	TEXT_AUTO struct text deep = {0};
	int i;

	for (i = 0; i < 100000; i++)
		text_add(&deep, "<domain>");
	refuses(text_str(&deep));
}

/* Elements of other namespaces are somebody else's. */
static void passes_over_namespaces(void **state)
{
	struct domain_xml d = facts(
		"<domain xmlns:x='urn:x'><name>g</name><devices><x:hostdev type='pci'><source/>"
		"</x:hostdev></devices></domain>");

	assert_int_equal(d.devices.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_every_kind_of_device),
		cmocka_unit_test(reads_alias_and_wide_domain),
		cmocka_unit_test(counts_free_ports),
		cmocka_unit_test(port_without_hotplug_is_none),
		cmocka_unit_test(refuses_what_makes_no_sense),
		cmocka_unit_test(refuses_document_types),
		cmocka_unit_test(refuses_depths),
		cmocka_unit_test(passes_over_namespaces),
	};

	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
