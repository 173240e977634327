// SPDX-License-Identifier: LGPL-2.1-or-later
/* See machine.h. */
#include "machine.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define GUEST_XML                                                                                 \
	"<domain type='kvm'><name>guest</name><uuid>11111111-1111-1111-1111-111111111111</uuid>"  \
	"<memory unit='KiB'>393216</memory><os><type arch='x86_64' machine='q35'>hvm</type></os>" \
	"<devices><controller type='pci' index='0' model='pcie-root'/>"                           \
	"<controller type='pci' index='1' model='pcie-root-port'/></devices></domain>"

static void add(struct machine *m, const char *name, int32_t class, const char *driver, int group,
		int parent)
{
	struct pci_device *d = arena_append(m->arena, m->host.devices, m->host.n_devices);

	d->name = name;
	pci_address_parse(name, &d->address);
	d->class = class;
	d->vendor = 0x8086;
	d->device = 0x1000 + (int32_t)m->host.n_devices;
	d->subsystem_vendor = 0x1af4;
	d->subsystem_device = 0x1100;
	d->revision = 2;
	d->header = class >> 8 == 0x0604 ? PCI_HEADER_BRIDGE : PCI_HEADER_ENDPOINT;
	d->driver = driver;
	d->override = "";
	d->group = group;
	d->parent = parent;
	d->physical = -1;
	d->numa_node = -1;
}

static void add_group(struct machine *m, unsigned int id, const size_t *members, size_t n)
{
	struct iommu_group *g = arena_append(m->arena, m->host.groups, m->host.n_groups);
	size_t i;

	g->id = id;
	g->regions_read = FACT_READ;
	for (i = 0; i < n; i++)
		*arena_append(m->arena, g->devices, g->n_devices) = members[i];
}

static void add_disk(struct machine *m)
{
	struct block_device *disk, *part;

	disk = arena_append(m->arena, m->host.blocks, m->host.n_blocks);
	disk->name = "sda";
	*arena_append(m->arena, disk->devices, disk->n_devices) = SATA;
	*arena_append(m->arena, disk->uppers, disk->n_uppers) = 1;
	part = arena_append(m->arena, m->host.blocks, m->host.n_blocks);
	part->name = "sda2";
}

void machine_make(struct machine *m)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->arena = arena_new();
	m->host.arena = m->arena;
	m->host.is_live = true;
	for (i = 0; i < HOST_PARTS; i++)
		m->host.parts[i] = FACT_READ;
	add(m, "0000:00:03.0", 0x060400, "pcieport", 0, -1);
	add(m, "0000:00:06.0", 0x060400, "shpchp", 3, -1);
	add(m, "0000:00:1f.0", 0x060100, "lpc_ich", 2, -1);
	add(m, "0000:00:1f.2", 0x010601, "ahci", 2, -1);
	add(m, "0000:00:1f.3", 0x0c0500, "i801_smbus", 2, -1);
	add(m, "0000:01:00.0", 0x020000, "e1000e", 1, PORT);
	add(m, "0000:07:01.0", 0x00ff00, NULL, 3, CONVENTIONAL);
	add(m, "0000:07:02.0", 0x020000, "e1000", 3, CONVENTIONAL);
	add_group(m, 2, (const size_t[]){PORT}, 1);
	add_group(m, 13, (const size_t[]){NIC}, 1);
	add_group(m, 7, (const size_t[]){ISA, SATA, SMBUS}, 3);
	add_group(m, 5, (const size_t[]){CONVENTIONAL, EDU, OLD_NIC}, 3);
	add_disk(m);
	m->host.kernel.release = "6.1.0-28-amd64";
	m->host.kernel.version[0] = 6;
	m->host.kernel.version[1] = 1;
	m->host.kernel.boot_id = "boot-1";
	m->host.kernel.has_vfio_pci = true;
	m->guests.access = GUESTS_READ;
	m->guests.uri = "qemu:///system";
	m->guests.list = arena_calloc(m->arena, 2, sizeof(struct guest));
	m->guests.count = 2;
	m->guest = &m->guests.list[0];
	*m->guest = (struct guest){.name = "guest",
				   .uuid = "11111111-1111-1111-1111-111111111111",
				   .is_persistent = true,
				   .xml = GUEST_XML};
	m->other = &m->guests.list[1];
	*m->other = (struct guest){.name = "other",
				   .uuid = "22222222-2222-2222-2222-222222222222",
				   .is_persistent = true,
				   .xml = "<domain/>"};
	m->request.devices = m->named;
	m->request.guest = m->guest;
	m->request.guest_name = "guest";
	m->request.now = "2026-01-01T00:00:00Z";
}

void machine_free(struct machine *m)
{
	arena_free(m->arena);
}

void machine_name(struct machine *m, size_t device)
{
	m->named[m->request.n_devices++] = device;
}

void machine_plan(struct machine *m,
		  void (*plan)(const struct host *, const struct guests *,
			       const struct plan_request *, struct arena *, struct plan *))
{
	plan(&m->host, &m->guests, &m->request, m->arena, &m->plan);
}

static void act(struct machine *m, const struct plan_step *s)
{
	struct pci_device *d =
		(struct pci_device *)host_find_device(&m->host, &s->identity.address);

	if (s->kind == STEP_OVERRIDE)
		d->override = s->after;
	else if (s->kind == STEP_UNBIND)
		d->driver = NULL;
	else if (s->kind == STEP_BIND)
		d->driver = s->after;
	else if (s->kind == STEP_DEFINE)
		m->guest->xml = s->after;
	else if (s->kind == STEP_START)
		m->guest->state = GUEST_RUNNING;
	else if (s->kind == STEP_SHUTDOWN)
		m->guest->state = GUEST_SHUT_OFF;
}

/* The guest's lists follow its definition, as the next reading would find them. */
static void follow_definition(struct machine *m)
{
	struct guest_devices *stored = &m->guest->stored;
	size_t i;

	*stored = (struct guest_devices){0};
	for (i = 0; i < m->host.n_devices; i++) {
		const struct pci_address *a = &m->host.devices[i].address;
		char source[128];

		snprintf(source, sizeof(source),
			 "domain='0x%04x' bus='0x%02x' slot='0x%02x' function='0x%x'", a->domain,
			 a->bus, a->slot, a->function);
		if (strstr(m->guest->xml, source))
			arena_append(m->arena, stored->list, stored->count)->source = *a;
	}
	m->guest->live = m->guest->state == GUEST_SHUT_OFF ? (struct guest_devices){0} : *stored;
}

void machine_act(struct machine *m)
{
	size_t i;

	for (i = 0; i < m->plan.n_steps; i++)
		act(m, &m->plan.steps[i]);
	m->host.lent = m->plan.lent;
	follow_definition(m);
}

const char *machine_steps(struct machine *m)
{
	struct text t = {0};
	const char *s;
	size_t i;

	for (i = 0; i < m->plan.n_steps; i++) {
		const struct plan_step *step = &m->plan.steps[i];
		bool is_xml = step->kind == STEP_DEFINE;

		text_addf(&t, "%s%s %s", i ? "; " : "", step_kind_name(step->kind), step->subject);
		if (step->before && !is_xml)
			text_addf(&t, " '%s'", step->before);
		if (step->after && !is_xml)
			text_addf(&t, " -> '%s'", step->after);
	}
	s = arena_strdup(m->arena, text_str(&t));
	text_clear(&t);
	return s;
}

const char *machine_refusal(struct machine *m)
{
	if (!m->plan.n_refusals)
		return "";
	return m->plan.n_refusals > 1 ? "several" : m->plan.refusals[0].reason;
}
