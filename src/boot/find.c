// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Which boot loader a system really boots with: by what the loader left for the kernel that runs (EFI
 * variables, the shape of /proc/cmdline), then by which loader's files give the command line that runs,
 * and only last by which files are there; several loaders' files often are. What was seen is said.
 */
#include "boot/job.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/root.h"
#include "base/text.h"
#include "decode/kernel_cmdline.h"

#define EFI_VARIABLE "sys/firmware/efi/efivars/%s-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define NAME_ROOM    128

struct search {
	struct job job; /* only to read with */
	struct boot_found *found;
	const char *cmdline; /* of the kernel that runs; NULL: not there */
	const char *loader_info, *stub_info;
};

static void saw(struct search *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void saw(struct search *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	*arena_append(s->job.arena, s->found->evidence, s->found->n_evidence) =
		arena_vprintf(s->job.arena, fmt, ap);
	va_end(ap);
}

/* Four bytes of attributes, then UTF-16 (the Boot Loader Interface). */
static const char *efi_variable(struct search *s, const char *name)
{
	char text[NAME_ROOM];
	size_t len, i, n = 0;
	char *data;

	if (root_read(s->job.root, s->job.arena, arena_printf(s->job.arena, EFI_VARIABLE, name),
		      &data, &len))
		return NULL;
	for (i = 4; i + 1 < len && n + 1 < sizeof(text) && (data[i] || data[i + 1]); i += 2)
		text[n++] = data[i + 1] ? '?' : data[i];
	text[n] = 0;
	return text_printable(s->job.arena, text);
}

static bool has(const struct search *s, const char *path)
{
	return job_exists(&s->job, path);
}

static bool has_any(const struct search *s, const char *const *paths)
{
	for (; *paths; paths++) {
		if (has(s, *paths))
			return true;
	}
	return false;
}

static bool has_image(const struct search *s)
{
	static const char *const folders[] = {"/boot/EFI/Linux", "/boot/efi/EFI/Linux",
					      "/efi/EFI/Linux"};
	char **names;
	size_t i, k, n;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		n = job_list(&s->job, folders[i], &names);
		for (k = 0; k < n; k++) {
			if (text_has_suffix(names[k], ".efi"))
				return true;
		}
	}
	return false;
}

static bool has_entries(const struct search *s)
{
	const char *const *folders;
	size_t n = entries_folders(&s->job, &folders), i;
	char **names;

	for (i = 0; i < n; i++) {
		if (job_list(&s->job, folders[i], &names))
			return true;
	}
	return false;
}

static bool is_pop(const struct search *s)
{
	return !strcmp(s->job.os, "pop") || has(s, "/etc/kernelstub/configuration");
}

/* systemd-boot, or none at all: who fills the partition that it reads? */
static enum boot_loader family(struct search *s)
{
	if (has(s, "/etc/kernel/proxmox-boot-uuids") ||
	    (s->cmdline && strstr(s->cmdline, "\\EFI\\proxmox\\"))) {
		saw(s, "proxmox-boot-tool fills the partitions that it boots from.");
		return LOADER_PROXMOX;
	}
	if (is_pop(s)) {
		saw(s, "kernelstub keeps its entries (Pop!_OS).");
		return LOADER_KERNELSTUB;
	}
	if (s->stub_info && (!s->cmdline || !strstr(s->cmdline, "initrd="))) {
		saw(s, "StubInfo is \"%s\": the kernel was started as a unified image.",
		    s->stub_info);
		return LOADER_UKI;
	}
	if (!has_entries(s) && has_image(s)) {
		saw(s, "There are unified images in EFI/Linux and no entries.");
		return LOADER_UKI;
	}
	return LOADER_SYSTEMD_BOOT;
}

static bool cmdline_has(const struct search *s, const char *name, const char **ret_value)
{
	const struct kernel_cmdline_word *w;
	struct kernel_cmdline c;

	if (!s->cmdline)
		return false;
	kernel_cmdline_split(s->job.arena, s->cmdline, strlen(s->cmdline), &c);
	w = kernel_cmdline_last(&c, name);
	*ret_value = w && w->value ? w->value : "";
	return w;
}

