// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Keyboards, and whatever else a person's hands are on. Those on no PCI device (PS/2) are kept too: a
 * keyboard is only lost where it is the only one.
 */
#include "host/use_read.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/way.h"

/*
 * What udev calls a keyboard: keys 1 to 31, Escape to S, all of them. The words of capabilities/key
 * (input_print_bitmap) are longs, the lowest last.
 */
#define LETTERS 0xfffffffeU

static bool has_letters(const char *keys)
{
	const char *last = strrchr(keys, ' ');
	uint64_t word;

	return !text_parse_u64(last ? last + 1 : keys, 16, UINT64_MAX, &word) &&
	       (word & LETTERS) == LETTERS;
}

/* HID 1.11, 4.2 and 4.3: class 3, protocol 1 is a boot keyboard. */
static bool interface_is_keyboard(struct host_reader *r, const char *name)
{
	static const char *const files[][2] = {{"bInterfaceClass", "03"},
					       {"bInterfaceProtocol", "01"}};
	char buffer[16];
	size_t i;

	for (i = 0; i < 2; i++) {
		if (root_read_attribute(
			    &r->sys,
			    arena_printf(r->scratch, "bus/usb/devices/%s/%s", name, files[i][0]),
			    buffer, sizeof(buffer), NULL) ||
		    strcmp(text_trim_end(buffer), files[i][1]) != 0)
			return false;
	}
	return true;
}

/* "1-1:1.0" out of "usb1/1-1/1-1:1.0/0003:...": it begins with a digit and has '-' before ':'. */
static const char *usb_interface(struct host_reader *r, const char *rest)
{
	for (; *rest; rest += strcspn(rest, "/"), rest += *rest == '/') {
		size_t len = strcspn(rest, "/"), dash = strcspn(rest, "-/"),
		       colon = strcspn(rest, ":/");

		if (isdigit((unsigned char)*rest) && dash < colon && colon < len)
			return arena_memdup(r->scratch, rest, len);
	}
	return NULL;
}

static bool is_keyboard(struct host_reader *r, const char *name, const char *rest)
{
	char buffer[1024];
	const char *interface;

	if (!use_attribute(r, "input", name, "capabilities/key", buffer, sizeof(buffer)))
		return has_letters(buffer);
	interface = usb_interface(r, rest);
	if (interface && interface_is_keyboard(r, interface))
		return true;
	return !use_attribute(r, "input", name, "name", buffer, sizeof(buffer)) &&
	       strcasestr(buffer, "keyboard");
}

static bool is_same(const struct host_use *a, const struct host_use *b)
{
	size_t i;

	if (a->kind != b->kind || a->device != b->device || a->n_way != b->n_way)
		return false;
	for (i = 0; i < a->n_way; i++) {
		if (strcmp(a->way[i], b->way[i]) != 0)
			return false;
	}
	return a->device >= 0;
}

/* One thing on a plug has several inputs: it stands once, as a keyboard where one of them is. */
static void add_input(struct host_reader *r, int device, const char *rest, bool keyboard,
		      const char *what)
{
	struct host *host = r->host;
	struct host_use use = {
		.kind = keyboard ? USE_KEYBOARD : USE_INPUT,
		.device = device,
		.what = what,
	};
	size_t i;

	way_names(r->arena, rest, &use.way, &use.n_way);
	for (i = 0; i < host->n_uses; i++) {
		struct host_use *other = &host->uses[i];
		bool is_input = other->kind == USE_KEYBOARD || other->kind == USE_INPUT;
		struct host_use same = use;

		same.kind = other->kind;
		if (!is_input || !is_same(&same, other))
			continue;
		if (keyboard && other->kind == USE_INPUT) {
			other->kind = USE_KEYBOARD;
			other->what = what;
		}
		return;
	}
	*arena_append(r->arena, host->uses, host->n_uses) = use;
}

static const char *title(struct host_reader *r, const char *name)
{
	char buffer[256];

	if (use_attribute(r, "input", name, "name", buffer, sizeof(buffer)) || !*buffer)
		return arena_strdup(r->arena, name);
	return arena_printf(r->arena, "%s (%s)", name, buffer);
}

/* Sound cards have inputs for their plugs, which nobody types on. */
static bool is_hands(const char *rest)
{
	return !strstr(rest, "sound/");
}

/* A tree without inputs may still have the plugs. */
static enum fact read_interfaces(struct host_reader *r)
{
	char **names, *path;
	const char *rest;
	size_t n, i, device;
	int err = root_list(&r->sys, r->scratch, "bus/usb/devices", &names, &n);

	for (i = 0; !err && i < n; i++) {
		if (strchr(names[i], ':') && interface_is_keyboard(r, names[i]) &&
		    !root_readlink(&r->sys, r->scratch,
				   arena_printf(r->scratch, "bus/usb/devices/%s", names[i]),
				   &path) &&
		    pci_path_device(r->host, path, &device, &rest))
			add_input(r, (int)device, rest, true, "keyboard");
	}
	return fact_from_code(err);
}

enum fact input_read(struct host_reader *r)
{
	const char *rest;
	char **names;
	size_t n, i;
	int device, err = root_list(&r->sys, r->scratch, "class/input", &names, &n);

	if (fact_from_code(err) == FACT_ABSENT)
		return read_interfaces(r);
	for (i = 0; !err && i < n; i++) {
		bool keyboard;

		if (!text_has_prefix(names[i], "input") ||
		    !use_place(r, "input", names[i], &device, &rest) || !is_hands(rest))
			continue;
		keyboard = is_keyboard(r, names[i], rest);
		if (keyboard || device >= 0)
			add_input(r, device, rest, keyboard, title(r, names[i]));
	}
	return fact_from_code(err);
}
