// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Every function of every captured machine against its own files and links, read here by other means;
 * then what real trees do to a reader: domains of five digits, no uevent, sleeping cards, odd classes.
 */
#include "tree.h"

#include <dirent.h>
#include <limits.h>
#include <libgen.h>

#define ALL (HOST_PART(HOST_PCI) | HOST_PART(HOST_ATTRIBUTES))

/* A hex or decimal number of a file, -1 where it is not there. */
static long file_number(const char *folder, const char *name, int base)
{
	char path[3 * PATH_MAX];
	long value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "r");
	if (!f)
		return -1;
	assert_int_equal(fscanf(f, base == 16 ? "%lx" : "%ld", &value), 1);
	fclose(f);
	return value;
}

static const char *link_name(const char *folder, const char *name, char *buffer)
{
	char path[3 * PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	n = readlink(path, buffer, PATH_MAX - 1);
	if (n < 0)
		return NULL;
	buffer[n] = 0;
	return basename(buffer);
}

static bool has_pci_form(const char *name)
{
	unsigned int domain, bus, slot, function;
	int n = 0;

	return sscanf(name, "%x:%2x:%2x.%1x%n", &domain, &bus, &slot, &function, &n) == 4 &&
	       !name[n];
}

static void check_parent(const struct host *host, const struct pci_device *d, const char *folder)
{
	char real[PATH_MAX];
	const char *above;

	assert_non_null(realpath(folder, real));
	above = basename(dirname(real));
	if (has_pci_form(above)) {
		assert_true(d->parent >= 0);
		assert_string_equal(host->devices[d->parent].name, above);
		assert_int_equal(host->devices[d->parent].header, PCI_HEADER_BRIDGE);
	} else {
		assert_int_equal(d->parent, -1);
	}
}

static void check_device(const struct host *host, const struct pci_device *d, const char *top)
{
	char folder[2 * PATH_MAX], buffer[PATH_MAX];
	const char *driver;

	snprintf(folder, sizeof(folder), "%s/sys/bus/pci/devices/%s", top, d->name);
	assert_int_equal(d->class, file_number(folder, "class", 16));
	assert_int_equal(d->vendor, file_number(folder, "vendor", 16));
	assert_int_equal(d->device, file_number(folder, "device", 16));
	assert_int_equal(d->subsystem_vendor, file_number(folder, "subsystem_vendor", 16));
	assert_int_equal(d->subsystem_device, file_number(folder, "subsystem_device", 16));
	assert_int_equal(d->numa_node, file_number(folder, "numa_node", 10));
	if (file_number(folder, "revision", 16) >= 0)
		assert_int_equal(d->revision, file_number(folder, "revision", 16));
	driver = link_name(folder, "driver", buffer);
	if (driver)
		assert_string_equal(d->driver, driver);
	else
		assert_null(d->driver);
	assert_int_equal(d->unreadable, 0);
	check_parent(host, d, folder);
}

static size_t count_entries(const char *top)
{
	char path[2 * PATH_MAX];
	struct dirent *entry;
	size_t n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/sys/bus/pci/devices", top);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		n += *entry->d_name != '.';
	closedir(dir);
	return n;
}

static void test_captured_machines(void **state)
{
	size_t i, k, all = 0;

	for (i = 0; i < N_CAPTURED; i++) {
		ARENA_AUTO struct arena *a = arena_new();
		ROOT_AUTO struct root r = ROOT_CLOSED;
		ERROR_AUTO struct error err = {0};
		const char *top = captured_path(captured[i]);
		struct host host;

		assert_int_equal(root_open(top, &r), 0);
		assert_int_equal(host_read(&r, ALL, a, &host, &err), 0);
		assert_int_equal(host.parts[HOST_PCI], FACT_READ);
		assert_int_equal(host.parts[HOST_NAMES], FACT_NOT_READ);
		assert_int_equal(host.n_devices, count_entries(top));
		for (k = 0; k < host.n_devices; k++) {
			check_device(&host, &host.devices[k], top);
			if (k)
				assert_true(pci_address_compare(&host.devices[k - 1].address,
								&host.devices[k].address) < 0);
		}
		all += host.n_devices;
	}
	assert_int_equal(all, 579);
}

static void test_revision_of_old_kernels(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	ROOT_AUTO struct root r = ROOT_CLOSED;
	struct host host;
	struct pci_address address;

	/* lspci -O sysfs.path=... says "(rev b6)"; this kernel had no file for it. */
	assert_int_equal(root_open(captured_path("32em64t-2n8c+1mic"), &r), 0);
	assert_int_equal(host_read(&r, ALL, a, &host, NULL), 0);
	assert_int_equal(pci_address_parse("0000:00:1c.0", &address), 0);
	assert_int_equal(host_find_device(&host, &address)->revision, 0xb6);
	assert_int_equal(pci_address_parse("0000:00:1c.1", &address), 0);
	assert_null(host_find_device(&host, &address));
}

static void test_domains_of_five_digits(void **state)
{
	TREE_AUTO struct tree t;
	const struct pci_device *vmd, *port, *disk;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:0e.0", "10400", "8086:467F", "vmd");
	tree_pci(&t, "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0", "60400", "8086:464D",
		 "pcieport");
	tree_pci(&t, "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0", "10802",
		 "15B7:5017", "nvme");
	tree_read(&t, ALL);
	assert_int_equal(t.host.n_devices, 3);
	vmd = tree_device(&t, "0000:00:0e.0");
	port = tree_device(&t, "10000:e0:06.0");
	disk = tree_device(&t, "10000:e1:00.0");
	assert_string_equal(disk->name, "10000:e1:00.0");
	assert_string_equal(disk->folder,
			    "sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0");
	assert_ptr_equal(&t.host.devices[disk->parent], port);
	/* What stands in a domain of its own hangs on the controller that made it, which is no bridge. */
	assert_ptr_equal(&t.host.devices[port->parent], vmd);
	assert_int_equal(vmd->header, PCI_HEADER_ENDPOINT);
}

static void test_folder_name_is_the_address(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_put(&t, "sys/devices/pci0000:00/0000:00:02.0/uevent",
		 "PCI_CLASS=30000\nPCI_ID=1234:1111\nPCI_SUBSYS_ID=1AF4:1100\n"
		 "PCI_SLOT_NAME=0000:00:03.0\n");
	tree_link(&t, "sys/bus/pci/devices/0000:00:02.0",
		  "../../../devices/pci0000:00/0000:00:02.0");
	tree_link(&t, "sys/bus/pci/devices/no-address", "../../../devices/pci0000:00/0000:00:02.0");
	tree_read(&t, ALL);
	assert_int_equal(t.host.n_devices, 1);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->device, 0x1111);
}

