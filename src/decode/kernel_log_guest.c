// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Whether the log is of a virtual machine, of Xen's driver domain, or of Xen itself; and what the machine
 * is called. Bare metal prints "KVM setup" lines too: only what names a hypervisor counts.
 */
#include "decode/kernel_log_hit.h"

#include <string.h>

void log_read_hypervisor(const struct hit *h)
{
	bool xen = line_has(h->line, "Xen");

	if (xen)
		log_mark(h->st, line_has(h->line, "HVM") ? MARK_XEN_GUEST : MARK_XEN, h->line);
	else if (line_char(h->line, h->after) == ':')
		log_mark(h->st, MARK_GUEST, h->line);
}

/* "Booting paravirtualized kernel on bare hardware | Xen | KVM | …". */
void log_read_paravirtualized(const struct hit *h)
{
	if (line_at(h->line, h->after, "Xen"))
		log_mark(h->st, MARK_XEN, h->line);
	else if (line_word(h->line, h->after) && !line_at(h->line, h->after, "bare"))
		log_mark(h->st, MARK_GUEST, h->line);
}

void log_read_xen_io(const struct hit *h)
{
	if (line_at(h->line, h->after, "enabled"))
		log_mark(h->st, MARK_XEN_ON, h->line);
	else if (line_at(h->line, h->after, "disabled"))
		log_mark(h->st, MARK_XEN_OFF, h->line);
}

void log_read_xen_unit(const struct hit *h)
{
	if (!h->line->prefix.xen)
		return;
	log_mark(h->st, MARK_INTEL, h->line);
	log_unit_index(h, UNIT_XEN, h->after);
}

/* Makers that exist in software only. */
static bool is_virtual_machine(const struct log_line *line)
{
	static const char *const makers[] = {
		"DMI: QEMU",         "DMI: Bochs",        "VirtualBox",        "DMI: VMware",
		"HVM domU",          "Virtual Machine/",  "DMI: Red Hat KVM",  "OpenStack Nova",
		"Google Compute",    "DMI: Parallels",    "DMI: KVM",          "RHEV Hypervisor",
		"DMI: oVirt",        "Alibaba Cloud ECS", "Droplet",           "Nutanix AHV",
		"DMI: Red Hat RHEL", "DMI: bhyve",        "OpenStack Compute",
	};

	for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++)
		if (line_has(line, makers[i]))
			return true;
	return line_has(line, "DMI: Amazon EC2") && !line_has(line, "metal");
}

/* "DMI: Dell Inc. OptiPlex 7040/0Y7WYT, BIOS 1.1.1 10/07/2015". */
void log_read_machine(const struct hit *h)
{
	struct log_boot *b = &h->st->boot;
	size_t begin = h->line->prefix.message;

	if (!line_at(h->line, begin, "DMI: ") || h->at < begin + 5)
		return;
	log_mark(h->st, MARK_MACHINE, h->line);
	b->machine.len = 0;
	text_add_bytes(&b->machine, h->line->s + begin + 5, h->at - begin - 5);
	if (is_virtual_machine(h->line))
		log_mark(h->st, line_has(h->line, "HVM domU") ? MARK_XEN_GUEST : MARK_GUEST,
			 h->line);
}
