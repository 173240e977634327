// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Screens: the display that the firmware began on, the framebuffer with the text console, connectors
 * with a screen that is lit. A host that has lost all of them may run on, but nobody sees it.
 */
#include "host/use_read.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static void read_boot_vga(struct host_reader *r)
{
	size_t i;

	for (i = 0; i < r->host->n_devices; i++) {
		const struct pci_device *d = &r->host->devices[i];
		uint64_t value;

		if (d->class >> 16 == 0x03 &&
		    !root_read_u64(r->root,
				   arena_printf(r->scratch, "%s/%s/boot_vga", d->folder, d->name),
				   &value) &&
		    value == 1)
			use_add(r, USE_BOOT_VGA, (int)i, "boot VGA");
	}
}

/* vtconsole's name is "(M) frame buffer device"; bind 1: it has taken the console over. */
static bool console_is_framebuffer(struct host_reader *r)
{
	char **names, name[128], bind[16];
	size_t n, i;

	if (root_names(&r->sys, r->scratch, "class/vtconsole", &names, &n))
		return false;
	for (i = 0; i < n; i++) {
		if (!use_attribute(r, "vtconsole", names[i], "name", name, sizeof(name)) &&
		    strstr(name, "frame buffer") &&
		    !use_attribute(r, "vtconsole", names[i], "bind", bind, sizeof(bind)) &&
		    !strcmp(bind, "1"))
			return true;
	}
	return false;
}

static enum fact read_framebuffers(struct host_reader *r)
{
	bool has_console = console_is_framebuffer(r);
	const char *rest;
	char **names;
	size_t n, i;
	int device, err = root_list(&r->sys, r->scratch, "class/graphics", &names, &n);

	for (i = 0; !err && has_console && i < n; i++) {
		if (!text_has_prefix(names[i], "fb") || !strcmp(names[i], "fbcon") ||
		    !use_place(r, "graphics", names[i], &device, &rest) || device < 0)
			continue;
		use_add_station(r, use_add(r, USE_CONSOLE, device, "text console"), names[i]);
	}
	return fact_from_code(err);
}

/* "card0-HDMI-A-1" */
static void read_connector(struct host_reader *r, const char *name)
{
	char status[32], enabled[32];
	const char *rest;
	int device;

	if (use_attribute(r, "drm", name, "status", status, sizeof(status)) ||
	    strcmp(status, "connected") != 0 ||
	    use_attribute(r, "drm", name, "enabled", enabled, sizeof(enabled)) ||
	    strcmp(enabled, "enabled") != 0 || !use_place(r, "drm", name, &device, &rest) ||
	    device < 0)
		return;
	use_add_station(r,
			use_add(r, USE_SCREEN, device,
				arena_printf(r->arena, "screen on %s", strchr(name, '-') + 1)),
			arena_memdup(r->scratch, name, strcspn(name, "-")));
}

static enum fact read_connectors(struct host_reader *r)
{
	char **names;
	size_t n, i;
	int err = root_list(&r->sys, r->scratch, "class/drm", &names, &n);

	for (i = 0; !err && i < n; i++) {
		if (text_has_prefix(names[i], "card") && strchr(names[i], '-'))
			read_connector(r, names[i]);
	}
	return fact_from_code(err);
}

enum fact display_read(struct host_reader *r)
{
	enum fact a, b;

	read_boot_vga(r);
	a = read_framebuffers(r);
	b = read_connectors(r);
	return a == FACT_ABSENT ? b : b == FACT_ABSENT ? a : a != FACT_READ ? a : b;
}
