// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What stands in front of a message, and what the line is. A text in a log is not always a message: a
 * search for it, the command that looked for it and ferry's own report of it stand in the same journal.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diagnosis_words.h"

/* The line before must have been at least this long, its next word included, to count as wrapped. */
#define LEAST_WRAP 64

static bool is_one_of(const char *s, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == len && !strncasecmp(s, *list, len))
			return true;
	return false;
}

struct cursor {
	const char *s;
	size_t at, len;
};

static char peek(const struct cursor *c, size_t ahead)
{
	return c->at + ahead < c->len ? c->s[c->at + ahead] : 0;
}

static void skip_blanks(struct cursor *c)
{
	while (peek(c, 0) == ' ' || peek(c, 0) == '\t')
		c->at++;
}

static size_t count_digits(const struct cursor *c, size_t ahead)
{
	size_t n = 0;

	while (isdigit((unsigned char)peek(c, ahead + n)))
		n++;
	return n;
}

/* Mail's "> > " and a byte order mark. */
static void skip_quotation(struct cursor *c)
{
	if (c->len >= 3 && !memcmp(c->s, "\xef\xbb\xbf", 3))
		c->at = 3;
	skip_blanks(c);
	while (peek(c, 0) == '>') {
		c->at++;
		skip_blanks(c);
	}
}

/* "kern  :info  : " */
static bool skip_facility(struct cursor *c)
{
	static const char *const facilities[] = {"kern", "user", "daemon", "auth", "syslog", NULL};
	size_t n = 0, level;

	while (islower((unsigned char)peek(c, n)))
		n++;
	if (!is_one_of(c->s + c->at, n, facilities))
		return false;
	while (peek(c, n) == ' ')
		n++;
	if (peek(c, n) != ':')
		return false;
	for (level = ++n; islower((unsigned char)peek(c, n)) || peek(c, n) == ' ';)
		n++;
	if (n - level > 8 || peek(c, n) != ':' || peek(c, n + 1) != ' ')
		return false;
	c->at += n + 2;
	return true;
}

/* "<6>", "6,1234,5678901,-;" (Documentation/ABI/testing/dev-kmsg), dmesg -x */
static bool skip_priority(struct cursor *c, double *seconds)
{
	size_t n;

	if (peek(c, 0) == '<') {
		n = count_digits(c, 1);
		if (!n || peek(c, n + 1) != '>')
			return false;
		c->at += n + 2;
		return true;
	}
	n = count_digits(c, 0);
	if (n && peek(c, n) == ',') {
		size_t sequence = count_digits(c, n + 1), time = n + sequence + 2, digits;

		digits = count_digits(c, time);
		if (!sequence || !digits || peek(c, time - 1) != ',' ||
		    peek(c, time + digits) != ',')
			return false;
		n = time + digits;
		while (peek(c, n) && peek(c, n) != ';')
			n++;
		if (peek(c, n) != ';')
			return false;
		*seconds = strtod(c->s + c->at + time, NULL) / 1e6;
		c->at += n + 1;
		return true;
	}
	return skip_facility(c);
}

/* "[   12.345678]", "[Fri Apr  7 00:04:34 2023]", "[  +0.001779]", "[    T0]" */
static bool skip_stamp(struct cursor *c, double *seconds)
{
	size_t n = 1;
	bool is_number = true, has_digit = false;

	if (peek(c, 0) != '[')
		return false;
	for (; peek(c, n) && peek(c, n) != ']' && n < 40; n++) {
		char b = peek(c, n);

		has_digit |= isdigit((unsigned char)b) != 0;
		is_number &= isdigit((unsigned char)b) || b == '.' || b == ' ';
		if (!isalnum((unsigned char)b) && !strchr(" .:+-", b))
			return false;
	}
	if (peek(c, n) != ']' || !has_digit)
		return false;
	if (!is_number && peek(c, 1) != ' ' && peek(c, 1) != '+' &&
	    !(isupper((unsigned char)peek(c, 1)) && memchr(c->s + c->at, ':', n)) &&
	    !isdigit((unsigned char)peek(c, 1)))
		return false;
	if (is_number && *seconds < 0 && n < 32) {
		char text[33];

		memcpy(text, c->s + c->at + 1, n - 1);
		text[n - 1] = 0;
		*seconds = strtod(text, NULL);
	}
	c->at += n + 1;
	return true;
}

/* "HH:MM:SS" with what may stand before it in a date; its end, 0: none. */
static size_t clock_end(const struct cursor *c)
{
	size_t n;

	for (n = 0; n < 26; n++) {
		char b = peek(c, n);

		if (count_digits(c, n) == 2 && peek(c, n + 2) == ':' &&
		    count_digits(c, n + 3) == 2 && peek(c, n + 5) == ':' &&
		    count_digits(c, n + 6) == 2)
			return n + 8;
		if (isdigit((unsigned char)b)) {
			n += count_digits(c, n) - 1;
			continue;
		}
		if (!isalpha((unsigned char)b) && (unsigned char)b < 0x80 &&
		    !strchr(" .-/", b ? b : '?'))
			return 0;
	}
	return 0;
}

