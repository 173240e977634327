// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See survey.h. libsmartcols draws the tree and keeps the columns; the list and the JSON are streamed,
 * because the library keeps every cell.
 */
#include "show/survey.h"

#include <errno.h>
#include <libsmartcols.h>
#include <locale.h>

#include "analysis/fitness.h"
#include "analysis/loss.h"
#include "analysis/why.h"
#include "base/arena.h"
#include "base/text.h"
#include "show/json.h"

const char *device_title(struct arena *arena, const struct pci_device *d)
{
	if (d->device_name)
		return text_printable(arena, arena_printf(arena, "%s %s",
							  d->vendor_name ? d->vendor_name : "",
							  d->device_name));
	if (d->vendor_name)
		return text_printable(arena, arena_printf(arena, "%s device %04x", d->vendor_name,
							  (unsigned int)d->device & 0xffff));
	if (d->vendor >= 0 && d->device >= 0)
		return arena_printf(arena, "device %04x:%04x", (unsigned int)d->vendor,
				    (unsigned int)d->device);
	return "device of unknown ids";
}

static const char *group_text(struct arena *arena, const struct host *host,
			      const struct pci_device *d)
{
	if (d->group >= 0)
		return arena_printf(arena, "%u", host->groups[d->group].id);
	return d->unreadable & 1U << PCI_ATTRIBUTE_GROUP ? "?" : "-";
}

static const char *driver_text(const struct pci_device *d)
{
	if (d->driver)
		return d->driver;
	return d->unreadable & 1U << PCI_ATTRIBUTE_DRIVER ? "?" : "-";
}

enum column { COLUMN_DEVICE, COLUMN_GROUP, COLUMN_FITNESS, COLUMN_DRIVER, COLUMN_NAME };

struct drawing {
	const struct survey *survey;
	const struct host *host;
	struct arena *arena;
	struct libscols_table *table;
	struct libscols_line **lines; /* of each device, so that a child finds its bridge */
	int error;
};

static void set_cell(struct drawing *d, struct libscols_line *line, enum column column,
		     const char *text)
{
	if (!d->error)
		d->error = scols_line_set_data(line, column, text);
}

static struct libscols_line *add_line(struct drawing *d, struct libscols_line *parent,
				      const char *first)
{
	struct libscols_line *line = d->error ? NULL : scols_table_new_line(d->table, parent);

	if (!line && !d->error)
		d->error = -ENOMEM;
	if (line)
		set_cell(d, line, COLUMN_DEVICE, first);
	return line;
}

static void add_nodes(struct drawing *d, struct libscols_line *parent, const struct pci_device *dev)
{
	struct libscols_line **lines = arena_calloc(d->arena, dev->n_nodes + 1, sizeof(*lines));
	size_t i;

	for (i = 0; i < dev->n_nodes; i++) {
		const struct host_node *node = &d->host->nodes[dev->first_node + i];
		struct libscols_line *above =
			node->parent >= 0 ? lines[(size_t)node->parent - dev->first_node] : parent;

		lines[i] = add_line(d, above,
				    text_printable(d->arena, arena_printf(d->arena, "%s %s",
									  node->kind, node->name)));
		if (node->detail && lines[i])
			set_cell(d, lines[i], COLUMN_NAME, text_printable(d->arena, node->detail));
	}
}

static enum show_color color_of(enum fitness fitness)
{
	static const enum show_color colors[] = {
		[FITNESS_FREE] = SHOW_GOOD,
		[FITNESS_WITH_MATES] = SHOW_PLAIN,
		[FITNESS_LOSES] = SHOW_CAUTION,
		[FITNESS_NEVER] = SHOW_BAD,
	};

	return colors[fitness];
}

/* A bridge is no candidate: it is dim, not red, so that red means what a person must not take. */
static void set_fitness(struct drawing *d, struct libscols_line *line, const struct pci_device *dev,
			const struct fitness_of_device *fitness)
{
	const struct show_style *style = d->survey->style;
	bool is_bridge = dev->header != PCI_HEADER_ENDPOINT;
	enum show_color color = is_bridge ? SHOW_DIM : color_of(fitness->worst);
	const char *text = fitness_name(fitness->worst);

	if (!fitness->is_known && fitness->worst != FITNESS_NEVER)
		text = "?";
	set_cell(d, line, COLUMN_FITNESS, is_bridge ? "-" : text);
	if (!d->error && style->color && *style_on(style, color))
		d->error = scols_line_set_color(line, style_on(style, color));
}

