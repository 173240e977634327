/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A line of a log taken apart: what stands in front of the message (time, host, program), and the words
 * of the message. Every release, journal and mail program puts something else in front and breaks the
 * line elsewhere; the words stay.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_WORDS_H
#define FERRY_ANALYSIS_DIAGNOSIS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "decode/pci_address.h"

struct log_prefix {
	size_t length;       /* where the message begins */
	const char *program; /* "kernel", "libvirtd"; not ended by a NUL; NULL: none */
	size_t program_length;
	double seconds; /* the kernel's time stamp, below 0: none */
	bool has_stamp; /* a time or a priority stands in it */
};

/* Understands dmesg in its forms, /dev/kmsg, syslog, the journal's forms, QEMU's and libvirt's, mail's "> ". */
void log_prefix_read(const char *s, size_t len, struct log_prefix *ret);

/*
 * Whether the line only repeats a text: a shell's history or prompt, sudo's or the audit's record of a
 * command, a comment, a search, ferry itself.
 */
bool log_line_quotes(const char *s, size_t len, const struct log_prefix *prefix);

/* Whether the line begins something of its own, or may be the rest of the wrapped line before it. */
bool log_line_continues(const char *before, size_t before_length, const char *s, size_t len);

struct word {
	uint32_t start, length; /* in struct words.letters, lower case */
	uint32_t offset;        /* in the text */
	bool is_skippable;      /* a number, an address, a part of a path */
};

struct words {
	char *letters;
	size_t n_letters, letters_capacity;
	struct word *list;
	size_t n, capacity;
	bool has_device;
	struct pci_address device;           /* the first that the text names */
	size_t device_offset, device_length; /* where */
	int64_t group;                       /* -1: none named */
};

void words_read(struct words *w, const char *s, size_t len);
void words_free(struct words *w);

#endif