static void test_without_uevent(void **state)
{
	TREE_AUTO struct tree t;
	const struct pci_device *d;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "60400", "8086:0001", NULL);
	tree_put(&t, "sys/devices/pci0000:00/0000:00:02.0/class", "0x020000\n");
	tree_put(&t, "sys/devices/pci0000:00/0000:00:02.0/vendor", "0x8086\n");
	tree_put(&t, "sys/devices/pci0000:00/0000:00:02.0/device", "0x10d3\n");
	tree_put(&t, "sys/devices/pci0000:00/0000:00:02.0/subsystem_vendor", "nonsense\n");
	tree_link(&t, "sys/devices/pci0000:00/0000:00:02.0/driver",
		  "../../../bus/pci/drivers/e1000e");
	tree_link(&t, "sys/bus/pci/devices/0000:00:02.0",
		  "../../../devices/pci0000:00/0000:00:02.0");
	/* Cut off in the middle of the ids. */
	tree_put(&t, "sys/devices/pci0000:00/0000:00:03.0/uevent", "PCI_CLASS=10601\nPCI_ID=80");
	tree_put(&t, "sys/devices/pci0000:00/0000:00:03.0/vendor", "0x8086\n");
	tree_put(&t, "sys/devices/pci0000:00/0000:00:03.0/device", "0x2922\n");
	tree_link(&t, "sys/bus/pci/devices/0000:00:03.0",
		  "../../../devices/pci0000:00/0000:00:03.0");
	tree_read(&t, ALL);
	d = tree_device(&t, "0000:00:02.0");
	assert_int_equal(d->class, 0x020000);
	assert_int_equal(d->vendor, 0x8086);
	assert_int_equal(d->device, 0x10d3);
	assert_string_equal(d->driver, "e1000e");
	/* There, but no number; and not there at all. */
	assert_int_equal(d->subsystem_vendor, -1);
	assert_int_equal(d->subsystem_device, -1);
	assert_int_equal(d->unreadable, 1U << PCI_ATTRIBUTE_SUBSYSTEM_VENDOR);
	assert_int_equal(tree_device(&t, "0000:00:01.0")->unreadable, 0);
	assert_int_equal(tree_device(&t, "0000:00:03.0")->device, 0x2922);
}

