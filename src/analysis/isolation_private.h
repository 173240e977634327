/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of the isolation have in common: the topology as the kernel sees it, each function's
 * verdict. Only analysis/isolation*.c include it.
 */
#ifndef FERRY_ANALYSIS_ISOLATION_PRIVATE_H
#define FERRY_ANALYSIS_ISOLATION_PRIVATE_H

#include "analysis/isolation.h"
#include "analysis/isolation_quirks.h"

struct isolation_view {
	const struct host *host;
	struct isolation *i;
	struct arena *arena;
	bool is_hopeful; /* what could not be read isolates, and takes nothing over */
	bool has_override;
};

/* Slot and function in one number, as requester ids have them. */
static inline unsigned int pci_devfn(const struct pci_device *d)
{
	return (unsigned int)d->address.slot << 3 | d->address.function;
}

/* The functions of a device's bus stand together in host.devices: the first and the end of them. */
void isolation_bus(const struct host *host, size_t device, size_t *ret_first, size_t *ret_end);
/*
 * Fills bridges, port types, aliases, who is outside. Gives the order in which the kernel meets the
 * devices: a bus whole, then bus by bus what is below its bridges.
 */
size_t *isolation_prepare(const struct isolation_view *v);
/* Do requests from below bear this bridge's id, or that of its bus? */
bool isolation_takes_over(const struct isolation_view *v, size_t bridge);
/* What the kernel says of the function: fills devices[device].acs. */
void isolation_acs(const struct isolation_view *v, size_t device);
/* Does the machine's kernel write ACS? From its IOMMU, else from what the registers show. */
enum isolation_acs_state isolation_acs_state(const struct host *host);

#endif
