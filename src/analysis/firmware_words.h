/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where in the firmware's setup the IOMMU is switched on. Each maker calls and hides it otherwise; a
 * person who reads "VT-d" and finds "Virtualization Support" gives up.
 */
#ifndef FERRY_ANALYSIS_FIRMWARE_WORDS_H
#define FERRY_ANALYSIS_FIRMWARE_WORDS_H

enum firmware_maker { FIRMWARE_ANY, FIRMWARE_INTEL, FIRMWARE_AMD };

/*
 * machine: what DMI says of system and board, in any order ("ASUSTeK COMPUTER INC. Z9PE-D16"), or NULL.
 * Gives "VT-d under Advanced, System Agent Configuration", or the general words where the maker is not
 * known. Constant text.
 */
const char *firmware_words(const char *machine, enum firmware_maker maker);

#endif
