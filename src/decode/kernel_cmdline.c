// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See kernel_cmdline.h. Text in, words out: nothing here knows where the line was read. The table of
 * names that `check` lists stands here too, because it is a statement about parameters, not about logs.
 */
#include "decode/kernel_cmdline.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"

/* Names that are listed; a '*' at the end stands for anything. Written with '_', matched with both. */
static const char *const listed_names[] = {
	"intel_iommu", "amd_iommu",   "amd_iommu_dump", "amd_iommu_intr",
	"iommu",       "iommu.*",     "intremap",       "nointremap",
	"nox2apic",    "x2apic_phys", "vfio*",          "kvm*",
	"swiotlb",     "arm_smmu*",   "ivrs_*",         "pcie_acs_override",
	"mem_encrypt",
};

static char dash_to_underscore(char c)
{
	return c == '-' ? '_' : c;
}

bool kernel_cmdline_next(const char *s, size_t len, size_t *pos, size_t *ret_begin, size_t *ret_len)
{
	bool quoted = false;
	size_t i = *pos;

	while (i < len && isspace((unsigned char)s[i]))
		i++;
	*ret_begin = i;
	for (; i < len && (quoted || !isspace((unsigned char)s[i])); i++)
		quoted ^= s[i] == '"';
	*ret_len = i - *ret_begin;
	*pos = i;
	return *ret_len > 0;
}

/* Copies a piece of a word without the quote in front and the one at the end. */
static const char *unquoted(struct arena *a, const char *s, size_t len)
{
	if (len && s[0] == '"') {
		s++;
		len--;
	}
	if (len && s[len - 1] == '"')
		len--;
	return arena_memdup(a, s, len);
}

static void word_set(struct arena *a, const char *s, size_t len, struct kernel_cmdline_word *ret)
{
	const char *equals = memchr(s, '=', len);

	ret->text = arena_memdup(a, s, len);
	if (!equals) {
		ret->name = unquoted(a, s, len);
		return;
	}
	ret->name = unquoted(a, s, (size_t)(equals - s));
	ret->value = unquoted(a, equals + 1, len - (size_t)(equals + 1 - s));
}

void kernel_cmdline_split(struct arena *a, const char *s, size_t len, struct kernel_cmdline *ret)
{
	size_t pos = 0, begin, n;

	*ret = (struct kernel_cmdline){0};
	while (kernel_cmdline_next(s, len, &pos, &begin, &n)) {
		if (n == 2 && !memcmp(s + begin, "--", 2))
			return;
		word_set(a, s + begin, n, arena_append(a, ret->words, ret->count));
	}
}

bool kernel_cmdline_name_equal(const char *a, const char *b)
{
	while (*a && dash_to_underscore(*a) == dash_to_underscore(*b)) {
		a++;
		b++;
	}
	return !*a && !*b;
}

const struct kernel_cmdline_word *kernel_cmdline_last(const struct kernel_cmdline *c,
						      const char *name)
{
	for (size_t i = c->count; i-- > 0;)
		if (kernel_cmdline_name_equal(c->words[i].name, name))
			return &c->words[i];
	return NULL;
}

/* The items of "a,b,c" one by one; false at the end. */
static bool next_item(const char **list, const char **ret, size_t *ret_len)
{
	if (!*list)
		return false;
	*ret = *list;
	*ret_len = strcspn(*list, ",");
	*list = (*ret)[*ret_len] ? *ret + *ret_len + 1 : NULL;
	return true;
}

static bool item_is(const char *item, size_t len, const char *wanted)
{
	return len == strlen(wanted) && !memcmp(item, wanted, len);
}

bool kernel_cmdline_has(const struct kernel_cmdline *c, const char *name, const char *item)
{
	const char *list, *found;
	size_t len;

	for (size_t i = 0; i < c->count; i++) {
		list = kernel_cmdline_name_equal(c->words[i].name, name) ? c->words[i].value : NULL;
		while (next_item(&list, &found, &len))
			if (item_is(found, len, item))
				return true;
	}
	return false;
}

/* Compares a name of len bytes with a pattern of listed_names. */
static bool name_fits(const char *name, size_t len, const char *pattern)
{
	size_t i;

	for (i = 0; i < len && pattern[i] && pattern[i] != '*'; i++)
		if (dash_to_underscore(name[i]) != pattern[i])
			return false;
	return pattern[i] == '*' || (i == len && !pattern[i]);
}

bool kernel_cmdline_is_listed(const char *word, size_t len)
{
	const char *equals;
	size_t name;

	if (len && word[0] == '"') {
		word++;
		len--;
	}
	/* The first letters of them all: a log has many words. */
	if (!len || !strchr("aiknmpsvx", word[0]))
		return false;
	if (len >= 8 && !memcmp(word, "acpi=off", 8) && (len == 8 || word[8] == '"'))
		return true;
	equals = memchr(word, '=', len);
	name = equals ? (size_t)(equals - word) : len;
	if (!equals && name && word[name - 1] == '"')
		name--;
	for (size_t i = 0; i < sizeof(listed_names) / sizeof(*listed_names); i++)
		if (name_fits(word, name, listed_names[i]))
			return true;
	return false;
}

/* intel_iommu= takes its items by their beginning: "on", "off"; the last of the two wins. */
static void obey_intel(const struct kernel_cmdline_word *w, struct kernel_cmdline_iommu *ret)
{
	const char *list = w->value, *item;
	size_t len;

	while (next_item(&list, &item, &len)) {
		if (!strncmp(item, "on", 2)) {
			ret->intel_on = w;
			ret->intel_off = NULL;
		} else if (!strncmp(item, "off", 3)) {
			ret->intel_on = NULL;
			ret->intel_off = w;
		}
	}
}

/* An item of the value that begins with "off". */
static bool value_has_off(const struct kernel_cmdline_word *w)
{
	const char *list = w->value, *item;
	size_t len;

	while (next_item(&list, &item, &len))
		if (!strncmp(item, "off", 3))
			return true;
	return false;
}

void kernel_cmdline_iommu(const struct kernel_cmdline *c, struct kernel_cmdline_iommu *ret)
{
	*ret = (struct kernel_cmdline_iommu){0};
	for (size_t i = 0; i < c->count; i++) {
		const struct kernel_cmdline_word *w = &c->words[i];

		if (kernel_cmdline_name_equal(w->name, "intel_iommu"))
			obey_intel(w, ret);
		else if (kernel_cmdline_name_equal(w->name, "amd_iommu") && value_has_off(w))
			ret->amd_off = w;
		else if (kernel_cmdline_name_equal(w->name, "iommu") && value_has_off(w))
			ret->all_off = w;
		else if (kernel_cmdline_name_equal(w->name, "nointremap") ||
			 (kernel_cmdline_name_equal(w->name, "intremap") && value_has_off(w)))
			ret->intremap_off = w;
	}
}
