// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the kernel said and shows of itself in this boot: its log, the names of its interrupts, and who
 * sits on whose memory. The buffer of the log forgets; the other two do not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "host/kmsg.h"
#include "host/platform_read.h"

/*
 * "6,1234,5678901,-;text" becomes "[    5.678901] text"; what a program wrote into the kernel's log (the
 * facility, above the lowest three bits, is not 0) is left out, anything else is taken as it stands.
 */
static void take_record(void *log, const char *line, size_t len)
{
	unsigned long long priority, sequence, microseconds;
	const char *text = memchr(line, ';', len);
	char stamp[64];
	int n;

	if (!text || sscanf(line, "%llu,%llu,%llu,", &priority, &sequence, &microseconds) != 3) {
		kernel_log_feed(log, line, len);
		return;
	}
	if (priority >> 3)
		return;
	n = snprintf(stamp, sizeof(stamp), "[%5llu.%06llu] ", microseconds / 1000000,
		     microseconds % 1000000);
	kernel_log_feed(log, stamp, (size_t)n);
	kernel_log_feed(log, text + 1, len - (size_t)(text + 1 - line));
}

/* A captured machine has its log as a file, in the form of /dev/kmsg or of dmesg. */
static int read_captured(struct host_reader *r, struct kernel_log *log)
{
	static const char *const paths[] = {KMSG_PATH, "var/log/dmesg", "dmesg.log", "dmesg"};
	char *text, *line;
	struct stat st;
	int err = -ENOENT, fd;
	size_t i, len;

	for (i = 0; err && i < sizeof(paths) / sizeof(*paths); i++) {
		/* Never a node: it would be this machine's. */
		fd = root_open_file(r->root, paths[i], O_PATH);
		err = fd < 0 ? fd : fstat(fd, &st) ? -errno : S_ISREG(st.st_mode) ? 0 : -ENOENT;
		if (fd >= 0)
			close(fd);
		if (!err)
			err = root_read(r->root, r->scratch, paths[i], &text, NULL);
	}
	if (err)
		return err;
	for (line = text; *line; line += len) {
		len = strcspn(line, "\n");
		len += line[len] == '\n';
		take_record(log, line, len);
	}
	return 0;
}

static void read_log(struct host_reader *r, struct host_platform *ret)
{
	KERNEL_LOG_AUTO struct kernel_log *log = kernel_log_new();
	int err = r->root->live ? kmsg_read(r->root, take_record, log) : read_captured(r, log);

	ret->log_read = fact_from_code(err);
	kernel_log_finish(log, r->arena, &ret->log);
}

/*
 * Where interrupts are remapped every I/O APIC's are called "IR-IO-APIC" (arch/x86/kernel/apic/io_apic.c);
 * message interrupts prove nothing, for those of the IOMMU itself are never remapped.
 */
static void read_interrupts(struct host_reader *r, struct host_platform *ret)
{
	char *text, *line, *save = NULL;

	if (root_read(r->root, r->scratch, "proc/interrupts", &text, NULL))
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *remapped = strstr(line, " IR-"), *plain = strstr(line, " IO-APIC");

		if (!remapped && (!plain || ret->interrupts != INTREMAP_UNKNOWN))
			continue;
		ret->interrupts = remapped ? INTREMAP_ON : INTREMAP_OFF;
		line = (char *)(remapped ? remapped : plain) + 1;
		ret->interrupts_line = arena_printf(r->arena, "/proc/interrupts: %s",
						    text_printable(r->scratch, line));
		if (remapped)
			return;
	}
}

static bool is_framebuffer(const char *owner)
{
	static const char *const names[] = {"BOOTFB",   "efifb",     "vesafb",
					    "simplefb", "simpledrm", "simple-framebuffer"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(owner, names[i]))
			return true;
	return false;
}

/* "  2800000000-2fffffffff : 0000:c3:00.0", and what stands deeper below it. */
static void read_memory(struct host_reader *r, struct host_platform *ret)
{
	char *text, *line, *save = NULL, *owner;
	struct pci_address address;
	const char *device = NULL;
	size_t depth = 0, indent;

	if (root_read(r->root, r->scratch, "proc/iomem", &text, NULL))
		return;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		indent = strspn(line, " ");
		owner = strstr(line, " : ");
		if (!owner)
			continue;
		owner = text_trim_end(owner + 3);
		if (device && indent <= depth)
			device = NULL;
		if (!device && !pci_address_parse(owner, &address)) {
			device = owner;
			depth = indent;
		} else if (device && is_framebuffer(owner)) {
			*arena_append(r->arena, ret->framebuffers, ret->n_framebuffers) =
				arena_printf(r->arena, "%s: %s", device, owner);
			device = NULL;
		}
	}
}

void platform_read_log(struct host_reader *r, struct host_platform *ret)
{
	read_log(r, ret);
	read_interrupts(r, ret);
	read_memory(r, ret);
}