/* A tree copied without links, and functions of one bus in two folders. */
static void test_other_layouts(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_put(&t, "sys/bus/pci/devices/0000:00:01.0/vendor", "0x1af4\n");
	tree_put(&t, "sys/bus/pci/devices/0000:00:01.0/device", "0x1000\n");
	tree_put(&t, "sys/bus/pci/devices/0000:00:01.0/class", "0x020000\n");
	tree_pci(&t, "pci0000:00/0000:00:02.0", "20000", "8086:10D3", "e1000e");
	tree_pci(&t, "elsewhere/0000:00:03.0", "10601", "8086:2922", "ahci");
	tree_read(&t, ALL);
	assert_int_equal(tree_device(&t, "0000:00:01.0")->device, 0x1000);
	assert_string_equal(tree_device(&t, "0000:00:01.0")->folder, "sys/bus/pci/devices");
	assert_int_equal(tree_device(&t, "0000:00:02.0")->device, 0x10d3);
	assert_string_equal(tree_device(&t, "0000:00:03.0")->driver, "ahci");
	assert_string_equal(tree_device(&t, "0000:00:03.0")->folder, "sys/devices/elsewhere");
}

static void test_headers(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "60400", "8086:0001", NULL);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "60700", "8086:0001", NULL);
	tree_pci(&t, "pci0000:00/0000:00:03.0", "60000", "8086:0001", NULL);
	tree_pci(&t, "pci0000:00/0000:00:04.0", "FFFFFF", "8086:0001", NULL);
	/* Not a bridge by its class, but by what stands below it. */
	tree_pci(&t, "pci0000:00/0000:00:05.0", "68000", "8086:0001", NULL);
	tree_pci(&t, "pci0000:00/0000:00:05.0/0000:01:00.0", "20000", "8086:0001", NULL);
	tree_read(&t, ALL);
	assert_int_equal(tree_device(&t, "0000:00:01.0")->header, PCI_HEADER_BRIDGE);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->header, PCI_HEADER_CARDBUS);
	assert_int_equal(tree_device(&t, "0000:00:03.0")->header, PCI_HEADER_ENDPOINT);
	assert_int_equal(tree_device(&t, "0000:00:04.0")->header, PCI_HEADER_ENDPOINT);
	assert_int_equal(tree_device(&t, "0000:00:04.0")->class, 0xffffff);
	assert_int_equal(tree_device(&t, "0000:00:05.0")->header, PCI_HEADER_BRIDGE);
}

