// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * DMAR for people and as JSON, both from the one value. For people a structure is a line that says what
 * it is about and below it the devices that it names.
 */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "show/acpi.h"
#include "show/json.h"

/* Bits 0 to 2 of the table's flags (VT-d 8.1). */
static const char *const flag_names[] = {
	"interrupt remapping",
	"firmware asks not to use x2APIC",
	"DMA protection before boot",
};

/* A scope's flags (VT-d 8.3.1), for the devices of a SIDP. */
static const char *const scope_flag_names[] = {
	"no nested translation without PASID",
	"no page snooping without PASID (PWSNP)",
	"no page snooping without PASID (PGSNP)",
	"hardened ATC",
	"needs its ATC",
};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *scope_label(uint8_t type)
{
	static const char *const labels[] = {
		[DMAR_SCOPE_ENDPOINT] = "device",       [DMAR_SCOPE_BRIDGE] = "bridge and below",
		[DMAR_SCOPE_IOAPIC] = "I/O APIC",       [DMAR_SCOPE_HPET] = "HPET",
		[DMAR_SCOPE_NAMESPACE] = "ACPI device",
	};

	return type < COUNT(labels) && labels[type] ? labels[type] : NULL;
}

static void show_scope(const struct dmar_scope *scope, uint16_t segment,
		       const struct acpi_names *names, FILE *out)
{
	TEXT_AUTO struct text label = {0}, path = {0};
	size_t i;

	if (scope_label(scope->type))
		text_add(&label, scope_label(scope->type));
	else
		text_addf(&label, "of type %u", scope->type);
	if (scope->type >= DMAR_SCOPE_IOAPIC || scope->enumeration_id)
		text_addf(&label, " %u", scope->enumeration_id);
	text_addf(&path, "%02x:", scope->bus);
	for (i = 0; i < scope->n_path; i++)
		text_addf(&path, "%s%02x.%x", i ? " > " : "", scope->path[i].device,
			  scope->path[i].function);
	fprintf(out, "  %-18s%-7s", text_str(&label), text_str(&path));
	if (scope->flags) {
		fputs("  ", out);
		show_acpi_bits(scope->flags, scope_flag_names, COUNT(scope_flag_names),
			       "reserved flags", out);
	}
	/* What stands at the requester id of an I/O APIC or HPET is often the LPC bridge: not its name. */
	if (scope->type == DMAR_SCOPE_IOAPIC || scope->type == DMAR_SCOPE_HPET)
		names = NULL;
	show_acpi_name(names, segment, scope->bus, scope->path, scope->n_path, out);
}

static void show_address(const struct dmar_structure *s, FILE *out)
{
	fprintf(out, "IOMMU at 0x%" PRIx64, s->address);
}

static void show_fields(const struct dmar_structure *s, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	switch (s->type) {
	case DMAR_DRHD:
		show_address(s, out);
		fprintf(out, " for %s",
			s->flags & DMAR_DRHD_INCLUDE_ALL ? "all devices that no other covers"
							 : "the devices below");
		break;
	case DMAR_RMRR:
		fprintf(out, "memory 0x%" PRIx64 " to 0x%" PRIx64, s->base, s->limit);
		show_acpi_size(s->limit - s->base + 1, out);
		fputs(" stays mapped", out);
		break;
	case DMAR_ATSR:
		fprintf(out, "ATS behind %s",
			s->flags & DMAR_ATSR_ALL_PORTS ? "all root ports" : "the root ports below");
		break;
	case DMAR_RHSA:
		show_address(s, out);
		fprintf(out, " is near proximity domain %u", s->proximity_domain);
		break;
	case DMAR_ANDD:
		fprintf(out, "ACPI device %u is %s", s->acpi_device, text_printable(a, s->name));
		break;
	case DMAR_SATC:
		fprintf(out, "devices of the SoC that %s ATS",
			s->flags & DMAR_SATC_ATC_REQUIRED ? "need" : "have");
		break;
	case DMAR_SIDP:
		fputs("properties of devices of the SoC", out);
		break;
	}
}

static void show_structure(const struct dmar_structure *s, const struct acpi_names *names,
			   FILE *out)
{
	size_t i;

	fputc('\n', out);
	if (!dmar_type_name(s->type)) {
		fprintf(out, "type %u  %u bytes, not known to this ferry\n", s->type, s->length);
		return;
	}
	fprintf(out, "%s  ", dmar_type_name(s->type));
	show_fields(s, out);
	if (dmar_structure_has_scopes(s))
		fprintf(out, ", segment %04x", s->segment);
	fputc('\n', out);
	for (i = 0; i < s->n_scopes; i++)
		show_scope(&s->scopes[i], s->segment, names, out);
}

