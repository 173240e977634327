/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel command line as boot files hold it: the words with the bytes at which they stand, and the one
 * place where another can go in. Each kind of file has a reader; adding and taking out is the same for
 * all, and touches no other byte. Nothing here is written to a disk.
 */
#ifndef FERRY_BOOT_WORDS_H
#define FERRY_BOOT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct boot_file {
	const char *path; /* in the system that is meant: "/etc/default/grub" */
	const char *text;
	size_t len;
};

struct boot_word {
	const char *text;
	size_t file, begin, end; /* begin == end: it stands nowhere as it is, a variable's part */
};

struct boot_line {
	struct boot_word *words; /* in the kernel's order */
	size_t n_words;
	/* Where a word goes in. */
	size_t file, at;
	const char *front, *back; /* what goes in before and behind it */
	size_t quote_at;          /* where a double quote goes in as well; SIZE_MAX: nowhere */
	/* Why no word can go in; NULL: it can. */
	const char *why;
	size_t why_file, why_line; /* why_line 0: no line */
	const char *place; /* for a person: "GRUB_CMDLINE_LINUX_DEFAULT", "the options line" */
	const char *note;  /* what should be known besides; NULL: nothing */
};

/* What the shell would make of one or both variables, assigned in the files, which it reads in this order. */
void boot_read_shell(struct arena *arena, const struct boot_file *files, size_t n_files,
		     const char *const *variables, size_t n_variables, struct boot_line *ret);
extern const char *const boot_grub_variables[2], *const boot_dracut_variables[1];
/* An entry of the Boot Loader Specification: its options lines. */
void boot_read_entry(struct arena *arena, const struct boot_file *file, struct boot_line *ret);
/* The value of a key of an entry, the last one; NULL: it has none. */
const char *boot_entry_value(struct arena *arena, const struct boot_file *file, const char *key);
/* /etc/kernel/cmdline: words, '#' at a line's beginning is a comment. */
void boot_read_cmdline(struct arena *arena, const struct boot_file *file, struct boot_line *ret);
/* A variable of GRUB's environment block, "kernelopts". why is set where there is none. */
void boot_read_grubenv(struct arena *arena, const struct boot_file *file, const char *name,
		       struct boot_line *ret);

enum boot_format {
	BOOT_SHELL,
	BOOT_ENTRY,
	BOOT_CMDLINE,
	BOOT_GRUBENV,
	BOOT_DRACUT /* a shell's file as well, with kernel_cmdline */
};
/* Which a file is, by its path, and by what stands in it where the path says nothing. */
enum boot_format boot_format_of(const struct boot_file *file);
void boot_read(struct arena *arena, enum boot_format format, const struct boot_file *files,
	       size_t n_files, struct boot_line *ret);

/* Does the kernel, which obeys the words in their order, have it in the end? */
bool boot_line_has(const struct boot_line *line, const char *word);
/* A word that says the opposite, intel_iommu=off for intel_iommu=on; NULL: none does. */
const struct boot_word *boot_line_opposite(const struct boot_line *line, const char *word);

struct boot_change {
	size_t file;
	const char *text;     /* the file's whole new text */
	const char *put;      /* the word that stands there now */
	const char *replaced; /* what it took the place of; NULL: nothing, it was added */
};

/*
 * One change that brings the line nearer to having the word: an opposite replaced where it stands, else the
 * word added (unless only_replace). False: there is none, it has it already, or line->why says why not.
 */
bool boot_line_add(struct arena *arena, const struct boot_file *files, const struct boot_line *line,
		   const char *word, bool only_replace, struct boot_change *ret);
/*
 * The word taken out again where it stands last in that file, or what it replaced put in its place. False:
 * it does not stand there.
 */
bool boot_line_remove(struct arena *arena, const struct boot_file *files,
		      const struct boot_line *line, size_t file, const char *put,
		      const char *replaced, struct boot_change *ret);

/* All that is changed for one word, and the line as it is then. */
struct boot_edit {
	struct boot_change *changes;
	size_t n_changes;
	struct boot_line line;
	bool has_it; /* the kernel gets it then; false: line.why, or only_replace and nothing to replace */
};

/* Changes files[].text and len, which are one command line of that format. Done twice it is done once. */
void boot_add(struct arena *arena, enum boot_format format, struct boot_file *files, size_t n_files,
	      const char *word, bool only_replace, struct boot_edit *ret);
/* The way back in one file; false: the word does not stand there. */
bool boot_remove(struct arena *arena, enum boot_format format, struct boot_file *file,
		 const char *put, const char *replaced);

#endif
