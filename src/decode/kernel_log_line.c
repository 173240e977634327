// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See kernel_log_line.h. Prefixes come in any order and number, since each program that a line went
 * through puts its own in front: syslog, then the kernel's time, then the thread; a terminal's capture
 * before all of it; a mail's quotation marks before that.
 */
#include "decode/kernel_log_line.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

/* A mail program cuts at 60 to 80 columns; the longest line that it leaves whole is one word more. */
#define WRAP_LEAST 60
#define WRAP_MOST  120
/* RFC 2045, 6.7: at most 76 characters; some programs count the quotation marks apart. */
#define SOFT_LEAST 56
#define SOFT_MOST  90

struct cursor {
	const char *s;
	size_t len, pos;
};

static bool at(const struct cursor *c, const char *word)
{
	size_t n = strlen(word);

	return c->len - c->pos >= n && !memcmp(c->s + c->pos, word, n);
}

static bool take(struct cursor *c, const char *word)
{
	if (!at(c, word))
		return false;
	c->pos += strlen(word);
	return true;
}

static char peek(const struct cursor *c, size_t ahead)
{
	return c->pos + ahead < c->len ? c->s[c->pos + ahead] : 0;
}

static bool digit_at(const struct cursor *c, size_t ahead)
{
	return isdigit((unsigned char)peek(c, ahead));
}

static void skip_spaces(struct cursor *c)
{
	while (peek(c, 0) == ' ' || peek(c, 0) == '\t')
		c->pos++;
}

/* The length of the run without white space from ahead on. */
static size_t word_length(const struct cursor *c, size_t ahead)
{
	size_t n = 0;

	while (c->pos + ahead + n < c->len && !isspace((unsigned char)c->s[c->pos + ahead + n]))
		n++;
	return n;
}

/* "<6>" */
static bool take_priority(struct cursor *c)
{
	size_t n = 1;

	while (digit_at(c, n) && n < 5)
		n++;
	if (peek(c, 0) != '<' || n == 1 || peek(c, n) != '>')
		return false;
	c->pos += n + 1;
	return true;
}

/* "kern  :info  : " (dmesg -x); what is not of kern was written to the kernel's log by a program. */
static bool take_facility(struct cursor *c, struct kernel_line_prefix *ret)
{
	static const char *const names[] = {"kern", "user", "daemon", "syslog", "auth", "mail"};
	size_t n = 0, colons = 0, i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (at(c, names[i]))
			n = strlen(names[i]);
	if (!n)
		return false;
	for (i = n; colons < 2; i++) {
		char ch = peek(c, i);

		if (ch == ':')
			colons++;
		else if (ch != ' ' && !(colons && islower((unsigned char)ch)))
			return false;
	}
	ret->foreign |= !at(c, "kern");
	c->pos += i;
	return true;
}

/* "[   12.345678]", "[Fri May 22 09:34:57 2026]", "[    T0]", "[May22 09:34]", "[  +0.000012]". */
static bool take_bracket(struct cursor *c, struct kernel_line_prefix *ret)
{
	bool digits = false;
	size_t i;

	if (peek(c, 0) != '[')
		return false;
	for (i = 1; i < 64; i++) {
		unsigned char ch = (unsigned char)peek(c, i);

		if (ch == ']')
			break;
		digits |= isdigit(ch);
		if (!isalnum(ch) && (!ch || !strchr(" .:+-<>/", ch)))
			return false;
	}
	if (!digits || i == 64 || (peek(c, i + 1) && !strchr(" [\t\r", peek(c, i + 1))))
		return false;
	if (ret->stamp == c->len)
		ret->stamp = c->pos;
	c->pos += i + 1;
	return true;
}

/* "2025-04-02T11:44:14.857234-05:00", "2025-04-02 11:44:14,857": gives its length, 0 where there is none. */
static size_t iso_length(const struct cursor *c, size_t ahead)
{
	static const char form[] = "0000-00-00_00:00:00";
	size_t i;

	for (i = 0; form[i]; i++) {
		char ch = peek(c, ahead + i);

		if (form[i] == '0'   ? !isdigit((unsigned char)ch)
		    : form[i] == '_' ? ch != 'T' && ch != ' '
				     : ch != form[i])
			return 0;
	}
	return i + word_length(c, ahead + i);
}