/* Express with a serial number; the same asleep; a conventional function; what an ordinary user sees. */
static void test_serials(void **state)
{
	static const uint8_t number[] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
	uint8_t config[4096] = {0x86, 0x80, 0xd3, 0x10, 0, 0, 0x10, 0};
	TREE_AUTO struct tree t;
	const char *serial;
	const struct pci_device *d;
	unsigned int unreadable = 1U << PCI_ATTRIBUTE_SERIAL;

	tree_begin(&t);
	config[0x34] = 0x40;
	config[0x40] = 0x10;
	config[0x100] = 0x03;
	config[0x102] = 0x01;
	memcpy(config + 0x104, number, 8);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", NULL);
	tree_put_bytes(&t, "sys/devices/pci0000:00/0000:00:01.0/config", config, 4096);
	tree_pci(&t, "pci0000:00/0000:00:02.0", "20000", "8086:10D3", NULL);
	tree_put_bytes(&t, "sys/devices/pci0000:00/0000:00:02.0/config", config, 64);
	memset(config + 0x40, 0, 4);
	config[0x34] = 0;
	tree_pci(&t, "pci0000:00/0000:00:03.0", "20000", "8086:100E", NULL);
	tree_put_bytes(&t, "sys/devices/pci0000:00/0000:00:03.0/config", config, 256);
	memset(config, 0xff, sizeof(config));
	tree_pci(&t, "pci0000:00/0000:00:04.0", "30000", "10DE:1F95", "nvidia");
	tree_put_bytes(&t, "sys/devices/pci0000:00/0000:00:04.0/config", config, 4096);
	tree_read(&t, HOST_PART(HOST_IDENTITY));
	d = tree_device(&t, "0000:00:01.0");
	assert_string_equal(d->serial, "ef-cd-ab-89-67-45-23-01");
	assert_int_equal(d->unreadable, 0);
	assert_null(tree_device(&t, "0000:00:02.0")->serial);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->unreadable, unreadable);
	assert_null(tree_device(&t, "0000:00:03.0")->serial);
	assert_int_equal(tree_device(&t, "0000:00:03.0")->unreadable, 0);
	/* Asleep: its ids and class stand, what only config could tell is unknown. */
	d = tree_device(&t, "0000:00:04.0");
	assert_int_equal(d->vendor, 0x10de);
	assert_int_equal(d->class, 0x030000);
	assert_null(d->serial);
	assert_int_equal(d->unreadable, unreadable);
	/* One device by itself. */
	assert_int_equal(host_read_serial(&t.root, "0000:00:01.0", t.arena, &serial), 0);
	assert_string_equal(serial, "ef-cd-ab-89-67-45-23-01");
	assert_int_equal(host_read_serial(&t.root, "0000:00:03.0", t.arena, &serial), 0);
	assert_null(serial);
	assert_true(host_read_serial(&t.root, "0000:00:04.0", t.arena, &serial) < 0);
}

static void test_overrides(void **state)
{
	TREE_AUTO struct tree t;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", NULL);
	tree_put(&t, "sys/devices/pci0000:00/0000:00:01.0/driver_override", "(null)\n");
	tree_pci(&t, "pci0000:00/0000:00:02.0", "20000", "8086:10D3", NULL);
	tree_put(&t, "sys/devices/pci0000:00/0000:00:02.0/driver_override", "my driver \n");
	tree_pci(&t, "pci0000:00/0000:00:03.0", "20000", "8086:10D3", NULL);
	tree_read(&t, HOST_PART(HOST_OVERRIDE));
	assert_string_equal(tree_device(&t, "0000:00:01.0")->override, "");
	/* To the byte: it is what will be written back. */
	assert_string_equal(tree_device(&t, "0000:00:02.0")->override, "my driver ");
	assert_null(tree_device(&t, "0000:00:03.0")->override);
}

static void put_node(struct tree *t, const char *online)
{
	tree_put(t, "sys/devices/system/node/online", online);
	tree_pci(t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", NULL);
	tree_put(t, "sys/devices/pci0000:00/0000:00:01.0/numa_node", "1\n");
	tree_pci(t, "pci0000:00/0000:00:02.0", "20000", "8086:10D3", NULL);
	tree_put(t, "sys/devices/pci0000:00/0000:00:02.0/numa_node", "-1\n");
	tree_pci(t, "pci0000:00/0000:00:03.0", "20000", "8086:10D3", NULL);
	tree_put(t, "sys/devices/pci0000:00/0000:00:03.0/numa_node", "one\n");
}

static void test_numa_nodes(void **state)
{
	struct tree t;

	tree_begin(&t);
	put_node(&t, "0-1\n");
	tree_read(&t, HOST_PART(HOST_PCI));
	assert_int_equal(tree_device(&t, "0000:00:01.0")->numa_node, 1);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->numa_node, -1);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->unreadable, 0);
	assert_int_equal(tree_device(&t, "0000:00:03.0")->unreadable,
			 1U << PCI_ATTRIBUTE_NUMA_NODE);
	tree_end(&t);
	tree_begin(&t);
	put_node(&t, "0\n");
	tree_read(&t, HOST_PART(HOST_PCI));
	assert_int_equal(tree_device(&t, "0000:00:01.0")->numa_node, -1);
	tree_read(&t, ALL);
	assert_int_equal(tree_device(&t, "0000:00:01.0")->numa_node, 1);
	tree_end(&t);
}

