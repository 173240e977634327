// SPDX-License-Identifier: LGPL-2.1-or-later
/* See diagnosis_found.h. */
#include "analysis/diagnosis_found.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/diagnosis_table.h"
#include "analysis/diagnosis_words.h"
#include "base/arena.h"
#include "base/text.h"

#define MOST_TEXT 4096
/* A log of any size must not fill the memory; what is left out is counted. */
#define MOST_PER_CAUSE 32
#define MOST_UNKNOWN   64
/* Faults before this belong to the firmware's boot picture, not to a guest. */
#define BOOT_SECONDS 10

struct entry {
	struct diagnosis_finding finding;
	enum diagnosis_id cause;
	size_t order;                    /* of its first line among the others' */
	const struct diagnosis_row *row; /* NULL: not from the table */
	bool is_of_boot;
	char *remedy, *meaning; /* instead of the table's; NULL: the table's */
};

struct found {
	struct arena *arena;
	const char *source;
	struct entry *entries;
	size_t n;
	size_t per_cause[CAUSES];
	struct diagnosis_unknown *unknown, *aftermath;
	uint64_t *hashes;
	size_t n_unknown, n_aftermath, n_hashes;
	uint64_t left_out, unknown_left_out;
};

struct found *found_new(struct arena *a)
{
	struct found *f = arena_alloc(a, sizeof(*f));

	f->arena = a;
	return f;
}

void found_source(struct found *f, const char *name)
{
	f->source = name;
}

static char *keep_text(struct found *f, const char *text, size_t len)
{
	char *s = arena_memdup(f->arena, text, len < MOST_TEXT ? len : MOST_TEXT), *from, *to;

	for (from = to = s; *from; from++)
		if (*from != '\r')
			*to++ = *from == '\n' ? ' ' : *from;
	*to = 0;
	return s;
}

static enum diagnosis_severity severity_of(const struct diagnosis_row *row, enum diagnosis_id cause)
{
	return row && row->has_severity ? row->severity : diagnosis_causes[cause].severity;
}

/* The entry that says the same of the same device, or of none that is named. */
static struct entry *entry_find(struct found *f, enum diagnosis_id cause,
				enum diagnosis_severity severity, const char *device)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct entry *e = &f->entries[i];

		if (e->cause == cause && e->finding.severity == severity &&
		    (!e->finding.device || !device || text_equal(e->finding.device, device)))
			return e;
	}
	return NULL;
}

static void entry_more(struct found *f, struct entry *e, const struct found_line *l,
		       const char *device)
{
	e->finding.count++;
	if (!e->finding.device && device)
		e->finding.device = arena_strdup(f->arena, device);
	if (e->finding.group < 0)
		e->finding.group = l->group;
	if (l->seconds >= BOOT_SECONDS)
		e->is_of_boot = false;
}

size_t found_row(struct found *f, const struct found_line *l)
{
	const struct diagnosis_row *row = &diagnosis_rows[l->row];
	char buffer[PCI_ADDRESS_SIZE];
	const char *device = l->device ? pci_address_format(l->device, buffer) : NULL;
	enum diagnosis_severity severity = severity_of(row, row->cause);
	struct entry *e = entry_find(f, row->cause, severity, device);

	if (e) {
		entry_more(f, e, l, device);
		return (size_t)(e - f->entries);
	}
	if (f->per_cause[row->cause] >= MOST_PER_CAUSE) {
		f->left_out++;
		return FOUND_NONE;
	}
	f->per_cause[row->cause]++;
	e = arena_append(f->arena, f->entries, f->n);
	e->cause = row->cause;
	e->row = row;
	e->is_of_boot = l->seconds >= 0 && l->seconds < BOOT_SECONDS;
	e->finding = (struct diagnosis_finding){
		.severity = severity,
		.text = keep_text(f, l->text, l->length),
		.line = l->line,
		.source = f->source,
		.device = device ? arena_strdup(f->arena, device) : NULL,
		.group = l->group,
		.count = 1,
	};
	return f->n - 1;
}

