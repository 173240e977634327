// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See ivrs.h. A damaged device entry ends its block and the next block is read; a block whose own length
 * is wrong ends the table, for nothing says where the next one would begin.
 */
#include "decode/ivrs.h"

#include "base/arena.h"

#define BLOCK_HEADER_SIZE 4
#define HID_FIXED_SIZE    22 /* of an entry of type f0h, before the UID */
#define HID_SIZE          8

bool ivrs_type_is_ivhd(unsigned int type)
{
	return type == IVRS_IVHD_10 || type == IVRS_IVHD_11 || type == IVRS_IVHD_40;
}

bool ivrs_type_is_ivmd(unsigned int type)
{
	return type >= IVRS_IVMD_ALL && type <= IVRS_IVMD_RANGE;
}

const char *ivrs_type_name(unsigned int type)
{
	if (ivrs_type_is_ivhd(type))
		return "IVHD";
	return ivrs_type_is_ivmd(type) ? "IVMD" : NULL;
}

/* What stands before the device entries, or everything. */
static size_t fixed_size(unsigned int type)
{
	if (type == IVRS_IVHD_10)
		return 24;
	if (ivrs_type_is_ivhd(type))
		return 40;
	return ivrs_type_is_ivmd(type) ? 32 : BLOCK_HEADER_SIZE;
}

/* The two upper bits of a type give the length, so that unknown ones can be passed over. */
static size_t entry_length(const struct acpi_span *rest)
{
	uint8_t type = acpi_span_u8(rest, 0);

	if (type == IVHD_ACPI_HID)
		return HID_FIXED_SIZE + (size_t)acpi_span_u8(rest, HID_FIXED_SIZE - 1);
	return (size_t)4 << (type >> 6);
}

static void read_hid(struct ivhd_entry *e, struct arena *arena, const struct acpi_span *span)
{
	size_t i, n = span->size - HID_FIXED_SIZE;

	e->hid = acpi_span_string(span, 4, HID_SIZE, arena);
	e->cid = acpi_span_string(span, 12, HID_SIZE, arena);
	e->uid_format = acpi_span_u8(span, 20);
	if (e->uid_format == IVHD_UID_TEXT)
		e->uid_text = acpi_span_string(span, HID_FIXED_SIZE, n, arena);
	if (e->uid_format == IVHD_UID_NUMBER)
		for (i = n < 8 ? n : 8; i--;)
			e->uid_number = e->uid_number << 8 | acpi_span_u8(span, HID_FIXED_SIZE + i);
}

static void read_entry(struct ivrs_structure *s, struct arena *arena, const struct acpi_span *span)
{
	struct ivhd_entry *e = arena_append(arena, s->entries, s->n_entries);

	e->type = acpi_span_u8(span, 0);
	e->length = (uint16_t)span->size;
	e->device_id = acpi_span_u16(span, 1);
	e->data = acpi_span_u8(span, 3);
	switch (e->type) {
	case IVHD_ALIAS_SELECT:
	case IVHD_ALIAS_RANGE:
		e->alias_id = acpi_span_u16(span, 5);
		break;
	case IVHD_EXTENDED_SELECT:
	case IVHD_EXTENDED_RANGE:
		e->extended_data = acpi_span_u32(span, 4);
		break;
	case IVHD_SPECIAL:
		e->handle = acpi_span_u8(span, 4);
		e->special_device_id = acpi_span_u16(span, 5);
		e->variety = acpi_span_u8(span, 7);
		break;
	case IVHD_ACPI_HID:
		read_hid(e, arena, span);
		break;
	}
}

static void read_entries(struct ivrs *ivrs, struct ivrs_structure *s, struct arena *arena,
			 struct acpi_span rest)
{
	while (rest.size) {
		uint8_t type = acpi_span_u8(&rest, 0);
		size_t length = entry_length(&rest);
		struct acpi_span span;

		if (length > rest.size) {
			acpi_table_issue(
				&ivrs->table, arena, rest.offset,
				"a device entry of type 0x%02x runs past the end of its IVHD",
				type);
			return;
		}
		span = acpi_span_take(&rest, length);
		if (type != IVHD_PADDING)
			read_entry(s, arena, &span);
	}
}

static void read_ivhd(struct ivrs_structure *s, const struct acpi_span *span)
{
	s->device_id = acpi_span_u16(span, 4);
	s->capability_offset = acpi_span_u16(span, 6);
	s->address = acpi_span_u64(span, 8);
	s->segment = acpi_span_u16(span, 16);
	s->info = acpi_span_u16(span, 18);
	s->features = acpi_span_u32(span, 20);
	if (s->type != IVRS_IVHD_10) {
		s->efr = acpi_span_u64(span, 24);
		s->efr2 = acpi_span_u64(span, 32);
	}
}

static void read_ivmd(struct ivrs_structure *s, const struct acpi_span *span)
{
	s->device_id = acpi_span_u16(span, 4);
	s->auxiliary = acpi_span_u16(span, 6);
	s->segment = acpi_span_u16(span, 8);
	s->start = acpi_span_u64(span, 16);
	s->size = acpi_span_u64(span, 24);
}

static void read_block(struct ivrs *ivrs, struct arena *arena, struct acpi_span span,
		       uint16_t length)
{
	uint8_t type = acpi_span_u8(&span, 0);
	struct ivrs_structure *s;

	if (span.size < fixed_size(type))
		return;
	s = arena_append(arena, ivrs->structures, ivrs->n_structures);
	*s = (struct ivrs_structure){.type = type, .length = length, .offset = span.offset};
	s->flags = acpi_span_u8(&span, 1);
	if (ivrs_type_is_ivmd(type))
		read_ivmd(s, &span);
	if (ivrs_type_is_ivhd(type)) {
		read_ivhd(s, &span);
		acpi_span_take(&span, fixed_size(type));
		read_entries(ivrs, s, arena, span);
	}
}

static const char *describe(struct arena *arena, unsigned int type)
{
	const char *name = ivrs_type_name(type);

	return arena_printf(arena, "%s 0x%02x", name ? name : "block", type);
}

static void read_blocks(struct ivrs *ivrs, struct arena *arena, struct acpi_span rest)
{
	while (rest.size) {
		uint8_t type = acpi_span_u8(&rest, 0);
		uint16_t length = acpi_span_u16(&rest, 2);

		if (rest.size < BLOCK_HEADER_SIZE) {
			acpi_table_issue(&ivrs->table, arena, rest.offset,
					 "the header of a block runs past the end of the table");
			return;
		}
		if (length < fixed_size(type)) {
			acpi_table_issue(&ivrs->table, arena, rest.offset + 2,
					 "%s: the length is wrong: %u, at least %zu",
					 describe(arena, type), length, fixed_size(type));
			return;
		}
		if (length > rest.size)
			acpi_table_issue(&ivrs->table, arena, rest.offset,
					 "%s: its %u bytes run past the end of the table",
					 describe(arena, type), length);
		read_block(ivrs, arena, acpi_span_take(&rest, length), length);
	}
}

void ivrs_decode(struct arena *arena, const void *data, size_t size, struct ivrs *ret)
{
	struct acpi_span file = {.data = data, .size = size}, body;

	*ret = (struct ivrs){0};
	body = acpi_table_decode(&ret->table, arena, data, size, "IVRS", IVRS_HEADER_SIZE);
	ret->iv_info = acpi_span_u32(&file, ACPI_HEADER_SIZE);
	read_blocks(ret, arena, body);
}
