// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See handover.h. The resets are the kernel's own list where it has one (since 5.15), else what the
 * capabilities promise. The variant drivers stand in modules.alias as "vfio_pci:v…d…" (since 5.16), one
 * line each; that file is read as text of a fixed shape, not as patterns.
 */
#include "host/handover.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/pci_config.h"
#include "host/parts.h"

#define EXPRESS_DEVICE_CAPABILITIES 4 /* PCI Express 7.5.3.3 */
#define EXPRESS_FLR                 (1U << 28)
#define AF_CAPABILITIES             3 /* PCI ECN Advanced Capabilities */
#define AF_TP_AND_FLR               3U
#define POWER_CONTROL               4 /* PCI Bus Power Management 3.2.4 */
#define POWER_NO_SOFT_RESET         (1U << 3)

static const char *device_file(struct host_reader *r, const struct pci_device *d, const char *file)
{
	return arena_printf(r->scratch, "%s/%s/%s", d->folder, d->name, file);
}

static bool is_alone_on_bus(const struct host *host, size_t device)
{
	const struct pci_device *d = &host->devices[device];
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		const struct pci_address *a = &host->devices[i].address;

		if (i != device && a->domain == d->address.domain && a->bus == d->address.bus)
			return false;
	}
	return d->parent >= 0;
}

/* In the order in which the kernel tries them. */
static const char *promised_resets(struct host_reader *r, size_t device,
				   const struct pci_config *config)
{
	TEXT_AUTO struct text t = {0};
	uint32_t capabilities;
	uint16_t power;
	uint8_t af;
	size_t at;

	if (!pci_config_find(config, PCI_CAPABILITY_EXPRESS, &at) &&
	    pci_config_u32(config, at + EXPRESS_DEVICE_CAPABILITIES, &capabilities) &&
	    capabilities & EXPRESS_FLR)
		text_add(&t, " flr");
	if (!pci_config_find(config, PCI_CAPABILITY_AF, &at) &&
	    pci_config_u8(config, at + AF_CAPABILITIES, &af) &&
	    (af & AF_TP_AND_FLR) == AF_TP_AND_FLR)
		text_add(&t, " af_flr");
	if (!pci_config_find(config, PCI_CAPABILITY_POWER, &at) &&
	    pci_config_u16(config, at + POWER_CONTROL, &power) && !(power & POWER_NO_SOFT_RESET))
		text_add(&t, " pm");
	if (is_alone_on_bus(r->host, device))
		text_add(&t, " bus");
	return arena_strdup(r->arena, t.len ? text_str(&t) + 1 : "");
}

static const char *resets_by_config(struct host_reader *r, size_t device)
{
	struct pci_config config;
	char *bytes;

	if (root_read(r->root, r->scratch, device_file(r, &r->host->devices[device], "config"),
		      &bytes, &config.size) ||
	    config.size <= PCI_CONFIG_HEADER_SIZE)
		return NULL;
	config.data = (const uint8_t *)bytes;
	return pci_config_is_silent(&config) ? NULL : promised_resets(r, device, &config);
}

/* A device without any has neither file; a capture may lack both all the same. */
static const char *read_resets(struct host_reader *r, size_t device)
{
	const struct pci_device *d = &r->host->devices[device];
	const char *promised;
	char *text;

	if (!root_read_line(r->root, r->arena, device_file(r, d, "reset_method"), &text))
		return text;
	if (r->root->live && root_exists(r->root, device_file(r, d, "reset")))
		return "";
	promised = resets_by_config(r, device);
	return promised && !*promised && r->root->live ? "unnamed" : promised;
}

static void read_devices(struct host_reader *r)
{
	struct host *host = r->host;
	char *text;
	size_t i;

	host->handovers = arena_calloc(r->arena, host->n_devices, sizeof(*host->handovers));
	for (i = 0; i < host->n_devices; i++) {
		const struct pci_device *d = &host->devices[i];

		if (d->header != PCI_HEADER_ENDPOINT)
			continue;
		if (!root_read_line(r->root, r->arena, device_file(r, d, "power/control"), &text))
			host->handovers[i].power_control = text;
		host->handovers[i].reset_methods = read_resets(r, i);
	}
}

