// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From an interface to the bridge, bond or VLAN that is built on it, and to what lies on those: default
 * routes, addresses, the login, and disks and file systems of the network. A NIC without any of that is
 * nobody's.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/loss_walk.h"
#include "base/arena.h"
#include "base/text.h"

static bool addresses_are_known(const struct host *host)
{
	return host->addresses_read == FACT_READ;
}

static bool bits_are_equal(const uint8_t *a, const uint8_t *b, unsigned int bits)
{
	unsigned int bytes = bits / 8, rest = bits % 8;

	return !memcmp(a, b, bytes) && (!rest || !((a[bytes] ^ b[bytes]) >> (8 - rest)));
}

/* Whether address lies in the network of "192.0.2.7/24". */
static bool is_in_network(const char *network, const char *address)
{
	int family = strchr(network, ':') ? AF_INET6 : AF_INET;
	unsigned int most = family == AF_INET ? 32 : 128;
	const char *slash = strchr(network, '/');
	uint8_t a[16], b[16];
	char own[64] = {0};
	uint64_t bits;

	if (!slash || (size_t)(slash - network) >= sizeof(own) ||
	    text_parse_u64(slash + 1, 10, most, &bits))
		return false;
	memcpy(own, network, (size_t)(slash - network));
	return inet_pton(family, own, a) == 1 && inet_pton(family, address, b) == 1 &&
	       bits_are_equal(a, b, (unsigned int)bits);
}

static bool reaches(const struct host_interface *one, const char *address)
{
	size_t i;

	for (i = 0; i < one->n_addresses; i++) {
		if (is_in_network(one->addresses[i], address))
			return true;
	}
	return false;
}

/*
 * Does what comes from that server come over this interface? By its network, else by the default route;
 * a server that only a name is known of may come over any that leads out.
 */
static bool carries(const struct loss_table *t, const struct host_interface *one,
		    const char *address)
{
	size_t i;

	if (address && reaches(one, address))
		return true;
	for (i = 0; address && i < t->host->n_interfaces; i++) {
		if (reaches(&t->host->interfaces[i], address))
			return false;
	}
	return one->has_default_route || !addresses_are_known(t->host);
}

static void lose_remote_mount(struct loss_table *t, const struct host_mount *m)
{
	bool is_root = !strcmp(m->target, "/");

	loss_push(t, m->source, NULL);
	loss_add(t, m->target, is_root ? LOSS_FATAL : LOSS_SERIOUS,
		 is_root ? NULL : arena_printf(t->arena, "umount %s", m->target));
	loss_pop(t, 1);
}

static void lose_remotes(struct loss_table *t, const struct host_interface *one)
{
	const struct host *host = t->host;
	size_t i;

	/* Where addresses are not known, it may come over any that is up. */
	if (!one->n_addresses && !one->has_default_route &&
	    (addresses_are_known(host) || !one->is_up))
		return;
	for (i = 0; i < host->n_mounts; i++) {
		if (host->mounts[i].server && host->mounts[i].target &&
		    carries(t, one, host->mounts[i].server))
			lose_remote_mount(t, &host->mounts[i]);
	}
	for (i = 0; i < t->n_remotes; i++) {
		const struct block_device *b = &host->blocks[t->remotes[i]];

		if (!carries(t, one, b->remote_address))
			continue;
		loss_push(t, b->remote, NULL);
		loss_of_block(t, t->remotes[i], false);
		loss_pop(t, 1);
	}
}

/* What lies on this one itself. */
static void lose_own(struct loss_table *t, const struct host_interface *one)
{
	static const char another_way[] = "have another way in (a serial console)";
	size_t i;

	if (one->carries_login) {
		t->kind = LOSS_CONNECTION;
		loss_add(t, "the SSH connection of this shell", LOSS_SERIOUS, another_way);
		t->kind = LOSS_OTHER;
	}
	if (one->has_default_route)
		loss_add(t, "default route", LOSS_SERIOUS, "move the route to another interface");
	for (i = 0; i < one->n_addresses; i++)
		loss_add(t, one->addresses[i], LOSS_SERIOUS,
			 arena_printf(t->arena, "ip address del %s dev %s", one->addresses[i],
				      one->name));
	lose_remotes(t, one);
}

static void lose_interface(struct loss_table *t, size_t index, bool is_member)
{
	const struct host_interface *one = &t->host->interfaces[index];
	size_t i, n = t->n_found;

	if (t->interface_is_on_way[index])
		return;
	t->interface_is_on_way[index] = true;
	loss_push(t, one->name, NULL);
	lose_own(t, one);
	for (i = 0; i < one->n_uppers; i++)
		lose_interface(t, one->uppers[i], true);
	if (t->n_found == n) {
		/* Guests may be on a bridge that has no address. */
		if (is_member)
			loss_add(t, NULL, LOSS_SERIOUS, "take the interface out of it");
		else if (one->is_up && !addresses_are_known(t->host))
			loss_add(t, "it is up; its addresses are not known", LOSS_SERIOUS, NULL);
		else if (one->is_up)
			loss_add(t, "it is up, without an address", LOSS_MINOR, NULL);
	}
	loss_pop(t, 1);
	t->interface_is_on_way[index] = false;
}

void loss_of_interfaces(struct loss_table *t, size_t device)
{
	size_t i;

	for (i = t->interfaces.first[device]; i < t->interfaces.first[device + 1]; i++) {
		const struct host_interface *one = &t->host->interfaces[t->interfaces.items[i]];

		loss_push_way(t, one->way, one->n_way);
		lose_interface(t, t->interfaces.items[i], false);
		loss_pop(t, one->n_way);
	}
}