/* Its own only: a mate's stand under the mate. */
static void add_losses(struct drawing *d, struct libscols_line *parent, size_t device,
		       const struct fitness_of_device *fitness)
{
	const char *arrow = arena_printf(d->arena, " %s ", style_arrow(d->survey->style));
	struct libscols_line *line;
	size_t i;

	for (i = 0; d->survey->shows_losses && i < fitness->n_losses; i++) {
		const struct plan_loss *loss = &fitness->losses[i];

		if (loss->device != device)
			continue;
		line = add_line(
			d, parent,
			arena_printf(d->arena, "loses (%s)", loss_severity_name(loss->severity)));
		if (line)
			set_cell(d, line, COLUMN_NAME,
				 text_printable(d->arena, loss_text(d->arena, loss, arrow)));
	}
}

static struct libscols_line *add_device(struct drawing *d, struct libscols_line *parent,
					const struct pci_device *dev)
{
	struct libscols_line *line = add_line(d, parent, dev->name);
	size_t device = (size_t)(dev - d->host->devices);
	struct fitness_of_device fitness;

	if (!line)
		return NULL;
	fitness_judge(d->survey->fitness, device, &fitness);
	set_fitness(d, line, dev, &fitness);
	add_losses(d, line, device, &fitness);
	set_cell(d, line, COLUMN_GROUP, group_text(d->arena, d->host, dev));
	set_cell(d, line, COLUMN_DRIVER, text_printable(d->arena, driver_text(dev)));
	set_cell(d, line, COLUMN_NAME, device_title(d->arena, dev));
	return line;
}

static int drawing_begin(struct drawing *d, const struct survey *survey, FILE *out)
{
	static const char *const titles[] = {"DEVICE", "GROUP", "FITNESS", "DRIVER", "NAME"};
	const struct show_style *style = survey->style;
	const struct host *host = survey->host;
	size_t i;

	*d = (struct drawing){.survey = survey, .host = host};
	/* The library escapes what is not in the locale's alphabet. */
	setlocale(LC_CTYPE, "");
	scols_init_debug(0);
	d->table = scols_new_table();
	if (!d->table)
		return -ENOMEM;
	d->arena = arena_new();
	d->lines = arena_calloc(d->arena, host->n_devices + 1, sizeof(*d->lines));
	scols_table_set_stream(d->table, out);
	scols_table_enable_colors(d->table, style->color);
	scols_table_enable_ascii(d->table, !style->utf8);
	if (!style->width)
		scols_table_set_termforce(d->table, SCOLS_TERMFORCE_NEVER);
	for (i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
		int flags = i == COLUMN_DEVICE  ? SCOLS_FL_TREE
			    : i == COLUMN_GROUP ? SCOLS_FL_RIGHT
			    : i == COLUMN_NAME  ? SCOLS_FL_TRUNC
						: 0;

		if (!scols_table_new_column(d->table, titles[i], 0, flags))
			return -ENOMEM;
	}
	return 0;
}

static int drawing_end(struct drawing *d)
{
	int error = d->error ? d->error : scols_print_table(d->table);

	scols_unref_table(d->table);
	arena_free(d->arena);
	return error;
}

int show_survey_tree(const struct survey *survey, FILE *out)
{
	const struct host *host = survey->host;
	struct drawing d;
	size_t i;

	d.error = drawing_begin(&d, survey, out);
	for (i = 0; i < host->n_devices; i++) {
		const struct pci_device *dev = &host->devices[i];
		/* A bridge's address may be higher than that of what hangs below it. */
		struct libscols_line *parent = dev->parent >= 0 ? d.lines[dev->parent] : NULL;

		d.lines[i] = add_device(&d, parent, dev);
		if (d.lines[i])
			add_nodes(&d, d.lines[i], dev);
	}
	return drawing_end(&d);
}

