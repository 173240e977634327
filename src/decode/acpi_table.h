/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What every ACPI table has in common: a header, a checksum, a length, and structures that follow each
 * other. Firmware writes it, so nothing in it is believed: all reading goes through a span that knows
 * where it ends, and what is wrong becomes an issue with its offset beside what was understood.
 */
#ifndef FERRY_DECODE_ACPI_TABLE_H
#define FERRY_DECODE_ACPI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Damage: a wrong checksum, a wrong length, something that runs past its end. Odd values are none. */
struct acpi_issue {
	size_t offset; /* in bytes from the start of the table */
	const char *message;
};

#define ACPI_HEADER_SIZE 36 /* ACPI 6.5, 5.2.6 */

struct acpi_table {
	size_t size; /* bytes that were given; a field below that lies past them is 0 or "" */
	char signature[5];
	uint32_t length; /* what the table says of itself */
	uint8_t revision, checksum;
	char oem_id[7], oem_table_id[9]; /* spaces and NULs at the end cut off; raw bytes */
	uint32_t oem_revision;
	char compiler_id[5];
	uint32_t compiler_revision;
	bool is_checksum_right; /* all bytes are there and their sum is 0 */
	struct acpi_issue *issues;
	size_t n_issues;
};

/* Some bytes of a table. A read past its end gives 0 and touches nothing. Numbers are little-endian. */
struct acpi_span {
	const uint8_t *data;
	size_t offset; /* of data[0] in the table */
	size_t size;
};

uint8_t acpi_span_u8(const struct acpi_span *span, size_t at);
uint16_t acpi_span_u16(const struct acpi_span *span, size_t at);
uint32_t acpi_span_u32(const struct acpi_span *span, size_t at);
uint64_t acpi_span_u64(const struct acpi_span *span, size_t at);
/* The text at that place: up to a NUL, size bytes or the end of the span, whichever comes first. */
char *acpi_span_string(const struct acpi_span *span, size_t at, size_t size, struct arena *arena);
/* Cuts size bytes (at most what is there) off the front of span. */
struct acpi_span acpi_span_take(struct acpi_span *span, size_t size);

void acpi_table_issue(struct acpi_table *table, struct arena *arena, size_t offset, const char *fmt,
		      ...) __attribute__((format(printf, 4, 5)));

/*
 * Reads the header and judges signature, length and checksum. header_size is that of this kind of table,
 * fields of its own included. Gives what lies between it and the table's end, as far as it is there.
 */
struct acpi_span acpi_table_decode(struct acpi_table *table, struct arena *arena, const void *data,
				   size_t size, const char *signature, size_t header_size);

/* The first four bytes, for choosing a decoder: whether they are this signature. */
bool acpi_table_is(const void *data, size_t size, const char *signature);

#endif
