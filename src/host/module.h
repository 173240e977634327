/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The administrator's word on a module: may it be loaded? */
#ifndef FERRY_HOST_MODULE_H
#define FERRY_HOST_MODULE_H

struct arena;
struct root;

/*
 * Why a module must not be loaded: a `blacklist` or an `install` line in modprobe.d(5), or the kernel's
 * command line (NULL: not known). "/etc/modprobe.d/x.conf, line 3: blacklist vfio-pci"; NULL: nothing
 * bars it. A file that can't be read bars it too: it may be the one.
 */
const char *module_barred(const struct root *root, struct arena *arena, const char *module,
			  const char *command_line);

#endif
