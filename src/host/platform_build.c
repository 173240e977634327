// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * How the kernel was built and what of it is loaded, and which files a boot loader reads its command line
 * from: a parameter that stands in one of them and not in /proc/cmdline was never used.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/kernel_cmdline.h"
#include "host/platform_read.h"

/* The text of a file of the running kernel's module folder, or NULL. */
static const char *read_list(struct host_reader *r, const char *name)
{
	static const char *const folders[] = {"lib/modules", "usr/lib/modules",
					      "run/booted-system/kernel-modules/lib/modules"};
	const char *release = r->host->kernel.release;
	char *text;
	size_t i;

	for (i = 0; release && i < sizeof(folders) / sizeof(*folders); i++) {
		if (!root_read(r->root, r->scratch,
			       arena_printf(r->scratch, "%s/%s/%s", folders[i], release, name),
			       &text, NULL))
			return text;
	}
	return NULL;
}

/* "/vfio-pci.ko" in a list of files, whichever of '-' and '_' the file has; compressed or not. */
static bool has_file(const char *list, const char *module)
{
	char name[64];
	size_t i, len = strlen(module), dashes;

	for (dashes = 0; list && dashes < 2; dashes++) {
		const char *at = list;

		for (i = 0; i < len && i < sizeof(name) - 1; i++)
			name[i] = dashes && module[i] == '_' ? '-' : module[i];
		name[i] = 0;
		for (; (at = strstr(at, name)); at += len)
			if (at > list && at[-1] == '/' && !strncmp(at + len, ".ko", 3))
				return true;
	}
	return false;
}

/* Only what can be unloaded has an initstate; what is built in has a folder where it has parameters. */
static enum module_state state_of(struct host_reader *r, const char *module, const char *built_in,
				  const char *loadable)
{
	if (!root_exists(&r->sys, arena_printf(r->scratch, "module/%s/initstate", module)))
		return MODULE_LOADED;
	if (has_file(built_in, module))
		return MODULE_BUILT_IN;
	if (!root_exists(&r->sys, arena_printf(r->scratch, "module/%s", module)))
		return r->root->live ? MODULE_BUILT_IN : MODULE_LOADED;
	if (has_file(loadable, module))
		return MODULE_LOADABLE;
	return built_in && loadable ? MODULE_ABSENT : MODULE_UNKNOWN;
}

static void read_modules(struct host_reader *r, struct host_build *ret)
{
	const char *built_in = read_list(r, "modules.builtin");
	const char *loadable = read_list(r, "modules.dep");
	int m;

	for (m = 0; m < HOST_MODULES; m++)
		ret->modules[m] =
			state_of(r, host_module_name((enum host_module)m), built_in, loadable);
}

static void read_config(struct host_reader *r, struct host_build *ret)
{
	static const char *const forms[] = {"boot/config-%s", "lib/modules/%s/config",
					    "usr/lib/modules/%s/config",
					    "lib/modules/%s/build/.config"};
	const char *release = r->host->kernel.release;
	char *text, *path;
	size_t i;

	for (i = 0; release && i < sizeof(forms) / sizeof(*forms); i++) {
		path = arena_printf(r->arena, forms[i], release);
		if (root_read(r->root, r->arena, path, &text, NULL))
			continue;
		ret->config_path = arena_printf(r->arena, "/%s", path);
		ret->config = text;
		return;
	}
}

/* Whether the line, up to its end, has a word intel_iommu= with "on" in its list. */
static bool line_asks(struct host_reader *r, const char *line, size_t len)
{
	const char *at = memmem(line, len, "intel_iommu=", 12);
	const char *end = line + len;
	struct kernel_cmdline words;

	if (!at || line[strspn(line, " \t")] == '#')
		return false;
	len = strcspn(at, " \t\"'\n");
	if (at + len > end)
		return false;
	kernel_cmdline_split(r->scratch, at, len, &words);
	return kernel_cmdline_has(&words, "intel_iommu", "on");
}

static bool file_asks(struct host_reader *r, const char *path, struct host_build *ret)
{
	size_t number = 0, len;
	char *at;

	if (root_read(r->root, r->scratch, path, &at, NULL))
		return false;
	for (; *at; at += len + (at[len] == '\n')) {
		len = strcspn(at, "\n");
		number++;
		if (!line_asks(r, at, len))
			continue;
		ret->saved_intel_on = arena_printf(r->arena, "/%s, line %zu", path, number);
		return true;
	}
	return false;
}

static bool folder_asks(struct host_reader *r, const char *folder, const char *suffix,
			struct host_build *ret)
{
	char **names;
	size_t n, i;

	if (root_list(r->root, r->scratch, folder, &names, &n))
		return false;
	for (i = 0; i < n; i++)
		if (text_has_suffix(names[i], suffix) &&
		    file_asks(r, arena_printf(r->scratch, "%s/%s", folder, names[i]), ret))
			return true;
	return false;
}

/* Where a person writes it first; what a tool makes of that comes last. */
static void find_saved(struct host_reader *r, struct host_build *ret)
{
	static const char *const files[] = {"etc/default/grub", "etc/kernel/cmdline",
					    "etc/sysconfig/grub", "boot/grub/grub.cfg",
					    "boot/grub2/grub.cfg"};
	static const char *const folders[][2] = {{"etc/default/grub.d", ".cfg"},
						 {"etc/cmdline.d", ".conf"},
						 {"boot/loader/entries", ".conf"},
						 {"boot/efi/loader/entries", ".conf"},
						 {"efi/loader/entries", ".conf"}};
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (file_asks(r, files[i], ret))
			return;
	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (folder_asks(r, folders[i][0], folders[i][1], ret))
			return;
}

void platform_read_build(struct host_reader *r, struct host_build *ret)
{
	*ret = (struct host_build){0};
	read_modules(r, ret);
	read_config(r, ret);
	find_saved(r, ret);
}

void platform_read_vfio(struct host_reader *r, struct host_vfio *ret)
{
	char **names;
	size_t n;

	*ret = (struct host_vfio){
		.has_group_interface = !root_exists(r->root, "dev/vfio/vfio"),
		.has_iommufd = !root_exists(r->root, "dev/iommu"),
		.has_device_interface =
			!root_names(&r->sys, r->scratch, "class/vfio-dev", &names, &n),
		.type1_unsafe = platform_read_letter(
			r, "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"),
		.iommufd_unsafe = platform_read_letter(
			r, "sys/module/iommufd/parameters/allow_unsafe_interrupts"),
		.noiommu = platform_read_letter(
			r, "sys/module/vfio/parameters/enable_unsafe_noiommu_mode"),
	};
}
