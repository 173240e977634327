// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as a machine: functions with config spaces that hold what the bytes say, bridges that claim
 * to be above each other, by whatever version's rules. Every device is in one group at most, each
 * group's members are in order, and what is told of them can be told.
 *
 * A record: bus, slot and function, parent (0: none, else a record before or after), vendor and device by
 * a table's row, then a byte that says how much config follows, in steps of 16, and those bytes. What is
 * behind them in the header and at 100h comes from the same bytes again.
 */
#include <stdlib.h>
#include <string.h>

#include "analysis/isolation.h"
#include "analysis/why.h"
#include "base/arena.h"
#include "decode/pci_function.h"

#include "fuzz.h"

#define MOST 64

/* Ids that rules and aliases know, so that they are met. */
static const struct {
	uint16_t vendor, device;
	int32_t class;
} ids[] = {
	{0x8086, 0x1d10, 0x060400}, {0x8086, 0xa110, 0x060400}, {0x8086, 0x28c0, 0x010400},
	{0x1022, 0x1481, 0x080600}, {0x1b4b, 0x9230, 0x010601}, {0x8086, 0x2954, 0x088000},
	{0x14e4, 0x9000, 0x060400}, {0x1a03, 0x1150, 0x060400}, {0x8088, 0x1001, 0x020000},
	{0x1002, 0x4384, 0x060401}, {0x8086, 0x3e92, 0x030000}, {0x1af4, 0x1000, 0x020000},
};

struct input {
	const uint8_t *data;
	size_t size;
};

static unsigned int take(struct input *in)
{
	if (!in->size)
		return 0;
	in->size--;
	return *in->data++;
}

static void take_config(struct input *in, struct pci_device *d, struct arena *a)
{
	uint8_t bytes[PCI_CONFIG_SIZE] = {0};
	size_t n = take(in) % 16 * 16, i;
	struct pci_config config = {.data = bytes};
	struct pci_function *f = arena_alloc(a, sizeof(*f));

	if (n > in->size)
		n = in->size;
	for (i = 0; i < n; i++) {
		bytes[i] = in->data[i];
		bytes[0x100 + i] = in->data[n - 1 - i];
	}
	in->data += n;
	in->size -= n;
	config.size = (n & 16) ? PCI_CONFIG_SIZE : n & 32 ? 256 : n ? 64 : 0;
	pci_function_decode(&config, f);
	d->function = f;
	d->config_size = config.size;
}

static void take_device(struct input *in, struct pci_device *d, struct arena *a)
{
	unsigned int bus = take(in), devfn = take(in), parent = take(in);
	unsigned int row = take(in) % (sizeof(ids) / sizeof(*ids));

	d->address = (struct pci_address){bus & 0x80 ? 0x10000 : 0, bus & 0x7f,
					  (uint8_t)(devfn >> 3), devfn & 7};
	d->vendor = ids[row].vendor;
	d->device = ids[row].device;
	d->class = ids[row].class;
	d->subsystem_vendor = d->subsystem_device = -1;
	d->parent = (int)(parent % (MOST + 1)) - 1;
	d->folder = parent & 0x80 ? "sys/bus/pci/devices" : "sys/devices/pci0000:00";
	d->group = (int)(devfn % 5) - 1;
	take_config(in, d, a);
	d->header = d->function->header ? PCI_HEADER_BRIDGE : PCI_HEADER_ENDPOINT;
}

static int compare(const void *a, const void *b)
{
	const struct pci_device *x = a, *y = b;

	return pci_address_compare(&x->address, &y->address);
}

/* In order, each address once, parents that are there; then the kernel's groups. */
static void finish(struct host *host, struct arena *a)
{
	size_t n = 0, i;

	qsort(host->devices, host->n_devices, sizeof(*host->devices), compare);
	for (i = 0; i < host->n_devices; i++) {
		if (!n || compare(&host->devices[n - 1], &host->devices[i]))
			host->devices[n++] = host->devices[i];
	}
	host->n_devices = n;
	host->n_groups = 4;
	host->groups = arena_calloc(a, host->n_groups, sizeof(*host->groups));
	for (i = 0; i < n; i++) {
		struct pci_device *d = &host->devices[i];
		char name[PCI_ADDRESS_SIZE];

		d->name = arena_strdup(a, pci_address_format(&d->address, name));
		if (d->parent >= (int)n)
			d->parent = -1;
		if (d->group >= 0) {
			struct iommu_group *g = &host->groups[d->group];

			g->id = (unsigned int)d->group;
			*arena_append(a, g->devices, g->n_devices) = i;
		}
	}
}

static void check(const struct host *host, const struct isolation *isolation)
{
	size_t i, k, members = 0, grouped = 0;

	for (i = 0; i < isolation->n_groups; i++) {
		const struct isolation_group *g = &isolation->groups[i];

		if (!g->n_devices)
			abort();
		for (k = 0; k < g->n_devices; k++) {
			if (isolation->devices[g->devices[k]].group != (int)i ||
			    (k && g->devices[k] <= g->devices[k - 1]))
				abort();
		}
		members += g->n_devices;
	}
	for (i = 0; i < host->n_devices; i++)
		grouped += isolation->devices[i].group >= 0;
	if (members != grouped)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const versions[] = {"3.10", "4.4", "5.9.0", "6.12", "7.0"};
	ARENA_AUTO struct arena *a = arena_new();
	struct input in = {data, size};
	struct host host = {.arena = a, .is_live = take(&in) & 1};
	struct isolation_kernel kernel;
	struct why why;
	size_t i;

	host.devices = arena_calloc(a, MOST, sizeof(*host.devices));
	while (in.size && host.n_devices < MOST)
		take_device(&in, &host.devices[host.n_devices++], a);
	finish(&host, a);
	for (i = 0; i < sizeof(versions) / sizeof(*versions); i++) {
		if (isolation_kernel_parse(versions[i], &kernel))
			abort();
		why_make(&host, &kernel, a, &why);
		check(&host, &why.isolation);
		check(&host, &why.with_override);
	}
	return 0;
}