static bool find_ostree(struct search *s)
{
	const char *value;

	if (cmdline_has(s, "ostree", &value))
		saw(s, "/proc/cmdline has ostree=%s.", value);
	else if (has(s, "/run/ostree-booted"))
		saw(s, "/run/ostree-booted is there.");
	else if (!s->cmdline && has(s, "/ostree/repo"))
		saw(s, "/ostree/repo is there.");
	else
		return false;
	s->found->loader = LOADER_RPM_OSTREE;
	return true;
}

static bool find_by_variable(struct search *s)
{
	if (!s->loader_info)
		return false;
	saw(s, "The EFI variable LoaderInfo is \"%s\".", s->loader_info);
	if (text_has_prefix(s->loader_info, "systemd-boot")) {
		s->found->loader = family(s);
	} else if (text_has_prefix(s->loader_info, "GRUB")) {
		s->found->loader = LOADER_GRUB;
	} else {
		s->found->name = s->loader_info;
	}
	return true;
}

/* GRUB names the image that it loaded; who starts it as an EFI program has it named the initrd. */
static bool find_by_shape(struct search *s)
{
	const char *value;

	if (cmdline_has(s, "initrd", &value) && strchr(value, '\\')) {
		saw(s,
		    "/proc/cmdline has initrd=%s, with backslashes: an EFI program started the "
		    "kernel, not GRUB.",
		    value);
		s->found->loader = family(s);
		return true;
	}
	if (!cmdline_has(s, "BOOT_IMAGE", &value))
		return false;
	if (has(s, "/boot/extlinux/extlinux.conf") && !has(s, "/etc/default/grub")) {
		saw(s, "/proc/cmdline has BOOT_IMAGE=%s, and there is no GRUB's configuration.",
		    value);
		return false;
	}
	saw(s, "/proc/cmdline has BOOT_IMAGE=%s, as GRUB writes it.", value);
	s->found->loader = LOADER_GRUB;
	return true;
}

/* Loaders whose files ferry does not edit: where the words go, and what to run then. */
static const struct {
	const char *path, *name, *by_hand;
} others[] = {
	{"/etc/nixos/configuration.nix", "NixOS",
	 "to boot.kernelParams in /etc/nixos/configuration.nix, then run nixos-rebuild boot"},
	{"/boot/extlinux/extlinux.conf", "extlinux",
	 "to the append lines of /boot/extlinux/extlinux.conf (Debian: U_BOOT_PARAMETERS in "
	 "/etc/default/u-boot, then u-boot-update)"},
	{"/boot/syslinux/syslinux.cfg", "syslinux",
	 "to the APPEND lines of /boot/syslinux/syslinux.cfg"},
	{"/boot/refind_linux.conf", "rEFInd", "to each line of /boot/refind_linux.conf"},
	{"/etc/default/limine", "Limine",
	 "to KERNEL_CMDLINE in /etc/default/limine, then run limine-update"},
	{"/boot/limine.conf", "Limine", "to the cmdline lines of /boot/limine.conf"},
	{"/boot/limine/limine.conf", "Limine", "to the cmdline lines of /boot/limine/limine.conf"},
	{"/etc/zfsbootmenu/config.yaml", "ZFSBootMenu",
	 "to the property org.zfsbootmenu:commandline (zfs set)"},
	{"/etc/lilo.conf", "LILO", "to append= in /etc/lilo.conf, then run lilo"},
	{"/etc/elilo.conf", "ELILO", "to append= in /etc/elilo.conf, then run elilo"},
	{"/etc/zipl.conf", "zipl", "to parameters= in /etc/zipl.conf, then run zipl"},
	{"/boot/cmdline.txt", "the Raspberry Pi's firmware",
	 "to the one line of /boot/cmdline.txt"},
	{"/etc/default/grub-legacy", "GRUB Legacy", "to kopt in /boot/grub/menu.lst"},
	{"/boot/grub/menu.lst", "GRUB Legacy",
	 "to kopt in /boot/grub/menu.lst, then run update-grub"},
};

static bool find_other(struct search *s)
{
	size_t i;

	for (i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (!has(s, others[i].path))
			continue;
		saw(s, "%s is there.", others[i].path);
		s->found->name = others[i].name;
		s->found->by_hand = others[i].by_hand;
		return true;
	}
	return false;
}

