/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files kernel_log*.c share: one logical line, what was found so far in this boot, and the two
 * steps on it. kernel_log.c makes lines of bytes, kernel_log_message.c takes from each line what it says,
 * kernel_log_conclude.c weighs it at the end.
 */
#ifndef FERRY_DECODE_KERNEL_LOG_STATE_H
#define FERRY_DECODE_KERNEL_LOG_STATE_H

#include "base/text.h"
#include "decode/kernel_log.h"
#include "decode/kernel_log_line.h"
#include "decode/kernel_log_match.h"
#include "decode/kernel_log_names.h"

/* A message, what a mail cut of it joined again; not terminated by NUL. */
struct log_line {
	const char *s;
	size_t len;
	size_t number; /* of its first line in the file */
	struct kernel_line_prefix prefix;
};

/* Things seen at least once; each keeps the first line that shows it. */
enum log_mark {
	MARK_NONE,
	MARK_DMAR_TABLE,  /* the firmware's table is there */
	MARK_DMAR_WALKED, /* the kernel went through it */
	MARK_IVRS_TABLE,
	MARK_INTEL,         /* a line that only VT-d hardware causes */
	MARK_INTEL_STARTED, /* the kernel began to set up translation */
	MARK_INTEL_LATE,    /* it was nearly done */
	MARK_INTEL_ON,
	MARK_INTEL_GRAPHICS, /* the graphics driver sees translation; guests print it too */
	MARK_INTEL_BROKEN,
	MARK_AMD,
	MARK_AMD_ON,
	MARK_AMD_BROKEN,
	MARK_ARM_ON,
	MARK_ARM_BROKEN,
	MARK_FAULT,          /* translation stood in a device's way: it is on */
	MARK_DISABLED,       /* the kernel says that it was told not to */
	MARK_BOUNCE_BUFFERS, /* past the point where units are set up */
	MARK_X2APIC_DENIED,
	MARK_GUEST, /* of a virtual machine */
	MARK_XEN,
	MARK_XEN_DOM0,
	MARK_XEN_GUEST,
	MARK_XEN_ON,
	MARK_XEN_OFF,
	MARK_MACHINE, /* the "DMI: " line */
	MARK_VERSION,
	MARK_CMDLINE,
	MARK_VFIO,
	MARK_KVM,
	LOG_MARKS
};

/* How a unit is named; the same unit may be named in several ways. */
enum log_unit {
	UNIT_DRHD,
	UNIT_DMAR,
	UNIT_AMD,
	UNIT_AMD_INDEX,
	UNIT_SMMU,
	UNIT_IORT,
	UNIT_XEN,
	LOG_UNITS
};

struct log_note {
	struct text text;
	size_t line; /* 0: nothing noted */
};

struct log_problem_note {
	size_t count;
	struct log_note first, last;
	double first_seconds, last_seconds;
};

/* One boot. */
struct log_boot {
	bool heard; /* the kernel said something that counts */
	struct log_note marks[LOG_MARKS];
	struct log_problem_note problems[LOG_PROBLEMS];
	enum intremap_state intremap;
	struct log_note intremap_line;
	enum default_domain domain;
	struct log_note domain_line;
	struct log_names groups, parameters, units[LOG_UNITS];
	struct log_note groups_line, units_line[LOG_UNITS];
	struct text cmdline; /* the listed words of all its lines */
	struct text kernel, machine;
	/* The last line of each of the two forms, to tell a second boot where the version is missing. */
	struct text cmdline_seen[2];
};

struct log_state {
	struct log_match match;
	struct log_boot boot;
	size_t earlier_boots; /* before this one */
	bool boundary;        /* the journal says that another boot begins here */
	bool quoted_printable;
};

void log_state_init(struct log_state *st);
void log_state_clear(struct log_state *st);
/*
 * Takes what the lines say, each a message of its own, without the last one's line end. number: of the
 * first in the file.
 */
void log_messages_read(struct log_state *st, const char *s, size_t len, size_t number);

/*
 * Whether a line ends in "Adding to iommu group 12", as most of a large server's lines do, and the same
 * for such a line alone, by a shorter way.
 */
bool log_is_group(const char *s, size_t len);
void log_group_read(struct log_state *st, const char *s, size_t len, size_t number);
/*
 * How much in front of the last boot that begins in s belongs to earlier boots alone, so that it need not
 * be read: 0 where there is none. Counts those boots; *ret_lines: how many lines that is. What tells
 * boots apart without a version is not looked for there.
 */
size_t log_skip_boots(struct log_state *st, const char *s, size_t len, size_t *ret_lines);

/* For kernel_log_message.c: they know what a note is, it knows what to note. */
void log_note_set(struct log_note *note, const struct log_line *line);
void log_mark(struct log_state *st, enum log_mark mark, const struct log_line *line);
void log_problem(struct log_state *st, enum log_problem problem, const struct log_line *line);
void log_intremap(struct log_state *st, enum intremap_state s, const struct log_line *line);
void log_domain(struct log_state *st, enum default_domain d, const struct log_line *line);
void log_unit(struct log_state *st, enum log_unit kind, const char *name, size_t len,
	      const struct log_line *line);
void log_new_boot(struct log_state *st);

/* The verdict on the last boot. */
void log_conclude(const struct log_state *st, struct arena *a, struct kernel_log_facts *ret);

#endif
