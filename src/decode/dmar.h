/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DMAR, the table in which Intel's firmware says which IOMMUs there are, which devices each covers and
 * which memory must stay mapped. Complete to the last substructure (VT-d specification 4.1, chapter 8).
 */
#ifndef FERRY_DECODE_DMAR_H
#define FERRY_DECODE_DMAR_H

#include "decode/acpi_table.h"

/* The numbers are those of the table. Other types exist and are kept with type and length alone. */
enum dmar_type { DMAR_DRHD, DMAR_RMRR, DMAR_ATSR, DMAR_RHSA, DMAR_ANDD, DMAR_SATC, DMAR_SIDP };
/* "DRHD" and so on; NULL: a type that is unknown. */
const char *dmar_type_name(unsigned int type);

enum dmar_scope_type {
	DMAR_SCOPE_ENDPOINT = 1,
	DMAR_SCOPE_BRIDGE,
	DMAR_SCOPE_IOAPIC,
	DMAR_SCOPE_HPET,
	DMAR_SCOPE_NAMESPACE
};
/* "endpoint", "bridge", "ioapic", "hpet", "namespace"; NULL: a type that is unknown. */
const char *dmar_scope_type_name(unsigned int type);

struct dmar_path {
	uint8_t device, function;
};

/* A device, named by the way to it: bridges from the start bus downwards, the device last. */
struct dmar_scope {
	uint8_t type; /* enum dmar_scope_type, or unknown */
	uint8_t flags;
	uint8_t enumeration_id; /* of an I/O APIC, an HPET, an ANDD's device; else 0 */
	uint8_t bus;
	struct dmar_path *path;
	size_t n_path;
};

#define DMAR_DRHD_INCLUDE_ALL  0x01
#define DMAR_ATSR_ALL_PORTS    0x01
#define DMAR_SATC_ATC_REQUIRED 0x01

/* One remapping structure. Fields that its type does not have are 0. */
struct dmar_structure {
	uint16_t type; /* enum dmar_type, or unknown */
	uint16_t length;
	size_t offset;
	uint8_t flags;             /* DRHD, ATSR, SATC */
	uint8_t size;              /* DRHD: 2^N pages of 4 KiB for its registers, bits 3:0 */
	uint16_t segment;          /* all with scopes */
	uint64_t address;          /* DRHD, RHSA: of the unit's registers */
	uint64_t base, limit;      /* RMRR: first and last byte */
	uint32_t proximity_domain; /* RHSA */
	uint8_t acpi_device;       /* ANDD */
	const char *name;          /* ANDD: raw bytes of the firmware */
	struct dmar_scope *scopes;
	size_t n_scopes;
};
bool dmar_structure_has_scopes(const struct dmar_structure *structure);

#define DMAR_HEADER_SIZE              48

#define DMAR_FLAG_INTERRUPT_REMAPPING 0x01
#define DMAR_FLAG_X2APIC_OPT_OUT      0x02
#define DMAR_FLAG_DMA_CONTROL_OPT_IN  0x04

struct dmar {
	struct acpi_table table;
	unsigned int host_address_width; /* bits: the table's byte plus one; 0: not there */
	uint8_t flags;
	struct dmar_structure *structures;
	size_t n_structures;
};

/*
 * Never fails: what was understood stands in ret, what was wrong in ret->table.issues. A structure that
 * is cut short is kept with what was read of it, unless its fixed part is not whole. data may be NULL
 * where size is 0.
 */
void dmar_decode(struct arena *arena, const void *data, size_t size, struct dmar *ret);

#endif
