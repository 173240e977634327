// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What each message means: one table, a row for each wording, easy to add to. Rows hold the part of a
 * message that stayed the same over the years ("nterrupt remapping enabled"), never a whole line; what
 * needs more than its presence has a function. Sources: drivers/iommu/{,intel/,amd/,arm/}, 2.6.32 to
 * 7.x, arch/x86/kernel/{apic,pci-dma.c}, arch/x86/kvm, drivers/vfio, and Xen's drivers/passthrough.
 */
#include "decode/kernel_log_hit.h"

#include <string.h>

struct message {
	const char *text; /* at least MATCH_LEAST bytes */
	const char *also; /* must be in the same line; NULL: nothing more */
	enum log_mark mark;
	enum log_mark until; /* once this is set the message says nothing new */
	int problem;         /* 1 + enum log_problem; 0: none */
	void (*read)(const struct hit *h);
};

#define P(name) .problem = 1 + PROBLEM_##name
static const struct message messages[] = {
	/* boots, parameters, groups */
	{"Linux version ", .read = log_read_version},
	{"ommand line:", .read = log_read_cmdline},
	{"-- Reboot", .read = log_read_boundary},
	{"-- Boot ", .read = log_read_boundary},
	{", BIOS ", .read = log_read_machine},
	{"to iommu group ", .read = log_read_group_added},
	{"from iommu group ", .read = log_read_group_removed},
	{"Adding device ", .read = log_read_old_group_added},
	{"Removing device ", .read = log_read_old_group_removed},
	{"Default domain type: ", .read = log_read_default_domain},
	{"PCI-DMA: Using software bounce", .mark = MARK_BOUNCE_BUFFERS},

	/* Intel: tables and units */
	{"ACPI: DMAR ", .read = log_read_table},
	{"DMAR table memory", .mark = MARK_DMAR_TABLE},
	{"DMAR-IR: ", .mark = MARK_INTEL},
	{"RMRR base: ", .mark = MARK_INTEL},
	{"ATSR flags: ", .mark = MARK_INTEL},
	{"RHSA base: ", .mark = MARK_INTEL},
	{"SATC flags: ", .mark = MARK_INTEL},
	{"ANDD device: ", .mark = MARK_INTEL},
	{"DMAR: ACPI device", .mark = MARK_INTEL},
	{"DMAR: Forcing write-buffer", .mark = MARK_INTEL},
	{"DMAR: Disabling", .mark = MARK_INTEL},
	{"DMAR: BIOS has allocated", .mark = MARK_INTEL},
	{"DMAR: Skip IOMMU", .mark = MARK_INTEL},
	{"DMAR: Device ", .mark = MARK_INTEL},
	{"DMAR: Setting identity", .mark = MARK_INTEL},
	{"DMAR: VT-d ", .mark = MARK_INTEL},
	{"DMAR: IOMMU feature", .mark = MARK_INTEL},
	{"DMAR: IOMMU batching", .mark = MARK_INTEL},
	{"DMAR: [Firmware", .mark = MARK_INTEL},
	{"DMAR: Intel", .mark = MARK_INTEL},
	{"DMAR: No ", .mark = MARK_INTEL},
	{"DMAR: Translation ", .mark = MARK_INTEL},
	{"handling fault status reg", .mark = MARK_INTEL},
	{"Host address width", .also = "mar", .mark = MARK_DMAR_WALKED},
	{"Host address width", .also = "MAR", .mark = MARK_DMAR_WALKED},
	{"DRHD base", .read = log_read_drhd},
	{"DRHD (flags", .read = log_read_old_drhd},
	{"reg_base_addr ", .read = log_read_reg_base},
	{": ver 1:", .read = log_read_old_unit},
	{"sing Queued invalidation", .read = log_read_invalidation},
	{"sing Register based invalidation", .read = log_read_invalidation},
	{"DMAR reported at address", .read = log_read_bad_unit},
	{"root port ACS workaround enabled", .also = "Intel", .mark = MARK_INTEL},
	/* Intel: translation */
	{"Technology for Directed I/O", .mark = MARK_INTEL_ON},
	{"VT-d active for gfx access", .mark = MARK_INTEL_GRAPHICS},
	{"DMAR active, disabling use of stolen", .mark = MARK_INTEL_GRAPHICS},
	{"No RMRR found", .mark = MARK_INTEL_STARTED},
	{"No ATSR found", .mark = MARK_INTEL_STARTED},
	{"No SATC found", .mark = MARK_INTEL_STARTED},
	{"Setting RMRR:", .mark = MARK_INTEL_STARTED},
	{"Copied translation tables from previous", .mark = MARK_INTEL_STARTED},
	{"force enabled due to platform opt in", .mark = MARK_INTEL_STARTED},
	{"Setting identity map for device", .mark = MARK_INTEL_LATE},
	{"unity mapping for LPC", .mark = MARK_INTEL_LATE},
	{"Parse DMAR table failure", .read = log_read_parse_failure},
	{"DMAR: Initialization failed", .mark = MARK_INTEL_BROKEN},
	{"IOMMU disabled", .mark = MARK_DISABLED},
	{"Intel-IOMMU: disabled", .mark = MARK_DISABLED},
	/* Intel: problems */
	{"DMAR: [Firmware Bug]", P(FIRMWARE_BUG_DMAR)},
	{"No firmware reserved region can cover", P(RMRR_NOT_RESERVED)},
	{"RMRR entry for device", .also = "broken", P(RMRR_ENTRY_BROKEN)},
	{"x2apic opt out bit", P(X2APIC_OPT_OUT)},
	{"requested that x2apic be disabled", P(X2APIC_OPT_OUT)},
	{"has enabled interrupt remapping", .also = "BIOS", .read = log_read_chipset_errata},
	{"IRQ remapping was enabled on", P(REMAPPING_LEFT_ENABLED)},
	{"Translation already enabled", P(TRANSLATION_LEFT_ENABLED)},
	{"Translation is already enabled", P(TRANSLATION_LEFT_ENABLED)},
	{"Translation was enabled for", P(TRANSLATION_LEFT_ENABLED)},
	{"isabling IOMMU for graphics", P(GRAPHICS_EXCLUDED)},
	{"isable GFX device mapping", P(GRAPHICS_EXCLUDED)},
	{"IOMMU feature ", .also = " inconsistent", P(FEATURE_INCONSISTENT)},
	{"[DMA Read", .read = log_read_dma_fault},
	{"[DMA Write", .read = log_read_dma_fault},
	{"for IOMMU domain attach", .read = log_read_bound},
	{"have a 1:1 IOMMU mapping", .read = log_read_bound},
	{"PCIe ACS overrides enabled", P(ACS_OVERRIDE)},

	/* interrupt remapping */
	{"Enabled IRQ remapping", .read = log_read_remapping_on},
	{"Enabled Interrupt-remapping", .read = log_read_remapping_on},
	{"nterrupt remapping enabled", .read = log_read_remapping_on},
	{"nterrupt Remapping enabled", .read = log_read_remapping_on},
	{"Not enabling interrupt remapping", .read = log_read_remapping_off},
	{"ailed to enable irq remapping", .read = log_read_remapping_off},
	{"nterrupt remapping will be disabled", .read = log_read_remapping_off},
	{"nterrupt remapping is being disabled", .read = log_read_remapping_off},
	{"nterrupt remapping disabled", .read = log_read_remapping_off},
	{"nterrupt Remapping not enabled", .read = log_read_remapping_off},
	{"nterrupt Remapping disabled", .read = log_read_remapping_off},
	{"Intr-remapping init failed", .read = log_read_remapping_off},
	{"IR enabling failed", .read = log_read_remapping_off},
	{"doesn't support X2APIC mode", .mark = MARK_X2APIC_DENIED},

	/* AMD */
	{"ACPI: IVRS ", .read = log_read_table},
	{"IVRS table memory", .mark = MARK_IVRS_TABLE},
	{"AMD-Vi: ", .read = log_read_amd},
	{"AMD IOMMU: ", .mark = MARK_AMD},
	{"Found IOMMU at ", .read = log_read_amd_unit},
	{"Enabling IOMMU at ", .read = log_read_amd_unit},
	{"Detected AMD IOMMU #", .read = log_read_amd_index},
	{"iommu ivhd", .read = log_read_ivhd},
	{"Initialized for Passthrough Mode", .read = log_read_passthrough},
	{"IVRS invalid checksum", .mark = MARK_AMD_BROKEN},
	{"IVRS table error", .mark = MARK_AMD_BROKEN},
	{"not in IVRS table", .also = "IOAPIC", P(IOAPIC_NOT_IN_IVRS)},
	{"No southbridge IOAPIC found", P(NO_SOUTHBRIDGE_IOAPIC)},
	{"isabling interrupt remapping", .also = "AMD-Vi", .read = log_read_amd_remapping_off},
	{"IO_PAGE_FAULT", .also = "AMD-Vi", .read = log_read_page_fault},
	{"ompletion-Wait loop timed out", P(COMPLETION_WAIT_TIMEOUT)},
	{"ompletion wait loop failed", P(COMPLETION_WAIT_TIMEOUT)},
	{"IOTLB_INV_TIMEOUT", P(IOTLB_INV_TIMEOUT)},
	{"IOMMU perf counter", .also = "nable to ", P(PERF_COUNTER_UNREADABLE)},
	{"inconsistent EFR", P(FEATURE_INCONSISTENT)},
	{"EFR mismatch", P(EFR_MISMATCH)},
	{"Unknown option", .also = "AMD-Vi", P(UNKNOWN_OPTION)},

	/* Arm */
	{"arm-smmu", .read = log_read_smmu},
	{"IORT: SMMU", .read = log_read_iort},
	{"Blocked unknown Stream ID", P(STREAM_BLOCKED)},
	{"C_BAD_STREAMID", P(STREAM_BLOCKED)},
	{"event 0x02 received", .also = "smmu", P(STREAM_BLOCKED)},

	/* KVM and VFIO */
	{"disabled by bios", .also = "kvm", P(KVM_DISABLED_BY_BIOS)},
	{"TXT) disabled by BIOS", P(KVM_DISABLED_BY_BIOS)},
	{"abled (by BIOS)", P(KVM_DISABLED_BY_BIOS)},
	{"vfio-pci: probe of ", .also = "failed", P(VFIO_PROBE_FAILED)},
	{"probe with driver vfio-pci failed", P(VFIO_PROBE_FAILED)},
	{"VFIO - User Level", .mark = MARK_VFIO},
	{"vfio_pci: add [", .mark = MARK_VFIO},
	{"kvm_intel: ", .mark = MARK_KVM},
	{"kvm_amd: ", .mark = MARK_KVM},
	{"kvm: Nested ", .mark = MARK_KVM},

	/* guests and Xen */
	{"due to virtualization", .mark = MARK_GUEST},
	{"Hypervisor detected", .read = log_read_hypervisor},
	{"paravirtualized kernel on ", .read = log_read_paravirtualized},
	{"kernel on Xen PVH", .mark = MARK_XEN},
	{"Xen version", .read = log_read_xen_version},
	{"Xen-provided", .mark = MARK_XEN_DOM0},
	{"xen: registering gsi", .mark = MARK_XEN_DOM0},
	{"(XEN) HVM", .mark = MARK_XEN_DOM0},
	{"(XEN) Latest ChangeSet", .mark = MARK_XEN_DOM0},
	{"(XEN) System RAM", .mark = MARK_XEN_DOM0},
	{"(XEN) Dom0 ", .mark = MARK_XEN_DOM0},
	{"I/O virtualisation ", .read = log_read_xen_io},
	{"Intel VT-d iommu ", .read = log_read_xen_unit},
};
#define MESSAGES (sizeof(messages) / sizeof(*messages))

