// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What frames a boot: where one begins, its command line, the groups that it made. These are the lines
 * by which a log of several boots is told apart, so they are stricter than the others about where in the
 * line they stand.
 */
#include "decode/kernel_log_hit.h"

#include <string.h>

void log_boot_begin(struct log_state *st)
{
	if (st->boot.heard) {
		log_new_boot(st);
		st->earlier_boots++;
		st->quoted_printable = false;
	}
	st->boundary = false;
}

void log_boot_enter(struct log_state *st, const struct log_line *line)
{
	if (st->boundary && !line_at(line, line->prefix.message, "-- "))
		log_boot_begin(st);
}

/* "Linux version 6.1.0": a kernel begins here, unless only the hypervisor has spoken so far. */
void log_read_version(const struct hit *h)
{
	struct log_boot *b = &h->st->boot;
	size_t n = line_word(h->line, h->after);

	if (!line_begins_message(h->line, h->at) || !is_digit(line_char(h->line, h->after)))
		return;
	log_boot_begin(h->st);
	log_mark(h->st, MARK_VERSION, h->line);
	b->kernel.len = 0;
	text_add_bytes(&b->kernel, h->line->s + h->after, n);
}

/* "-- Reboot --" and "-- Boot 5f3a… --": a journal's own lines. */
void log_read_boundary(const struct hit *h)
{
	if (h->at == h->line->prefix.message)
		h->st->boundary = h->st->boot.heard;
}

void log_read_xen_version(const struct hit *h)
{
	if (h->line->prefix.xen)
		log_boot_begin(h->st);
	log_mark(h->st, h->line->prefix.xen ? MARK_XEN_DOM0 : MARK_XEN, h->line);
}

/* --- the command line --- */

/* The same form twice with another text, or at another date, is another boot whose version is missing. */
static bool is_another_boot(struct log_boot *b, bool early, const char *s, size_t len)
{
	struct text *seen = &b->cmdline_seen[early];
	bool other = seen->s && (seen->len != len || memcmp(seen->s, s, len));

	/* Since 6.19 a long one is printed in pieces with a backslash at the end of each but the last. */
	return other && !(seen->len && seen->s[seen->len - 1] == '\\');
}

static void add_words(struct log_boot *b, const struct log_line *line, const char *s, size_t len)
{
	size_t pos = 0, begin, n;

	while (kernel_cmdline_next(s, len, &pos, &begin, &n)) {
		if (n == 2 && !memcmp(s + begin, "--", 2))
			return;
		if (!kernel_cmdline_is_listed(s + begin, n))
			continue;
		log_names_set(&b->parameters, s + begin, n, 0, line->number);
		if (b->cmdline.len < 65536) {
			text_add_bytes(&b->cmdline, s + begin, n);
			text_add(&b->cmdline, " ");
		}
	}
}

/* "Command line: …" early, "Kernel command line: …" later; Xen's own is another one. */
void log_read_cmdline(const struct hit *h)
{
	static const char kernel[] = "Kernel c", alone[] = "C";
	struct log_boot *b = &h->st->boot;
	bool early = line_at(h->line, h->at - !!h->at, alone);
	size_t begin = h->at - (early ? 1 : h->at >= 8 ? 8 : 0);
	TEXT_AUTO struct text decoded = {0};
	size_t len = kernel_line_trim(h->line->s, h->line->len);
	const char *s = h->line->s + h->after;

	if (!line_at(h->line, begin, early ? alone : kernel) ||
	    !line_begins_message(h->line, begin) || h->line->prefix.xen)
		return;
	len = len > h->after ? len - h->after : 0;
	if (len && b->cmdline_seen[early].len == len && !memcmp(b->cmdline_seen[early].s, s, len))
		return; /* the same again: a log that was pasted twice */
	if (!h->st->quoted_printable && memmem(s, len, "=3D", 3)) {
		h->st->quoted_printable = true;
		kernel_line_add_decoded(&decoded, s, len);
		s = decoded.s;
		len = decoded.len;
	}
	if (is_another_boot(b, early, s, len))
		log_boot_begin(h->st);
	log_mark(h->st, MARK_CMDLINE, h->line);
	b->cmdline_seen[early].len = 0;
	text_add_bytes(&b->cmdline_seen[early], s, len);
	add_words(b, h->line, s, len);
}

/* --- groups --- */

/* The name that ends with ':' right before "Adding to"; a driver's name stands before it. */
static void read_group_change(const struct hit *h, const char *verb, bool added)
{
	size_t n = strlen(verb), begin, end;
	uint32_t group;

	if (h->at < n + 3 || memcmp(h->line->s + h->at - n, verb, n))
		return;
	end = h->at - n;
	if (memcmp(h->line->s + end - 2, ": ", 2))
		return;
	end -= 2;
	begin = line_word_before(h->line, end);
	if (begin == end || !line_number(h->line, h->after, &group))
		return;
	h->st->boot.heard = true;
	if (!added) {
		log_names_remove(&h->st->boot.groups, h->line->s + begin, end - begin);
		return;
	}
	if (!h->st->boot.groups_line.line)
		log_note_set(&h->st->boot.groups_line, h->line);
	log_names_set(&h->st->boot.groups, h->line->s + begin, end - begin, group, h->line->number);
}

void log_read_group_added(const struct hit *h)
{
	read_group_change(h, "Adding ", true);
}

void log_read_group_removed(const struct hit *h)
{
	read_group_change(h, "Removing ", false);
}

/* Before 5.3: "iommu: Adding device 0000:00:01.0 to group 1". */
static void read_old_group(const struct hit *h, const char *middle, bool added)
{
	size_t n = line_word(h->line, h->after), rest = h->after + n;
	uint32_t group;

	if (!n || !line_at(h->line, rest, middle) ||
	    !line_number(h->line, rest + strlen(middle), &group))
		return;
	h->st->boot.heard = true;
	if (!added) {
		log_names_remove(&h->st->boot.groups, h->line->s + h->after, n);
		return;
	}
	if (!h->st->boot.groups_line.line)
		log_note_set(&h->st->boot.groups_line, h->line);
	log_names_set(&h->st->boot.groups, h->line->s + h->after, n, group, h->line->number);
}

void log_read_old_group_added(const struct hit *h)
{
	read_old_group(h, " to group ", true);
}

void log_read_old_group_removed(const struct hit *h)
{
	read_old_group(h, " from group ", false);
}

void log_read_default_domain(const struct hit *h)
{
	if (line_at(h->line, h->after, "Translated"))
		log_domain(h->st, DOMAIN_TRANSLATED, h->line);
	else if (line_at(h->line, h->after, "Passthrough"))
		log_domain(h->st, DOMAIN_PASSTHROUGH, h->line);
}
