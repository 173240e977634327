/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * DMAR and IVRS for people and as JSON. For people, numbers of devices become names where the table is
 * this machine's, flags become words, and what is damaged stands at the end with its offset.
 */
#ifndef FERRY_SHOW_ACPI_H
#define FERRY_SHOW_ACPI_H

#include <stdio.h>

#include "decode/dmar.h"
#include "decode/ivrs.h"

struct json_stream;

/* Who knows what the devices are called. device() gives NULL for one that it does not know. */
struct acpi_names {
	const char *(*device)(void *data, uint16_t segment, uint8_t bus,
			      const struct dmar_path *path, size_t n_path);
	void *data;
};

/* names NULL: the table is not this machine's. */
void show_dmar(const struct dmar *dmar, const struct acpi_names *names, FILE *out);
void show_ivrs(const struct ivrs *ivrs, const struct acpi_names *names, FILE *out);
/* A table that is neither, or too short to tell: its header and what is wrong. */
void show_acpi_table(const struct acpi_table *table, FILE *out);

void show_dmar_json(const struct dmar *dmar, FILE *out);
void show_ivrs_json(const struct ivrs *ivrs, FILE *out);
void show_acpi_table_json(const struct acpi_table *table, FILE *out);

/* What the three have in common; for show/dmar.c and show/ivrs.c. */
void show_acpi_head(const struct acpi_table *table, FILE *out);
void show_acpi_issues(const struct acpi_table *table, FILE *out);
/* The device's name behind what stands on the line, and the end of the line. */
void show_acpi_name(const struct acpi_names *names, uint16_t segment, uint8_t bus,
		    const struct dmar_path *path, size_t n_path, FILE *out);
/* "a, b" of the bits that are set, names[i] for bit i (NULL: reserved); none: what stands in none. */
void show_acpi_bits(uint64_t bits, const char *const *names, size_t n, const char *none, FILE *out);
/* " (72 MiB)", or nothing where it is no whole number of KiB. */
void show_acpi_size(uint64_t bytes, FILE *out);

/* "0x…", or null where it is not there. */
void show_acpi_json_register(struct json_stream *s, const char *key, uint64_t value, bool is_there);
/* Begins the object: schema to checksum_ok. A field of which not all bytes are there is null. */
void show_acpi_json_head(struct json_stream *s, const struct acpi_table *table, FILE *out);
/* Ends it: issues. */
void show_acpi_json_issues(struct json_stream *s, const struct acpi_table *table);

#endif
