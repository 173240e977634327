/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said around a plan: before it, where somebody has to wait or to answer, and when it has ended. */
#ifndef FERRY_SHOW_OUTCOME_H
#define FERRY_SHOW_OUTCOME_H

#include <stdio.h>

struct transaction_report;

/* holder, command NULL: it is not known. */
void show_waiting(const char *holder, FILE *out);
void show_recovering(const char *command, FILE *out);
void show_question(const char *question, FILE *out);
/* What could not be put back, a line each. */
void show_left(const struct transaction_report *report, FILE *out);
/* That it is undone by itself, where it is. */
void show_awaits(const struct transaction_report *report, FILE *out);
void show_watching(const char *guest, unsigned int seconds, FILE *out);
void show_ending(const char *command, FILE *out);
/* A line; nothing where it is empty. */
void show_sentence(const char *sentence, FILE *out);

#endif
