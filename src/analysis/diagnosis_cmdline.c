// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See diagnosis_cmdline.h. A word is a typo where it is one or two slips away from a parameter that
 * matters here and is none that exists; "-" and "_" are the same to the kernel (kernel/params.c, parameq).
 */
#include "analysis/diagnosis_cmdline.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LONGEST_NAME 48
#define MOST_SLIPS   2

/* Documentation/admin-guide/kernel-parameters.txt, and the modules' own. */
static const char *const known[] = {"intel_iommu",
				    "amd_iommu",
				    "amd_iommu_dump",
				    "amd_iommu_intr",
				    "iommu",
				    "iommu.passthrough",
				    "iommu.strict",
				    "iommu.forcedac",
				    "intremap",
				    "nointremap",
				    "ivrs_ioapic",
				    "ivrs_hpet",
				    "ivrs_acpihid",
				    "vfio_pci.ids",
				    "vfio_pci.disable_vga",
				    "vfio_pci.disable_idle_d3",
				    "vfio_pci.disable_denylist",
				    "vfio_iommu_type1.allow_unsafe_interrupts",
				    "vfio_iommu_type1.dma_entry_limit",
				    "pcie_acs_override",
				    "iommufd.allow_unsafe_interrupts"};
/* Those that people type by hand. */
static const char *const meant[] = {
	"intel_iommu",  "amd_iommu",         "intremap",
	"vfio_pci.ids", "pcie_acs_override", "vfio_iommu_type1.allow_unsafe_interrupts"};
static const char *const turned_round[] = {"iommu_intel",  "iommu_amd",    "intel_vtd",
					   "vfio_pci_ids", "vfio.pci.ids", "vfio_ids",
					   "iommu_on",     "acs_override", "pci_acs_override"};