/* A tree is somebody else's: its links do not lead into this machine. */
static void test_links_out_of_the_tree(void **state)
{
	TREE_AUTO struct tree t;
	char path[128], other[] = "/tmp/ferry-other-XXXXXX";
	FILE *f;

	assert_non_null(mkdtemp(other));
	snprintf(path, sizeof(path), "%s/uevent", other);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("PCI_CLASS=20000\nPCI_ID=DEAD:BEEF\nPCI_SUBSYS_ID=DEAD:BEEF\n", f);
	fclose(f);
	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:01.0", "20000", "8086:10D3", NULL);
	tree_link(&t, "sys/devices/pci0000:00/0000:00:02.0", other);
	tree_link(&t, "sys/bus/pci/devices/0000:00:02.0",
		  "../../../devices/pci0000:00/0000:00:02.0");
	tree_link(&t, "sys/bus/pci/devices/0000:01:00.0", other);
	tree_read(&t, ALL);
	assert_int_equal(t.host.n_devices, 3);
	assert_int_equal(tree_device(&t, "0000:00:02.0")->vendor, -1);
	assert_int_equal(tree_device(&t, "0000:01:00.0")->vendor, -1);
	unlink(path);
	rmdir(other);
}

static void test_what_is_no_machine(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	ROOT_AUTO struct root r = ROOT_CLOSED;
	ERROR_AUTO struct error err = {0};
	TREE_AUTO struct tree t;
	char path[128];
	struct host host;

	tree_begin(&t);
	tree_folder(&t, "empty");
	tree_read(&t, ALL);
	assert_int_equal(t.host.parts[HOST_PCI], FACT_ABSENT);
	assert_int_equal(t.host.n_devices, 0);
	snprintf(path, sizeof(path), "%s/empty", t.top);
	assert_int_equal(root_open(path, &r), 0);
	assert_int_equal(host_read(&r, ALL, a, &host, &err), -ENOENT);
	assert_non_null(strstr(err.remedy, "sys/"));
}

static void test_this_machine(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	ROOT_AUTO struct root r = ROOT_CLOSED;
	ERROR_AUTO struct error err = {0};
	struct host host;
	size_t i;

	assert_int_equal(root_open(NULL, &r), 0);
	assert_int_equal(host_read(&r, HOST_PART(HOST_PARTS) - 1, a, &host, &err), 0);
	assert_true(host.is_live);
	for (i = 0; i < HOST_PARTS; i++)
		assert_int_not_equal(host.parts[i], FACT_NOT_READ);
	if (host.parts[HOST_PCI] == FACT_READ)
		assert_int_equal(host.n_devices, count_entries("/"));
	for (i = 0; i < host.n_devices; i++)
		assert_true(host.devices[i].vendor >= 0);
	assert_non_null(host.kernel.release);
}

static void test_identities(void **state)
{
	struct pci_identity a = {.class = 0x20000, .vendor = 0x8086, .device = 0x10d3};
	struct pci_identity b = a;

	assert_true(pci_identity_matches(&a, &b));
	b.address.bus = 4; /* moved, but the same card */
	assert_true(pci_identity_matches(&a, &b));
	a.serial = "00-11-22-33-44-55-66-77";
	assert_true(pci_identity_matches(&a, &b));
	b.serial = "00-11-22-33-44-55-66-78";
	assert_false(pci_identity_matches(&a, &b));
	b = a;
	b.subsystem_device = 1;
	assert_false(pci_identity_matches(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_captured_machines),
		cmocka_unit_test(test_revision_of_old_kernels),
		cmocka_unit_test(test_domains_of_five_digits),
		cmocka_unit_test(test_folder_name_is_the_address),
		cmocka_unit_test(test_without_uevent),
		cmocka_unit_test(test_other_layouts),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_serials),
		cmocka_unit_test(test_overrides),
		cmocka_unit_test(test_numa_nodes),
		cmocka_unit_test(test_links_out_of_the_tree),
		cmocka_unit_test(test_what_is_no_machine),
		cmocka_unit_test(test_this_machine),
		cmocka_unit_test(test_identities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
