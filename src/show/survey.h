/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The devices of a machine: as a tree, by group, one a line, and as JSON. */
#ifndef FERRY_SHOW_SURVEY_H
#define FERRY_SHOW_SURVEY_H

#include <stdio.h>

#include "host/host.h"
#include "show/style.h"

struct error;
struct fitness_table;
struct json_object;
struct why;

struct survey {
	const struct host *host;
	struct fitness_table *fitness; /* NULL: not judged */
	const struct why *why;         /* by group: why each is what it is; NULL: not asked */
	const struct show_style *style;
	bool shows_losses;
};

/*
 * Bridges, devices, and under them USB, SCSI, disks, nets, as `virsh nodedev-list --tree` has them.
 * Errors: -ENOMEM of the table library.
 */
int show_survey_tree(const struct survey *survey, FILE *out);
int show_survey_groups(const struct survey *survey, FILE *out);
/* Streams: nothing of it is kept, whatever the size of the machine. */
void show_survey_list(const struct survey *survey, FILE *out);
void show_survey_json(const struct survey *survey, FILE *out);

/* A row of the JSON; with fitness and losses where they were judged. The caller puts it. */
struct json_object *show_device_json(const struct survey *survey, size_t device);

/* "Intel Corporation 82574L Gigabit Network Connection", else ids; printable. */
const char *device_title(struct arena *arena, const struct pci_device *d);

#endif
