/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Misspelt parameters. The kernel says nothing about a word that it does not know (or, since 5.16, only
 * that init will get it), so the command line in the log is the one place where it can be seen.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_CMDLINE_H
#define FERRY_ANALYSIS_DIAGNOSIS_CMDLINE_H

#include <stddef.h>

enum cmdline_fault {
	CMDLINE_FINE,
	CMDLINE_TYPO,   /* nearly a parameter of this field */
	CMDLINE_UNKNOWN /* rightly spelt, and the kernel says that it does not know it */
};

/* For a message that tells a command line; the word at fault, not ended by a NUL, goes to *ret_word. */
enum cmdline_fault cmdline_fault_find(const char *message, size_t len, const char **ret_word,
				      size_t *ret_length);

#endif
