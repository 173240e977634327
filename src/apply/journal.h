/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The journal: what a transaction is about to do, written and synced before each act, so that whoever
 * comes after a killed ferry or a power cut can put everything back from it alone. It is two files of
 * the same name and sequence: one in run_dir, for what the kernel forgets at a reboot, one in state_dir,
 * for what outlives it.
 *
 * A file is lines {"sum":"0123456789abcdef","line":{...}}. The sum is FNV-1a (64 bits) over the sum of
 * the line before and the text of this one's "line": an altered byte, a line that was taken out or
 * swapped, a tail that was cut off and grown again are all seen. An unfinished last line is a kill in
 * the middle of writing it: its act was not begun, and it is passed over.
 */
#ifndef FERRY_APPLY_JOURNAL_H
#define FERRY_APPLY_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/plan.h"

struct arena;
struct error;

#define JOURNAL_NAME "journal"

struct journal_head {
	uint64_t sequence;   /* of the transaction; lent.json's once it is sealed */
	const char *command; /* "up guest 0000:01:00.0" */
	const char *boot_id;
	const char *revert_id; /* of the revert that was armed for it, 16 hex digits; NULL: none */
};

/* A journal that is being written. */
struct journal {
	int fd; /* -1: none */
	const char *path;
	uint64_t sum;   /* of the last line */
	size_t length;  /* of all whole lines */
	bool is_broken; /* a line could neither be written nor taken back: nothing more is added */
};
#define JOURNAL_CLOSED ((struct journal){.fd = -1})

/* 0, or -EEXIST with the sentence that sends the user to recover. */
int journal_check_absent(int folder, const char *folder_path, struct arena *arena,
			 struct error *err);
/*
 * Makes the file in a folder opened with folder_open() and writes its first line. -EEXIST: an
 * interrupted run's journal is there. After an error no file is left.
 */
int journal_create(int folder, const char *folder_path, const struct journal_head *head,
		   struct arena *arena, struct journal *ret, struct error *err);
/* Step number is about to be done. On disk when this returns 0. */
int journal_intent(struct journal *j, size_t number, const struct plan_step *step,
		   struct error *err);
/* It was done; step->after is what really became of it. */
int journal_seal(struct journal *j, size_t number, const struct plan_step *step, struct error *err);
/* It was undone, and need not be looked at again. */
int journal_undone(struct journal *j, size_t number, struct error *err);
/*
 * All is done, and waits for somebody to confirm it: until deadline_ms of CLOCK_MONOTONIC. lent: the
 * table as it will be then, as text. After this line only "undone" may follow.
 */
int journal_await(struct journal *j, uint64_t deadline_ms, const char *lent, struct error *err);
void journal_close(struct journal *j);
/* Removes the file from the folder; 0 where there is none. */
int journal_remove(int folder, const char *folder_path, struct error *err);

struct journal_step {
	size_t number;
	struct plan_step step; /* as step_ops.undo takes it */
	bool is_undone;
};

/* A journal as it was found. */
struct journal_content {
	bool is_there; /* false: no file, or one that was never begun */
	bool has_file;
	struct journal_head head;
	struct journal_step *steps; /* ascending by number */
	size_t n_steps;
	const char *awaits_lent; /* as journal_await() has it; NULL: it awaits nothing */
	uint64_t awaits_until_ms;
	uint64_t sum;
	size_t length;      /* of all whole lines: what follows is a line that was not finished */
	bool lacks_newline; /* the last of them is whole but for its newline */
};

/*
 * Reads and checks it. No file is 0 with is_there false. -EPERM: it is not root's own, others may read or
 * write it, or it is a link; -EBADMSG: it was altered or makes no sense. err names the file and what to
 * do; nothing of it is believed then.
 */
int journal_read(int folder, const char *folder_path, struct arena *arena,
		 struct journal_content *ret, struct error *err);
/* The same for text in memory; has_file is set. *ret_line: where -EBADMSG was found, from 1. */
int journal_parse(const char *text, size_t len, struct arena *arena, struct journal_content *ret,
		  size_t *ret_line, const char **ret_why);
/* Opens it again to add what is undone; an unfinished last line is cut off. */
int journal_reopen(int folder, const char *folder_path, const struct journal_content *content,
		   struct arena *arena, struct journal *ret, struct error *err);

#endif
