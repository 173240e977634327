/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * "Not read", "not there", "not allowed to read" and "unreadable" are four different things, and stay
 * so from the system call up to the screen. A part of a snapshot, or a single attribute, says which.
 */
#ifndef FERRY_BASE_FACT_H
#define FERRY_BASE_FACT_H

enum fact {
	FACT_NOT_READ, /* nobody asked for it */
	FACT_READ,
	FACT_ABSENT,    /* ENOENT, ENOTDIR, ENODEV: it is not there */
	FACT_DENIED,    /* EACCES, EPERM: it may be there, this user must not read it */
	FACT_UNREADABLE /* any other failure, or content that makes no sense */
};

/* From 0 or a negative errno. */
enum fact fact_from_code(int code);
/* "not read", "read", "not there", "not allowed to read", "unreadable" */
const char *fact_name(enum fact f);

#endif