static bool is_listed(const char *name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(name, list[i]))
			return true;
	return false;
}
#define LISTED(name, list) is_listed(name, list, sizeof(list) / sizeof((list)[0]))

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters put in, left out, changed, or two of them swapped. */
static size_t slips(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), i, j;
	size_t rows[3][LONGEST_NAME + 1];

	if (n > m + MOST_SLIPS || m > n + MOST_SLIPS)
		return MOST_SLIPS + 1;
	for (j = 0; j <= m; j++)
		rows[0][j] = j;
	for (i = 1; i <= n; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *top = rows[(i + 1) % 3];

		row[0] = i;
		for (j = 1; j <= m; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], top[j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

/* Which letters stand in it: a slip changes two of them at most, and most words are further off. */
static uint32_t letters_of(const char *s)
{
	uint32_t set = 0;

	for (; *s; s++)
		set |= 1U << (*s & 31);
	return set;
}

static bool is_near(const char *name)
{
	uint32_t letters = letters_of(name);
	size_t i;

	for (i = 0; i < sizeof(meant) / sizeof(meant[0]); i++)
		if (__builtin_popcount(letters ^ letters_of(meant[i])) <= 2 * MOST_SLIPS &&
		    slips(name, meant[i]) <= (strlen(meant[i]) > 9 ? MOST_SLIPS : 1))
			return true;
	return false;
}

static bool is_typo(const char *name)
{
	return (is_near(name) || LISTED(name, turned_round)) && !LISTED(name, known);
}

/* The name up to '=', lower case, "-" as "_"; false where it is too long to be meant. */
static bool name_read(const char *s, size_t len, char name[static LONGEST_NAME + 1])
{
	size_t i;

	for (i = 0; i < len && s[i] != '=' && s[i] != '['; i++) {
		if (i == LONGEST_NAME)
			return false;
		name[i] = s[i] == '-' ? '_' : (char)tolower((unsigned char)s[i]);
	}
	name[i] = 0;
	return i > 0;
}

static const char *after(const char *s, size_t len, const char *what)
{
	const char *at = memmem(s, len, what, strlen(what));

	return at ? at + strlen(what) : NULL;
}

/* The values of the two that are typed most (drivers/iommu/intel/iommu.c, arch/x86/kernel/pci-dma.c). */
static bool has_unknown_value(const char *name, const char *s, size_t len)
{
	static const char *const intel[] = {
		"on",    "off",    "igfx_off",      "igfx_on",  "forcedac",   "strict",  "sp_off",
		"sm_on", "sm_off", "tboot_noforce", "nobounce", "relax_rmrr", "ecs_off", "pasid28"};
	const char *value = memchr(s, '=', len), *end = s + len;
	char word[16];

	if (!value)
		return false;
	value++;
	if (!strcmp(name, "iommu"))
		return end - value == 2 && !memcmp(value, "on", 2);
	if (strcmp(name, "intel_iommu"))
		return false;
	while (value < end) {
		const char *comma = memchr(value, ',', (size_t)(end - value));
		size_t n = (size_t)((comma ? comma : end) - value);

		if (n >= sizeof(word))
			return true;
		memcpy(word, value, n);
		word[n] = 0;
		if (!LISTED(word, intel))
			return true;
		value += n + 1;
	}
	return false;
}

static enum cmdline_fault word_fault(const char *s, size_t len, bool is_unknown)
{
	char name[LONGEST_NAME + 1];

	if (!name_read(s, len, name))
		return CMDLINE_FINE;
	if (is_typo(name))
		return CMDLINE_TYPO;
	return (is_unknown && LISTED(name, known)) || has_unknown_value(name, s, len)
		       ? CMDLINE_UNKNOWN
		       : CMDLINE_FINE;
}

/* dmesg, a file that holds the line, /proc/cmdline. */
static const char *const openings[] = {"ommand line:", "GRUB_CMDLINE_LINUX_DEFAULT=",
				       "GRUB_CMDLINE_LINUX=", "cmdline:", "BOOT_IMAGE="};

static bool is_between(char c)
{
	return c == ' ' || c == '"' || c == '\n' || c == '\t' || c == '\r';
}

enum cmdline_fault cmdline_fault_find(const char *message, size_t len, const char **ret_word,
				      size_t *ret_length)
{
	const char *end = message + len, *s = after(message, len, "ommand line parameters");
	bool is_unknown = s;
	enum cmdline_fault fault;
	size_t i;

	for (i = 0; !s && i < sizeof(openings) / sizeof(openings[0]); i++)
		s = after(message, len, openings[i]);
	if (!s)
		return CMDLINE_FINE;
	while (s < end) {
		size_t n = 0;

		while (s < end && (is_between(*s) || *s == '\'' || *s == ':' || *s == ','))
			s++;
		while (s + n < end && !is_between(s[n]))
			n++;
		fault = word_fault(s, n, is_unknown);
		if (fault != CMDLINE_FINE) {
			*ret_word = s;
			*ret_length = n;
			return fault;
		}
		s += n;
	}
	return CMDLINE_FINE;
}

static bool is_parameter(const char *first, size_t n, const char *second, size_t m)
{
	char word[LONGEST_NAME * 2], name[LONGEST_NAME + 1];

	if (n + m > sizeof(word) || memchr(first, '=', n))
		return false;
	memcpy(word, first, n);
	memcpy(word + n, second, m);
	return name_read(word, n + m, name) && LISTED(name, known);
}

bool cmdline_word_is_broken(const char *text, size_t len, const char *word, size_t word_length)
{
	const char *before = word, *behind = word + word_length, *end = text + len;
	size_t n = 0, m = 0;

	if (before > text && before[-1] == ' ')
		for (before--; before > text && !is_between(before[-1]); n++)
			before--;
	if (behind < end && *behind == ' ')
		for (behind++; behind + m < end && !is_between(behind[m]);)
			m++;
	return is_parameter(before, n, word, word_length) ||
	       is_parameter(word, word_length, behind, m);
}
