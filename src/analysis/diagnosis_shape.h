/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lines repeat themselves: a fault fills a log with a million of the same. What one of them has said is
 * remembered under its shape, the line without its time and its long numbers, so that the next one costs
 * a look instead of a reading.
 */
#ifndef FERRY_ANALYSIS_DIAGNOSIS_SHAPE_H
#define FERRY_ANALYSIS_DIAGNOSIS_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHAPES         8192
#define SHAPE_DEVICE   20
#define SHAPE_FINDINGS 3

enum shape_verdict { SHAPE_NEW, SHAPE_NOTHING, SHAPE_FINDING, SHAPE_UNKNOWN };

struct shape {
	uint64_t hash;
	uint16_t index[SHAPE_FINDINGS]; /* of the findings, or of the unknown text */
	uint8_t n;
	uint8_t verdict;
	bool has_stamp;        /* else the lines beside it must be looked at too */
	uint8_t device_length; /* 0: it names no device */
	uint16_t device_at;    /* from where the time ends */
	char device[SHAPE_DEVICE];
};

/* Where the time ends that most logs have in front. */
size_t shape_start(const char *s, size_t len);
/* Eight bytes behind the end are read, whatever they hold. */
uint64_t shape_hash(const char *s, size_t len);

#endif
