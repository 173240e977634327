// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The table of what is lent, to text and back. It decides what is written to the machine later, so it
 * is believed whole or not at all: the checksum must fit and every field must be what ferry writes.
 */
#include "host/lent.h"

#include <errno.h>
#include <inttypes.h>
#include <json.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"
#include "host/parts.h"

#define PATH "var/lib/ferry/lent.json"
#define DAMAGED_REMEDY                                                                   \
	"put the file back from a backup; or, where no device is on vfio-pci for ferry " \
	"(ferry survey) and no guest has one of its hostdevs, move it away"
#define STYLE (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static const char *const roles[] = {
	[LENT_ASSIGNED] = "assigned",
	[LENT_PARKED] = "parked",
	[LENT_UNBOUND] = "unbound",
};

const char *lent_role_name(enum lent_role role)
{
	return roles[role];
}

/* FNV-1a, 64 bits: against accidents and careless editing, not against root. */
static uint64_t checksum(const char *s)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *s; s++)
		hash = (hash ^ (unsigned char)*s) * 0x100000001b3;
	return hash;
}

static void put_text(struct json_object *o, const char *key, const char *s)
{
	json_object_object_add(o, key, s ? json_object_new_string(s) : NULL);
}

static void put_number(struct json_object *o, const char *key, int64_t value)
{
	json_object_object_add(o, key, json_object_new_int64(value));
}

static void put_bool(struct json_object *o, const char *key, bool value)
{
	json_object_object_add(o, key, json_object_new_boolean(value));
}

static struct json_object *device_to_json(const struct lent_device *d)
{
	struct json_object *o = json_object_new_object();
	char address[PCI_ADDRESS_SIZE];

	put_text(o, "address", pci_address_format(&d->identity.address, address));
	put_number(o, "class", d->identity.class);
	put_number(o, "vendor", d->identity.vendor);
	put_number(o, "device", d->identity.device);
	put_number(o, "subsystem_vendor", d->identity.subsystem_vendor);
	put_number(o, "subsystem_device", d->identity.subsystem_device);
	put_text(o, "serial", d->identity.serial);
	put_text(o, "role", roles[d->role]);
	put_text(o, "guest", d->guest);
	put_text(o, "since", d->since);
	put_text(o, "boot_id", d->boot_id);
	put_text(o, "driver_before", d->driver_before);
	put_text(o, "override_before", d->override_before);
	/* Only where there is something: a table of an older ferry stays as that one wrote it. */
	if (d->consoles_before)
		put_text(o, "consoles_before", d->consoles_before);
	if (d->power_before)
		put_text(o, "power_before", d->power_before);
	put_bool(o, "kept_detached", d->is_kept_detached);
	put_bool(o, "detached_by_ferry", d->is_detached_by_ferry);
	put_bool(o, "assigned_by_ferry", d->is_assigned_by_ferry);
	return o;
}

static struct json_object *guest_to_json(const struct lent_guest *g)
{
	struct json_object *o = json_object_new_object();

	put_text(o, "name", g->name);
	put_text(o, "uuid", g->uuid);
	put_text(o, "boot_id", g->boot_id);
	put_text(o, "xml_before", g->xml_before);
	put_text(o, "xml_after", g->xml_after);
	put_bool(o, "started_by_ferry", g->is_started_by_ferry);
	return o;
}

static struct json_object *boot_to_json(const struct lent_boot *b)
{
	struct json_object *o = json_object_new_object();

	put_text(o, "loader", b->loader);
	put_text(o, "path", b->path);
	put_text(o, "word", b->word);
	put_text(o, "replaced", b->replaced);
	put_text(o, "before", b->before);
	put_text(o, "after", b->after);
	put_text(o, "since", b->since);
	put_text(o, "boot_id", b->boot_id);
	return o;
}

