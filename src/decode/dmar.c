// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See dmar.h. A damaged scope ends its structure and the next structure is read; a structure whose own
 * length is wrong ends the table, for nothing says where the next one would begin.
 */
#include "decode/dmar.h"

#include "base/arena.h"

#define STRUCTURE_HEADER_SIZE 4
#define SCOPE_HEADER_SIZE     6

static const struct {
	const char *name;
	uint16_t fixed_size; /* what stands before the scopes, or everything */
	bool has_scopes;
} types[] = {
	[DMAR_DRHD] = {"DRHD", 16, true}, [DMAR_RMRR] = {"RMRR", 24, true},
	[DMAR_ATSR] = {"ATSR", 8, true},  [DMAR_RHSA] = {"RHSA", 20, false},
	[DMAR_ANDD] = {"ANDD", 8, false}, [DMAR_SATC] = {"SATC", 8, true},
	[DMAR_SIDP] = {"SIDP", 8, true},
};
#define N_TYPES (sizeof(types) / sizeof(*types))

const char *dmar_type_name(unsigned int type)
{
	return type < N_TYPES ? types[type].name : NULL;
}

bool dmar_structure_has_scopes(const struct dmar_structure *structure)
{
	return structure->type < N_TYPES && types[structure->type].has_scopes;
}

const char *dmar_scope_type_name(unsigned int type)
{
	static const char *const names[] = {
		[DMAR_SCOPE_ENDPOINT] = "endpoint",   [DMAR_SCOPE_BRIDGE] = "bridge",
		[DMAR_SCOPE_IOAPIC] = "ioapic",       [DMAR_SCOPE_HPET] = "hpet",
		[DMAR_SCOPE_NAMESPACE] = "namespace",
	};

	return type < sizeof(names) / sizeof(*names) ? names[type] : NULL;
}

static void read_scope(struct dmar_structure *s, struct arena *arena, const struct acpi_span *span)
{
	struct dmar_scope *scope = arena_append(arena, s->scopes, s->n_scopes);
	size_t i;

	scope->type = acpi_span_u8(span, 0);
	scope->flags = acpi_span_u8(span, 2);
	scope->enumeration_id = acpi_span_u8(span, 4);
	scope->bus = acpi_span_u8(span, 5);
	scope->n_path = (span->size - SCOPE_HEADER_SIZE) / 2;
	scope->path = arena_calloc(arena, scope->n_path, sizeof(*scope->path));
	for (i = 0; i < scope->n_path; i++) {
		scope->path[i].device = acpi_span_u8(span, SCOPE_HEADER_SIZE + 2 * i);
		scope->path[i].function = acpi_span_u8(span, SCOPE_HEADER_SIZE + 2 * i + 1);
	}
}

static void read_scopes(struct dmar *d, struct dmar_structure *s, struct arena *arena,
			struct acpi_span rest)
{
	const char *name = dmar_type_name(s->type);

	while (rest.size) {
		size_t length = acpi_span_u8(&rest, 1);
		struct acpi_span span;

		if (rest.size < SCOPE_HEADER_SIZE || length > rest.size) {
			acpi_table_issue(&d->table, arena, rest.offset,
					 "a device scope runs past the end of its %s", name);
			return;
		}
		if (length < SCOPE_HEADER_SIZE + 2 || length % 2) {
			acpi_table_issue(&d->table, arena, rest.offset + 1,
					 "the length of a device scope in a %s is wrong: %zu", name,
					 length);
			return;
		}
		span = acpi_span_take(&rest, length);
		read_scope(s, arena, &span);
	}
}

static void read_name(struct dmar *d, struct dmar_structure *s, struct arena *arena,
		      const struct acpi_span *span)
{
	size_t at = types[DMAR_ANDD].fixed_size, i;

	s->acpi_device = acpi_span_u8(span, 7);
	s->name = acpi_span_string(span, at, SIZE_MAX, arena);
	for (i = at; i < span->size; i++)
		if (!span->data[i])
			return;
	acpi_table_issue(&d->table, arena, span->offset + at,
			 "the name in an ANDD runs past its end");
}

static void read_fields(struct dmar *d, struct dmar_structure *s, struct arena *arena,
			const struct acpi_span *span)
{
	s->segment = acpi_span_u16(span, 6);
	switch (s->type) {
	case DMAR_DRHD:
		s->flags = acpi_span_u8(span, 4);
		s->size = acpi_span_u8(span, 5);
		s->address = acpi_span_u64(span, 8);
		break;
	case DMAR_RMRR:
		s->base = acpi_span_u64(span, 8);
		s->limit = acpi_span_u64(span, 16);
		break;
	case DMAR_ATSR:
	case DMAR_SATC:
		s->flags = acpi_span_u8(span, 4);
		break;
	case DMAR_RHSA:
		s->segment = 0;
		s->address = acpi_span_u64(span, 8);
		s->proximity_domain = acpi_span_u32(span, 16);
		break;
	case DMAR_ANDD:
		s->segment = 0;
		read_name(d, s, arena, span);
		break;
	}
}

static void read_structure(struct dmar *d, struct arena *arena, struct acpi_span span,
			   uint16_t length)
{
	uint16_t type = acpi_span_u16(&span, 0);
	struct dmar_structure *s;

	if (type < N_TYPES && span.size < types[type].fixed_size)
		return;
	s = arena_append(arena, d->structures, d->n_structures);
	*s = (struct dmar_structure){.type = type, .length = length, .offset = span.offset};
	if (type >= N_TYPES)
		return;
	read_fields(d, s, arena, &span);
	if (types[type].has_scopes) {
		acpi_span_take(&span, types[type].fixed_size);
		read_scopes(d, s, arena, span);
	}
}

static const char *describe(struct arena *arena, unsigned int type)
{
	const char *name = dmar_type_name(type);

	return name ? name : arena_printf(arena, "structure of type %u", type);
}

static void read_structures(struct dmar *d, struct arena *arena, struct acpi_span rest)
{
	while (rest.size) {
		uint16_t type = acpi_span_u16(&rest, 0), length = acpi_span_u16(&rest, 2);
		size_t least = type < N_TYPES ? types[type].fixed_size : STRUCTURE_HEADER_SIZE;

		if (rest.size < STRUCTURE_HEADER_SIZE) {
			acpi_table_issue(
				&d->table, arena, rest.offset,
				"the header of a structure runs past the end of the table");
			return;
		}
		if (length < least) {
			acpi_table_issue(&d->table, arena, rest.offset + 2,
					 "the length of a %s is wrong: %u, at least %zu",
					 describe(arena, type), length, least);
			return;
		}
		if (length > rest.size)
			acpi_table_issue(&d->table, arena, rest.offset,
					 "a %s of %u bytes runs past the end of the table",
					 describe(arena, type), length);
		read_structure(d, arena, acpi_span_take(&rest, length), length);
	}
}

void dmar_decode(struct arena *arena, const void *data, size_t size, struct dmar *ret)
{
	struct acpi_span file = {.data = data, .size = size}, body;

	*ret = (struct dmar){0};
	body = acpi_table_decode(&ret->table, arena, data, size, "DMAR", DMAR_HEADER_SIZE);
	if (size > ACPI_HEADER_SIZE)
		ret->host_address_width = acpi_span_u8(&file, ACPI_HEADER_SIZE) + 1U;
	ret->flags = acpi_span_u8(&file, ACPI_HEADER_SIZE + 1);
	read_structures(ret, arena, body);
}
