/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How one line of the journal is laid out: what its writing and its reading half share. */
#ifndef FERRY_APPLY_JOURNAL_LINE_H
#define FERRY_APPLY_JOURNAL_LINE_H

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_LINE_BEGIN  "{\"sum\":\""
#define JOURNAL_SUM_DIGITS  16
#define JOURNAL_LINE_MIDDLE "\",\"line\":"
#define JOURNAL_LINE_END    "}"

/* FNV-1a's offset basis: what stands for the sum of the line before the first. */
#define JOURNAL_FIRST_SUM UINT64_C(0xcbf29ce484222325)

uint64_t journal_line_sum(uint64_t before, const char *body, size_t len);

#endif
