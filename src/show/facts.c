// SPDX-License-Identifier: LGPL-2.1-or-later
/* See facts.h. What the promise names comes first; where it was read from stands in "lines". */
#include "show/facts.h"

#include "analysis/readiness.h"
#include "base/arena.h"
#include "decode/iommu_registers.h"
#include "decode/kernel_log.h"
#include "host/platform.h"
#include "show/json.h"

static struct json_object *groups_json(const struct kernel_log_facts *f)
{
	struct json_object *o = f->group_count ? json_object_new_object() : NULL;

	for (size_t i = 0; i < f->group_count; i++)
		json_add_int(o, f->groups[i].device, f->groups[i].group);
	return o;
}

static struct json_object *parameters_json(const struct kernel_log_facts *f)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < f->parameters.count; i++)
		json_object_array_add(list, json_text(f->parameters.words[i].text));
	return list;
}

static struct json_object *problems_json(const struct kernel_log_facts *f)
{
	struct json_object *list = json_object_new_array();

	for (int i = 0; i < LOG_PROBLEMS; i++)
		if (f->problems[i].count)
			json_object_array_add(list,
					      json_text(log_problem_slug((enum log_problem)i)));
	return list;
}

static void add_line(struct json_object *o, const char *key, const struct log_evidence *line)
{
	struct json_object *row;

	if (!line->text)
		return;
	row = json_object_new_object();
	/* A file of the machine has none. */
	json_add_number(row, "line", line->line ? (int64_t)line->line : -1);
	json_add_text(row, "text", line->text);
	json_object_object_add(o, key, row);
}

/* {"iommu": {"line", "text"}, …, and one for each problem by its slug} */
static struct json_object *lines_json(const struct kernel_log_facts *f)
{
	struct json_object *o = json_object_new_object();

	add_line(o, "vendor", &f->vendor_line);
	add_line(o, "iommu", &f->iommu_line);
	add_line(o, "interrupt_remapping", &f->interrupt_remapping_line);
	add_line(o, "default_domain", &f->default_domain_line);
	add_line(o, "units", &f->units_line);
	add_line(o, "groups", &f->groups_line);
	add_line(o, "parameters", &f->parameters_line);
	for (int i = 0; i < LOG_PROBLEMS; i++)
		add_line(o, log_problem_slug((enum log_problem)i), &f->problems[i].first);
	return o;
}

struct json_object *show_facts_json(const struct kernel_log_facts *f)
{
	struct json_object *o = json_object_new_object();

	json_add_text(o, "vendor", iommu_vendor_name(f->vendor));
	json_add_text(o, "iommu", iommu_state_name(f->iommu));
	json_add_text(o, "interrupt_remapping", intremap_state_name(f->interrupt_remapping));
	json_add_text(o, "default_domain", default_domain_name(f->default_domain));
	json_object_object_add(o, "units",
			       f->has_units ? json_object_new_int64((int64_t)f->units) : NULL);
	json_object_object_add(o, "groups", groups_json(f));
	json_object_object_add(o, "parameters", parameters_json(f));
	json_object_object_add(o, "problems", problems_json(f));
	json_add_int(o, "boots", (int64_t)f->boots);
	json_add_text(o, "kernel", f->kernel);
	json_add_text(o, "machine", f->machine);
	json_object_object_add(o, "lines", lines_json(f));
	return o;
}

static struct json_object *features_json(const struct host_unit *u)
{
	struct json_object *list = json_object_new_array();
	ARENA_AUTO struct arena *a = arena_new();
	struct iommu_features features;

	readiness_unit_features(u, a, &features);
	for (size_t i = 0; i < features.n_rows; i++) {
		struct json_object *row = json_object_new_object();

		json_add_text(row, "id", features.rows[i].id);
		json_add_text(row, "name", features.rows[i].name);
		json_add_text(row, "value", features.rows[i].value);
		json_object_array_add(list, row);
	}
	return list;
}

struct json_object *show_units_json(const struct host_platform *platform)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < platform->n_units; i++) {
		const struct host_unit *u = &platform->units[i];
		struct json_object *row = json_object_new_object();

		json_add_text(row, "name", u->name);
		if (u->address)
			json_add_register(row, "address", u->address);
		else
			json_object_object_add(row, "address", NULL);
		json_add_list(row, "devices", u->devices, u->n_devices);
		json_object_object_add(row, "features", features_json(u));
		json_object_array_add(list, row);
	}
	return list;
}