/* "May  6 08:35:39", "Jan 09 10:03:12.035211": gives its length, 0 where there is none. */
static size_t syslog_length(const struct cursor *c)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = {peek(c, 0), peek(c, 1), peek(c, 2), 0};
	size_t n = 3;

	if (!islower((unsigned char)month[1]) || !strstr(months, month) || peek(c, n) != ' ')
		return 0;
	while (peek(c, n) == ' ')
		n++;
	while (digit_at(c, n))
		n++;
	if (peek(c, n) != ' ' || !digit_at(c, n + 1) || !digit_at(c, n + 2) ||
	    peek(c, n + 3) != ':')
		return 0;
	return n + 1 + word_length(c, n + 1);
}

/* "Mon 2024-05-13 21:22:23 CEST" (journalctl -o short-full): gives its length. */
static size_t full_length(const struct cursor *c)
{
	size_t n;

	if (!isupper((unsigned char)peek(c, 0)) || !islower((unsigned char)peek(c, 1)) ||
	    !islower((unsigned char)peek(c, 2)) || peek(c, 3) != ' ')
		return 0;
	n = iso_length(c, 4);
	if (!n)
		return 0;
	n += 4;
	return n + 1 + word_length(c, n + 1);
}

static bool take_date(struct cursor *c)
{
	size_t n = iso_length(c, 0);

	n = n ? n : syslog_length(c);
	n = n ? n : full_length(c);
	c->pos += n;
	return n > 0;
}

