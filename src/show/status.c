// SPDX-License-Identifier: LGPL-2.1-or-later
/* See status.h. */
#include "show/status.h"

#include <string.h>

#include "apply/transaction.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "show/json.h"
#include "show/survey.h"

static const struct pci_device *row_device(const struct status_row *row, const struct host *host)
{
	return row->device >= 0 ? &host->devices[row->device] : NULL;
}

static void show_row(const struct status_row *row, const struct host *host,
		     const struct show_style *style, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();
	const struct pci_device *d = row_device(row, host);
	char address[PCI_ADDRESS_SIZE];
	size_t i;

	fprintf(out, "%-12s  %-8s", pci_address_format(&row->identity.address, address),
		lent_state_name(row->state));
	if (row->guest)
		fprintf(out, "  %s", text_printable(a, row->guest));
	fprintf(out, "  on %s", d && d->driver ? text_printable(a, d->driver) : "no driver");
	if (row->driver_before)
		fprintf(out, ", from %s", text_printable(a, row->driver_before));
	if (row->since)
		fprintf(out, ", since %s", text_printable(a, row->since));
	else
		fputs(", not by ferry", out);
	if (d)
		fprintf(out, "  %s%s%s", style_on(style, SHOW_DIM), device_title(a, d),
			style_off(style));
	fputc('\n', out);
	for (i = 0; i < row->n_drift; i++)
		fprintf(out, "  %sdrift%s  %s\n", style_on(style, SHOW_CAUTION), style_off(style),
			text_printable(a, row->drift[i]));
}

void show_status(const struct status *status, const struct host *host,
		 const struct show_style *style, FILE *out)
{
	size_t i;

	for (i = 0; i < status->n_rows; i++)
		show_row(&status->rows[i], host, style, out);
	if (!status->n_rows)
		fputs("Nothing is lent: every device is with the host.\n", out);
}

void show_lent_count(const struct status *status, FILE *out)
{
	size_t drifted = 0, i;

	for (i = 0; i < status->n_rows; i++)
		drifted += status->rows[i].n_drift > 0;
	if (!status->n_rows)
		fputs("Nothing is lent: every device is with the host.\n", out);
	else
		fprintf(out, "%zu device%s away from the host", status->n_rows,
			status->n_rows == 1 ? " is" : "s are");
	if (drifted)
		fprintf(out, ", %zu not as ferry left %s", drifted, drifted == 1 ? "it" : "them");
	if (status->n_rows)
		fputs(".\n", out);
}

void show_next(const char *command, FILE *out)
{
	fprintf(out, "Next: %s\n", command);
}

void show_guests_unread(const struct guests *guests, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	if (guests->access != GUESTS_READ)
		fprintf(out, "ferry: guests could not be looked at: %s\n",
			text_printable(a, guests->message ? guests->message
							  : "libvirt was not asked"));
}

static struct json_object *row_json(const struct status_row *row, const struct host *host)
{
	const struct pci_device *d = row_device(row, host);
	struct json_object *o = json_object_new_object();
	char address[PCI_ADDRESS_SIZE];

	json_add_text(o, "address", pci_address_format(&row->identity.address, address));
	json_add_text(o, "state", lent_state_name(row->state));
	json_add_text(o, "guest", row->guest);
	json_add_text(o, "since", row->since);
	json_add_text(o, "driver", d ? d->driver : NULL);
	json_add_text(o, "driver_override", d && d->override && *d->override ? d->override : NULL);
	json_add_text(o, "driver_before", row->driver_before);
	json_add_list(o, "drift", row->drift, row->n_drift);
	return o;
}

void show_pending(const struct transaction_pending *pending, const struct show_style *style,
		  FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fprintf(out, "%sawaits confirmation%s  ferry %s: ", style_on(style, SHOW_CAUTION),
		style_off(style), text_printable(a, pending->command));
	if (pending->seconds_left > 0)
		fprintf(out, "put back in %.0f s, unless you run ferry confirm\n",
			pending->seconds_left);
	else
		fputs("its time is over, it is being put back; if it is not: ferry recover\n", out);
}

void show_pending_unread(const struct error *err, FILE *out)
{
	ARENA_AUTO struct arena *a = arena_new();

	fprintf(out, "ferry: whether anything awaits confirmation is not known: %s: %s\n",
		text_printable(a, err->subject ? err->subject : "journal"),
		text_printable(a, err->message ? err->message : strerror(-err->code)));
}

static struct json_object *pending_json(const struct transaction_pending *pending)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "id", pending->id);
	json_add_text(o, "command", pending->command);
	json_add_int(o, "seconds", (int64_t)pending->seconds_left);
	return o;
}

void show_status_json(const struct status *status, const struct host *host,
		      const struct transaction_pending *pending, FILE *out)
{
	struct json_stream s;
	size_t i;

	json_stream_begin(&s, out);
	json_stream_value(&s, "confirm", pending ? pending_json(pending) : NULL);
	json_stream_list(&s, "devices");
	for (i = 0; i < status->n_rows; i++)
		json_stream_row(&s, row_json(&status->rows[i], host));
	json_stream_end(&s);
}
