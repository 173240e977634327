// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See under_detail.h. Apart from the tree because it costs a file or two for each node, which a list of
 * a large machine must not pay.
 */
#include "host/under_detail.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* A file of the node in its class's folder, white space at both ends cut off; NULL: none, or empty. */
static char *read_detail(struct host_reader *r, const char *folder, const char *name,
			 const char *file)
{
	char buffer[256], *s = buffer,
			  *path = arena_printf(r->scratch, "%s/%s/%s", folder, name, file);

	if (root_read_attribute(&r->sys, path, buffer, sizeof(buffer), NULL))
		return NULL;
	text_trim_end(buffer);
	while (*s == ' ' || *s == '\t')
		s++;
	return *s ? arena_strdup(r->arena, s) : NULL;
}

/* Sectors of 512 bytes, whatever the disk's own are (block/genhd.c). */
static const char *size_text(struct host_reader *r, const char *name)
{
	static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	const char *s = read_detail(r, "class/block", name, "size");
	uint64_t sectors;
	double size;
	size_t i = 0;

	if (!s || text_parse_u64(s, 10, UINT64_MAX / 512, &sectors) || !sectors)
		return NULL;
	for (size = (double)sectors / 2; size >= 1024 && i < 5; i++)
		size /= 1024;
	return arena_printf(r->arena, "%.*f %s", size < 10 && i ? 1 : 0, size, units[i]);
}

static const char *join(struct host_reader *r, const char *a, const char *b)
{
	return a && b ? arena_printf(r->arena, "%s %s", a, b) : a ? a : b;
}

static const char *block_detail(struct host_reader *r, const char *name)
{
	return join(r, read_detail(r, "class/block", name, "device/model"), size_text(r, name));
}

/* USB-IF, Defined Class Codes; HID 1.11, 4.2 and 4.3. */
static const char *interface_detail(struct host_reader *r, const char *name)
{
	static const struct {
		const char *class, *what;
	} classes[] = {
		{"01", "audio"},  {"02", "communications"}, {"03", "input"},
		{"06", "camera"}, {"07", "printer"},        {"08", "storage"},
		{"09", "hub"},    {"0a", "data"},           {"0b", "smart card"},
		{"0e", "video"},  {"e0", "wireless"},
	};
	const char *class = read_detail(r, "bus/usb/devices", name, "bInterfaceClass"), *protocol;
	size_t i;

	if (text_equal(class, "03")) {
		protocol = read_detail(r, "bus/usb/devices", name, "bInterfaceProtocol");
		if (text_equal(protocol, "01"))
			return "keyboard";
		if (text_equal(protocol, "02"))
			return "mouse";
	}
	for (i = 0; class && i < sizeof(classes) / sizeof(*classes); i++) {
		if (!strcmp(class, classes[i].class))
			return classes[i].what;
	}
	return NULL;
}

static const char *usb_detail(struct host_reader *r, const char *name)
{
	const char *folder = "bus/usb/devices", *text;

	if (strchr(name, ':'))
		return interface_detail(r, name);
	text = join(r, read_detail(r, folder, name, "manufacturer"),
		    read_detail(r, folder, name, "product"));
	if (!text) {
		const char *vendor = read_detail(r, folder, name, "idVendor"),
			   *product = read_detail(r, folder, name, "idProduct");

		text = vendor && product ? arena_printf(r->arena, "%s:%s", vendor, product) : NULL;
	}
	return text;
}

const char *under_detail(struct host_reader *r, const struct host_node *node)
{
	if (!strcmp(node->kind, "block"))
		return block_detail(r, node->name);
	if (!strcmp(node->kind, "usb"))
		return usb_detail(r, node->name);
	if (!strcmp(node->kind, "scsi"))
		return join(r, read_detail(r, "bus/scsi/devices", node->name, "vendor"),
			    read_detail(r, "bus/scsi/devices", node->name, "model"));
	if (!strcmp(node->kind, "net"))
		return read_detail(r, "class/net", node->name, "address");
	if (!strcmp(node->kind, "nvme"))
		return read_detail(r, "class/nvme", node->name, "model");
	if (!strcmp(node->kind, "sound"))
		return read_detail(r, "class/sound", node->name, "id");
	if (!strcmp(node->kind, "input"))
		return read_detail(r, "class/input", node->name, "name");
	return NULL;
}
