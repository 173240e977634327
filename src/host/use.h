/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the host uses of a device besides disks and networks: screens, keyboards, sound, consoles,
 * watchdogs, virtual functions, open files. Part of host/host.h, which is the header to include.
 */
#ifndef FERRY_HOST_USE_H
#define FERRY_HOST_USE_H

#include <stdbool.h>
#include <stddef.h>

enum host_use_kind {
	USE_BOOT_VGA, /* the firmware's display */
	USE_CONSOLE,  /* the text console lies on its framebuffer */
	USE_SCREEN,   /* a connector with a screen that is lit */
	USE_KEYBOARD,
	USE_INPUT, /* any other: a mouse, a tablet */
	USE_SOUND,
	USE_SERIAL_CONSOLE, /* the kernel writes to it */
	USE_WATCHDOG,       /* it is running */
	USE_FUNCTIONS,      /* virtual functions are switched on */
	USE_PROCESS,        /* a process has a file of the device open */
	USE_KINDS
};

struct host_use {
	enum host_use_kind kind;
	int device;       /* index into host.devices, or -1: on no PCI device (a PS/2 keyboard) */
	const char **way; /* from the device to it: "1-1", "input3" */
	size_t n_way;
	const char *what; /* the end of the chain: "boot VGA", "Xorg (process 812)" */
	bool is_guests;   /* of a process: it runs a guest */
	bool is_block;    /* of a process: what it has open is a disk */
};

#endif
