// SPDX-License-Identifier: LGPL-2.1-or-later
/* See program.h. */
#include "apply/program.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/root.h"

static bool is_executable(const struct root *root, const char *path)
{
	int fd = root_open_file(root, path, O_PATH);
	struct stat st;
	bool is;

	if (fd < 0)
		return false;
	is = !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_mode & 0111;
	close(fd);
	return is;
}

/* "#! /bin/sh -e": the path behind it. */
static const char *script_interpreter(struct arena *arena, const char *head)
{
	head += 2;
	head += strspn(head, " \t");
	return arena_memdup(arena, head, strcspn(head, " \t\r\n"));
}

static const char *elf_interpreter(struct arena *arena, const char *head, size_t len)
{
	const Elf64_Ehdr *e = (const void *)head;
	size_t i;

	if (len < sizeof(*e) || e->e_ident[EI_CLASS] != ELFCLASS64)
		return NULL;
	for (i = 0; i < e->e_phnum; i++) {
		size_t at = e->e_phoff + i * sizeof(Elf64_Phdr);
		Elf64_Phdr p;

		if (e->e_phoff > len || at + sizeof(p) > len)
			return NULL;
		memcpy(&p, head + at, sizeof(p));
		if (p.p_type == PT_INTERP && p.p_offset < len && p.p_filesz <= len - p.p_offset)
			return arena_memdup(arena, head + p.p_offset, p.p_filesz);
	}
	return "";
}

/* A script's interpreter may be a script once more; the kernel follows five. */
static bool can_run(const struct root *root, struct arena *arena, const char *path, int depth)
{
	_Alignas(Elf64_Ehdr) char head[4096] = "";
	const char *interpreter;
	size_t len;

	if (depth > 5 || !is_executable(root, path) ||
	    root_read_attribute(root, path, head, sizeof(head), &len) || len < 4)
		return false;
	if (!memcmp(head, "#!", 2)) {
		interpreter = script_interpreter(arena, head);
		return interpreter[0] == '/' && can_run(root, arena, interpreter + 1, depth + 1);
	}
	if (memcmp(head, ELFMAG, SELFMAG) != 0)
		return false;
	interpreter = elf_interpreter(arena, head, len);
	return interpreter &&
	       (!*interpreter || (interpreter[0] == '/' && !root_exists(root, interpreter + 1)));
}

enum program_state program_find(const struct root *root, struct arena *arena, const char *name)
{
	static const char *const folders[] = {"usr/local/sbin", "usr/local/bin", "usr/sbin",
					      "usr/bin",        "sbin",          "bin"};
	enum program_state state = PROGRAM_ABSENT;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		const char *path = arena_printf(arena, "%s/%s", folders[i], name);

		if (root_exists(root, path))
			continue;
		if (can_run(root, arena, path, 0))
			return PROGRAM_THERE;
		state = PROGRAM_LIFELESS;
	}
	return state;
}
