/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a name must look like before it becomes part of a path or is written into the kernel. */
#ifndef FERRY_APPLY_NAMES_H
#define FERRY_APPLY_NAMES_H

#include <stdbool.h>

/* A driver or module: one component of a path, printable ASCII, no blank at either end. */
bool name_is_plain(const char *s);
/* What driver_override can hold and give back: no newline, shorter than a page. "" is nothing. */
bool name_is_override(const char *s);
/* "0d3c2b1a-…": 36 characters as libvirt writes them. */
bool name_is_uuid(const char *s);
/* "0123456789abcdef": 16 digits. */
bool name_is_revert_id(const char *s);
/* "/etc/default/grub": from the root, no "." or ".." in it, no control character. */
bool name_is_path(const char *s);
/* Arguments with a newline behind each; the first is a program's plain name. */
bool name_is_arguments(const char *s);

#endif
