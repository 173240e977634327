// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * IVRS for people and as JSON, both from the one value. For people the two entries that make a range are
 * one line; the JSON lists every entry as the table does.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/iommu_registers.h"
#include "show/acpi.h"
#include "show/json.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define WIDTH        96

/* Bits 0 to 7 of an IVHD's flags (5.2.2). */
static const char *const ivhd_flag_names[] = {
	"HyperTransport tunnel", "PassPW",   "ResPassPW",         "isochronous",
	"device TLBs (ATS)",     "coherent", "prefetch commands", "page requests (PPR)",
};

/* The settings of a device entry (5.2.2.1): interrupts that pass unmapped. Bits 4 and 5 are a number. */
static const char *const data_names[] = {
	"INIT", "external interrupts", "NMI", NULL, NULL, NULL, "LINT0", "LINT1",
};

static const char *const ivmd_flag_names[] = {
	"unity mapped",
	"readable",
	"writable",
	"exclusion range",
};

/* "00:14.0", the device that an id means; gives buffer back. */
static const char *format_id(uint16_t id, char buffer[static 8])
{
	snprintf(buffer, 8, "%02x:%02x.%x", id >> 8, id >> 3 & 0x1f, id & 7);
	return buffer;
}

static void show_id_name(const struct acpi_names *names, uint16_t segment, uint16_t id, FILE *out)
{
	struct dmar_path path = {(uint8_t)(id >> 3 & 0x1f), (uint8_t)(id & 7)};

	show_acpi_name(names, segment, (uint8_t)(id >> 8), &path, 1, out);
}

static void show_data(const struct ivhd_entry *e, FILE *out)
{
	if (e->data & 0xc7) {
		fputs("  lets pass: ", out);
		show_acpi_bits(e->data, data_names, COUNT(data_names), "", out);
	}
	if (e->data & 0x30)
		fprintf(out, "  system management %u", e->data >> 4 & 3);
	if (e->extended_data >> 31)
		fputs("  no ATS", out);
}

static const char *entry_label(const struct ivhd_entry *e, char buffer[static 24])
{
	switch (e->type) {
	case IVHD_ALL:
	case IVHD_SELECT:
	case IVHD_EXTENDED_SELECT:
		return "device";
	case IVHD_RANGE_START:
	case IVHD_EXTENDED_RANGE:
		return "devices";
	case IVHD_RANGE_END:
		return "end of devices";
	case IVHD_ALIAS_SELECT:
		return "alias";
	case IVHD_ALIAS_RANGE:
		return "aliases";
	case IVHD_SPECIAL:
		snprintf(buffer, 24, "%s %u",
			 e->variety == IVHD_IOAPIC ? "I/O APIC"
			 : e->variety == IVHD_HPET ? "HPET"
						   : "special",
			 e->handle);
		return buffer;
	case IVHD_ACPI_HID:
		return "ACPI device";
	}
	snprintf(buffer, 24, "of type 0x%02x", e->type);
	return buffer;
}

static bool entry_starts_range(const struct ivhd_entry *e)
{
	return e->type == IVHD_RANGE_START || e->type == IVHD_ALIAS_RANGE ||
	       e->type == IVHD_EXTENDED_RANGE;
}

static void show_acpi_device(const struct ivhd_entry *e, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fprintf(out, "  %s", text_printable(a, e->hid));
	if (*e->cid)
		fprintf(out, " (%s)", text_printable(a, e->cid));
	if (e->uid_format == IVHD_UID_TEXT)
		fprintf(out, " %s", text_printable(a, e->uid_text));
	if (e->uid_format == IVHD_UID_NUMBER)
		fprintf(out, " %" PRIu64, e->uid_number);
}

/* end: the entry that ends the range which e starts, or NULL. */
static void show_entry(const struct ivhd_entry *e, const struct ivhd_entry *end, uint16_t segment,
		       const struct acpi_names *names, FILE *out)
{
	char id[8], id2[8], label[24];
	uint16_t device = e->type == IVHD_SPECIAL ? e->special_device_id : e->device_id;

	fprintf(out, "  %-18s%s", entry_label(e, label),
		e->type == IVHD_ALL ? "all" : format_id(device, id));
	if (end)
		fprintf(out, " to %s", format_id(end->device_id, id2));
	if (e->type == IVHD_ALIAS_SELECT || e->type == IVHD_ALIAS_RANGE)
		fprintf(out, " as %s", format_id(e->alias_id, id2));
	if (e->type == IVHD_ACPI_HID)
		show_acpi_device(e, out);
	show_data(e, out);
	if (e->type == IVHD_ALL || e->type == IVHD_SPECIAL || end)
		fputc('\n', out);
	else
		show_id_name(names, segment, device, out);
}

