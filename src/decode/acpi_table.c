// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See acpi_table.h. Header and checksum are those of ACPI 6.5, 5.2.6; a table that ends early is read as
 * far as it goes.
 */
#include "decode/acpi_table.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"

/* Where the fields of the header lie. */
enum {
	AT_LENGTH = 4,
	AT_REVISION = 8,
	AT_CHECKSUM = 9,
	AT_OEM_ID = 10,
	AT_OEM_TABLE_ID = 16,
	AT_OEM_REVISION = 24,
	AT_COMPILER_ID = 28,
	AT_COMPILER_REVISION = 32,
};

static uint64_t span_number(const struct acpi_span *span, size_t at, size_t width)
{
	uint64_t value = 0;

	if (at > span->size || span->size - at < width)
		return 0;
	while (width--)
		value = value << 8 | span->data[at + width];
	return value;
}

uint8_t acpi_span_u8(const struct acpi_span *span, size_t at)
{
	return (uint8_t)span_number(span, at, 1);
}

uint16_t acpi_span_u16(const struct acpi_span *span, size_t at)
{
	return (uint16_t)span_number(span, at, 2);
}

uint32_t acpi_span_u32(const struct acpi_span *span, size_t at)
{
	return (uint32_t)span_number(span, at, 4);
}

uint64_t acpi_span_u64(const struct acpi_span *span, size_t at)
{
	return span_number(span, at, 8);
}

char *acpi_span_string(const struct acpi_span *span, size_t at, size_t size, struct arena *arena)
{
	if (at >= span->size)
		return arena_strdup(arena, "");
	if (size > span->size - at)
		size = span->size - at;
	return arena_memdup(arena, span->data + at, strnlen((const char *)span->data + at, size));
}

struct acpi_span acpi_span_take(struct acpi_span *span, size_t size)
{
	struct acpi_span front = *span;

	if (size > span->size)
		size = span->size;
	front.size = size;
	if (size) {
		span->data += size;
		span->offset += size;
		span->size -= size;
	}
	return front;
}

void acpi_table_issue(struct acpi_table *table, struct arena *arena, size_t offset, const char *fmt,
		      ...)
{
	struct acpi_issue *issue = arena_append(arena, table->issues, table->n_issues);
	va_list ap;

	issue->offset = offset;
	va_start(ap, fmt);
	issue->message = arena_vprintf(arena, fmt, ap);
	va_end(ap);
}

/* A text of fixed width; the blanks that fill it up are cut off. */
static void read_padded(const struct acpi_span *file, size_t at, size_t width, char *ret)
{
	size_t len = at >= file->size ? 0 : file->size - at;

	if (len > width)
		len = width;
	if (len)
		memcpy(ret, file->data + at, len);
	while (len && (ret[len - 1] == ' ' || !ret[len - 1]))
		len--;
	memset(ret + len, 0, width + 1 - len);
}

static void read_header(struct acpi_table *t, const struct acpi_span *file)
{
	read_padded(file, 0, 4, t->signature);
	t->length = acpi_span_u32(file, AT_LENGTH);
	t->revision = acpi_span_u8(file, AT_REVISION);
	t->checksum = acpi_span_u8(file, AT_CHECKSUM);
	read_padded(file, AT_OEM_ID, 6, t->oem_id);
	read_padded(file, AT_OEM_TABLE_ID, 8, t->oem_table_id);
	t->oem_revision = acpi_span_u32(file, AT_OEM_REVISION);
	read_padded(file, AT_COMPILER_ID, 4, t->compiler_id);
	t->compiler_revision = acpi_span_u32(file, AT_COMPILER_REVISION);
}

static uint8_t sum(const struct acpi_span *span, size_t size)
{
	uint8_t total = 0;
	size_t i;

	for (i = 0; i < size && i < span->size; i++)
		total = (uint8_t)(total + span->data[i]);
	return total;
}

/* One issue at most for the length: the others would only be its consequences. */
static void judge_length(struct acpi_table *t, struct arena *arena, size_t header_size)
{
	if (t->size < header_size)
		acpi_table_issue(t, arena, t->size,
				 "%zu bytes are too few for the header, which has %zu", t->size,
				 header_size);
	else if (t->length < header_size)
		acpi_table_issue(t, arena, AT_LENGTH,
				 "the length, %u bytes, is less than the header's %zu", t->length,
				 header_size);
	else if (t->size < t->length)
		acpi_table_issue(t, arena, t->size,
				 "the table ends after %zu of the %u bytes that its header gives",
				 t->size, t->length);
	else if (t->size > t->length)
		acpi_table_issue(t, arena, t->length,
				 "more bytes follow the %u that the header gives", t->length);
}

static void judge_checksum(struct acpi_table *t, struct arena *arena, const struct acpi_span *file)
{
	uint8_t total;

	if (t->size < ACPI_HEADER_SIZE || t->length < ACPI_HEADER_SIZE || t->length > t->size)
		return;
	total = sum(file, t->length);
	t->is_checksum_right = !total;
	if (total)
		acpi_table_issue(t, arena, AT_CHECKSUM,
				 "the checksum is 0x%02x, these bytes want 0x%02x", t->checksum,
				 (uint8_t)(t->checksum - total));
}

bool acpi_table_is(const void *data, size_t size, const char *signature)
{
	return size >= 4 && !memcmp(data, signature, 4);
}

struct acpi_span acpi_table_decode(struct acpi_table *table, struct arena *arena, const void *data,
				   size_t size, const char *signature, size_t header_size)
{
	struct acpi_span file = {.data = data, .size = size};

	*table = (struct acpi_table){.size = size};
	read_header(table, &file);
	if (!signature && size >= 4)
		acpi_table_issue(table, arena, 0, "this is neither a DMAR nor an IVRS table");
	else if (size >= 4 && !acpi_table_is(data, size, signature))
		acpi_table_issue(table, arena, 0, "the signature is not %s", signature);
	judge_length(table, arena, header_size);
	judge_checksum(table, arena, &file);
	if (file.size > table->length)
		file.size = table->length;
	acpi_span_take(&file, header_size);
	return file;
}