char *lent_to_json(struct arena *arena, const struct lent *lent)
{
	struct json_object *o = json_object_new_object(), *devices = json_object_new_array();
	struct json_object *guests = json_object_new_array(), *boot = NULL;
	char sum[17];
	char *text;
	size_t i;

	for (i = 0; i < lent->n_devices; i++)
		json_object_array_add(devices, device_to_json(&lent->devices[i]));
	for (i = 0; i < lent->n_guests; i++)
		json_object_array_add(guests, guest_to_json(&lent->guests[i]));
	put_number(o, "schema", 1);
	put_number(o, "sequence", (int64_t)lent->sequence);
	json_object_object_add(o, "devices", devices);
	json_object_object_add(o, "guests", guests);
	for (i = 0; i < lent->n_boot; i++) {
		boot = boot ? boot : json_object_new_array();
		json_object_array_add(boot, boot_to_json(&lent->boot[i]));
	}
	if (boot)
		json_object_object_add(o, "boot", boot);
	snprintf(sum, sizeof(sum), "%016" PRIx64,
		 checksum(json_object_to_json_string_ext(o, STYLE)));
	put_text(o, "checksum", sum);
	text = arena_printf(arena, "%s\n", json_object_to_json_string_ext(o, STYLE));
	json_object_put(o);
	return text;
}

/* One field after the other; the first that is not as written makes the whole reading fail. */
struct reading {
	struct arena *arena;
	struct json_object *row;
	bool is_bad;
};

static struct json_object *take(struct reading *r, const char *key, enum json_type type,
				bool can_be_null)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(r->row, key, &value) ||
	    (value ? !json_object_is_type(value, type) : !can_be_null))
		r->is_bad = true;
	return r->is_bad ? NULL : value;
}

static const char *take_text(struct reading *r, const char *key, bool can_be_null)
{
	struct json_object *value = take(r, key, json_type_string, can_be_null);

	return value ? arena_strdup(r->arena, json_object_get_string(value)) : NULL;
}

static const char *take_optional(struct reading *r, const char *key)
{
	return json_object_object_get_ex(r->row, key, NULL) ? take_text(r, key, false) : NULL;
}

static int64_t take_number(struct reading *r, const char *key, int64_t least, int64_t most)
{
	int64_t n = json_object_get_int64(take(r, key, json_type_int, false));

	if (n < least || n > most)
		r->is_bad = true;
	return n;
}

static bool take_bool(struct reading *r, const char *key)
{
	return json_object_get_boolean(take(r, key, json_type_boolean, false));
}

static enum lent_role take_role(struct reading *r)
{
	const char *s = take_text(r, "role", false);
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(*roles); i++) {
		if (text_equal(s, roles[i]))
			return (enum lent_role)i;
	}
	r->is_bad = true;
	return LENT_ASSIGNED;
}

static void device_from_json(struct reading *r, struct lent_device *d)
{
	const char *address = take_text(r, "address", false);

	if (!address || pci_address_parse(address, &d->identity.address))
		r->is_bad = true;
	d->identity.class = (int32_t)take_number(r, "class", -1, 0xffffff);
	d->identity.vendor = (int32_t)take_number(r, "vendor", -1, 0xffff);
	d->identity.device = (int32_t)take_number(r, "device", -1, 0xffff);
	d->identity.subsystem_vendor = (int32_t)take_number(r, "subsystem_vendor", -1, 0xffff);
	d->identity.subsystem_device = (int32_t)take_number(r, "subsystem_device", -1, 0xffff);
	d->identity.serial = take_text(r, "serial", true);
	d->role = take_role(r);
	d->guest = take_text(r, "guest", true);
	d->since = take_text(r, "since", true);
	d->boot_id = take_text(r, "boot_id", true);
	d->driver_before = take_text(r, "driver_before", true);
	d->override_before = take_text(r, "override_before", true);
	d->consoles_before = take_optional(r, "consoles_before");
	d->power_before = take_optional(r, "power_before");
	d->is_kept_detached = take_bool(r, "kept_detached");
	d->is_detached_by_ferry = take_bool(r, "detached_by_ferry");
	d->is_assigned_by_ferry = take_bool(r, "assigned_by_ferry");
}

