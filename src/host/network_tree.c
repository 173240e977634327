// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Addresses and default routes of a captured machine: from what ferry's own capture wrote down, or from
 * the files of proc/net that other captures hold. There IPv4 addresses stand without their interface
 * (fib_trie), which the route to their own network tells.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/network_read.h"

/* A route to a network that lies on the interface itself; in the byte order of the host. */
struct network {
	char name[64];
	uint32_t address, mask;
};

struct captured {
	struct host_reader *reader;
	struct network *networks;
	size_t n_networks;
	char last[64]; /* of fib_trie: the address of the line before */
};

static int read_lines(struct host_reader *r, const char *name,
		      void (*take)(struct captured *c, char *line), struct captured *c)
{
	static const char *const folders[] = {"proc/net", "proc/1/net", "proc/self/net"};
	char *text, *line, *save = NULL;
	int err = -ENOENT;
	size_t i;

	for (i = 0; err && i < sizeof(folders) / sizeof(*folders); i++)
		err = root_read(r->root, r->scratch,
				arena_printf(r->scratch, "%s/%s", folders[i], name), &text, NULL);
	if (err)
		return err;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		take(c, line);
	return 0;
}

static void set_default(struct captured *c, const char *name)
{
	struct host_interface *one = network_find(c->reader->host, name);

	if (one)
		one->has_default_route = true;
}

/* net/ipv4/fib_trie.c, fib_route_seq_show: addresses as the machine had them in memory. */
static void take_route(struct captured *c, char *line)
{
	struct network one = {0};
	unsigned int destination, gateway, flags, mask;

	if (sscanf(line, "%63s %x %x %x %*d %*d %*d %x", one.name, &destination, &gateway, &flags,
		   &mask) != 5)
		return;
	if (!destination && !mask) {
		/* RTF_REJECT: an "unreachable" route. */
		if (!(flags & 0x200))
			set_default(c, one.name);
	} else if (!gateway) {
		one.address = ntohl(destination);
		one.mask = ntohl(mask);
		*arena_append(c->reader->scratch, c->networks, c->n_networks) = one;
	}
}

/* net/ipv6/route.c, rt6_info_route: destination, its length, source, its length, hop, ..., device. */
static void take_route6(struct captured *c, char *line)
{
	char destination[33], name[64];
	unsigned int len, flags;

	if (sscanf(line, "%32s %x %*s %*s %*s %*s %*s %*s %x %63s", destination, &len, &flags,
		   name) == 4 &&
	    !len && !(flags & 0x200))
		set_default(c, name);
}

static unsigned int length_of_mask(uint32_t mask)
{
	unsigned int n = 0;

	for (; mask & 0x80000000; mask <<= 1)
		n++;
	return n;
}

static void take_address(struct captured *c, const char *text)
{
	struct host *host = c->reader->host;
	struct in_addr address;
	size_t i, k;

	if (inet_pton(AF_INET, text, &address) != 1)
		return;
	for (i = 0; i < c->n_networks; i++) {
		const struct network *n = &c->networks[i];
		struct host_interface *one = network_find(host, n->name);
		char *whole;

		if (!one || (ntohl(address.s_addr) & n->mask) != n->address)
			continue;
		whole = arena_printf(c->reader->scratch, "%s/%u", text, length_of_mask(n->mask));
		/* The tables "main" and "local" both hold it. */
		for (k = 0; k < one->n_addresses && strcmp(one->addresses[k], whole) != 0; k++)
			;
		if (k == one->n_addresses)
			network_add_address(c->reader, one, whole);
		return;
	}
}

/* "|-- 192.0.2.7", and on the next line "/32 host LOCAL" where it is one of the machine's own. */
static void take_trie(struct captured *c, char *line)
{
	const char *leaf = strstr(line, "|-- ");

	if (leaf)
		snprintf(c->last, sizeof(c->last), "%s", leaf + 4);
	else if (strstr(line, "/32 host LOCAL"))
		take_address(c, c->last);
}

/* net/ipv6/addrconf.c, if6_seq_show: address, index, prefix, scope, flags, name. */
static void take_address6(struct captured *c, char *line)
{
	char digits[33], name[64], text[INET6_ADDRSTRLEN];
	unsigned int len, scope;
	struct in6_addr address;
	size_t i;

	if (sscanf(line, "%32s %*x %x %x %*x %63s", digits, &len, &scope, name) != 4 ||
	    strspn(digits, "0123456789abcdefABCDEF") != 32)
		return;
	/* IPV6_ADDR_LOOPBACK, IPV6_ADDR_LINKLOCAL */
	if (scope & 0x30)
		return;
	for (i = 0; i < 16; i++) {
		const char pair[] = {digits[2 * i], digits[2 * i + 1], 0};

		address.s6_addr[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	if (inet_ntop(AF_INET6, &address, text, sizeof(text)))
		network_add_address(c->reader, network_find(c->reader->host, name),
				    arena_printf(c->reader->scratch, "%s/%u", text, len));
}

/* "address NAME 192.0.2.7/24", "default NAME", "login NAME", "unread". */
static int take_own(struct host_reader *r, char *text)
{
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *rest = NULL, *what = strtok_r(line, " ", &rest);
		char *name = strtok_r(NULL, " ", &rest), *address = strtok_r(NULL, " ", &rest);
		struct host_interface *one = name ? network_find(r->host, name) : NULL;

		if (what && !strcmp(what, "unread"))
			return -EACCES;
		if (!one)
			continue;
		if (!strcmp(what, "default"))
			one->has_default_route = true;
		else if (!strcmp(what, "login"))
			one->carries_login = true;
		else if (!strcmp(what, "address") && address)
			network_add_address(r, one, address);
	}
	return 0;
}

int network_read_captured(struct host_reader *r)
{
	struct captured c = {.reader = r};
	char *text;
	int err = root_read(r->root, r->scratch, NETWORK_CAPTURED, &text, NULL), one;

	if (!err)
		return take_own(r, text);
	err = read_lines(r, "route", take_route, &c);
	one = read_lines(r, "fib_trie", take_trie, &c);
	if (!err && one && one != -ENOENT)
		err = one;
	one = read_lines(r, "ipv6_route", take_route6, &c);
	if (err == -ENOENT)
		err = one;
	one = read_lines(r, "if_inet6", take_address6, &c);
	return err == -ENOENT ? one : err;
}