/* Why its members are together; ferry why says more. */
static void add_reasons(struct drawing *d, struct libscols_line *head, const struct iommu_group *g)
{
	const struct why *why = d->survey->why;
	const struct why_group *of = why ? why_group_of(why, d->host, g) : NULL;
	size_t i;

	for (i = 0; of && g->n_devices > 1 && why->isolation.is_known && i < of->n_reasons; i++) {
		struct libscols_line *line = add_line(d, head, "why");

		if (line)
			set_cell(d, line, COLUMN_NAME,
				 text_printable(d->arena, of->reasons[i].evidence));
	}
}

static void add_group(struct drawing *d, const struct iommu_group *g)
{
	struct libscols_line *head = add_line(d, NULL, arena_printf(d->arena, "group %u", g->id)),
			     *line;
	size_t i;

	if (!head)
		return;
	set_cell(d, head, COLUMN_GROUP, arena_printf(d->arena, "%u", g->id));
	if (g->n_direct_regions)
		set_cell(d, head, COLUMN_NAME,
			 "a firmware region bars it from assignment (reserved_regions: direct)");
	add_reasons(d, head, g);
	for (i = 0; i < g->n_devices; i++) {
		const struct pci_device *dev = &d->host->devices[g->devices[i]];

		line = add_device(d, head, dev);
		if (line)
			add_nodes(d, line, dev);
	}
	for (i = 0; i < g->n_others; i++) {
		line = add_line(d, head, text_printable(d->arena, g->others[i]));
		if (!line)
			return;
		set_cell(d, line, COLUMN_DRIVER, g->other_drivers[i] ? g->other_drivers[i] : "-");
		set_cell(d, line, COLUMN_NAME, "no PCI device");
	}
}

int show_survey_groups(const struct survey *survey, FILE *out)
{
	const struct host *host = survey->host;
	struct libscols_line *head = NULL, *line;
	struct drawing d;
	size_t i;

	d.error = drawing_begin(&d, survey, out);
	for (i = 0; i < host->n_groups; i++)
		add_group(&d, &host->groups[i]);
	for (i = 0; i < host->n_devices; i++) {
		if (host->devices[i].group >= 0)
			continue;
		if (!head)
			head = add_line(&d, NULL, "in no group");
		line = add_device(&d, head, &host->devices[i]);
		if (line)
			add_nodes(&d, line, &host->devices[i]);
	}
	return drawing_end(&d);
}

/* What people look for by name: the leaves that have a device node or an interface. */
static void print_leaves(const struct host *host, struct arena *arena, const struct pci_device *d,
			 FILE *out)
{
	size_t i, shown = 0;

	for (i = 0; i < d->n_nodes; i++) {
		const struct host_node *node = &host->nodes[d->first_node + i];

		fprintf(out, "%s%s:%s", shown++ ? "," : "  ", node->kind,
			text_printable(arena, node->name));
	}
}

static void print_losses(const struct survey *survey, struct arena *arena, size_t device, FILE *out)
{
	struct fitness_of_device fitness;
	size_t i;

	fitness_judge(survey->fitness, device, &fitness);
	fprintf(out, "  %s",
		fitness.is_known || fitness.worst == FITNESS_NEVER ? fitness_name(fitness.worst)
								   : "?");
	for (i = 0; i < fitness.n_losses; i++)
		fprintf(out, "%s%s", i ? "; " : "  loses ",
			text_printable(arena, loss_text(arena, &fitness.losses[i], LOSS_ARROW)));
}

void show_survey_list(const struct survey *survey, FILE *out)
{
	const struct host *host = survey->host;
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		ARENA_AUTO struct arena *arena = arena_new();
		const struct pci_device *d = &host->devices[i];

		fprintf(out, "%s  %4s  %-14s  %s", d->name, group_text(arena, host, d),
			text_printable(arena, driver_text(d)), device_title(arena, d));
		if (d->numa_node >= 0)
			fprintf(out, "  node%d", d->numa_node);
		print_leaves(host, arena, d, out);
		if (survey->fitness)
			print_losses(survey, arena, i, out);
		fputc('\n', out);
	}
}

static struct json_object *under_json(const struct host *host, const struct pci_device *d)
{
	struct json_object *under = json_object_new_object(), *list;
	size_t i;

	for (i = 0; i < d->n_nodes; i++) {
		const struct host_node *node = &host->nodes[d->first_node + i];

		if (!json_object_object_get_ex(under, node->kind, &list)) {
			list = json_object_new_array();
			json_object_object_add(under, node->kind, list);
		}
		json_object_array_add(list, json_text(node->name));
	}
	return under;
}

