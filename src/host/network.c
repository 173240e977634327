// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Network interfaces from the links in sys/class/net, which hold who is built on whom; addresses and
 * default routes from the kernel by rtnetlink. Names are all that is kept of an interface's index: it
 * may be taken by another one while this is read.
 */
#include "host/network_read.h"

#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <limits.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/way.h"

#define NET "class/net"

static int compare_interfaces(const void *a, const void *b)
{
	const struct host_interface *x = a, *y = b;

	return strcmp(x->name, y->name);
}

struct host_interface *network_find(const struct host *host, const char *name)
{
	const struct host_interface key = {.name = name};

	if (!host->n_interfaces)
		return NULL;
	return bsearch(&key, host->interfaces, host->n_interfaces, sizeof(key), compare_interfaces);
}

void network_add_address(struct host_reader *r, struct host_interface *i, const char *address)
{
	if (i)
		*arena_append(r->arena, i->addresses, i->n_addresses) =
			arena_strdup(r->arena, address);
}

static void add_upper(struct host_reader *r, const char *lower, const char *upper)
{
	struct host_interface *l = network_find(r->host, lower), *u = network_find(r->host, upper);
	size_t i, index = (size_t)(u - r->host->interfaces);

	if (!l || !u || l == u)
		return;
	for (i = 0; i < l->n_uppers; i++) {
		if (l->uppers[i] == index)
			return;
	}
	*arena_append(r->arena, l->uppers, l->n_uppers) = index;
}

static int interface_attribute(struct host_reader *r, const char *name, const char *file,
			       char *buffer, size_t size)
{
	int err = root_read_attribute(&r->sys, arena_printf(r->scratch, NET "/%s/%s", name, file),
				      buffer, size, NULL);

	if (!err)
		text_trim_end(buffer);
	return err;
}

/* IFF_UP; a captured tree may have operstate alone. */
static bool is_up(struct host_reader *r, const char *name)
{
	char buffer[64];
	uint64_t flags;

	if (!interface_attribute(r, name, "flags", buffer, sizeof(buffer)) &&
	    !text_parse_u64(buffer, 16, UINT32_MAX, &flags))
		return flags & IFF_UP;
	return !interface_attribute(r, name, "operstate", buffer, sizeof(buffer)) &&
	       (!strcmp(buffer, "up") || !strcmp(buffer, "unknown"));
}

static int list_interfaces(struct host_reader *r)
{
	struct host *host = r->host;
	char **names, *path;
	const char *rest;
	size_t n, i, device;
	int err = root_names(&r->sys, r->scratch, NET, &names, &n);

	if (err)
		return err;
	host->interfaces = arena_calloc(r->arena, n, sizeof(*host->interfaces));
	for (i = 0; i < n; i++) {
		struct host_interface *one = &host->interfaces[host->n_interfaces];

		/* No link: a file of the class, such as "bonding_masters". */
		if (!strcmp(names[i], "lo") ||
		    root_readlink(&r->sys, r->scratch,
				  arena_printf(r->scratch, NET "/%s", names[i]), &path))
			continue;
		one->name = arena_strdup(r->arena, names[i]);
		one->device = -1;
		if (pci_path_device(host, path, &device, &rest)) {
			one->device = (int)device;
			way_names(r->arena, rest, &one->way, &one->n_way);
		}
		one->is_up = is_up(r, names[i]);
		host->n_interfaces++;
	}
	if (host->n_interfaces)
		qsort(host->interfaces, host->n_interfaces, sizeof(*host->interfaces),
		      compare_interfaces);
	return 0;
}

/* Kernels and captures name the two ends in different places: each place that is there is read. */
static void link_by_links(struct host_reader *r, const char *name)
{
	char **names, *master;
	size_t n, i;

	if (!root_readlink_name(&r->sys, r->scratch,
				arena_printf(r->scratch, NET "/%s/master", name), &master))
		add_upper(r, name, master);
	if (root_names(&r->sys, r->scratch, arena_printf(r->scratch, NET "/%s", name), &names, &n))
		return;
	for (i = 0; i < n; i++) {
		if (text_has_prefix(names[i], "upper_"))
			add_upper(r, name, names[i] + 6);
		else if (text_has_prefix(names[i], "lower_"))
			add_upper(r, names[i] + 6, name);
	}
}

/* What a bridge and a bond say of their own members. */
static void link_members(struct host_reader *r, const char *name)
{
	char **names, buffer[4096], *word, *save = NULL;
	size_t n, i;

	if (!root_names(&r->sys, r->scratch, arena_printf(r->scratch, NET "/%s/brif", name), &names,
			&n)) {
		for (i = 0; i < n; i++)
			add_upper(r, names[i], name);
	}
	if (interface_attribute(r, name, "bonding/slaves", buffer, sizeof(buffer)))
		return;
	for (word = strtok_r(buffer, " ", &save); word; word = strtok_r(NULL, " ", &save))
		add_upper(r, word, name);
}

/* "eth0.10": its iflink is eth0's ifindex. */
static void link_by_index(struct host_reader *r, const struct host_interface *one)
{
	char link[64], index[64];
	size_t i;

	if (interface_attribute(r, one->name, "iflink", link, sizeof(link)))
		return;
	for (i = 0; i < r->host->n_interfaces; i++) {
		const struct host_interface *other = &r->host->interfaces[i];

		if (other != one &&
		    !interface_attribute(r, other->name, "ifindex", index, sizeof(index)) &&
		    !strcmp(link, index))
			add_upper(r, other->name, one->name);
	}
}