size_t found_parameter(struct found *f, bool is_typo, const char *word, size_t len, uint64_t line)
{
	enum diagnosis_id cause = is_typo ? CAUSE_PARAM_TYPO : CAUSE_PARAM_IGNORED;
	char *name = text_printable(f->arena, arena_memdup(f->arena, word, len < 80 ? len : 80));
	size_t i;

	for (i = 0; i < f->n; i++) {
		if (f->entries[i].cause != cause || f->entries[i].row ||
		    !text_equal(f->entries[i].finding.text, name))
			continue;
		f->entries[i].finding.count++;
		return i;
	}
	if (f->per_cause[cause]++ >= MOST_PER_CAUSE) {
		f->left_out++;
		return FOUND_NONE;
	}
	struct entry *e = arena_append(f->arena, f->entries, f->n);
	e->cause = cause;
	e->finding = (struct diagnosis_finding){
		.severity = diagnosis_causes[cause].severity,
		.text = name,
		.line = line,
		.source = f->source,
		.group = -1,
		.count = 1,
	};
	e->meaning = arena_printf(
		f->arena,
		is_typo ? "No kernel knows the parameter \"%s\", and it dropped it without a word."
			: "This kernel does not know the parameter \"%s\".",
		name);
	return f->n - 1;
}

static uint64_t words_hash(const struct words *w)
{
	uint64_t h = 0xcbf29ce484222325U;
	size_t i, j;

	for (i = 0; i < w->n; i++) {
		if (w->list[i].is_skippable)
			continue;
		for (j = 0; j < w->list[i].length; j++)
			h = (h ^ (unsigned char)w->letters[w->list[i].start + j]) * 0x100000001b3U;
		h = (h ^ ' ') * 0x100000001b3U;
	}
	return h;
}

size_t found_unknown(struct found *f, const struct words *w, bool is_aftermath, const char *text,
		     size_t len, uint64_t line)
{
	uint64_t hash = words_hash(w), *slot;
	struct diagnosis_unknown *u;
	size_t i;

	for (i = 0; i < f->n_unknown; i++) {
		if (f->hashes[i] != hash || is_aftermath)
			continue;
		f->unknown[i].count++;
		return i;
	}
	if ((is_aftermath ? f->n_aftermath : f->n_unknown) >= MOST_UNKNOWN) {
		f->unknown_left_out++;
		return FOUND_NONE;
	}
	if (is_aftermath) {
		u = arena_append(f->arena, f->aftermath, f->n_aftermath);
	} else {
		u = arena_append(f->arena, f->unknown, f->n_unknown);
		slot = arena_append(f->arena, f->hashes, f->n_hashes);
		*slot = hash;
	}
	*u = (struct diagnosis_unknown){
		.text = keep_text(f, text, len),
		.line = line,
		.source = f->source,
		.count = 1,
	};
	return is_aftermath ? FOUND_NONE : f->n_unknown - 1;
}

bool found_again(struct found *f, bool is_unknown, size_t index)
{
	if (!is_unknown && f->entries[index].cause == CAUSE_DMA_FAULT &&
	    f->entries[index].is_of_boot)
		return false;
	if (is_unknown)
		f->unknown[index].count++;
	else
		f->entries[index].finding.count++;
	return true;
}

static bool has_cause(const struct found *f, enum diagnosis_id cause)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->entries[i].cause == cause)
			return true;
	return false;
}

static bool has_better_reason(const struct found *f, const struct entry *probe)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		const struct entry *e = &f->entries[i];

		if ((e->cause == CAUSE_DEVICE_OPEN_FAILED || e->cause == CAUSE_NOT_BOUND_VFIO) &&
		    text_equal(e->finding.device, probe->finding.device))
			return true;
	}
	return false;
}

static void recast(struct entry *e, enum diagnosis_id cause)
{
	e->cause = cause;
	e->row = NULL;
	e->finding.severity = diagnosis_causes[cause].severity;
}

/* What a line means beside the others. */
static void weigh(struct found *f, struct entry *e)
{
	enum diagnosis_rule rule = e->row ? e->row->rule : RULE_PLAIN;

	if ((rule == RULE_X2APIC && has_cause(f, CAUSE_OK_INTREMAP)) ||
	    (rule == RULE_HINT &&
	     (has_cause(f, CAUSE_NOT_BOUND_VFIO) || has_cause(f, CAUSE_DEVICE_BUSY))) ||
	    (rule == RULE_VFIO_PROBE && has_better_reason(f, e)))
		recast(e, CAUSE_OK_HARMLESS);
	else if (rule == RULE_LIBVIRT && has_cause(f, CAUSE_OK_IOMMU_ON))
		recast(e, CAUSE_LIBVIRT_BLIND);
	else if (e->cause == CAUSE_INTREMAP_MISSING && has_cause(f, CAUSE_UNSAFE_INTERRUPTS))
		e->finding.severity = DIAGNOSIS_WARN;
	else if (e->cause == CAUSE_CONTAINER_EPERM &&
		 (has_cause(f, CAUSE_RMRR_BOUND) || has_cause(f, CAUSE_INTREMAP_MISSING)))
		e->remedy = arena_strdup(
			f->arena, "The kernel's own line, above, names the reason: cure that.");
	else if (e->cause == CAUSE_DMA_FAULT && e->is_of_boot)
		e->remedy = arena_strdup(
			f->arena,
			"It happened while the host booted, where the firmware's picture is still "
			"being fetched: ignore it.");
}