static struct json_object *unreadable_json(const struct pci_device *d)
{
	struct json_object *list = json_object_new_array();
	int i;

	for (i = 0; i < PCI_ATTRIBUTES; i++) {
		if (d->unreadable & 1U << i)
			json_object_array_add(list, json_text(pci_attribute_name(i)));
	}
	return list;
}

/* What could not be read must not look like nothing. */
static void add_fitness(struct json_object *o, struct json_object *unreadable,
			const struct survey *survey, size_t device)
{
	struct json_object *loses = json_object_new_array();
	struct fitness_of_device fitness;
	struct arena *arena = arena_new();
	size_t i;

	fitness_judge(survey->fitness, device, &fitness);
	for (i = 0; i < fitness.n_losses; i++)
		json_object_array_add(loses,
				      json_text(loss_text(arena, &fitness.losses[i], LOSS_ARROW)));
	arena_free(arena);
	json_add_text(o, "fitness",
		      fitness.is_known || fitness.worst == FITNESS_NEVER
			      ? fitness_name(fitness.worst)
			      : NULL);
	json_add_text(o, "fitness_reason", fitness.reason);
	json_object_object_add(o, "loses", loses);
	if (fitness.is_known)
		return;
	if (fitness.worst != FITNESS_NEVER)
		json_object_array_add(unreadable, json_text("fitness"));
	json_object_array_add(unreadable, json_text("loses"));
}

struct json_object *show_device_json(const struct survey *survey, size_t device)
{
	const struct host *host = survey->host;
	const struct pci_device *d = &host->devices[device];
	static const char *const headers[] = {
		[PCI_HEADER_ENDPOINT] = "endpoint",
		[PCI_HEADER_BRIDGE] = "bridge",
		[PCI_HEADER_CARDBUS] = "cardbus",
	};
	struct json_object *o = json_object_new_object(), *unreadable = unreadable_json(d);

	json_add_text(o, "address", d->name);
	json_add_hex(o, "class", d->class, 6);
	json_add_hex(o, "vendor", d->vendor, 4);
	json_add_hex(o, "device", d->device, 4);
	json_add_hex(o, "subsystem_vendor", d->subsystem_vendor, 4);
	json_add_hex(o, "subsystem_device", d->subsystem_device, 4);
	json_add_hex(o, "revision", d->revision, 2);
	json_add_text(o, "vendor_name", d->vendor_name);
	json_add_text(o, "device_name", d->device_name);
	json_add_text(o, "class_name", d->class_name);
	json_add_text(o, "driver", d->driver);
	json_add_number(o, "group", d->group >= 0 ? (int64_t)host->groups[d->group].id : -1);
	json_add_text(o, "parent", d->parent >= 0 ? host->devices[d->parent].name : NULL);
	json_add_number(o, "numa_node", d->numa_node);
	json_add_text(o, "header", headers[d->header]);
	json_object_object_add(o, "under", under_json(host, d));
	if (survey->fitness)
		add_fitness(o, unreadable, survey, device);
	json_object_object_add(o, "unreadable", unreadable);
	return o;
}

static struct json_object *group_json(const struct host *host, const struct iommu_group *g)
{
	struct json_object *o = json_object_new_object(), *list = json_object_new_array();
	size_t i;

	json_add_int(o, "id", g->id);
	for (i = 0; i < g->n_devices; i++)
		json_object_array_add(list, json_text(host->devices[g->devices[i]].name));
	json_object_object_add(o, "devices", list);
	json_add_list(o, "others", g->others, g->n_others);
	json_add_text(o, "type", g->type);
	json_add_list(o, "direct_regions", g->direct_regions, g->n_direct_regions);
	return o;
}

void show_survey_json(const struct survey *survey, FILE *out)
{
	const struct host *host = survey->host;
	struct json_stream s;
	size_t i;

	json_stream_begin(&s, out);
	json_stream_list(&s, "devices");
	for (i = 0; i < host->n_devices; i++)
		json_stream_row(&s, show_device_json(survey, i));
	json_stream_list(&s, "groups");
	for (i = 0; i < host->n_groups; i++)
		json_stream_row(&s, group_json(host, &host->groups[i]));
	json_stream_end(&s);
}
