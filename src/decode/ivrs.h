/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * IVRS, the table in which AMD's firmware says which IOMMUs there are, which devices each covers and
 * which memory must stay mapped. Complete to the last device entry (AMD I/O Virtualization Technology
 * specification 48882 rev. 3.09, chapter 5.2).
 */
#ifndef FERRY_DECODE_IVRS_H
#define FERRY_DECODE_IVRS_H

#include "decode/acpi_table.h"

/* The numbers are those of the table. Other blocks exist and are kept with type and length alone. */
enum ivrs_type {
	IVRS_IVHD_10 = 0x10,
	IVRS_IVHD_11 = 0x11,
	IVRS_IVHD_40 = 0x40,
	IVRS_IVMD_ALL = 0x20,
	IVRS_IVMD_SELECT = 0x21,
	IVRS_IVMD_RANGE = 0x22
};
bool ivrs_type_is_ivhd(unsigned int type);
bool ivrs_type_is_ivmd(unsigned int type);
/* "IVHD", "IVMD"; NULL: a type that is unknown. */
const char *ivrs_type_name(unsigned int type);

enum ivhd_entry_type {
	IVHD_PADDING = 0,
	IVHD_ALL = 1,
	IVHD_SELECT = 2,
	IVHD_RANGE_START = 3,
	IVHD_RANGE_END = 4,
	IVHD_ALIAS_SELECT = 0x42,
	IVHD_ALIAS_RANGE = 0x43,
	IVHD_EXTENDED_SELECT = 0x46,
	IVHD_EXTENDED_RANGE = 0x47,
	IVHD_SPECIAL = 0x48,
	IVHD_ACPI_HID = 0xf0
};

enum ivhd_variety { IVHD_IOAPIC = 1, IVHD_HPET = 2 };
enum ivhd_uid_format { IVHD_UID_NONE, IVHD_UID_NUMBER, IVHD_UID_TEXT };

/* A device id is bus << 8 | device << 3 | function. Fields that a type does not have are 0 or NULL. */
struct ivhd_entry {
	uint8_t type;               /* enum ivhd_entry_type, or unknown */
	uint16_t length;            /* in bytes, of the whole entry */
	uint8_t data;               /* bits for the device table */
	uint16_t device_id;         /* reserved in ALL and SPECIAL; kept as it is */
	uint16_t alias_id;          /* ALIAS_*: what its requests bear */
	uint32_t extended_data;     /* EXTENDED_* */
	uint8_t handle;             /* SPECIAL: id of the I/O APIC or number of the HPET */
	uint16_t special_device_id; /* SPECIAL */
	uint8_t variety;            /* SPECIAL: enum ivhd_variety, or unknown */
	const char *hid, *cid;      /* ACPI_HID: raw bytes of the firmware; "": none */
	uint8_t uid_format;         /* ACPI_HID: enum ivhd_uid_format, or unknown */
	const char *uid_text;       /* IVHD_UID_TEXT: raw bytes of the firmware */
	uint64_t uid_number;        /* IVHD_UID_NUMBER */
};

#define IVMD_FLAG_UNITY     0x01
#define IVMD_FLAG_READ      0x02
#define IVMD_FLAG_WRITE     0x04
#define IVMD_FLAG_EXCLUSION 0x08

/* An IVHD (an IOMMU and its devices) or an IVMD (memory and its devices). Fields of the other are 0. */
struct ivrs_structure {
	uint8_t type; /* enum ivrs_type, or unknown */
	uint8_t flags;
	uint16_t length;
	size_t offset;
	uint16_t device_id; /* IVHD: the IOMMU's; IVMD: the device's, or the first one's */
	uint16_t segment;
	uint16_t capability_offset; /* IVHD */
	uint64_t address;           /* IVHD: of the unit's registers */
	uint16_t info;              /* IVHD: MSI number 4:0, unit id 12:8 */
	uint32_t features;          /* IVHD: 10h feature reporting, 11h and 40h attributes */
	uint64_t efr, efr2;         /* IVHD 11h and 40h: images of the extended feature registers */
	struct ivhd_entry *entries; /* IVHD: padding left out */
	size_t n_entries;
	uint16_t auxiliary;   /* IVMD: last device of a range */
	uint64_t start, size; /* IVMD, in bytes */
};

#define IVRS_HEADER_SIZE 48

struct ivrs {
	struct acpi_table table;
	uint32_t iv_info;
	struct ivrs_structure *structures;
	size_t n_structures;
};

/* IVinfo (5.2.1): does the firmware ask for DMA protection before the kernel runs; address widths. */
#define IVRS_INFO_EFR_SUPPORT 0x01
#define IVRS_INFO_DMA_REMAP   0x02

/*
 * Never fails: what was understood stands in ret, what was wrong in ret->table.issues. A block that is
 * cut short is kept with what was read of it, unless its fixed part is not whole. data may be NULL
 * where size is 0.
 */
void ivrs_decode(struct arena *arena, const void *data, size_t size, struct ivrs *ret);

#endif