static void guest_from_json(struct reading *r, struct lent_guest *g)
{
	g->name = take_text(r, "name", false);
	g->uuid = take_text(r, "uuid", false);
	g->boot_id = take_text(r, "boot_id", true);
	g->xml_before = take_text(r, "xml_before", true);
	g->xml_after = take_text(r, "xml_after", true);
	g->is_started_by_ferry = take_bool(r, "started_by_ferry");
}

static void boot_from_json(struct reading *r, struct lent_boot *b)
{
	b->loader = take_text(r, "loader", true);
	b->path = take_text(r, "path", true);
	b->word = take_text(r, "word", false);
	b->replaced = take_text(r, "replaced", true);
	b->before = take_text(r, "before", true);
	b->after = take_text(r, "after", true);
	b->since = take_text(r, "since", true);
	b->boot_id = take_text(r, "boot_id", true);
}

static void rows_from_json(struct reading *r, struct json_object *o, struct lent *lent)
{
	struct json_object *devices = take(r, "devices", json_type_array, false);
	struct json_object *guests = take(r, "guests", json_type_array, false);
	struct json_object *boot = json_object_object_get(o, "boot");
	size_t i;

	for (i = 0; devices && !r->is_bad && i < json_object_array_length(devices); i++) {
		r->row = json_object_array_get_idx(devices, i);
		device_from_json(r, arena_append(r->arena, lent->devices, lent->n_devices));
	}
	for (i = 0; guests && !r->is_bad && i < json_object_array_length(guests); i++) {
		r->row = json_object_array_get_idx(guests, i);
		guest_from_json(r, arena_append(r->arena, lent->guests, lent->n_guests));
	}
	for (i = 0; json_object_is_type(boot, json_type_array) && !r->is_bad &&
		    i < json_object_array_length(boot);
	     i++) {
		r->row = json_object_array_get_idx(boot, i);
		boot_from_json(r, arena_append(r->arena, lent->boot, lent->n_boot));
	}
	r->row = o;
}

static bool checksum_fits(struct reading *r)
{
	const char *written = take_text(r, "checksum", false);
	char sum[17];

	if (!written)
		return false;
	json_object_object_del(r->row, "checksum");
	snprintf(sum, sizeof(sum), "%016" PRIx64,
		 checksum(json_object_to_json_string_ext(r->row, STYLE)));
	return !strcmp(written, sum);
}

/* What follows the object, a key too many or twice: ferry would not have written that. */
static bool is_as_written(const char *text, const struct lent *lent)
{
	ARENA_AUTO struct arena *arena = arena_new();

	return !strcmp(text, lent_to_json(arena, lent));
}

int lent_from_json(const char *text, struct arena *arena, struct lent *ret)
{
	struct json_object *o = json_tokener_parse(text);
	struct reading r = {.arena = arena, .row = o};
	struct lent lent = {0};

	if (!o || !json_object_is_type(o, json_type_object) || !checksum_fits(&r)) {
		json_object_put(o);
		return -EBADMSG;
	}
	take_number(&r, "schema", 1, 1);
	lent.sequence = (uint64_t)take_number(&r, "sequence", 0, INT64_MAX);
	rows_from_json(&r, o, &lent);
	json_object_put(o);
	if (r.is_bad || !is_as_written(text, &lent))
		return -EBADMSG;
	*ret = lent;
	return 0;
}

int lent_read(struct host_reader *r, enum fact *ret, struct error *err)
{
	char *text;
	int code = root_read(r->root, r->scratch, PATH, &text, NULL);

	if (!code)
		code = lent_from_json(text, r->arena, &r->host->lent);
	*ret = fact_from_code(code);
	if (!code || code == -ENOENT || *ret == FACT_DENIED)
		return 0;
	if (code == -EBADMSG)
		return error_set(err, code, "/" PATH, DAMAGED_REMEDY,
				 "the table of what is lent was altered or is torn; nothing of it "
				 "is believed");
	return error_set(err, code, "/" PATH, "look at that file and the disk that it lies on",
			 "the table of what is lent could not be read: %s", strerror(-code));
}