/* A word that names a program other than the kernel: "sshd[812]:", "sudo:". */
static bool is_foreign_tag(const char *s, size_t len)
{
	static const char *const known[] = {"sudo:", "su:", "root:", "audit:", "libvirtd:", "sh:"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (len == strlen(known[i]) && !memcmp(s, known[i], len))
			return true;
	if (len < 5 || s[len - 1] != ':' || s[len - 2] != ']')
		return false;
	for (len -= 2; len && isdigit((unsigned char)s[len - 1]);)
		len--;
	return len > 1 && s[len - 1] == '[';
}

/* Behind a date, or a journal's monotonic stamp: "host kernel: ", "kernel: ", "host sudo[12]: ". */
static void take_origin(struct cursor *c, struct kernel_line_prefix *ret, bool with_host)
{
	struct cursor ahead = *c;
	size_t n;

	skip_spaces(&ahead);
	for (int word = 0; word < 3; word++) {
		if (take(&ahead, "kernel: ") || take(&ahead, "kernel:")) {
			*c = ahead;
			return;
		}
		n = word_length(&ahead, 0);
		if (with_host && is_foreign_tag(ahead.s + ahead.pos, n)) {
			ahead.pos += n;
			ret->foreign = true;
			*c = ahead;
			return;
		}
		/* The host, then perhaps "kern.info". A word with a colon is the message itself. */
		if (!n || ahead.s[ahead.pos + n - 1] == ':' || (word && !with_host))
			return;
		ahead.pos += n;
		skip_spaces(&ahead);
	}
}

static bool take_part(struct cursor *c, struct kernel_line_prefix *ret)
{
	char first = peek(c, 0);

	if (first == '[') {
		if (!take_bracket(c, ret))
			return false;
		take_origin(c, ret, false);
		return true;
	}
	if (first == '(') {
		ret->xen |= at(c, "(XEN)");
		return take(c, "(XEN)");
	}
	if (first == '<')
		return take_priority(c);
	if ((isupper((unsigned char)first) || isdigit((unsigned char)first)) && take_date(c)) {
		ret->wall_clock = true;
		take_origin(c, ret, true);
		return true;
	}
	return islower((unsigned char)first) && (take_facility(c, ret) || take(c, "kernel:"));
}

/*
 * The most usual prefix of all, "[   12.345678] ", with nothing behind it that could be one too: gives its
 * length, 0 for any other. Most lines of a large log go through here.
 */
static size_t plain_stamp(const char *s, size_t len)
{
	const char *space;

	if (len < 24 || s[0] != '[' || s[6] != '.' || s[13] != ']' || s[14] != ' ' ||
	    !isdigit((unsigned char)s[5]) || !isdigit((unsigned char)s[7]) ||
	    !isalpha((unsigned char)s[15]))
		return 0;
	space = memchr(s + 15, ' ', len - 15);
	/* "kern:", "host kernel:" */
	if (space && s[15] != 'k' && space[1] != 'k')
		return 15;
	return 0;
}

void kernel_line_prefix_read(const char *s, size_t len, struct kernel_line_prefix *ret)
{
	struct cursor c = {s, len, plain_stamp(s, len)};

	*ret = (struct kernel_line_prefix){.stamp = len};
	if (c.pos) {
		*ret = (struct kernel_line_prefix){.message = c.pos, .stamped = true};
		return;
	}
	for (; c.pos < len && strchr(" \t>|", s[c.pos]); c.pos++)
		ret->quotes += s[c.pos] == '>' || s[c.pos] == '|';
	while (take_part(&c, ret)) {
		ret->stamped = true;
		skip_spaces(&c);
	}
	ret->message = c.pos;
}

double kernel_line_prefix_seconds(const char *s, size_t len,
				  const struct kernel_line_prefix *prefix)
{
	double whole = 0, part = 0, scale = 1;
	size_t i = prefix->stamp + 1, begin;

	while (i < len && s[i] == ' ')
		i++;
	for (begin = i; i < len && isdigit((unsigned char)s[i]); i++)
		whole = whole * 10 + (s[i] - '0');
	if (i >= len || i == begin || s[i] != '.')
		return -1;
	for (i++; i < len && isdigit((unsigned char)s[i]); i++) {
		part = part * 10 + (s[i] - '0');
		scale *= 10;
	}
	return whole + part / scale;
}

size_t kernel_line_trim(const char *s, size_t len)
{
	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	return len;
}

/* Whether a line without a stamp begins like a message: "DMAR: ", "pci 0000:00:01.0: ". */
static bool begins_message(const char *s, size_t len)
{
	struct cursor c = {s, len, 0};

	if (at(&c, "Linux version ") || at(&c, "Kernel command line:") || at(&c, "Command line:"))
		return true;
	for (int word = 0; word < 2; word++) {
		size_t n = word_length(&c, 0);

		if (n > 1 && c.s[c.pos + n - 1] == ':')
			return true;
		c.pos += n;
		skip_spaces(&c);
	}
	return false;
}

bool kernel_line_continues(const char *prev, size_t prev_len, const char *cur, size_t cur_len)
{
	struct kernel_line_prefix before, here;
	struct cursor c;

	/* The usual case first: both lines begin alike, and not with a quotation mark. */
	if (prev_len < 4 || cur_len < 1 || (prev[0] == '[' && cur[0] == '['))
		return false;
	if (cur_len >= 4 && !memcmp(prev, cur, 4) && !strchr(" \t>|", prev[0]))
		return false;
	prev_len = kernel_line_trim(prev, prev_len);
	cur_len = kernel_line_trim(cur, cur_len);
	if (prev_len > WRAP_MOST)
		return false;
	kernel_line_prefix_read(cur, cur_len, &here);
	c = (struct cursor){cur, cur_len, here.message};
	if (here.stamped || here.message == cur_len ||
	    prev_len + 1 + word_length(&c, 0) < WRAP_LEAST)
		return false;
	kernel_line_prefix_read(prev, prev_len, &before);
	if (before.quotes != here.quotes || before.message == prev_len)
		return false;
	return before.stamped || !begins_message(cur + here.message, cur_len - here.message);
}

bool kernel_line_is_soft_broken(const char *s, size_t len)
{
	len = len && s[len - 1] == '\r' ? len - 1 : len;
	return len >= SOFT_LEAST && len <= SOFT_MOST && s[len - 1] == '=' && s[len - 2] != '=';
}

size_t kernel_line_quote(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && (s[i] == '>' || s[i] == '|'))
		i += i + 1 < len && s[i + 1] == ' ' ? 2 : 1;
	return i;
}

static int hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void kernel_line_add_decoded(struct text *t, const char *s, size_t len)
{
	size_t done = 0;

	for (size_t i = 0; i + 2 < len; i++) {
		int high, low;
		char c;

		if (s[i] != '=')
			continue;
		high = hex_value(s[i + 1]);
		low = hex_value(s[i + 2]);
		if (high < 0 || low < 0)
			continue;
		text_add_bytes(t, s + done, i - done);
		c = (char)(high * 16 + low);
		text_add_bytes(t, &c, 1);
		i += 2;
		done = i + 1;
	}
	text_add_bytes(t, s + done, len - done);
}
