/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One wording found in one line, and what is made of it: helpers that read what stands around it, and a
 * function for each message of which more than its presence counts. The table in kernel_log_message.c
 * names them.
 */
#ifndef FERRY_DECODE_KERNEL_LOG_HIT_H
#define FERRY_DECODE_KERNEL_LOG_HIT_H

#include "decode/kernel_log_state.h"

struct hit {
	struct log_state *st;
	const struct log_line *line;
	size_t at, after; /* where the wording begins and ends */
};

static inline char line_char(const struct log_line *line, size_t pos)
{
	return pos < line->len ? line->s[pos] : 0;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool line_has(const struct log_line *line, const char *text);
/* Whether text stands at pos of the line. */
bool line_at(const struct log_line *line, size_t pos, const char *text);
/* The length of the run at pos that is not white space. */
size_t line_word(const struct log_line *line, size_t pos);
size_t line_skip_blanks(const struct log_line *line, size_t pos);
/* Where the word begins that ends right before end. */
size_t line_word_before(const struct log_line *line, size_t end);
/* The message begins at pos: behind its prefix, or behind a stamp in the middle of a damaged line. */
bool line_begins_message(const struct log_line *line, size_t pos);
/*
 * A hex number with or without "0x", ended by a blank or the line's end, given without leading zeros so
 * that the same unit is the same name.
 */
bool line_hex(const struct log_line *line, size_t pos, const char **ret, size_t *ret_len);
/* A decimal number that a blank, a full stop or the line's end ends. */
bool line_number(const struct log_line *line, size_t pos, uint32_t *ret);
void log_unit_index(const struct hit *h, enum log_unit kind, size_t pos);

/* kernel_log_boot.c */
/* Another boot begins here: forgets the one before it, if that said anything. */
void log_boot_begin(struct log_state *st);
/* To be called with each line: the journal may have announced a boot before it. */
void log_boot_enter(struct log_state *st, const struct log_line *line);
void log_read_boundary(const struct hit *h);
void log_read_cmdline(const struct hit *h);
void log_read_default_domain(const struct hit *h);
void log_read_group_added(const struct hit *h);
void log_read_group_removed(const struct hit *h);
void log_read_old_group_added(const struct hit *h);
void log_read_old_group_removed(const struct hit *h);
void log_read_version(const struct hit *h);
void log_read_xen_version(const struct hit *h);

/* kernel_log_intel.c, with what both vendors print */
void log_read_bound(const struct hit *h);
void log_read_remapping_off(const struct hit *h);
void log_read_remapping_on(const struct hit *h);
void log_read_table(const struct hit *h);
void log_read_bad_unit(const struct hit *h);
void log_read_chipset_errata(const struct hit *h);
void log_read_dma_fault(const struct hit *h);
void log_read_drhd(const struct hit *h);
void log_read_invalidation(const struct hit *h);
void log_read_old_drhd(const struct hit *h);
void log_read_old_unit(const struct hit *h);
void log_read_parse_failure(const struct hit *h);
void log_read_reg_base(const struct hit *h);

/* kernel_log_amd.c, with Arm */
void log_read_amd(const struct hit *h);
void log_read_amd_index(const struct hit *h);
void log_read_amd_remapping_off(const struct hit *h);
void log_read_amd_unit(const struct hit *h);
void log_read_ivhd(const struct hit *h);
void log_read_page_fault(const struct hit *h);
void log_read_passthrough(const struct hit *h);
void log_read_iort(const struct hit *h);
void log_read_smmu(const struct hit *h);

/* kernel_log_guest.c */
void log_read_hypervisor(const struct hit *h);
void log_read_machine(const struct hit *h);
void log_read_paravirtualized(const struct hit *h);
void log_read_xen_io(const struct hit *h);
void log_read_xen_unit(const struct hit *h);

#endif