static int compare_indexes(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* One that is down carries nothing; what is built on the others is looked at from above. */
static void link_interfaces(struct host_reader *r)
{
	size_t i;

	for (i = 0; i < r->host->n_interfaces; i++) {
		const struct host_interface *one = &r->host->interfaces[i];

		if (one->device >= 0 && !one->is_up)
			continue;
		link_by_links(r, one->name);
		if (one->device >= 0)
			continue;
		link_members(r, one->name);
		link_by_index(r, one);
	}
	for (i = 0; i < r->host->n_interfaces; i++) {
		struct host_interface *one = &r->host->interfaces[i];

		if (one->n_uppers)
			qsort(one->uppers, one->n_uppers, sizeof(size_t), compare_indexes);
	}
}

/* Scopes of link and host reach nobody else. */
static int take_address(const struct nlmsghdr *h, void *data)
{
	const struct ifaddrmsg *m = mnl_nlmsg_get_payload(h);
	const struct nlattr *a, *local = NULL, *address = NULL;
	struct host_reader *r = data;
	char text[INET6_ADDRSTRLEN], name[IF_NAMESIZE];
	size_t size = m->ifa_family == AF_INET ? 4 : 16;

	if (h->nlmsg_type != RTM_NEWADDR || m->ifa_scope >= RT_SCOPE_LINK ||
	    !if_indextoname(m->ifa_index, name))
		return MNL_CB_OK;
	mnl_attr_for_each(a, h, sizeof(*m))
	{
		if (mnl_attr_get_type(a) == IFA_LOCAL)
			local = a;
		else if (mnl_attr_get_type(a) == IFA_ADDRESS)
			address = a;
	}
	a = local ? local : address;
	if (a && mnl_attr_get_payload_len(a) == size &&
	    inet_ntop(m->ifa_family, mnl_attr_get_payload(a), text, sizeof(text)))
		network_add_address(r, network_find(r->host, name),
				    arena_printf(r->scratch, "%s/%u", text, m->ifa_prefixlen));
	return MNL_CB_OK;
}

static void route_through(struct host_reader *r, unsigned int index)
{
	char name[IF_NAMESIZE];
	struct host_interface *one =
		if_indextoname(index, name) ? network_find(r->host, name) : NULL;

	if (one)
		one->has_default_route = true;
}

/* The hops of a route over several. */
static void take_hops(struct host_reader *r, const struct nlattr *a)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(a);
	int len = mnl_attr_get_payload_len(a);

	for (; RTNH_OK(hop, len); len -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop))
		route_through(r, (unsigned int)hop->rtnh_ifindex);
}

static int take_route(const struct nlmsghdr *h, void *data)
{
	const struct rtmsg *m = mnl_nlmsg_get_payload(h);
	const struct nlattr *a;

	if (h->nlmsg_type != RTM_NEWROUTE || m->rtm_dst_len || m->rtm_type != RTN_UNICAST)
		return MNL_CB_OK;
	mnl_attr_for_each(a, h, sizeof(*m))
	{
		if (mnl_attr_get_type(a) == RTA_OIF && mnl_attr_get_payload_len(a) == 4)
			route_through(data, mnl_attr_get_u32(a));
		else if (mnl_attr_get_type(a) == RTA_MULTIPATH)
			take_hops(data, a);
	}
	return MNL_CB_OK;
}

static int dump(struct host_reader *r, struct mnl_socket *socket, uint16_t type, mnl_cb_t take)
{
	static unsigned int sequence;
	_Alignas(struct nlmsghdr) char buffer[32768]; /* NLMSG_GOODSIZE of a dump */
	struct nlmsghdr *h = mnl_nlmsg_put_header(buffer);
	ssize_t n;
	int state = MNL_CB_OK;

	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	h->nlmsg_seq = ++sequence;
	/* Both begin with the family: 0 is all of them. */
	mnl_nlmsg_put_extra_header(h, sizeof(struct rtmsg));
	if (mnl_socket_sendto(socket, h, h->nlmsg_len) < 0)
		return -errno;
	while (state > MNL_CB_STOP) {
		n = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (n < 0)
			return -errno;
		state = mnl_cb_run(buffer, (size_t)n, sequence, mnl_socket_get_portid(socket), take,
				   r);
	}
	return state < 0 ? -errno : 0;
}

static int read_live(struct host_reader *r)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int err;

	if (!socket)
		return -errno;
	err = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) ? -errno : 0;
	if (!err)
		err = dump(r, socket, RTM_GETADDR, take_address);
	if (!err)
		err = dump(r, socket, RTM_GETROUTE, take_route);
	mnl_socket_close(socket);
	return err;
}

enum fact network_read(struct host_reader *r)
{
	int err = list_interfaces(r);

	if (err)
		return fact_from_code(err);
	link_interfaces(r);
	err = r->root->live ? read_live(r) : network_read_captured(r);
	r->host->addresses_read = fact_from_code(err);
	if (r->root->live)
		login_read(r);
	return err && r->host->addresses_read != FACT_ABSENT ? r->host->addresses_read : FACT_READ;
}