/* The same unit stands in the table up to three times, for kernels of different age. */
static const struct ivrs_structure *find_same_features(const struct ivrs *ivrs,
						       const struct ivrs_structure *s)
{
	const struct ivrs_structure *other;

	for (other = ivrs->structures; other < s; other++) {
		if (other->type != IVRS_IVHD_10 && ivrs_type_is_ivhd(other->type) &&
		    other->efr == s->efr && other->efr2 == s->efr2)
			return other;
	}
	return NULL;
}

/* The names of what the unit can do, in lines of some 100 columns. */
static void list_features(const struct ivrs_structure *s, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features features = {0};
	size_t i, column = 0;

	amd_features_decode(a, s->efr, s->efr2, true, &features);
	for (i = 0; i < features.n_rows; i++) {
		const struct iommu_feature *f = &features.rows[i];
		bool is_flag = text_equal(f->value, "yes");
		char *words;

		if (!f->is_present)
			continue;
		words = is_flag ? arena_printf(a, "%s", f->name)
				: arena_printf(a, "%s: %s", f->name, f->value);
		if (!column || column + strlen(words) + 2 > WIDTH) {
			fprintf(out, "%s\n%20s", column ? "," : "", "");
			column = 20;
		} else {
			fputs(", ", out);
		}
		fputs(words, out);
		column += strlen(words) + 2;
	}
	fputc('\n', out);
}

static void show_features(const struct ivrs *ivrs, const struct ivrs_structure *s, FILE *out)
{
	const struct ivrs_structure *same = find_same_features(ivrs, s);

	fprintf(out, "  %-18s0x%" PRIx64 ", 0x%" PRIx64, "feature registers", s->efr, s->efr2);
	if (same)
		fprintf(out, ", as in IVHD 0x%02x\n", same->type);
	else
		list_features(s, out);
}

static void show_ivhd(const struct ivrs *ivrs, const struct ivrs_structure *s,
		      const struct acpi_names *names, FILE *out)
{
	char id[8];
	size_t i;

	fprintf(out, "\nIVHD 0x%02x  IOMMU %s at 0x%" PRIx64 ", segment %04x", s->type,
		format_id(s->device_id, id), s->address, s->segment);
	show_id_name(names, s->segment, s->device_id, out);
	fprintf(out, "  %-18s", "flags");
	show_acpi_bits(s->flags, ivhd_flag_names, COUNT(ivhd_flag_names), "none", out);
	fputc('\n', out);
	if (s->type == IVRS_IVHD_10)
		fprintf(out, "  %-18s0x%x\n", "features", s->features);
	else
		show_features(ivrs, s, out);
	for (i = 0; i < s->n_entries; i++) {
		const struct ivhd_entry *e = &s->entries[i], *end = NULL;

		if (entry_starts_range(e) && i + 1 < s->n_entries && e[1].type == IVHD_RANGE_END)
			end = &s->entries[++i];
		show_entry(e, end, s->segment, names, out);
	}
}

static void show_ivmd(const struct ivrs_structure *s, const struct acpi_names *names, FILE *out)
{
	char id[8], last[8];

	fprintf(out, "\nIVMD 0x%02x  memory 0x%" PRIx64 " to 0x%" PRIx64, s->type, s->start,
		s->start + s->size - 1);
	show_acpi_size(s->size, out);
	fprintf(out, ", segment %04x\n  %-18s", s->segment, "flags");
	show_acpi_bits(s->flags, ivmd_flag_names, COUNT(ivmd_flag_names), "none", out);
	fprintf(out, "\n  %-18s", s->type == IVRS_IVMD_SELECT ? "device" : "devices");
	if (s->type == IVRS_IVMD_ALL) {
		fputs("all\n", out);
	} else if (s->type == IVRS_IVMD_RANGE) {
		fprintf(out, "%s to %s\n", format_id(s->device_id, id),
			format_id(s->auxiliary, last));
	} else {
		fputs(format_id(s->device_id, id), out);
		show_id_name(names, s->segment, s->device_id, out);
	}
}

/* IVinfo (5.2.1): PA size 14:8, VA size 21:15. */
static void show_info(uint32_t info, FILE *out)
{
	fprintf(out, "      %u-bit addresses, %u bits for devices%s\n", info >> 8 & 0x7f,
		info >> 15 & 0x7f,
		info & IVRS_INFO_DMA_REMAP ? "; DMA protection before boot" : "");
}