void show_dmar(const struct dmar *dmar, const struct acpi_names *names, FILE *out)
{
	size_t i;

	show_acpi_head(&dmar->table, out);
	fprintf(out, "      %u-bit addresses; ", dmar->host_address_width);
	show_acpi_bits(dmar->flags, flag_names, COUNT(flag_names), "no flags", out);
	fputc('\n', out);
	for (i = 0; i < dmar->n_structures; i++)
		show_structure(&dmar->structures[i], names, out);
	show_acpi_issues(&dmar->table, out);
}

static struct json_object *json_scope(const struct dmar_scope *scope)
{
	struct json_object *row = json_object_new_object(), *path = json_object_new_array();
	const char *type = dmar_scope_type_name(scope->type);
	char hop[16];
	size_t i;

	json_object_object_add(row, "type",
			       type ? json_text(type) : json_object_new_int(scope->type));
	json_add_int(row, "enumeration_id", scope->enumeration_id);
	json_add_int(row, "bus", scope->bus);
	for (i = 0; i < scope->n_path; i++) {
		snprintf(hop, sizeof(hop), "%02x.%x", scope->path[i].device,
			 scope->path[i].function);
		json_object_array_add(path, json_text(hop));
	}
	json_object_object_add(row, "path", path);
	json_add_register(row, "flags", scope->flags);
	return row;
}

static void add_scopes(struct json_object *row, const struct dmar_structure *s)
{
	struct json_object *scopes = json_object_new_array();
	size_t i;

	for (i = 0; i < s->n_scopes; i++)
		json_object_array_add(scopes, json_scope(&s->scopes[i]));
	json_object_object_add(row, "scopes", scopes);
}

static void add_fields(struct json_object *row, const struct dmar_structure *s)
{
	if (dmar_structure_has_scopes(s))
		json_add_int(row, "segment", s->segment);
	switch (s->type) {
	case DMAR_DRHD:
		json_add_register(row, "address", s->address);
		json_add_bool(row, "include_all", s->flags & DMAR_DRHD_INCLUDE_ALL);
		json_add_register(row, "flags", s->flags);
		json_add_int(row, "pages", (int64_t)1 << (s->size & 0x0f));
		break;
	case DMAR_RMRR:
		json_add_register(row, "base", s->base);
		json_add_register(row, "limit", s->limit);
		break;
	case DMAR_ATSR:
		json_add_bool(row, "all_ports", s->flags & DMAR_ATSR_ALL_PORTS);
		json_add_register(row, "flags", s->flags);
		break;
	case DMAR_RHSA:
		json_add_register(row, "address", s->address);
		json_add_int(row, "proximity_domain", s->proximity_domain);
		break;
	case DMAR_ANDD:
		json_add_int(row, "acpi_device", s->acpi_device);
		json_add_text(row, "name", s->name);
		break;
	case DMAR_SATC:
		json_add_bool(row, "atc_required", s->flags & DMAR_SATC_ATC_REQUIRED);
		json_add_register(row, "flags", s->flags);
		break;
	}
}

static struct json_object *json_structure(const struct dmar_structure *s)
{
	struct json_object *row = json_object_new_object();
	const char *type = dmar_type_name(s->type);

	json_object_object_add(row, "type", type ? json_text(type) : json_object_new_int(s->type));
	json_add_int(row, "length", s->length);
	add_fields(row, s);
	if (dmar_structure_has_scopes(s))
		add_scopes(row, s);
	return row;
}

static struct json_object *json_flags(const struct dmar *dmar)
{
	struct json_object *flags;

	if (dmar->table.size < ACPI_HEADER_SIZE + 2)
		return NULL;
	flags = json_object_new_object();
	json_add_bool(flags, "interrupt_remapping", dmar->flags & DMAR_FLAG_INTERRUPT_REMAPPING);
	json_add_bool(flags, "x2apic_opt_out", dmar->flags & DMAR_FLAG_X2APIC_OPT_OUT);
	json_add_bool(flags, "dma_control_opt_in", dmar->flags & DMAR_FLAG_DMA_CONTROL_OPT_IN);
	return flags;
}

void show_dmar_json(const struct dmar *dmar, FILE *out)
{
	struct json_stream s;
	size_t i;

	show_acpi_json_head(&s, &dmar->table, out);
	json_stream_value(&s, "host_address_width",
			  dmar->host_address_width
				  ? json_object_new_int((int)dmar->host_address_width)
				  : NULL);
	json_stream_value(&s, "flags", json_flags(dmar));
	json_stream_list(&s, "structures");
	for (i = 0; i < dmar->n_structures; i++)
		json_stream_row(&s, json_structure(&dmar->structures[i]));
	show_acpi_json_issues(&s, &dmar->table);
}