void log_state_init(struct log_state *st)
{
	const char *words[MESSAGES];

	for (size_t i = 0; i < MESSAGES; i++)
		words[i] = messages[i].text;
	log_match_init(&st->match, words, MESSAGES);
}

/* Whether this boot has nothing to learn from the message any more. */
static bool is_idle(const struct log_state *st, const struct message *m)
{
	enum log_mark until = m->until ? m->until : m->read || m->problem ? MARK_NONE : m->mark;

	return st->boot.marks[until].line && !st->boundary;
}

static void obey(const struct message *m, const struct hit *h)
{
	if (m->also && !line_has(h->line, m->also))
		return;
	if (m->mark)
		log_mark(h->st, m->mark, h->line);
	if (m->problem)
		log_problem(h->st, (enum log_problem)(m->problem - 1), h->line);
	if (m->read)
		m->read(h);
}

/* How many lines end in these bytes: eight at a time, a zero byte of x being an end. */
static size_t count_ends(const char *s, size_t len)
{
	const uint64_t ones = 0x0101010101010101U, highs = 0x8080808080808080U;
	size_t count = 0, i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t x;

		memcpy(&x, s + i, 8);
		x ^= ones * '\n';
		/* Exact for each byte: the sum cannot carry into the next one. */
		x = ~(((x & ~highs) + ~highs) | x) & highs;
		count += (size_t)((x >> 7) * ones >> 56);
	}
	for (; i < len; i++)
		count += s[i] == '\n';
	return count;
}

