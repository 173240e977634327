// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as a guest's definition: read, and edited there and back. What could be edited once can be read
 * and edited again, and no device gets lost on the way.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "guest/domain_xml.h"
#include "guest/edit.h"

#include "fuzz.h"

static const struct pci_address devices[] = {
	{0, 0x41, 0, 0}, {0, 0x41, 0, 1}, {0, 0x42, 0, 0}, {0, 0x43, 0, 2}, {0, 0x43, 0, 3}};
#define N_DEVICES (sizeof(devices) / sizeof(*devices))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *text = arena_memdup(a, data, size), *before, *after, *back;
	struct domain_xml facts;

	domain_xml_read(text, a, &facts);
	guest_xml_is_same(text, text, a);
	if (guest_xml_without_hostdevs(text, NULL, NULL, 0, a, &before, NULL))
		return 0;
	if (guest_xml_with_hostdevs(before, devices, N_DEVICES, a, &after, NULL))
		return 0;
	if (domain_xml_read(after, a, &facts))
		abort();
	if (guest_xml_without_hostdevs(after, before, devices, N_DEVICES, a, &back, NULL))
		abort();
	return 0;
}
