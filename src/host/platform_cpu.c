// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The processor, from the first stanza of /proc/cpuinfo. vmx and svm say that guests run, not that an
 * IOMMU is there: that they are taken for VT-d and AMD-Vi is where people lose their first day.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/platform_read.h"

/* The value behind "name<tab>: ", or NULL: it is another line. */
static const char *value_of(const char *line, const char *name)
{
	const char *at;

	if (!text_has_prefix(line, name))
		return NULL;
	at = line + strlen(name);
	at += strspn(at, " \t");
	return *at == ':' ? at + 1 + strspn(at + 1, " \t") : NULL;
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);
	const char *at = list;

	for (; (at = strstr(at, word)); at += len) {
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	}
	return false;
}

static enum cpu_kind kind_of(const char *vendor)
{
	if (text_has_prefix(vendor, "GenuineIntel"))
		return CPU_INTEL;
	if (text_has_prefix(vendor, "AuthenticAMD") || text_has_prefix(vendor, "HygonGenuine"))
		return CPU_AMD;
	return CPU_OTHER_X86;
}

static void take_flags(struct host_cpu *cpu, const char *flags)
{
	cpu->has_vmx = has_word(flags, "vmx");
	cpu->has_svm = has_word(flags, "svm");
	cpu->is_virtual = has_word(flags, "hypervisor");
}

static void take_line(struct host_reader *r, struct host_cpu *cpu, const char *line)
{
	const char *value;

	if ((value = value_of(line, "vendor_id")))
		cpu->kind = kind_of(value);
	else if (value_of(line, "CPU implementer"))
		cpu->kind = CPU_ARM;
	else if ((value = value_of(line, "model name")))
		cpu->model = arena_strdup(r->arena, value);
	else if ((value = value_of(line, "flags")))
		take_flags(cpu, value);
	else if ((value = value_of(line, "address sizes")))
		sscanf(value, "%u bits physical, %u bits virtual", &cpu->physical_bits,
		       &cpu->virtual_bits);
}

void platform_read_cpu(struct host_reader *r, struct host_cpu *ret)
{
	char *text, *line, *save = NULL, *end;
	int err = root_read(r->root, r->scratch, "proc/cpuinfo", &text, NULL);

	*ret = (struct host_cpu){.read = fact_from_code(err)};
	if (err)
		return;
	end = strstr(text, "\n\n");
	if (end)
		*end = 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		take_line(r, ret, text_trim_end(line));
}