void show_ivrs(const struct ivrs *ivrs, const struct acpi_names *names, FILE *out)
{
	size_t i;

	show_acpi_head(&ivrs->table, out);
	show_info(ivrs->iv_info, out);
	for (i = 0; i < ivrs->n_structures; i++) {
		const struct ivrs_structure *s = &ivrs->structures[i];

		if (ivrs_type_is_ivhd(s->type))
			show_ivhd(ivrs, s, names, out);
		else if (ivrs_type_is_ivmd(s->type))
			show_ivmd(s, names, out);
		else
			fprintf(out, "\ntype 0x%02x  %u bytes, not known to this ferry\n", s->type,
				s->length);
	}
	show_acpi_issues(&ivrs->table, out);
}

static const char *text_or_null(const char *s)
{
	return s && *s ? s : NULL;
}

static void add_hid(struct json_object *row, const struct ivhd_entry *e)
{
	json_add_text(row, "hid", text_or_null(e->hid));
	json_add_text(row, "cid", text_or_null(e->cid));
	if (e->uid_format == IVHD_UID_NUMBER)
		json_add_register(row, "uid", e->uid_number);
	else
		json_add_text(row, "uid", text_or_null(e->uid_text));
	json_add_int(row, "uid_format", e->uid_format);
}

static struct json_object *json_entry(const struct ivhd_entry *e)
{
	struct json_object *row = json_object_new_object();

	json_add_int(row, "type", e->type);
	json_add_int(row, "device_id", e->device_id);
	json_add_register(row, "data", e->data);
	json_add_int(row, "length", e->length);
	switch (e->type) {
	case IVHD_ALIAS_SELECT:
	case IVHD_ALIAS_RANGE:
		json_add_int(row, "alias_id", e->alias_id);
		break;
	case IVHD_EXTENDED_SELECT:
	case IVHD_EXTENDED_RANGE:
		json_add_register(row, "extended_data", e->extended_data);
		break;
	case IVHD_SPECIAL:
		json_add_int(row, "handle", e->handle);
		json_add_int(row, "special_device_id", e->special_device_id);
		json_add_int(row, "variety", e->variety);
		break;
	case IVHD_ACPI_HID:
		add_hid(row, e);
		break;
	}
	return row;
}

static void add_ivhd(struct json_object *row, const struct ivrs_structure *s)
{
	struct json_object *entries = json_object_new_array();
	size_t i;

	json_add_int(row, "device_id", s->device_id);
	json_add_int(row, "capability_offset", s->capability_offset);
	json_add_register(row, "address", s->address);
	json_add_int(row, "segment", s->segment);
	json_add_register(row, "info", s->info);
	json_add_register(row, s->type == IVRS_IVHD_10 ? "features" : "attributes", s->features);
	if (s->type != IVRS_IVHD_10) {
		json_add_register(row, "efr", s->efr);
		json_add_register(row, "efr2", s->efr2);
	}
	for (i = 0; i < s->n_entries; i++)
		json_object_array_add(entries, json_entry(&s->entries[i]));
	json_object_object_add(row, "entries", entries);
}

static void add_ivmd(struct json_object *row, const struct ivrs_structure *s)
{
	json_add_int(row, "device_id", s->device_id);
	json_add_int(row, "auxiliary", s->auxiliary);
	json_add_int(row, "segment", s->segment);
	json_add_register(row, "start", s->start);
	json_add_register(row, "size", s->size);
}

static struct json_object *json_structure(const struct ivrs_structure *s)
{
	struct json_object *row = json_object_new_object();
	const char *type = ivrs_type_name(s->type);

	json_object_object_add(row, "type", type ? json_text(type) : json_object_new_int(s->type));
	if (type)
		json_add_hex(row, "block", s->type, 2);
	json_add_int(row, "length", s->length);
	if (type)
		json_add_register(row, "flags", s->flags);
	if (ivrs_type_is_ivhd(s->type))
		add_ivhd(row, s);
	if (ivrs_type_is_ivmd(s->type))
		add_ivmd(row, s);
	return row;
}

void show_ivrs_json(const struct ivrs *ivrs, FILE *out)
{
	struct json_stream s;
	size_t i;

	show_acpi_json_head(&s, &ivrs->table, out);
	show_acpi_json_register(&s, "iv_info", ivrs->iv_info,
				ivrs->table.size >= ACPI_HEADER_SIZE + 4);
	json_stream_list(&s, "structures");
	for (i = 0; i < ivrs->n_structures; i++)
		json_stream_row(&s, json_structure(&ivrs->structures[i]));
	show_acpi_json_issues(&s, &ivrs->table);
}