/* A syslog or ISO date; in the first, host and program follow. */
static bool skip_date(struct cursor *c)
{
	size_t n = clock_end(c);

	/* "00:01:00.0" is the rest of a device's address. */
	if (!n || (n == 8 && peek(c, n) == '.' && count_digits(c, n + 1) == 1))
		return false;
	if (peek(c, n) == '.' || peek(c, n) == ',')
		n += 1 + count_digits(c, n + 1);
	if (peek(c, n) == 'Z')
		n++;
	else if ((peek(c, n) == '+' || peek(c, n) == '-') && count_digits(c, n + 1) >= 2)
		for (n++; isdigit((unsigned char)peek(c, n)) || peek(c, n) == ':';)
			n++;
	if (peek(c, n) == ':')
		n++;
	if (peek(c, n) && peek(c, n) != ' ')
		return false;
	c->at += n;
	return true;
}

/* "kernel: ", "libvirtd[123]: ", a host's name in front of it where a date stood before. */
static void read_program(struct cursor *c, bool may_have_host, struct log_prefix *ret)
{
	size_t n = 0, name;

	while (peek(c, n) &&
	       (isalnum((unsigned char)peek(c, n)) || strchr("-_./@(){}", peek(c, n))))
		n++;
	if (may_have_host && n && peek(c, n) == ' ') {
		struct cursor after = *c;

		after.at += n + 1;
		read_program(&after, false, ret);
		if (ret->program)
			*c = after;
		return;
	}
	name = n;
	if (n && peek(c, n) == '[') {
		size_t digits = count_digits(c, n + 1);

		if (!digits || peek(c, n + 1 + digits) != ']')
			return;
		n += digits + 2;
	}
	if (!name || peek(c, n) != ':' || (peek(c, n + 1) && peek(c, n + 1) != ' '))
		return;
	ret->program = c->s + c->at;
	ret->program_length = name;
	c->at += n + 1;
}

void log_prefix_read(const char *s, size_t len, struct log_prefix *ret)
{
	struct cursor c = {.s = s, .len = len};
	*ret = (struct log_prefix){.seconds = -1};
	skip_quotation(&c);
	for (;;) {
		skip_blanks(&c);
		if (!skip_priority(&c, &ret->seconds) && !skip_stamp(&c, &ret->seconds) &&
		    !skip_date(&c))
			break;
		ret->has_stamp = true;
	}
	skip_blanks(&c);
	ret->length = c.at;
	read_program(&c, ret->has_stamp, ret);
	if (ret->program && ret->program_length == 6 && !memcmp(ret->program, "kernel", 6)) {
		/* The journal's prefix in front of the kernel's own stamp. */
		skip_blanks(&c);
		while (skip_stamp(&c, &ret->seconds))
			skip_blanks(&c);
		ret->length = c.at;
	}
}

static bool contains(const char *s, size_t len, const char *what)
{
	return memmem(s, len, what, strlen(what)) != NULL;
}

/* Programs whose lines tell what somebody typed, or report on a log, and shells. */
static const char *const reporters[] = {
	"ferry", "sudo",    "su",   "doas", "ferry-recover", "history",    "grep",   "egrep",
	"fgrep", "zgrep",   "rg",   "sshd", "logger",        "journalctl", "dmesg",  "cron",
	"crond", "systemd", "less", "man",  "vim",           "polkitd",    "pkexec", NULL};
static const char *const shells[] = {"bash", "-bash", "sh",  "zsh", "-zsh",
				     "dash", "fish",  "tee", NULL};
/* What a typed line begins with. */
static const char *const commands[] = {
	"grep", "egrep", "fgrep", "zgrep",   "rg",       "ag",     "dmesg", "journalctl",
	"cat",  "zcat",  "less",  "more",    "tail",     "head",   "echo",  "printf",
	"vim",  "vi",    "nano",  "sed",     "awk",      "sudo",   "su",    "doas",
	"man",  "virsh", "ferry", "history", "git",      "ssh",    "watch", "tee",
	"diff", "find",  "ls",    "lspci",   "modprobe", "export", "cd",    NULL};

/* A shell's failed redirection is a failure; what its history records is not. */
static bool is_shell_failure(const char *s, size_t len)
{
	return contains(s, len, "write error") || contains(s, len, "cannot create") ||
	       contains(s, len, ": Device or resource busy") ||
	       contains(s, len, ": Permission denied") || contains(s, len, ": Read-only file");
}

