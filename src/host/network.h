/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Network interfaces and who is built on whom, up to the addresses and routes that lie on them: what a
 * NIC takes with it when it leaves the host. Part of host/host.h, which is the header to include.
 */
#ifndef FERRY_HOST_NETWORK_H
#define FERRY_HOST_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

struct host_interface {
	const char *name;
	int device;       /* index into host.devices, or -1: virtual, or on no PCI device */
	const char **way; /* between the device and the interface: "1-2" for one on USB */
	size_t n_way;
	size_t *uppers; /* indexes into host.interfaces: its bridge, bond, VLANs, macvtaps */
	size_t n_uppers;
	bool is_up;
	bool has_default_route;
	bool carries_login;     /* the SSH connection that this command came in by */
	const char **addresses; /* "192.0.2.7/24", without those of the link alone (fe80::) */
	size_t n_addresses;
};

#endif
