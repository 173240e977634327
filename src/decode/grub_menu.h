/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a grub.cfg would boot: as much of it as tells a kernel's command line. */
#ifndef FERRY_DECODE_GRUB_MENU_H
#define FERRY_DECODE_GRUB_MENU_H

struct arena;

/*
 * The words behind the kernel's path of the first "linux" command (also linuxefi, linux16), which is the
 * default entry's unless somebody chose another; NULL: there is none.
 */
const char *grub_menu_default(struct arena *arena, const char *text);

#endif
