/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The libvirt guests of a machine as a value: who is there, what state they are in, which PCI devices
 * they hold in their stored and in their live definition. Read by guest/connection.h; no handle in it.
 */
#ifndef FERRY_GUEST_GUEST_H
#define FERRY_GUEST_GUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "decode/pci_address.h"

enum guest_state {
	GUEST_SHUT_OFF,
	GUEST_RUNNING,
	GUEST_PAUSED,
	GUEST_SHUTTING_DOWN,
	GUEST_CRASHED,
	GUEST_SUSPENDED, /* by its own power management */
	GUEST_MIGRATING, /* an incoming or outgoing migration is under way */
	GUEST_STATE_UNKNOWN
};
/* "shut off", "running", ... as virsh says it */
const char *guest_state_name(enum guest_state state);

/*
 * A PCI device in a definition: <hostdev type='pci'>, <interface type='hostdev'> or <disk type='nvme'>.
 * ferry edits the first kind only.
 */
struct guest_hostdev {
	struct pci_address source;
	bool is_managed;   /* libvirt binds and gives back */
	bool is_interface; /* <interface type='hostdev'> */
	bool is_disk;      /* <disk type='nvme'> */
	const char *alias; /* "hostdev0", live only; NULL: none */
};

struct guest_devices {
	struct guest_hostdev *list;
	size_t count;
};

struct guest {
	const char *name, *uuid;
	enum guest_state state;
	bool is_persistent;
	bool has_managed_save;
	bool is_autostarted;
	struct guest_devices stored; /* of the inactive definition; empty where it is transient */
	struct guest_devices live;   /* of the running one; empty where it is shut off */
	/* Files and block devices of the host that are its disks: of the running definition while it runs. */
	const char **images;
	size_t n_images;
	/* Inactive XML (VIR_DOMAIN_XML_INACTIVE and _SECURE); NULL: transient, or not allowed. */
	const char *xml;
	const char *live_xml; /* NULL while it is shut off */
	/* Ports of the running guest that can take one PCI device by hotplug: guest_attach_live's. */
	size_t free_live_ports;
	bool has_hotplug_bus; /* false: no port of the right kind at all, free or taken */
};

enum guests_access {
	GUESTS_NOT_READ,
	GUESTS_READ,
	GUESTS_NO_LIBRARY, /* libvirt.so is not installed */
	GUESTS_UNREACHABLE,
	GUESTS_DENIED,
	GUESTS_SILENT /* it did not answer in time: nothing is known of it */
};

struct guests {
	enum guests_access access;
	bool is_read_only;     /* the connection allows reading only: no secrets, no changes */
	const char *uri;       /* "qemu:///system" */
	const char *host_name; /* of the machine the guests are on, as libvirt says it */
	bool is_remote;        /* another machine's libvirt: reading is allowed, changing refused */
	unsigned long hypervisor_version; /* QEMU's, in the same form; 0: unknown */
	unsigned long version; /* libvirt's: major * 1000000 + minor * 1000 + release; 0: unknown */
	/* Where access is not GUESTS_READ: why, and what to do next (NULL: nothing is known to help). */
	const char *message, *remedy;
	struct guest *list; /* ordered by name */
	size_t count;
};

#endif