static void read_consoles(struct host_reader *r)
{
	struct host *host = r->host;
	char **names, *text;
	size_t n, i;

	if (root_list(&r->sys, r->scratch, "class/vtconsole", &names, &n))
		return;
	for (i = 0; i < n; i++) {
		const char *folder = arena_printf(r->scratch, "class/vtconsole/%s", names[i]);
		struct host_console *c;

		if (root_read_line(&r->sys, r->scratch, arena_printf(r->scratch, "%s/name", folder),
				   &text))
			continue;
		c = arena_append(r->arena, host->consoles, host->n_consoles);
		c->name = arena_strdup(r->arena, names[i]);
		c->is_framebuffer = strstr(text, "frame buffer");
		c->is_bound = !root_read_line(&r->sys, r->scratch,
					      arena_printf(r->scratch, "%s/bind", folder), &text) &&
			      !strcmp(text, "1");
	}
}

/* drivers/firmware/sysfb.c, efifb, vesafb, simpledrm: what the platform device may be called. */
static bool is_firmware_screen(const char *name)
{
	static const char *const prefixes[] = {"efi-framebuffer.", "vesa-framebuffer.",
					       "simple-framebuffer.", "platform-framebuffer."};
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		if (text_has_prefix(name, prefixes[i]))
			return true;
	}
	return false;
}

static void read_screens(struct host_reader *r)
{
	struct host *host = r->host;
	char **names, *driver;
	size_t n, i;

	if (root_list(&r->sys, r->scratch, "bus/platform/devices", &names, &n))
		return;
	for (i = 0; i < n; i++) {
		struct host_firmware_screen *s;

		if (!is_firmware_screen(names[i]))
			continue;
		s = arena_append(r->arena, host->screens, host->n_screens);
		s->name = arena_strdup(r->arena, names[i]);
		if (!root_readlink_name(
			    &r->sys, r->arena,
			    arena_printf(r->scratch, "bus/platform/devices/%s/driver", names[i]),
			    &driver))
			s->driver = driver;
	}
}

/* One field of an alias: its letters, then '*' or that many hex digits, which have to be the value. */
static bool match_field(const char **s, const char *letters, int digits, int32_t value)
{
	char want[12];
	int i;

	if (strncmp(*s, letters, strlen(letters)) != 0)
		return false;
	*s += strlen(letters);
	if (**s == '*') {
		(*s)++;
		return true;
	}
	if (value < 0)
		return false;
	for (i = 0; i < digits; i++)
		want[i] = "0123456789ABCDEF"[value >> (4 * (digits - 1 - i)) & 0xf];
	if (strncmp(*s, want, (size_t)digits) != 0)
		return false;
	*s += digits;
	return true;
}

/* file2alias.c, do_pci_entry: v, d, sv, sd of eight digits, bc, sc, i of two. */
static bool alias_matches(const char *s, const struct pci_device *d)
{
	int32_t class = d->class;

	return match_field(&s, "v", 8, d->vendor) && match_field(&s, "d", 8, d->device) &&
	       match_field(&s, "sv", 8, d->subsystem_vendor) &&
	       match_field(&s, "sd", 8, d->subsystem_device) &&
	       match_field(&s, "bc", 2, class < 0 ? -1 : class >> 16) &&
	       match_field(&s, "sc", 2, class < 0 ? -1 : class >> 8 & 0xff) &&
	       match_field(&s, "i", 2, class < 0 ? -1 : class & 0xff);
}

/* "alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5_vfio_pci" */
static void read_alias(struct host_reader *r, const char *line)
{
	static const char front[] = "alias vfio_pci:";
	struct host *host = r->host;
	const char *name;
	size_t i;

	if (!text_has_prefix(line, front))
		return;
	line += sizeof(front) - 1;
	name = strchr(line, ' ');
	if (!name || !*++name || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		return;
	if (!strcmp(name, "vfio_pci"))
		return;
	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].header == PCI_HEADER_ENDPOINT &&
		    alias_matches(line, &host->devices[i]))
			host->handovers[i].variant = arena_strdup(r->arena, name);
	}
}

static void read_variants(struct host_reader *r)
{
	char *release, *text, *line, *save = NULL;

	if (root_read_line(r->root, r->scratch, "proc/sys/kernel/osrelease", &release) ||
	    strchr(release, '/') ||
	    root_read(r->root, r->scratch,
		      arena_printf(r->scratch, "lib/modules/%s/modules.alias", release), &text,
		      NULL))
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		read_alias(r, line);
}

enum fact handover_read(struct host_reader *r)
{
	read_devices(r);
	read_consoles(r);
	read_screens(r);
	read_variants(r);
	return r->host->parts[HOST_PCI];
}
