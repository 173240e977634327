/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Misspelt parameters. The kernel says nothing about a word that it does not know (or, since 5.16, only
 * that init will get it), so the command line in the log is the one place where it can be seen.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_CMDLINE_H
#define FERRY_ANALYSIS_DIAGNOSIS_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

enum cmdline_fault {
	CMDLINE_FINE,
	CMDLINE_TYPO,   /* nearly a parameter of this field */
	CMDLINE_UNKNOWN /* rightly spelt, but the kernel does not know it or its value */
};

/* For a message that tells a command line; the word at fault, not ended by a NUL, goes to *ret_word. */
enum cmdline_fault cmdline_fault_find(const char *message, size_t len, const char **ret_word,
				      size_t *ret_length);

/* Whether the word is a parameter rightly spelt once the word before or behind it in the text is joined to it. */
bool cmdline_word_is_broken(const char *text, size_t len, const char *word, size_t word_length);

#endif
