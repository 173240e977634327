/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the readers of the uses need of each other; each adds to host.uses. */
#ifndef FERRY_HOST_USE_READ_H
#define FERRY_HOST_USE_READ_H

#include "host/parts.h"

/* device -1: on no PCI device. what is kept as it is. */
struct host_use *use_add(struct host_reader *r, enum host_use_kind kind, int device,
			 const char *what);
void use_add_station(struct host_reader *r, struct host_use *use, const char *name);
/*
 * Where an entry of a class's folder hangs: its device (-1: on no PCI device) and the text behind it, in
 * scratch memory. false: it is no link.
 */
bool use_place(struct host_reader *r, const char *class, const char *name, int *ret_device,
	       const char **ret_rest);
/* A file of an entry, white space at its end cut off. 0 or a negative errno. */
int use_attribute(struct host_reader *r, const char *class, const char *name, const char *file,
		  char *buffer, size_t size);

/* What can't be read is a state, as everywhere: the worst that was met. FACT_ABSENT: no such folder. */
enum fact display_read(struct host_reader *r);
enum fact input_read(struct host_reader *r);
enum fact line_read(struct host_reader *r);      /* sound, serial consoles, watchdogs */
enum fact functions_read(struct host_reader *r); /* virtual functions */

/*
 * process.c: a file that a process has open. path is the link's text; number: of the device node, 0
 * where it is not known (a captured machine). Adds a USE_PROCESS where it is a device's.
 */
void opened_add(struct host_reader *r, unsigned int pid, const char *command, const char *path,
		unsigned int major, unsigned int minor, bool is_block);

#endif
