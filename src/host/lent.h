/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What ferry has lent to guests, as a value: the table of devices and guests that is replaced in one
 * rename when a transaction counts. Part of host/host.h, which is the header to include.
 */
#ifndef FERRY_HOST_LENT_H
#define FERRY_HOST_LENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/device.h"

enum lent_role { LENT_ASSIGNED, LENT_PARKED, LENT_UNBOUND };
const char *lent_role_name(enum lent_role role);

/* A row of ferry's table of what is lent. */
struct lent_device {
	struct pci_identity identity;
	enum lent_role role;
	const char *guest;           /* NULL: detached for nobody yet */
	const char *since;           /* "2026-11-25T14:06:29Z" */
	const char *boot_id;         /* the boot in which it was detached */
	const char *driver_before;   /* NULL: it had none */
	const char *override_before; /* "": it held nothing */
	/* "vtcon1 efi-framebuffer.0=efi-framebuffer", what drew on it; NULL: nothing did */
	const char *consoles_before;
	const char *power_before;  /* power/control, "auto" or "on"; NULL: not known */
	bool is_kept_detached;     /* by `ferry detach`: `down` leaves it detached */
	bool is_detached_by_ferry; /* false: it was on vfio-pci already, or libvirt manages it */
	bool is_assigned_by_ferry; /* its hostdev is ferry's */
};

/* What ferry did to a guest: enough to undo it exactly. */
struct lent_guest {
	const char *name, *uuid;
	const char *boot_id;    /* the boot in which ferry started it */
	const char *xml_before; /* inactive XML before the first edit; NULL: no exact way back */
	const char *xml_after;  /* as ferry left it */
	bool is_started_by_ferry;
};

/* What ferry put into a boot file, or had a boot loader's tool put in: enough to take out just that. */
struct lent_boot {
	const char *loader;   /* "grub"; NULL: only the file was named */
	const char *path;     /* in the system; NULL: a tool keeps it */
	const char *word;     /* "intel_iommu=on" */
	const char *replaced; /* the word that it took the place of; NULL: none */
	/* The whole text before and after; NULL: the word was there already, it is nobody's of ferry's. */
	const char *before, *after;
	const char *since; /* "2026-11-25T14:06:29Z" */
	const char
		*boot_id; /* of the boot in which it was put in; NULL: a system that did not run */
};

struct lent {
	uint64_t sequence; /* of the last transaction that was sealed */
	struct lent_device *devices;
	size_t n_devices;
	struct lent_guest *guests;
	size_t n_guests;
	struct lent_boot *boot;
	size_t n_boot;
};

struct arena;

/*
 * The table as JSON text with a checksum over it, and back. -EBADMSG: the text was altered, is cut, or
 * holds what ferry never writes; nothing of it is believed then.
 */
char *lent_to_json(struct arena *arena, const struct lent *lent);
int lent_from_json(const char *text, struct arena *arena, struct lent *ret);

#endif
