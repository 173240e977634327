// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * DMAR or IVRS decoded, this machine's or a file's. What the firmware announced is the first
 * thing to look at where an IOMMU does not come up: a table that is not there is a switch that is off.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "analysis/firmware_device.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/fact.h"
#include "base/root.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "host/read.h"
#include "show/acpi.h"
#include "show/outcome.h"

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

		if (!n)
			return 0;
		if (n > 0)
			text_add_bytes(t, buffer, (size_t)n);
		else if (errno != EINTR)
			return -errno;
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
		error_set(err, ret, path, NULL, "cannot be read: %s", strerror(-ret));
	return ret;
}

static int refuse_absent(const char *from, struct error *err)
{
	static const char *const remedies[] = {
		"Switch the IOMMU on in the firmware's setup: \"VT-d\" on an Intel board, \"IOMMU\" or "
		"\"AMD-Vi\" on an AMD board. A table saved elsewhere is decoded by: ferry acpi FILE",
		"Capture the machine as root: the tables are readable by root alone.",
	};

	return error_set(
		err, -ENOENT, from ? from : "this machine", remedies[from != NULL],
		"there is no DMAR and no IVRS table in sys/firmware/acpi/tables: the IOMMU is "
		"switched off in the firmware, or none is there that these tables describe");
}

/* Leaves root open, for the names of the devices. */
static int read_machine(const char *from, struct root *root, struct arena *arena, struct text *t,
			struct error *err)
{
	int ret = root_open(from, root);
	size_t i, len;
	char *data;

	if (ret)
		return error_set(err, ret, from ? from : "/", NULL, "cannot be opened: %s",
				 strerror(-ret));
	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		ret = root_read(root, arena, tables[i], &data, &len);
		if (!ret) {
			text_add_bytes(t, data, len);
			return 0;
		}
		if (fact_from_code(ret) != FACT_ABSENT)
			return error_set(
				err, ret, arena_printf(arena, "%s/%s", from ? from : "", tables[i]),
				fact_from_code(ret) == FACT_DENIED
					? "Only root may read it: run the same command with sudo."
					: NULL,
				"cannot be read: %s", strerror(-ret));
	}
	return refuse_absent(from, err);
}

static const char *name_device(void *data, uint16_t segment, uint8_t bus,
			       const struct dmar_path *path, size_t n_path)
{
	const struct host *host = data;
	const struct pci_device *d = firmware_device_find(host, segment, bus, path, n_path);

	if (!d)
		return NULL;
	return arena_printf(host->arena, "%s %s %s", d->name,
			    d->class_name ? d->class_name : "device",
			    d->device_name ? d->device_name : "of unknown name");
}

/* The names are an addition: where the devices can't be read, that is said and the table is shown. */
static bool read_names(const struct root *root, struct invocation *inv, struct host *ret)
{
	ERROR_AUTO struct error err = {0};

	if (!host_read(root, HOST_PART(HOST_PCI) | HOST_PART(HOST_NAMES), inv->arena, ret, &err) &&
	    ret->parts[HOST_PCI] == FACT_READ)
		return true;
	show_sentence("ferry: the devices could not be read: shown without names", inv->err);
	return false;
}

/* Gives the table's header. names NULL: the table is not this machine's. */
static struct acpi_table decode_and_show(const struct text *t, struct invocation *inv,
					 const struct acpi_names *names)
{
	bool json = invocation_has(inv, OPTION_JSON);
	const char *data = text_str(t);
	struct acpi_table table;

	if (acpi_table_is(data, t->len, "DMAR")) {
		struct dmar dmar;

		dmar_decode(inv->arena, data, t->len, &dmar);
		json ? show_dmar_json(&dmar, inv->out) : show_dmar(&dmar, names, inv->out);
		return dmar.table;
	}
	if (acpi_table_is(data, t->len, "IVRS")) {
		struct ivrs ivrs;

		ivrs_decode(inv->arena, data, t->len, &ivrs);
		json ? show_ivrs_json(&ivrs, inv->out) : show_ivrs(&ivrs, names, inv->out);
		return ivrs.table;
	}
	acpi_table_decode(&table, inv->arena, data, t->len, NULL, ACPI_HEADER_SIZE);
	json ? show_acpi_table_json(&table, inv->out) : show_acpi_table(&table, inv->out);
	return table;
}

static enum outcome run(struct invocation *inv, struct error *err)
{
	const char *file = inv->n_words ? inv->words[0] : NULL, *from = inv->options[OPTION_FROM];
	bool json = invocation_has(inv, OPTION_JSON);
	ROOT_AUTO struct root root = ROOT_CLOSED;
	struct host host = {0};
	const struct acpi_names names = {name_device, &host};
	TEXT_AUTO struct text t = {0};
	struct acpi_table table;

	if (file && from) {
		error_set(err, -EINVAL, NULL, NULL, "a FILE and --from exclude each other");
		return OUTCOME_USAGE;
	}
	if (file ? read_file(file, &t, err) : read_machine(from, &root, inv->arena, &t, err))
		return OUTCOME_REFUSED;
	table = decode_and_show(&t, inv,
				!file && !json && read_names(&root, inv, &host) ? &names : NULL);
	if (!table.n_issues)
		return OUTCOME_DONE;
	if (!json)
		error_set(err, -EBADMSG, file ? file : "the ACPI table",
			  "What was read before it is shown. A newer firmware may mend it.",
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
