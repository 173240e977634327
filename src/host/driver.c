// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What decides over a device's driver besides the driver itself: driver_override, serial numbers for
 * its identity, and the administrator's word about modules (modprobe.d(5)).
 */
#include "host/parts.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "decode/pci_config.h"
#include "host/read.h"

static const char *attribute_path(struct host *host, const struct pci_device *d, const char *file)
{
	return arena_printf(host->arena, "sys/bus/pci/devices/%s/%s", d->name, file);
}

int host_read_overrides(const struct root *root, struct host *host)
{
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		struct pci_device *d = &host->devices[i];
		char *text;
		int code = root_read(root, host->arena, attribute_path(host, d, "driver_override"),
				     &text, NULL);

		if (code && fact_from_code(code) != FACT_ABSENT)
			d->unreadable |= 1U << PCI_ATTRIBUTE_OVERRIDE;
		if (code)
			continue;
		text[strcspn(text, "\n")] = 0;
		/* The kernel prints a null pointer where nothing was written. */
		d->override = strcmp(text, "(null)") != 0 ? text : "";
	}
	return 0;
}

int host_read_serial(const struct root *root, const char *device, struct arena *arena,
		     const char **ret)
{
	struct pci_config config;
	uint64_t serial;
	char *data;
	int code = root_read(root, arena,
			     arena_printf(arena, "sys/bus/pci/devices/%s/config", device), &data,
			     &config.len);

	*ret = NULL;
	if (code)
		return fact_from_code(code) == FACT_ABSENT ? 0 : code;
	config.data = (const uint8_t *)data;
	/* 64 bytes are all that an ordinary user gets: that is no proof of absence. */
	if (config.len <= 64 || pci_config_is_asleep(&config))
		return -ENODATA;
	if (pci_config_serial(&config, &serial))
		*ret = arena_printf(arena, "%016llx", (unsigned long long)serial);
	return 0;
}

int host_read_serials(const struct root *root, struct host *host)
{
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		struct pci_device *d = &host->devices[i];

		if (host_read_serial(root, d->name, host->arena, &d->serial))
			d->unreadable |= 1U << PCI_ATTRIBUTE_SERIAL;
	}
	return 0;
}

/* Module names treat - and _ as one. */
static bool is_module(const char *word, size_t len, const char *module)
{
	size_t i;

	if (strlen(module) != len)
		return false;
	for (i = 0; i < len; i++) {
		char a = word[i] == '-' ? '_' : word[i], b = module[i] == '-' ? '_' : module[i];

		if (a != b)
			return false;
	}
	return true;
}

static const char *next_word(const char *s, size_t *ret_len)
{
	s += strspn(s, " \t");
	*ret_len = strcspn(s, " \t");
	return s;
}

/* "blacklist MODULE", or "install MODULE /bin/false" and whatever else does not load it. */
static bool line_bars(const char *line, const char *module)
{
	size_t n_verb, n_name, n_rest;
	const char *verb = next_word(line, &n_verb), *name = next_word(verb + n_verb, &n_name);
	const char *rest = next_word(name + n_name, &n_rest);

	if (!is_module(name, n_name, module))
		return false;
	if (n_verb == 9 && !strncmp(verb, "blacklist", 9))
		return true;
	return n_verb == 7 && !strncmp(verb, "install", 7) && n_rest && !strstr(rest, "modprobe");
}

static const char *file_bars(const struct root *root, struct arena *arena, const char *path,
			     const char *module)
{
	char *text, *line, *next;
	size_t number = 0;

	if (root_read(root, arena, path, &text, NULL))
		return NULL;
	for (line = text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		number++;
		if (line_bars(line, module))
			return arena_printf(arena, "/%s, line %zu: %s", path, number,
					    text_trim_end(line));
	}
	return NULL;
}

struct config_file {
	const char *name, *folder;
};

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct config_file *)a)->name, ((const struct config_file *)b)->name);
}

/* A file in a folder that comes earlier hides those of its name in the later ones. */
static void add_folder(const struct root *root, struct arena *arena, const char *folder,
		       struct config_file **files, size_t *n_files)
{
	char **names;
	size_t n, i, k;

	if (root_list(root, arena, folder, &names, &n))
		return;
	for (i = 0; i < n; i++) {
		if (!text_has_suffix(names[i], ".conf"))
			continue;
		for (k = 0; k < *n_files && strcmp((*files)[k].name, names[i]) != 0; k++)
			;
		if (k == *n_files)
			*arena_append(arena, *files, *n_files) =
				(struct config_file){names[i], folder};
	}
}

/* modprobe.blacklist=a,b and module_blacklist=a,b (kernel/module/main.c) on the command line. */
static const char *command_line_bars(struct arena *arena, const char *line, const char *module)
{
	static const char *const keys[] = {"modprobe.blacklist=", "module_blacklist="};
	size_t len, i, n;
	const char *p;

	for (p = line; *p; p += len) {
		p += strspn(p, " \t\n");
		len = strcspn(p, " \t\n");
		for (i = 0; i < 2; i++) {
			const char *q = p + strlen(keys[i]);

			if (strncmp(p, keys[i], strlen(keys[i])) != 0)
				continue;
			for (; q < p + len; q += n + 1) {
				n = strcspn(q, ", \t\n");
				if (is_module(q, n, module))
					return arena_printf(arena,
							    "the kernel's command line: %.*s",
							    (int)len, p);
			}
		}
	}
	return NULL;
}

const char *module_barred(const struct root *root, struct arena *arena, const char *module,
			  const char *command_line)
{
	/* The order of modprobe.d(5), that of kmod 30 and of later ones with /usr/local. */
	static const char *const folders[] = {"etc/modprobe.d", "run/modprobe.d",
					      "usr/local/lib/modprobe.d", "usr/lib/modprobe.d",
					      "lib/modprobe.d"};
	struct config_file *files = NULL;
	const char *bar = NULL;
	size_t n = 0, i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		add_folder(root, arena, folders[i], &files, &n);
	if (n)
		qsort(files, n, sizeof(*files), compare_files);
	for (i = 0; i < n && !bar; i++)
		bar = file_bars(root, arena,
				arena_printf(arena, "%s/%s", files[i].folder, files[i].name),
				module);
	if (!bar && command_line)
		bar = command_line_bars(arena, command_line, module);
	return bar;
}
