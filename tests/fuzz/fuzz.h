/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a fuzz target defines: libFuzzer's entry, which run_corpus.c calls as well. Gives 0. */
#ifndef FERRY_FUZZ_H
#define FERRY_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
