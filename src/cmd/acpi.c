// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ferry acpi: DMAR or IVRS decoded, this machine's or a file's. What the firmware announced is the first
 * thing to look at where an IOMMU does not come up: a table that is not there is a switch that is off.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/root.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "show/acpi.h"

/* More than any table has; a file is read beyond it only where its header says so. */
#define READ_AT_LEAST ((size_t)65536)

static const char *const tables[] = {
	"sys/firmware/acpi/tables/DMAR",
	"sys/firmware/acpi/tables/IVRS",
};

/* As much as the table has by its own account, and one byte more to see that nothing follows. */
static bool is_read(const struct text *t)
{
	struct acpi_span file = {.data = (const uint8_t *)text_str(t), .size = t->len};
	size_t length = acpi_span_u32(&file, 4);

	return t->len > (length > READ_AT_LEAST ? length : READ_AT_LEAST);
}

static int read_all(int fd, struct text *t)
{
	char buffer[8192];

	while (!is_read(t)) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		text_add_bytes(t, buffer, (size_t)n);
	}
	return 0;
}

static int read_file(const char *path, struct text *t, struct error *err)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int ret;

	if (fd < 0)
		return error_set(err, -errno, path, NULL, "cannot be opened: %s", strerror(errno));
	ret = read_all(fd, t);
	if (!is_stdin)
		close(fd);
	if (ret)
		return error_set(err, ret, is_stdin ? "standard input" : path, NULL,
				 "cannot be read: %s", strerror(-ret));
	return 0;
}

static int refuse_unreadable(const char *path, int code, struct error *err)
{
	const char *remedy = code == -EACCES || code == -EPERM
				     ? "Only root may read it: run the same command with sudo."
				     : NULL;

	return error_set(err, code, path, remedy, "cannot be read: %s", strerror(-code));
}

static int refuse_absent(const char *from, struct error *err)
{
	if (from)
		return error_set(
			err, -ENOENT, from,
			"Capture the machine as root: the tables are readable by root alone.",
			"holds no DMAR and no IVRS table below sys/firmware/acpi/tables");
	return error_set(err, -ENOENT, "this machine",
			 "Switch the IOMMU on in the firmware's setup: \"VT-d\" on an Intel board, "
			 "\"IOMMU\" or \"AMD-Vi\" on an AMD board. A table saved elsewhere is "
			 "decoded by: ferry acpi FILE",
			 "the firmware gave the kernel no DMAR and no IVRS table: the IOMMU is "
			 "switched off, or there is none that these tables describe");
}

static int read_machine(const char *from, struct arena *arena, struct text *t, struct error *err)
{
	ROOT_AUTO struct root root = ROOT_CLOSED;
	int ret = root_open(from, &root);
	size_t i, len;
	char *data;

	if (ret)
		return error_set(err, ret, from ? from : "/", NULL, "cannot be opened: %s",
				 strerror(-ret));
	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		ret = root_read(&root, arena, tables[i], &data, &len);
		if (!ret) {
			text_add_bytes(t, data, len);
			return 0;
		}
		if (ret != -ENOENT && ret != -ENOTDIR)
			return refuse_unreadable(
				arena_printf(arena, "%s/%s", from ? from : "", tables[i]), ret,
				err);
	}
	return refuse_absent(from, err);
}

/* Gives the table's header; json decides the form. */
static struct acpi_table decode_and_show(const struct text *t, struct arena *arena, bool json,
					 FILE *out)
{
	const char *data = text_str(t);
	struct acpi_table table;

	if (acpi_table_is(data, t->len, "DMAR")) {
		struct dmar dmar;

		dmar_decode(arena, data, t->len, &dmar);
		json ? show_dmar_json(&dmar, out) : show_dmar(&dmar, NULL, out);
		return dmar.table;
	}
	if (acpi_table_is(data, t->len, "IVRS")) {
		struct ivrs ivrs;

		ivrs_decode(arena, data, t->len, &ivrs);
		json ? show_ivrs_json(&ivrs, out) : show_ivrs(&ivrs, NULL, out);
		return ivrs.table;
	}
	acpi_table_decode(&table, arena, data, t->len, NULL, ACPI_HEADER_SIZE);
	json ? show_acpi_table_json(&table, out) : show_acpi_table(&table, out);
	return table;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	const char *file = inv->n_words ? inv->words[0] : NULL;
	bool json = invocation_has(inv, OPTION_JSON);
	TEXT_AUTO struct text t = {0};
	struct acpi_table table;
	int ret;

	if (file && invocation_has(inv, OPTION_FROM)) {
		error_set(err, -EINVAL, NULL, NULL, "a FILE and --from exclude each other");
		return OUTCOME_USAGE;
	}
	ret = file ? read_file(file, &t, err)
		   : read_machine(inv->options[OPTION_FROM], inv->arena, &t, err);
	if (ret)
		return OUTCOME_REFUSED;
	table = decode_and_show(&t, inv->arena, json, inv->out);
	if (!table.n_issues)
		return OUTCOME_DONE;
	if (!json)
		error_set(err, -EBADMSG, file ? file : "the ACPI table",
			  "What was read before the damage is shown. A newer firmware may mend it.",
			  "is damaged at byte %zu: %s", table.issues[0].offset,
			  table.issues[0].message);
	return OUTCOME_REFUSED;
}

const struct command command_acpi = {
	.name = "acpi",
	.words = "[FILE]",
	.summary = "the firmware's table of IOMMUs, DMAR or IVRS, decoded",
	.most_words = 1,
	.options = OPTION(OPTION_FROM),
	.run = run,
};