/* The lines being read, and the one that the last wording stood in. */
struct walk {
	struct log_state *st;
	const char *s;
	size_t len;
	size_t end; /* of the line; 0 before the first */
	struct log_line line;
	bool skipped; /* it is another program's */
};

/* From the line's end to the beginning of the line that holds "at", counting. */
static const char *find_line(struct walk *w, size_t at)
{
	const char *begin = w->s + w->end, *to = w->s + at, *end;

	if (at - w->end > 512) {
		w->line.number += count_ends(begin, at - w->end);
		end = memrchr(begin, '\n', at - w->end);
		return end ? end + 1 : begin;
	}
	while ((end = memchr(begin, '\n', (size_t)(to - begin)))) {
		begin = end + 1;
		w->line.number++;
	}
	return begin;
}

static void enter_line(struct walk *w, size_t at)
{
	const char *s = w->s, *end = memchr(s + at, '\n', w->len - at);

	w->line.s = find_line(w, at);
	w->end = end ? (size_t)(end - s) : w->len;
	w->line.len = (size_t)(s + w->end - w->line.s);
	kernel_line_prefix_read(w->line.s, w->line.len, &w->line.prefix);
	w->skipped = w->line.prefix.foreign;
	if (w->skipped)
		return;
	log_boot_enter(w->st, &w->line);
	if (w->line.prefix.xen)
		log_mark(w->st, MARK_XEN_DOM0, &w->line);
}