static bool has_systemd_boot(const struct search *s)
{
	static const char *const paths[] = {"/boot/loader/loader.conf",
					    "/boot/efi/loader/loader.conf",
					    "/efi/loader/loader.conf",
					    "/boot/EFI/systemd/systemd-bootx64.efi",
					    "/boot/efi/EFI/systemd/systemd-bootx64.efi",
					    "/efi/EFI/systemd/systemd-bootx64.efi",
					    NULL};

	return has_any(s, paths);
}

static bool has_grub_menu(const struct search *s)
{
	static const char *const paths[] = {"/boot/grub/grub.cfg", "/boot/grub2/grub.cfg", NULL};

	return has_any(s, paths);
}

/* How many of the words in a file the kernel that runs was given, in percent; -1: it has none. */
static int likeness(struct search *s, enum boot_format format, const char *path)
{
	const char *text = job_text(&s->job, path);
	struct boot_file file = {path, text, text ? strlen(text) : 0};
	struct kernel_cmdline c;
	struct boot_line line;
	size_t i, k, same = 0;

	if (!text)
		return -1;
	boot_read(s->job.arena, format, &file, 1, &line);
	kernel_cmdline_split(s->job.arena, s->cmdline, strlen(s->cmdline), &c);
	for (i = 0; i < line.n_words; i++) {
		for (k = 0; k < c.count && strcmp(c.words[k].text, line.words[i].text) != 0; k++)
			;
		same += k < c.count;
	}
	return line.n_words ? (int)(same * 100 / line.n_words) : -1;
}

static bool find_by_likeness(struct search *s)
{
	int grub, cmdline;

	if (!s->cmdline)
		return false;
	grub = likeness(s, BOOT_SHELL, "/etc/default/grub");
	cmdline = likeness(s, BOOT_CMDLINE, "/etc/kernel/cmdline");
	if (grub < 0 || cmdline < 0 || grub == cmdline)
		return false;
	saw(s,
	    "Of the words in /etc/default/grub the kernel that runs has %d %%, of those in "
	    "/etc/kernel/cmdline %d %%.",
	    grub, cmdline);
	s->found->loader = grub > cmdline ? LOADER_GRUB : family(s);
	return true;
}

/* The weakest: files may be there and be read by nobody. */
static void find_by_files(struct search *s)
{
	bool grub = has(s, "/etc/default/grub") || has_grub_menu(s);
	bool other = has_systemd_boot(s) || has_image(s) || (has_entries(s) && !grub);
	bool proxmox = has(s, "/etc/kernel/proxmox-boot-uuids") && has(s, "/etc/kernel/cmdline");

	if (proxmox || is_pop(s)) {
		s->found->loader = family(s);
		return;
	}
	if (other && has_grub_menu(s) && has(s, "/etc/default/grub")) {
		saw(s, "GRUB's configuration is there, and so is what systemd-boot or unified "
		       "images need: nothing tells which of them boots.");
		s->found->is_ambiguous = true;
		return;
	}
	if (other) {
		saw(s, "Loader entries or unified images are there, and no grub.cfg.");
		s->found->loader = family(s);
	} else if (grub) {
		saw(s, "%s is there, and no other loader's files.",
		    has(s, "/etc/default/grub") ? "/etc/default/grub" : "grub.cfg");
		s->found->loader = LOADER_GRUB;
	} else if (!find_other(s) && has(s, "/etc/kernel/cmdline")) {
		saw(s, "/etc/kernel/cmdline is there, and no loader's files.");
		s->found->loader = family(s);
	}
}

void boot_find(const struct root *root, struct arena *arena, struct boot_found *ret)
{
	static const struct boot_request none;
	static const struct lent nothing;
	struct search s = {.found = ret};
	struct plan plan;
	char *text;

	*ret = (struct boot_found){.loader = LOADER_UNKNOWN};
	job_begin(&s.job, root, &none, &nothing, arena, &plan);
	if (!root_read_line(root, arena, "proc/cmdline", &text))
		s.cmdline = text;
	s.loader_info = efi_variable(&s, "LoaderInfo");
	s.stub_info = efi_variable(&s, "StubInfo");
	if (!find_ostree(&s) && !find_by_variable(&s) && !find_by_shape(&s) &&
	    has(&s, others[0].path))
		find_other(&s);
	else if (ret->loader == LOADER_UNKNOWN && !ret->name && !find_by_likeness(&s))
		find_by_files(&s);
}
