// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What an anonymous capture must not hold: serial numbers, MAC addresses, names of hosts. Everything
 * else stays as it is, so that the answers stay the same.
 */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "apply/capture.h"
#include "base/arena.h"
#include "base/text.h"
#include "decode/pci_config.h"

#define MAC_SIZE 17 /* "01:23:45:67:89:ab" */

struct scrub {
	struct arena *arena;
	char name[256];      /* of this host; "" where it says nothing ("localhost") */
	const char **hidden; /* what interfaces are named after: "0123456789ab" */
	size_t n_hidden;
};

struct scrub *scrub_new(const struct capture *c)
{
	struct scrub *s = arena_alloc(c->arena, sizeof(*s));

	s->arena = c->arena;
	if (gethostname(s->name, sizeof(s->name) - 1) || !strcmp(s->name, "localhost") ||
	    !strcmp(s->name, "(none)"))
		s->name[0] = 0;
	return s;
}

static bool is_hex(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!isxdigit((unsigned char)s[i]))
			return false;
	}
	return true;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Six pairs, and neither a seventh nor half of one beside them. */
static bool is_mac(const char *text, size_t at, size_t len)
{
	const char *s = text + at;
	size_t i;

	if (len - at < MAC_SIZE || (at && (is_word(s[-1]) || s[-1] == ':')) ||
	    (s[2] != ':' && s[2] != '-'))
		return false;
	for (i = 0; i < 6; i++) {
		if (!is_hex(s + 3 * i, 2) || (i < 5 && s[3 * i + 2] != s[2]))
			return false;
	}
	return len - at == MAC_SIZE || (!is_word(s[MAC_SIZE]) && s[MAC_SIZE] != ':');
}

/* "enx0123456789ab": the same number for the same one, wherever it stands. */
static bool is_named_after_mac(const char *text, size_t at, size_t len)
{
	const char *s = text + at;

	return len - at >= 15 && (!at || !is_word(s[-1])) &&
	       (!strncmp(s, "enx", 3) || !strncmp(s, "wlx", 3)) && is_hex(s + 3, 12);
}

static size_t number_of(struct scrub *s, const char *mac)
{
	size_t i;

	for (i = 0; i < s->n_hidden; i++) {
		if (!strncmp(s->hidden[i], mac, 12))
			return i;
	}
	*arena_append(s->arena, s->hidden, s->n_hidden) = arena_memdup(s->arena, mac, 12);
	return i;
}

static bool is_name(const struct scrub *s, const char *text, size_t at, size_t len)
{
	size_t n = strlen(s->name);

	return n && len - at >= n && !strncmp(text + at, s->name, n) &&
	       (!at || !is_word(text[at - 1])) && (len - at == n || !is_word(text[at + n]));
}

char *scrub_text(struct scrub *s, const char *text, size_t len, size_t *ret_len)
{
	TEXT_AUTO struct text t = {0};
	size_t at = 0;
	char *copy;

	while (at < len) {
		if (is_mac(text, at, len)) {
			text_add(&t, "00:00:00:00:00:00");
			at += MAC_SIZE;
		} else if (is_named_after_mac(text, at, len)) {
			text_addf(&t, "%.3s%012zx", text + at, number_of(s, text + at + 3));
			at += 15;
		} else if (is_name(s, text, at, len)) {
			text_add(&t, "host");
			at += strlen(s->name);
		} else {
			text_add_bytes(&t, text + at, 1);
			at++;
		}
	}
	copy = arena_memdup(s->arena, text_str(&t), t.len);
	if (ret_len)
		*ret_len = t.len;
	return copy;
}

/* Device Serial Number (PCI Express 7.9.3): the capability stays, its number is nobody's. */
static char *scrub_config(struct scrub *s, const char *data, size_t len)
{
	char *copy = arena_memdup(s->arena, data, len);
	const struct pci_config config = {.data = (const uint8_t *)copy, .size = len};
	size_t at;

	if (!pci_config_find_extended(&config, PCI_EXTENDED_SERIAL, &at) && at + 12 <= len)
		memset(copy + at + 4, 0, 8);
	return copy;
}