static const char adding[] = "Adding to iommu group ";

bool log_is_group(const char *s, size_t len)
{
	size_t n = sizeof(adding) - 1;

	while (len && is_digit(s[len - 1]))
		len--;
	return len > n && !memcmp(s + len - n, adding, n);
}

void log_group_read(struct log_state *st, const char *s, size_t len, size_t number)
{
	struct log_line line = {.s = s, .len = len, .number = number};
	struct hit h = {.st = st, .line = &line, .after = len};

	kernel_line_prefix_read(s, len, &line.prefix);
	while (h.after && is_digit(s[h.after - 1]))
		h.after--;
	h.at = h.after - strlen("to iommu group ");
	/* A longer one may be two that a damaged console has merged. */
	if (h.at - line.prefix.message > 56) {
		log_messages_read(st, s, len, number);
	} else if (!line.prefix.foreign) {
		log_boot_enter(st, &line);
		log_read_group_added(&h);
	}
}

size_t log_skip_boots(struct log_state *st, const char *s, size_t len, size_t *ret_lines)
{
	static const char words[] = "Linux version ";
	const char *found = s, *last = NULL;
	size_t count = 0;

	*ret_lines = 0;
	if (!st->boot.heard)
		return 0;
	while ((found = memmem(found, len - (size_t)(found - s), words, sizeof(words) - 1))) {
		const char *begin = memrchr(s, '\n', (size_t)(found - s));
		const char *end = memchr(found, '\n', len - (size_t)(found - s));
		struct kernel_line_prefix prefix;

		begin = begin ? begin + 1 : s;
		found += sizeof(words) - 1;
		if (!end)
			break;
		kernel_line_prefix_read(begin, (size_t)(end - begin), &prefix);
		if (prefix.foreign || !is_digit(*found) ||
		    found - (sizeof(words) - 1) != begin + prefix.message)
			continue;
		last = begin;
		count++;
	}
	if (!last || last == s)
		return 0;
	/* The last one counts when it is read. */
	st->earlier_boots += count - 1;
	*ret_lines = count_ends(s, (size_t)(last - s));
	return (size_t)(last - s);
}

void log_messages_read(struct log_state *st, const char *s, size_t len, size_t number)
{
	struct walk w = {.st = st, .s = s, .len = len, .line.number = number};
	struct hit h = {.st = st, .line = &w.line};
	struct log_match_cursor c = {0};
	size_t at;
	int i;

	while ((i = log_match_next(&st->match, s, len, &c, &at)) >= 0) {
		if (is_idle(st, &messages[i]))
			continue;
		if (!w.line.s || at >= w.end)
			enter_line(&w, at);
		if (w.skipped)
			continue;
		h.at = at - (size_t)(w.line.s - s);
		h.after = h.at + st->match.lengths[i];
		obey(&messages[i], &h);
	}
}
