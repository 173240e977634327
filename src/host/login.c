// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The connection that this command came in by: whoever takes that NIC away saws off the branch that he
 * sits on. sudo drops SSH_CONNECTION, so the way is up the processes to sshd, and from its sockets to
 * the address on this side. Only root may look into sshd; then the environment has to do.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/network_read.h"

/* No tree of processes is deeper; a race may show a ring. */
#define DEEPEST 64

/* proc_pid_stat(5): the name stands in brackets and may hold anything. */
static pid_t parent_of(struct host_reader *r, pid_t pid, char name[64])
{
	char buffer[1024], *open, *close;
	int parent;

	if (root_read_attribute(r->root, arena_printf(r->scratch, "proc/%d/stat", (int)pid), buffer,
				sizeof(buffer), NULL))
		return 0;
	open = strchr(buffer, '(');
	close = strrchr(buffer, ')');
	if (!open || !close || close < open || sscanf(close + 1, " %*c %d", &parent) != 1)
		return 0;
	snprintf(name, 64, "%.*s", (int)(close - open - 1), open + 1);
	return parent;
}

/* "0100007F:0016" or 32 digits: words in the machine's own byte order. */
static bool parse_endpoint(const char *s, char *ret, size_t size)
{
	size_t len = strspn(s, "0123456789ABCDEFabcdef"), i;
	uint32_t words[4];
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (len != 8 && len != 32)
		return false;
	for (i = 0; i < len / 8; i++) {
		if (sscanf(s + 8 * i, "%8x", &words[i]) != 1)
			return false;
	}
	if (len == 8)
		return inet_ntop(AF_INET, words, ret, (socklen_t)size);
	if (!memcmp(words, mapped, sizeof(mapped)))
		return inet_ntop(AF_INET, &words[3], ret, (socklen_t)size);
	return inet_ntop(AF_INET6, words, ret, (socklen_t)size);
}

/* The local address of the established connection with that inode. */
static bool find_socket(struct host_reader *r, const char *inode, char *ret, size_t size)
{
	static const char *const files[] = {"proc/net/tcp", "proc/net/tcp6"};
	char *text, *line, *save = NULL;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (root_read(r->root, r->scratch, files[i], &text, NULL))
			continue;
		for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
			char local[64], state[8], number[32];

			/* 01: established */
			if (sscanf(line, " %*s %63s %*s %7s %*s %*s %*s %*s %*s %31s", local, state,
				   number) == 3 &&
			    !strcmp(state, "01") && !strcmp(number, inode))
				return parse_endpoint(local, ret, size);
		}
	}
	return false;
}

static bool address_of_process(struct host_reader *r, pid_t pid, char *ret, size_t size)
{
	char link[PATH_MAX], **names;
	struct root fds;
	size_t n, i;
	bool is_found = false;

	if (root_sub(r->root, arena_printf(r->scratch, "proc/%d/fd", (int)pid), &fds))
		return false;
	if (root_names(&fds, r->scratch, ".", &names, &n))
		n = 0;
	for (i = 0; !is_found && i < n; i++) {
		if (root_link(&fds, names[i], link, sizeof(link)) ||
		    !text_has_prefix(link, "socket:["))
			continue;
		link[strcspn(link, "]")] = 0;
		is_found = find_socket(r, link + 8, ret, size);
	}
	root_close(&fds);
	return is_found;
}

/* "client port server port" */
static bool address_of_environment(char *ret, size_t size)
{
	const char *s = getenv("SSH_CONNECTION");
	char server[64];

	if (!s || sscanf(s, "%*s %*s %63s %*s", server) != 1)
		return false;
	snprintf(ret, size, "%s", server);
	return true;
}

static bool address_of_login(struct host_reader *r, char *ret, size_t size)
{
	char name[64];
	pid_t pid = getpid();
	int i;

	for (i = 0; pid > 1 && i < DEEPEST; i++) {
		pid_t parent = parent_of(r, pid, name);

		if (parent && text_has_prefix(name, "sshd") &&
		    address_of_process(r, pid, ret, size))
			return true;
		pid = parent;
	}
	return address_of_environment(ret, size);
}

static bool has_address(const struct host_interface *one, const char *address)
{
	size_t i, len = strlen(address);

	for (i = 0; i < one->n_addresses; i++) {
		if (!strncmp(one->addresses[i], address, len) && one->addresses[i][len] == '/')
			return true;
	}
	return false;
}

void login_read(struct host_reader *r)
{
	char address[64];
	size_t i;

	if (!address_of_login(r, address, sizeof(address)))
		return;
	for (i = 0; i < r->host->n_interfaces; i++) {
		struct host_interface *one = &r->host->interfaces[i];

		one->carries_login = has_address(one, address);
	}
}
