// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Runs a fuzz target over the files of a folder: the corpus as an ordinary test, with any compiler and
 * without libFuzzer. Each file is also run cut in half and empty, so that a small corpus is worth more.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* The block has exactly the input's size: a sanitizer sees the first byte beyond it. */
static void run_exact(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static int run_file(const char *folder, const char *name)
{
	uint8_t *data = NULL;
	size_t size = 0, n;
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "rb");
	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	do {
		data = realloc(data, size + 65536);
		if (!data)
			abort();
		n = fread(data + size, 1, 65536, f);
		size += n;
	} while (n);
	fclose(f);
	run_exact(data, size);
	run_exact(data, size / 2);
	free(data);
	return 0;
}

static int run_folder(const char *folder, unsigned int *count)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int err = 0;

	if (!dir) {
		fprintf(stderr, "%s: %s\n", folder, strerror(errno));
		return -1;
	}
	while (!err && (entry = readdir(dir))) {
		if (entry->d_type == DT_DIR || *entry->d_name == '.')
			continue;
		err = run_file(folder, entry->d_name);
		++*count;
	}
	closedir(dir);
	return err;
}

int main(int argc, char **argv)
{
	unsigned int count = 0;
	int i;

	run_exact(NULL, 0);
	for (i = 1; i < argc; i++) {
		if (run_folder(argv[i], &count))
			return 1;
	}
	printf("%u files\n", count);
	return count ? 0 : 1;
}