static const char *placeholder(struct found *f, const struct diagnosis_finding *d, const char *name,
			       size_t len)
{
	static const struct {
		const char *name, *else_;
	} names[] = {{"device", "the device"},
		     {"DEVICE", "DEVICE"},
		     {"group", "its group"},
		     {"GROUP", "DEVICE"}};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i].name) == len && !memcmp(names[i].name, name, len))
			break;
	if (i == sizeof(names) / sizeof(names[0]))
		return NULL;
	if (i >= 2 && d->group >= 0)
		return arena_printf(f->arena, i == 2 ? "group %lld" : "group:%lld",
				    (long long)d->group);
	if (i != 2 && d->device)
		return d->device;
	return names[i].else_;
}

static char *fill_in(struct found *f, const struct diagnosis_finding *d, const char *template)
{
	TEXT_AUTO struct text t = {0};
	const char *s = template, *open, *close, *value;
	char *result;

	while ((open = strchr(s, '{')) && (close = strchr(open, '}'))) {
		text_add_bytes(&t, s, (size_t)(open - s));
		value = placeholder(f, d, open + 1, (size_t)(close - open - 1));
		if (value)
			text_add(&t, value);
		else
			text_add_bytes(&t, open, (size_t)(close - open + 1));
		s = close + 1;
	}
	text_add(&t, s);
	result = arena_strdup(f->arena, text_str(&t));
	if (result[0] >= 'a' && result[0] <= 'z')
		result[0] = (char)(result[0] - 'a' + 'A');
	return result;
}

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->finding.severity != y->finding.severity)
		return x->finding.severity > y->finding.severity ? -1 : 1;
	if (x->cause != y->cause)
		return x->cause < y->cause ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void entry_finish(struct found *f, struct entry *e)
{
	const struct diagnosis_cause *cause = &diagnosis_causes[e->cause];
	const struct diagnosis_row *row = e->row;

	e->finding.cause = cause->slug;
	e->finding.meaning = e->meaning
				     ? e->meaning
				     : fill_in(f, &e->finding,
					       row && row->meaning ? row->meaning : cause->meaning);
	e->finding.remedy = e->remedy ? e->remedy
				      : fill_in(f, &e->finding,
						row && row->remedy ? row->remedy : cause->remedy);
}

void found_end(struct found *f, struct diagnosis *ret)
{
	size_t i;

	*ret = (struct diagnosis){0};
	for (i = 0; i < f->n; i++)
		f->entries[i].order = i;
	for (i = 0; i < f->n; i++)
		weigh(f, &f->entries[i]);
	if (f->n)
		qsort(f->entries, f->n, sizeof(*f->entries), entry_compare);
	for (i = 0; i < f->n; i++) {
		entry_finish(f, &f->entries[i]);
		*(struct diagnosis_finding *)arena_append(f->arena, ret->findings,
							  ret->n_findings) = f->entries[i].finding;
	}
	ret->unknown = f->unknown;
	ret->n_unknown = f->n_unknown;
	if (!ret->n_unknown && !(f->n && f->entries[0].finding.severity >= DIAGNOSIS_WARN)) {
		ret->unknown = f->aftermath;
		ret->n_unknown = f->n_aftermath;
	}
	ret->findings_left_out = f->left_out;
	ret->unknown_left_out = f->unknown_left_out;
}

const char *diagnosis_severity_name(enum diagnosis_severity severity)
{
	static const char *const names[] = {[DIAGNOSIS_PASS] = "pass",
					    [DIAGNOSIS_NOTE] = "note",
					    [DIAGNOSIS_WARN] = "warn",
					    [DIAGNOSIS_STOP] = "stop"};

	return names[severity];
}

bool diagnosis_stops(const struct diagnosis *d)
{
	return d->n_findings && d->findings[0].severity == DIAGNOSIS_STOP;
}
