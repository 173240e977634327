// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * SR-IOV: a physical function that leaves its driver takes its virtual functions with it, whoever uses
 * them. sriov_numvfs says how many are switched on, the links virtfnN which ones.
 */
#include "host/use_read.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static void add_functions(struct host_reader *r, size_t device, uint64_t count)
{
	const struct pci_device *d = &r->host->devices[device];
	const char *folder = arena_printf(r->scratch, "%s/%s", d->folder, d->name);
	struct pci_address address;
	char **names, *vf;
	size_t n, i;
	int function;

	use_add(r, USE_FUNCTIONS, (int)device,
		arena_printf(r->arena, "%llu virtual function%s", (unsigned long long)count,
			     count == 1 ? "" : "s"));
	if (root_list(r->root, r->scratch, folder, &names, &n))
		return;
	for (i = 0; i < n; i++) {
		if (!text_has_prefix(names[i], "virtfn") ||
		    root_readlink_name(r->root, r->scratch,
				       arena_printf(r->scratch, "%s/%s", folder, names[i]), &vf) ||
		    pci_address_parse(vf, &address))
			continue;
		function = pci_find(r->host, &address);
		if (function >= 0)
			r->host->devices[function].physical = (int)device;
	}
}

enum fact functions_read(struct host_reader *r)
{
	size_t i;

	for (i = 0; i < r->host->n_devices; i++) {
		const struct pci_device *d = &r->host->devices[i];
		char path[4096], buffer[32];
		uint64_t count;

		if (d->header != PCI_HEADER_ENDPOINT ||
		    snprintf(path, sizeof(path), "%s/%s/sriov_numvfs", d->folder, d->name) >=
			    (int)sizeof(path) ||
		    root_read_attribute(r->root, path, buffer, sizeof(buffer), NULL) ||
		    text_parse_u64(buffer, 10, UINT16_MAX, &count) || !count)
			continue;
		add_functions(r, i, count);
	}
	return FACT_ABSENT;
}