/* Servers of the network's file systems have names: "server:/export", "//server/share". */
static char *scrub_mounts(struct scrub *s, char *text)
{
	TEXT_AUTO struct text t = {0};
	char *line, *word, *lines = NULL, *words;

	for (line = strtok_r(text, "\n", &lines); line; line = strtok_r(NULL, "\n", &lines)) {
		bool is_first = true;

		words = NULL;
		for (word = strtok_r(line, " ", &words); word; word = strtok_r(NULL, " ", &words)) {
			char *colon = strstr(word, ":/");

			text_add(&t, is_first ? "" : " ");
			is_first = false;
			if (colon && *word != '/' && !strchr(word, ','))
				text_addf(&t, "server%s", colon);
			else if (text_has_prefix(word, "//"))
				text_addf(&t, "//server%s", strchrnul(word + 2, '/'));
			else if (strstr(word, "addr="))
				text_addf(&t, "%.2s", word);
			else
				text_add(&t, word);
		}
		text_add(&t, "\n");
	}
	return arena_strdup(s->arena, text_str(&t));
}

/* Words of the command line that hold names, addresses or serial numbers. */
static char *scrub_words(struct scrub *s, char *text)
{
	static const char *const named[] = {
		"ip=",      "BOOTIF=", "hostname=", "systemd.hostname=", "rd.iscsi", "netroot=",
		"nfsroot=", "ifname=", "iscsi_"};
	TEXT_AUTO struct text t = {0};
	char *word, *save = NULL;
	size_t i, n = sizeof(named) / sizeof(*named);

	for (word = strtok_r(text, " \n", &save); word; word = strtok_r(NULL, " \n", &save)) {
		for (i = 0; i < n && !text_has_prefix(word, named[i]); i++)
			;
		if (i == n)
			text_addf(&t, "%s%s", t.len ? " " : "", word);
	}
	text_add(&t, "\n");
	return arena_strdup(s->arena, text_str(&t));
}

/* Of what udev knows, only what the readers ask for. */
static char *scrub_udev(struct scrub *s, char *text)
{
	TEXT_AUTO struct text t = {0};
	char *line, *save = NULL;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (text_has_prefix(line, "E:ID_FS_TYPE=") ||
		    text_has_prefix(line, "E:ID_FS_LABEL="))
			text_addf(&t, "%s\n", line);
	}
	return arena_strdup(s->arena, text_str(&t));
}

/* "Linux version 6.1.0 (somebody@host) ..." */
static char *scrub_version(struct scrub *s, char *text)
{
	char *open = strchr(text, '('), *at = strchr(text, '@'),
	     *close = open ? strchr(open, ')') : NULL;

	if (!open || !at || !close || at < open || at > close)
		return text;
	return arena_printf(s->arena, "%.*sbuilder@host%s", (int)(open + 1 - text), text, close);
}

static bool is_serial(const char *name)
{
	return strstr(name, "serial") || !strcmp(name, "wwid") || !strcmp(name, "uniq") ||
	       !strcmp(name, "vpd") || strstr(name, "uuid");
}

char *scrub_file(struct scrub *s, const char *path, const char *data, size_t len, size_t *ret_len)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *text;

	if (!strcmp(name, "config") || strstr(path, "/acpi/tables/")) {
		*ret_len = len;
		return !strcmp(name, "config") ? scrub_config(s, data, len)
					       : arena_memdup(s->arena, data, len);
	}
	/* A mapping's begins with what made it, which is all that is asked for. */
	if (text_has_prefix(name, "uuid") && strstr(path, "/dm/")) {
		size_t prefix = strcspn(data, "-");

		if (text_has_prefix(data, "CRYPT-"))
			prefix += 1 + strcspn(data + prefix + 1, "-");
		text = arena_printf(s->arena, "%.*s-\n", (int)(prefix < len ? prefix : 0), data);
		*ret_len = strlen(text);
		return text;
	}
	if (is_serial(name))
		return NULL;
	text = arena_memdup(s->arena, data, len);
	if (!strcmp(name, "mountinfo") || !strcmp(name, "mounts"))
		text = scrub_mounts(s, text);
	else if (!strcmp(path, "proc/cmdline"))
		text = scrub_words(s, text);
	else if (text_has_prefix(path, "run/udev/"))
		text = scrub_udev(s, text);
	else if (!strcmp(path, "proc/version"))
		text = scrub_version(s, text);
	return scrub_text(s, text, strlen(text), ret_len);
}
