// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sound cards, serial lines that the kernel writes its messages to, watchdogs that run: what a device
 * does for the host without anybody having it open.
 */
#include "host/use_read.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/way.h"

static void read_sound(struct host_reader *r)
{
	char **names, id[64];
	const char *rest;
	size_t n, i;
	int device;

	if (root_list(&r->sys, r->scratch, "class/sound", &names, &n))
		return;
	for (i = 0; i < n; i++) {
		struct host_use *use;

		if (!text_has_prefix(names[i], "card") ||
		    !use_place(r, "sound", names[i], &device, &rest) || device < 0)
			continue;
		use = use_add(r, USE_SOUND, device,
			      use_attribute(r, "sound", names[i], "id", id, sizeof(id))
				      ? arena_printf(r->arena, "sound %s", names[i])
				      : arena_printf(r->arena, "sound %s (%s)", names[i], id));
		way_names(r->arena, rest, &use->way, &use->n_way);
	}
}

static void add_console(struct host_reader *r, const char *name)
{
	const char *rest;
	int device;

	if (use_place(r, "tty", name, &device, &rest) && device >= 0)
		use_add_station(r, use_add(r, USE_SERIAL_CONSOLE, device, "kernel console"), name);
}

/* "tty0 ttyS4"; a tree without it has proc/consoles, a line each, or only the parameters. */
static void read_consoles(struct host_reader *r)
{
	char buffer[1024], *text, *line, *save = NULL;

	if (!use_attribute(r, "tty", "console", "active", buffer, sizeof(buffer))) {
		for (line = strtok_r(buffer, " ", &save); line; line = strtok_r(NULL, " ", &save))
			add_console(r, line);
	} else if (!root_read(r->root, r->scratch, "proc/consoles", &text, NULL)) {
		for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
			line[strcspn(line, " \t")] = 0;
			add_console(r, line);
		}
	} else if (!root_read_line(r->root, r->scratch, "proc/cmdline", &text)) {
		for (line = strtok_r(text, " ", &save); line; line = strtok_r(NULL, " ", &save)) {
			if (!text_has_prefix(line, "console="))
				continue;
			line[strcspn(line, ",")] = 0;
			add_console(r, line + 8);
		}
	}
}

static void read_watchdogs(struct host_reader *r)
{
	char **names, state[32];
	const char *rest;
	size_t n, i;
	int device;

	if (root_list(&r->sys, r->scratch, "class/watchdog", &names, &n))
		return;
	for (i = 0; i < n; i++) {
		if (use_attribute(r, "watchdog", names[i], "state", state, sizeof(state)) ||
		    strcmp(state, "active") != 0 ||
		    !use_place(r, "watchdog", names[i], &device, &rest) || device < 0)
			continue;
		use_add(r, USE_WATCHDOG, device,
			arena_printf(r->arena, "%s (running watchdog)", names[i]));
	}
}

enum fact line_read(struct host_reader *r)
{
	read_sound(r);
	read_consoles(r);
	read_watchdogs(r);
	return fact_from_code(root_exists(&r->sys, "class/sound"));
}
