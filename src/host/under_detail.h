/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a person would add to the name of something under a device: a product's name, a size. */
#ifndef FERRY_HOST_UNDER_DETAIL_H
#define FERRY_HOST_UNDER_DETAIL_H

#include "host/parts.h"

/* In the reader's arena; NULL: nothing is known. What it says is a device's own word, not yet printable. */
const char *under_detail(struct host_reader *r, const struct host_node *node);

#endif
