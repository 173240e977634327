/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What matters of a device while it goes from the host to a guest, and to nobody else: its power, its
 * resets, the text consoles and the firmware's screen on it. Part of host/host.h, which is the header to
 * include.
 */
#ifndef FERRY_HOST_HANDOVER_H
#define FERRY_HOST_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>

/* Of one PCI device. */
struct host_handover {
	const char *power_control; /* power/control, "auto" or "on"; NULL: not there, or not read */
	/*
	 * Its resets in the kernel's words and order, "flr bus"; "" where it has none; NULL: not known.
	 * "unnamed": a kernel before 5.15 has one and does not say which.
	 */
	const char *reset_methods;
	const char *variant; /* the vfio driver that modules.alias has for it; NULL: none */
};

/* A console driver of the kernel, /sys/class/vtconsole. */
struct host_console {
	const char *name; /* "vtcon1" */
	bool is_bound;
	bool is_framebuffer; /* of all framebuffers together */
};

/* The framebuffer that the firmware left, a platform device: "efi-framebuffer.0". */
struct host_firmware_screen {
	const char *name;
	const char *driver; /* NULL: none */
};

#endif