static bool is_typed(const char *s, size_t len)
{
	struct cursor c = {.s = s, .len = len};
	size_t n, digits;

	skip_blanks(&c);
	/* "  501  grep ...", ": 1700000000:0;grep ...", "+ grep ..." */
	digits = count_digits(&c, 0);
	if (digits && peek(&c, digits) == ' ' && peek(&c, digits + 1) == ' ')
		c.at += digits;
	else if (peek(&c, 0) == ':' && peek(&c, 1) == ' ' && (digits = count_digits(&c, 2)) &&
		 peek(&c, digits + 2) == ':' && memchr(s, ';', len))
		return true;
	while (peek(&c, 0) == '+')
		c.at++;
	skip_blanks(&c);
	for (n = 0; isalnum((unsigned char)peek(&c, n)) || peek(&c, n) == '-';)
		n++;
	return peek(&c, n) == ' ' && is_one_of(c.s + c.at, n, commands);
}

/* "# comment", "$ command", "root@host:~# command" */
static bool is_prompt_or_comment(const char *s, size_t len)
{
	static const char *const marks[] = {"# ",  "#\t",  "$ ", "% ", "// ",
					    "/* ", "<!--", "; ", NULL};
	const char *const *mark;
	const char *at;
	size_t i;

	for (mark = marks; *mark; mark++)
		if (len >= strlen(*mark) && !memcmp(s, *mark, strlen(*mark)))
			return true;
	if (len >= 2 && s[0] == '#' && !isdigit((unsigned char)s[1]))
		return true;
	at = memchr(s, '@', len < 40 ? len : 40);
	if (!at || at == s)
		return false;
	for (i = (size_t)(at - s); i + 1 < len && i < 160; i++) {
		if ((s[i] == '$' || s[i] == '#') && s[i + 1] == ' ')
			return true;
		if (s[i] == ' ' && !(i && s[i - 1] != ':' && memchr(s, '[', i)))
			return false;
	}
	return false;
}

/* The audit's record of a command or of its title (linux/audit.h: 1309, 1327, 1123). */
static bool is_audited_command(const char *s, size_t len)
{
	static const char *const kinds[] = {"type=EXECVE",   "type=PROCTITLE",
					    "type=USER_CMD", "type=USER_TTY",
					    "type=TTY",      "type=1309",
					    "type=1327",     "type=1123",
					    "type=1124",     "type=1319",
					    "USER_CMD ",     "PROCTITLE ",
					    "EXECVE ",       NULL};
	size_t within = len < 120 ? len : 120, i;

	if (len < 6 || (memcmp(s, "type=", 5) && memcmp(s, "audit", 5) && memcmp(s, "node=", 5)))
		return false;
	for (i = 0; kinds[i]; i++)
		if (contains(s, within, kinds[i]))
			return true;
	return false;
}

bool log_line_quotes(const char *s, size_t len, const struct log_prefix *prefix)
{
	const char *message = s + prefix->length;
	size_t rest = len - prefix->length;

	if (prefix->program) {
		if (is_one_of(prefix->program, prefix->program_length, reporters))
			return true;
		if (is_one_of(prefix->program, prefix->program_length, shells))
			return contains(s, len, "HISTORY") || !is_shell_failure(s, len);
	}
	return is_typed(message, rest) || is_prompt_or_comment(message, rest) ||
	       contains(s, len, "COMMAND=") || is_audited_command(message, rest);
}

static bool begins_with_one_of(const char *s, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (len >= strlen(*list) && !memcmp(s, *list, strlen(*list)))
			return true;
	return false;
}

/* What a message of its own begins with, where no date stands before it. */
static const char *const openings[] = {"qemu-",         "error:",
				       "warning:",      "libvirt",
				       "virsh",         "audit:",
				       "type=",         "TASK ERROR",
				       "rmmod:",        "-bash:",
				       "Start failed",  "NVRM:",
				       "EAL:",          "Kernel command line",
				       "Command line:", "vfio 0",
				       "vfio error",    NULL};
/* The kernel's, which have a time in front of them where the line before has one. */
static const char *const kernel_openings[] = {
	"DMAR: ",          "DMAR:[",     "DMAR-IR:",   "AMD-Vi:", "vfio-pci 0",
	"vfio-pci:",       "kvm: ",      "pci 0",      "ACPI: ",  "x2apic: ",
	"Warning: PCIe",   "vfio_iommu", "SELinux is", "QEMU: ",  "modprobe:",
	"internal error:", NULL};

bool log_line_continues(const char *before, size_t before_length, const char *s, size_t len)
{
	struct log_prefix prefix;
	size_t word = 0;
	bool has_stamp, has_process;

	/* A shell says only what failed; the command stands in the line before. */
	if (contains(s, len, "write error") && contains(before, before_length, "echo "))
		return true;
	log_prefix_read(s, len, &prefix);
	while (prefix.length + word < len && s[prefix.length + word] != ' ')
		word++;
	if (!word || prefix.has_stamp || !before_length || before_length + 1 + word < LEAST_WRAP)
		return false;
	has_process = prefix.program && prefix.program[prefix.program_length] == '[';
	s += prefix.length;
	len -= prefix.length;
	log_prefix_read(before, before_length, &prefix);
	has_stamp = prefix.has_stamp;
	return before[before_length - 1] == ':' ||
	       (!has_process && !begins_with_one_of(s, len, openings) &&
		(has_stamp || !begins_with_one_of(s, len, kernel_openings)));
}
