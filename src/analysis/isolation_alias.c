// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Devices whose DMA bears the id of another function of their bus (pci_add_dma_alias() and those who call
 * it in drivers/pci/quirks.c): whoever owns that id can't be told from them. Ids and functions are facts
 * of the kernel; what only a device's registers in memory say (Switchtec) is not in config space.
 */
#include "analysis/isolation_quirks.h"

#define DEVFN(slot, function) ((slot) << 3 | (function))

enum alias_kind {
	ALIAS_FUNCTION_0, /* the first function of its slot */
	ALIAS_FUNCTION_1, /* the second */
	ALIAS_FIXED,      /* DEVFN, whatever its own is */
	ALIAS_ALL_SLOTS,  /* functions 0 to 4 of every slot */
};

struct alias_quirk {
	uint16_t vendor, device;
	uint16_t subsystem_vendor, subsystem_device; /* 0: any */
	enum alias_kind kind;
	uint8_t devfn; /* ALIAS_FIXED */
	struct isolation_since since;
};

/* clang-format off */
#define V(major, minor)         {major, minor, NULL}
#define MARVELL(device, since)  {0x1b4b, device, 0, 0, ALIAS_FUNCTION_1, 0, since}
#define FUNCTION(vendor, device, number, since) {vendor, device, 0, 0, ALIAS_FUNCTION_##number, 0, since}
#define FIXED(vendor, device, devfn, since)     {vendor, device, 0, 0, ALIAS_FIXED, devfn, since}
#define VCA(device)             {0x8086, device, 0, 0, ALIAS_ALL_SLOTS, 0, V(5, 6)}
/* clang-format on */

static const struct alias_quirk quirks[] = {
	FUNCTION(0x1180, 0xe832, 0, V(3, 6)), /* Ricoh */
	FUNCTION(0x1180, 0xe476, 0, V(3, 6)),
	FUNCTION(0x6766, 0x3d40, 0, V(6, 6)), /* Glenfly */
	FUNCTION(0x6766, 0x3d41, 0, V(6, 6)),
	MARVELL(0x9120, V(3, 17)),
	MARVELL(0x9123, V(3, 17)),
	MARVELL(0x9125, V(4, 19)),
	MARVELL(0x9128, V(4, 16)),
	MARVELL(0x9130, V(3, 17)),
	MARVELL(0x9170, V(5, 2)),
	MARVELL(0x9172, V(3, 17)),
	MARVELL(0x917a, V(3, 17)),
	MARVELL(0x9182, V(4, 5)),
	MARVELL(0x9183, V(4, 20)),
	MARVELL(0x91a0, V(3, 17)),
	MARVELL(0x9215, V(5, 14)),
	MARVELL(0x9220, V(4, 13)),
	MARVELL(0x9230, V(3, 17)),
	MARVELL(0x9235, V(5, 18)),
	FUNCTION(0x1103, 0x0642, 1, V(3, 17)), /* HighPoint */
	FUNCTION(0x1103, 0x0645, 1, V(4, 14)),
	FUNCTION(0x197b, 0x2392, 1, V(3, 17)),                                /* JMicron JMB388 */
	FUNCTION(0x1c28, 0x0122, 1, V(4, 11)),                                /* Plextor M6E */
	{0x9005, 0x0285, 0x9005, 0x02bb, ALIAS_FIXED, DEVFN(1, 0), V(3, 17)}, /* Adaptec 3405 */
	{0x9005, 0x0285, 0x9005, 0x02bc, ALIAS_FIXED, DEVFN(1, 0), V(4, 13)}, /* Adaptec 3805 */
	FIXED(0x8086, 0x2260, DEVFN(0x10, 0), V(4, 6)),                       /* Xeon Phi x200 */
	FIXED(0x8086, 0x2260, DEVFN(0x11, 0), V(4, 6)),
	FIXED(0x8086, 0x2260, DEVFN(0x12, 3), V(4, 6)),
	FIXED(0x8086, 0x2264, DEVFN(0x10, 0), V(4, 6)),
	FIXED(0x8086, 0x2264, DEVFN(0x11, 0), V(4, 6)),
	FIXED(0x8086, 0x2264, DEVFN(0x12, 3), V(4, 6)),
	VCA(0x2954), /* Visual Compute Accelerator */
	VCA(0x2955),
	VCA(0x2956),
	VCA(0x2958),
	VCA(0x2959),
	VCA(0x295a),
};

static void set(uint64_t aliases[static 4], unsigned int devfn)
{
	aliases[devfn / 64] |= (uint64_t)1 << devfn % 64;
}

static bool matches(const struct alias_quirk *q, const struct isolation_kernel *kernel,
		    const struct pci_device *d)
{
	return d->vendor == q->vendor && d->device == q->device &&
	       (!q->subsystem_vendor || (d->subsystem_vendor == q->subsystem_vendor &&
					 d->subsystem_device == q->subsystem_device)) &&
	       isolation_kernel_has(kernel, &q->since);
}

/* Its own id is no alias. */
static bool add_function(const struct pci_device *d, unsigned int function,
			 uint64_t aliases[static 4])
{
	if (d->address.function == function)
		return false;
	set(aliases, DEVFN(d->address.slot, function));
	return true;
}

static bool add(const struct alias_quirk *q, const struct pci_device *d, uint64_t aliases[static 4])
{
	unsigned int slot, function;

	switch (q->kind) {
	case ALIAS_FUNCTION_0:
		return add_function(d, 0, aliases);
	case ALIAS_FUNCTION_1:
		return add_function(d, 1, aliases);
	case ALIAS_FIXED:
		set(aliases, q->devfn);
		return true;
	case ALIAS_ALL_SLOTS:
		for (slot = 0; slot < 32; slot++) {
			for (function = 0; function < 5; function++)
				set(aliases, DEVFN(slot, function));
		}
		return true;
	}
	return false;
}

bool alias_quirk_add(const struct isolation_kernel *kernel, const struct pci_device *device,
		     uint64_t aliases[static 4])
{
	bool has_any = false;
	size_t i;

	for (i = 0; i < sizeof(quirks) / sizeof(*quirks); i++) {
		if (matches(&quirks[i], kernel, device))
			has_any |= add(&quirks[i], device, aliases);
	}
	return has_any;
}

bool alias_quirk_is_root(const struct isolation_kernel *kernel, const struct pci_device *bridge)
{
	return bridge->vendor == 0x14e4 && (bridge->device == 0x9000 || bridge->device == 0x9084) &&
	       !isolation_kernel_is_before(kernel, 4, 13);
}

bool alias_quirk_is_transparent(const struct isolation_kernel *kernel,
				const struct pci_device *bridge)
{
	return bridge->vendor == 0x1a03 && bridge->device == 0x1150 &&
	       !isolation_kernel_is_before(kernel, 7, 0);
}
