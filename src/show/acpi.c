// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What DMAR and IVRS have in common on the screen: the header in front, the damage at the end, and the
 * small forms between. Texts in a table are the firmware's: nothing of them reaches a terminal raw.
 */
#include "show/acpi.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"

static const char *describe_checksum(const struct acpi_table *table)
{
	if (table->is_checksum_right)
		return "checksum right";
	return table->length > table->size ? "checksum unknown" : "checksum wrong";
}

void show_acpi_head(const struct acpi_table *table, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fprintf(out, "%s  revision %u, %u bytes, %s, by \"%s\" \"%s\"\n",
		*table->signature ? text_printable(a, table->signature) : "(no signature)",
		table->revision, table->length, describe_checksum(table),
		text_printable(a, table->oem_id), text_printable(a, table->oem_table_id));
}

void show_acpi_issues(const struct acpi_table *table, FILE *out)
{
	size_t i;

	if (table->n_issues)
		fputs("\nDAMAGED\n", out);
	for (i = 0; i < table->n_issues; i++)
		fprintf(out, "  at byte %zu (0x%zx): %s\n", table->issues[i].offset,
			table->issues[i].offset, table->issues[i].message);
}

void show_acpi_table(const struct acpi_table *table, FILE *out)
{
	show_acpi_head(table, out);
	show_acpi_issues(table, out);
}

void show_acpi_name(const struct acpi_names *names, uint16_t segment, uint8_t bus,
		    const struct dmar_path *path, size_t n_path, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	const char *name = names ? names->device(names->data, segment, bus, path, n_path) : NULL;

	if (name)
		fprintf(out, "  %s", text_printable(a, name));
	fputc('\n', out);
}

void show_acpi_bits(uint64_t bits, const char *const *names, size_t n, const char *none, FILE *out)
{
	const char *separator = "";
	size_t i;

	for (i = 0; i < n; i++) {
		if (!names[i] || !(bits >> i & 1))
			continue;
		fprintf(out, "%s%s", separator, names[i]);
		separator = ", ";
	}
	if (!*separator)
		fputs(none, out);
}

void show_acpi_size(uint64_t bytes, FILE *out)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
	size_t i = 0;

	if (!bytes || bytes % 1024)
		return;
	for (bytes /= 1024; i < 3 && bytes % 1024 == 0; i++)
		bytes /= 1024;
	fprintf(out, " (%" PRIu64 " %s)", bytes, units[i]);
}

static void add_text(struct json_stream *s, const char *key, const char *value, bool is_there)
{
	json_stream_value(s, key, is_there ? json_text(value) : NULL);
}

static void add_number(struct json_stream *s, const char *key, uint32_t value, bool is_there)
{
	json_stream_value(s, key, is_there ? json_object_new_int64(value) : NULL);
}

void show_acpi_json_register(struct json_stream *s, const char *key, uint64_t value, bool is_there)
{
	char buffer[32];

	snprintf(buffer, sizeof(buffer), "0x%" PRIx64, value);
	add_text(s, key, buffer, is_there);
}

void show_acpi_json_head(struct json_stream *s, const struct acpi_table *table, FILE *out)
{
	const size_t size = table->size;

	json_stream_begin(s, out);
	add_text(s, "signature", table->signature, size >= 4);
	add_number(s, "length", table->length, size >= 8);
	add_number(s, "revision", table->revision, size >= 9);
	json_stream_value(s, "checksum_ok", json_object_new_boolean(table->is_checksum_right));
	show_acpi_json_register(s, "checksum", table->checksum, size >= 10);
	add_text(s, "oem_id", table->oem_id, size >= 16);
	add_text(s, "oem_table_id", table->oem_table_id, size >= 24);
	show_acpi_json_register(s, "oem_revision", table->oem_revision, size >= 28);
	add_text(s, "compiler_id", table->compiler_id, size >= 32);
	show_acpi_json_register(s, "compiler_revision", table->compiler_revision, size >= 36);
}

void show_acpi_json_issues(struct json_stream *s, const struct acpi_table *table)
{
	size_t i;

	json_stream_list(s, "issues");
	for (i = 0; i < table->n_issues; i++) {
		struct json_object *row = json_object_new_object();

		json_add_int(row, "offset", (int64_t)table->issues[i].offset);
		json_add_text(row, "message", table->issues[i].message);
		json_stream_row(s, row);
	}
	json_stream_end(s);
}

void show_acpi_table_json(const struct acpi_table *table, FILE *out)
{
	struct json_stream s;

	show_acpi_json_head(&s, table, out);
	json_stream_list(&s, "structures");
	show_acpi_json_issues(&s, table);
}
