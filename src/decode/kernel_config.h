/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a kernel was built, from its .config: the one place that tells "this kernel cannot" from "this
 * kernel was not asked to", and whether a parameter that everybody types is needed at all.
 */
#ifndef FERRY_DECODE_KERNEL_CONFIG_H
#define FERRY_DECODE_KERNEL_CONFIG_H

enum config_value {
	CONFIG_UNKNOWN, /* there is no text, or it does not name the option (an older or newer kernel) */
	CONFIG_NO,      /* "# CONFIG_X is not set" */
	CONFIG_MODULE,
	CONFIG_YES
};

/* name without CONFIG_: "INTEL_IOMMU". text may be NULL. */
enum config_value kernel_config_value(const char *text, const char *name);

#endif
