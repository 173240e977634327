// SPDX-License-Identifier: LGPL-2.1-or-later
/* See nvme.h. A subsystem's folder holds a link to each of its controllers. */
#include "host/nvme.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static const char *skip_digits(const char *s)
{
	const char *start = s;

	while (isdigit((unsigned char)*s))
		s++;
	return s == start ? NULL : s;
}

bool nvme_is_hidden(const char *name)
{
	const char *s = text_has_prefix(name, "nvme") ? skip_digits(name + 4) : NULL;

	s = s && *s == 'c' ? skip_digits(s + 1) : NULL;
	return s && *s == 'n';
}

static bool is_controller(const char *name)
{
	const char *s = text_has_prefix(name, "nvme") ? skip_digits(name + 4) : NULL;

	return s && !*s;
}

bool nvme_path_subsystem(struct host_reader *r, const char *path, const char **ret_subsystem,
			 const char **ret_rest)
{
	const char *found = strstr(path, NVME_SUBSYSTEMS "/");
	size_t len;

	if (!found)
		return false;
	found += sizeof(NVME_SUBSYSTEMS);
	len = strcspn(found, "/");
	if (!len || !found[len])
		return false;
	*ret_subsystem = arena_memdup(r->scratch, found, len);
	*ret_rest = found + len + 1;
	return true;
}

int nvme_subsystem_paths(struct host_reader *r, const char *subsystem, struct nvme_path **ret,
			 size_t *ret_n)
{
	struct root folder;
	struct nvme_path path, *paths = NULL;
	char buffer[PATH_MAX], **names;
	size_t n, n_paths = 0, i;
	int err = root_sub(&r->sys, arena_printf(r->scratch, NVME_SUBSYSTEMS "/%s", subsystem),
			   &folder);

	if (err)
		return err;
	err = root_list(&folder, r->scratch, ".", &names, &n);
	for (i = 0; !err && i < n; i++) {
		if (!is_controller(names[i]) ||
		    root_link(&folder, names[i], buffer, sizeof(buffer)) ||
		    !pci_path_device(r->host, buffer, &path.device, &path.rest))
			continue;
		path.rest = arena_strdup(r->scratch, path.rest);
		*arena_append(r->scratch, paths, n_paths) = path;
	}
	root_close(&folder);
	if (err)
		return err;
	*ret = paths;
	*ret_n = n_paths;
	return 0;
}

bool nvme_path_is_live(struct host_reader *r, const struct nvme_path *path)
{
	const char *slash = strrchr(path->rest, '/'), *name = slash ? slash + 1 : path->rest;
	char buffer[64];

	return !root_read_attribute(&r->sys, arena_printf(r->scratch, "class/nvme/%s/state", name),
				    buffer, sizeof(buffer), NULL) &&
	       !strcmp(text_trim_end(buffer), "live");
}
