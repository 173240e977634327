/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of the network need of each other. */
#ifndef FERRY_HOST_NETWORK_READ_H
#define FERRY_HOST_NETWORK_READ_H

#include "host/parts.h"

/* What a capture keeps of what only the running kernel tells: one fact a line. */
#define NETWORK_CAPTURED "ferry/network"

/* The interface of that name, or NULL. */
struct host_interface *network_find(const struct host *host, const char *name);
/* NULL-safe in the interface: one that is not listed (lo) is passed over. */
void network_add_address(struct host_reader *r, struct host_interface *interface,
			 const char *address);

/* network_tree.c: addresses and routes of a captured machine. 0 or a negative errno. */
int network_read_captured(struct host_reader *r);
/* login.c: finds the interface that the SSH connection of this command lies on; live only. */
void login_read(struct host_reader *r);

#endif
