// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Every log of tests/data/logs gives what is written beside it, field by field: as it is, in pieces of any
 * size, and in the forms that other programs give the same log. Then what single lines mean.
 */
#include "../test.h"

#include <glob.h>
#include <json.h>

#include "base/arena.h"
#include "base/text.h"
#include "decode/kernel_log.h"

static void load(const char *path, struct text *ret)
{
	char buffer[65536];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	while ((n = fread(buffer, 1, sizeof(buffer), f)))
		text_add_bytes(ret, buffer, n);
	fclose(f);
}

static void read_pieces(struct arena *a, const char *s, size_t len, size_t piece,
			struct kernel_log_facts *ret)
{
	KERNEL_LOG_AUTO struct kernel_log *log = kernel_log_new();

	for (size_t i = 0; i < len; i += piece)
		kernel_log_feed(log, s + i, len - i < piece ? len - i : piece);
	kernel_log_finish(log, a, ret);
}

static void read_text(struct arena *a, const char *s, struct kernel_log_facts *ret)
{
	read_pieces(a, s, strlen(s), strlen(s) + 1, ret);
}

static const char *wanted(struct json_object *o, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(o, key, &value);
	return json_object_get_string(value);
}

static void compare_groups(const struct kernel_log_facts *f, struct json_object *groups)
{
	if (!groups) {
		assert_int_equal(f->group_count, 0);
		return;
	}
	for (size_t i = 0; i < f->group_count; i++) {
		struct json_object *value = NULL;

		if (!json_object_object_get_ex(groups, f->groups[i].device, &value))
			fail_msg("device %s is in no group", f->groups[i].device);
		assert_int_equal(f->groups[i].group, json_object_get_int(value));
	}
	assert_int_equal(f->group_count, json_object_object_length(groups));
}

static void compare_lists(const struct kernel_log_facts *f, struct json_object *o)
{
	struct json_object *list = NULL;
	size_t n = 0;

	json_object_object_get_ex(o, "parameters", &list);
	assert_int_equal(f->parameters.count, json_object_array_length(list));
	for (size_t i = 0; i < f->parameters.count; i++)
		assert_string_equal(f->parameters.words[i].text,
				    json_object_get_string(json_object_array_get_idx(list, i)));
	json_object_object_get_ex(o, "problems", &list);
	for (int p = 0; p < LOG_PROBLEMS; p++) {
		if (!f->problems[p].count)
			continue;
		assert_string_equal(log_problem_slug((enum log_problem)p),
				    json_object_get_string(json_object_array_get_idx(list, n++)));
		assert_non_null(f->problems[p].first.text);
		assert_in_range(f->problems[p].first.line, 1, f->lines);
	}
	assert_int_equal(n, json_object_array_length(list));
}

static void compare(const struct kernel_log_facts *f, struct json_object *o)
{
	struct json_object *value = NULL;

	assert_string_equal(iommu_vendor_name(f->vendor), wanted(o, "vendor"));
	assert_string_equal(iommu_state_name(f->iommu), wanted(o, "iommu"));
	assert_string_equal(intremap_state_name(f->interrupt_remapping),
			    wanted(o, "interrupt_remapping"));
	assert_string_equal(default_domain_name(f->default_domain), wanted(o, "default_domain"));
	json_object_object_get_ex(o, "units", &value);
	assert_int_equal(f->has_units, value != NULL);
	assert_int_equal(f->units, json_object_get_int(value));
	json_object_object_get_ex(o, "groups", &value);
	compare_groups(f, value);
	compare_lists(f, o);
}

/* One way to change a line's form: adds it to out. */
typedef void change_fn(struct text *out, const char *line, size_t len);

static void as_crlf(struct text *out, const char *line, size_t len)
{
	text_add_bytes(out, line, len - (len && line[len - 1] == '\r'));
	text_add(out, "\r\n");
}

static void as_quoted(struct text *out, const char *line, size_t len)
{
	text_add(out, "> ");
	text_add_bytes(out, line, len);
	text_add(out, "\n");
}

/* Only lines that the kernel began, not what a mail has cut off them. */
static void with_prefix(struct text *out, const char *prefix, const char *line, size_t len)
{
	text_addf(out, "%s%.*s\n", len && line[0] == '[' ? prefix : "", (int)len, line);
}

static void as_priority(struct text *out, const char *line, size_t len)
{
	with_prefix(out, "<6>", line, len);
}

static void as_facility(struct text *out, const char *line, size_t len)
{
	with_prefix(out, "kern  :warn  : ", line, len);
}

static void as_syslog(struct text *out, const char *line, size_t len)
{
	with_prefix(out, "Nov  2 07:05:22 box kernel: ", line, len);
}

static void as_iso(struct text *out, const char *line, size_t len)
{
	with_prefix(out, "2025-04-02T11:44:14.857234+00:00 box kernel: ", line, len);
}

static void as_full(struct text *out, const char *line, size_t len)
{
	with_prefix(out, "Mon 2024-05-13 21:22:23 CEST box kernel: ", line, len);
}

static void as_capture(struct text *out, const char *line, size_t len)
{
	with_prefix(out, "[2024-05-13 21:22:23] ", line, len);
}

static void as_thread(struct text *out, const char *line, size_t len)
{
	const char *end = len > 15 && line[0] == '[' && line[13] == ']' ? line + 14 : NULL;

	if (!end) {
		text_addf(out, "%.*s\n", (int)len, line);
		return;
	}
	text_addf(out, "%.*s[  T112]%.*s\n", 14, line, (int)(len - 14), end);
}

static void as_monotonic(struct text *out, const char *line, size_t len)
{
	const char *end = len > 15 && line[0] == '[' && line[13] == ']' ? line + 14 : NULL;

	if (!end) {
		text_addf(out, "%.*s\n", (int)len, line);
		return;
	}
	text_addf(out, "%.*s box kernel:%.*s\n", 14, line, (int)(len - 14), end);
}

static void change(const struct text *in, change_fn *fn, struct text *out)
{
	const char *s = text_str(in), *end = s + in->len;

	while (s < end) {
		const char *next = memchr(s, '\n', (size_t)(end - s));

		next = next ? next : end;
		fn(out, s, (size_t)(next - s));
		s = next + 1;
	}
}

static const struct {
	const char *name;
	change_fn *fn;
} forms[] = {
	{"CRLF", as_crlf},       {"quoted", as_quoted},
	{"<6>", as_priority},    {"dmesg -x", as_facility},
	{"syslog", as_syslog},   {"ISO", as_iso},
	{"short-full", as_full}, {"capture", as_capture},
	{"thread", as_thread},   {"short-monotonic", as_monotonic},
};

static void check_forms(struct arena *a, const struct text *log, struct json_object *o)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		TEXT_AUTO struct text changed = {0};
		struct kernel_log_facts f;

		print_message("  as %s\n", forms[i].name);
		change(log, forms[i].fn, &changed);
		read_pieces(a, text_str(&changed), changed.len, changed.len, &f);
		compare(&f, o);
	}
}

static void check_log(const char *path)
{
	static const size_t pieces[] = {1, 7, 4096, SIZE_MAX / 2};
	ARENA_AUTO struct arena *a = arena_new();
	TEXT_AUTO struct text log = {0};
	char other[4096];
	struct json_object *o;

	snprintf(other, sizeof(other), "%.*s.expect.json", (int)(strlen(path) - 4), path);
	o = json_object_from_file(other);
	if (!o)
		return;
	print_message("%s\n", path);
	load(path, &log);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct kernel_log_facts f;

		read_pieces(a, text_str(&log), log.len, pieces[i], &f);
		compare(&f, o);
		assert_int_equal(f.boots, 1);
	}
	check_forms(a, &log, o);
	json_object_put(o);
}

static void all_logs_give_what_is_beside_them(void **state)
{
	glob_t found;

	assert_int_equal(glob(source_path("tests/data/logs/*.log"), 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 81);
	for (size_t i = 0; i < found.gl_pathc; i++)
		check_log(found.gl_pathv[i]);
	globfree(&found);
}

static void read_file(struct arena *a, const char *name, struct kernel_log_facts *ret)
{
	TEXT_AUTO struct text log = {0};
	char below[256];

	snprintf(below, sizeof(below), "tests/data/logs/%s", name);
	load(source_path(below), &log);
	read_pieces(a, text_str(&log), log.len, 4096, ret);
}

/* "By reading": what a person sees in the guide's lines and the virtual host's. */
static void the_guides_lines_are_read(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_file(a, "fedora21-intel.log", &f);
	assert_int_equal(f.vendor, IOMMU_VENDOR_INTEL);
	assert_int_equal(f.units, 2);
	/* Three lines that are printed with translation on and off alike. */
	assert_int_equal(f.iommu, IOMMU_UNKNOWN);
	read_file(a, "fedora21-amd.log", &f);
	assert_int_equal(f.vendor, IOMMU_VENDOR_AMD);
	assert_int_equal(f.iommu, IOMMU_ON);
	assert_int_equal(f.default_domain, DOMAIN_PASSTHROUGH);
	assert_int_equal(f.units, 1);
	read_file(a, "linux-6.1-amd.log", &f);
	assert_int_equal(f.iommu, IOMMU_ON);
	assert_int_equal(f.interrupt_remapping, INTREMAP_ON);
	assert_int_equal(f.problems[PROBLEM_UNKNOWN_OPTION].count, 2);
	assert_true(f.problems[PROBLEM_VIRTUAL_MACHINE].count);
	assert_string_equal(f.parameters.words[0].text, "amd_iommu=on");
	read_file(a, "linux-6.12-intel.log", &f);
	assert_int_equal(f.vendor, IOMMU_VENDOR_INTEL);
	assert_int_equal(f.iommu, IOMMU_ON);
	assert_int_equal(f.units, 1);
}

static void evidence_is_the_line_it_was_read_from(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_file(a, "002-x299-taichi-5.5.log", &f);
	assert_string_equal(f.iommu_line.text, "DMAR: Parse DMAR table failure.");
	assert_int_equal(f.iommu_line.line, 19);
	assert_int_equal(f.interrupt_remapping_line.line, 19);
	assert_int_equal(f.problems[PROBLEM_VFIO_PROBE_FAILED].first.line, 25);
	assert_int_equal(f.problems[PROBLEM_VFIO_PROBE_FAILED].count, 3);
	assert_true(f.problems[PROBLEM_VFIO_PROBE_FAILED].last_seconds > 20);
	assert_string_equal(f.kernel, "5.5.1-gentoo-x86_64");
	assert_non_null(strstr(f.machine, "X299 Taichi XE"));
	assert_string_equal(
		f.default_domain_line.text,
		"iommu: Default domain type: Passthrough (set via kernel command line)");
}

static void of_two_boots_the_last_counts(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	TEXT_AUTO struct text both = {0};
	struct json_object *o = json_object_from_file(
		source_path("tests/data/logs/036-b450m-plus-5.10.expect.json"));
	static const size_t pieces[] = {1, 4096, SIZE_MAX / 2};
	struct kernel_log_facts f;

	load(source_path("tests/data/logs/001-t440-kexec-5.10.log"), &both);
	text_add(&both, "\n-- Reboot --\n");
	load(source_path("tests/data/logs/096-x570d4u-qp-5.10.log"), &both);
	load(source_path("tests/data/logs/036-b450m-plus-5.10.log"), &both);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		read_pieces(a, text_str(&both), both.len, pieces[i], &f);
		compare(&f, o);
		assert_int_equal(f.boots, 3);
	}
	json_object_put(o);
}

/* Large enough that the boots before the last one are passed over unread. */
static void a_thousand_boots_are_counted(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	TEXT_AUTO struct text one = {0}, all = {0};
	struct json_object *o = json_object_from_file(
		source_path("tests/data/logs/001-t440-kexec-5.10.expect.json"));
	struct kernel_log_facts f;
	size_t lines = 0;

	load(source_path("tests/data/logs/001-t440-kexec-5.10.log"), &one);
	for (size_t i = 0; i < one.len; i++)
		lines += one.s[i] == '\n';
	for (size_t i = 0; i < 200; i++)
		text_add_bytes(&all, one.s, one.len);
	read_pieces(a, text_str(&all), all.len, 65537, &f);
	compare(&f, o);
	assert_int_equal(f.boots, 200);
	assert_int_equal(f.lines, 200 * lines);
	assert_int_equal(f.groups_line.line - 199 * lines, 57);
	json_object_put(o);
}

static void boots_without_a_version_differ_by_their_command_line(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_text(a,
		  "[    0.000000] Command line: root=/dev/sda1 intel_iommu=on\n"
		  "[    0.100000] DMAR: Intel(R) Virtualization Technology for Directed I/O\n"
		  "[    0.000000] Command line: root=/dev/sda1 intel_iommu=off\n"
		  "[    0.100000] DMAR: IOMMU disabled\n",
		  &f);
	assert_int_equal(f.boots, 2);
	assert_int_equal(f.iommu, IOMMU_OFF);
	assert_int_equal(f.parameters.count, 1);
	/* Since 6.19 a long one comes in pieces. */
	read_text(a,
		  "[    0.000000] Kernel command line: intel_iommu=on quiet \\\n"
		  "[    0.000000] Kernel command line: iommu=pt\n",
		  &f);
	assert_int_equal(f.boots, 1);
	assert_int_equal(f.parameters.count, 2);
}

static void nothing_is_known_of_an_empty_log(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_text(a, "", &f);
	assert_int_equal(f.boots, 0);
	assert_int_equal(f.iommu, IOMMU_UNKNOWN);
	assert_int_equal(f.vendor, IOMMU_VENDOR_NONE);
	assert_false(f.has_units);
	read_text(a, "Dear list,\nmy computer does not start.\n", &f);
	assert_int_equal(f.iommu, IOMMU_UNKNOWN);
}

static const struct {
	const char *text;
	enum log_problem problem;
} one_line[] = {
	{"[    0.0] Your BIOS is broken; DMAR reported at address 0!", PROBLEM_DRHD_AT_ZERO},
	{"Your BIOS is broken; DMAR reported at address zero!", PROBLEM_DRHD_AT_ZERO},
	{"DMAR-IR: This system BIOS has enabled interrupt remapping\non a chipset that contains an",
	 PROBLEM_REMAPPING_CHIPSET_ERRATA},
	{"Your BIOS is broken and requested that x2apic be disabled", PROBLEM_X2APIC_OPT_OUT},
	{"vfio-pci 0000:01:00.0: Firmware has requested this device have a 1:1 IOMMU mapping, rejecting "
	 "configuring the device without a 1:1 mapping. Contact your platform vendor.",
	 PROBLEM_RMRR_BOUND},
	{"vfio-pci 0000:04:00.1: DMAR: Device is ineligible for IOMMU domain attach due to platform RMRR "
	 "requirement.  Contact your platform vendor.",
	 PROBLEM_RMRR_BOUND},
	{"DMAR:[DMA Read] Request device [00:02.0] fault addr 9c000000", PROBLEM_DMA_FAULT},
	{"DMAR: [DMA Write NO_PASID] Request device [0x00:0x02.0] fault addr 0x7c346000",
	 PROBLEM_DMA_FAULT},
	{"AMD-Vi: Completion-Wait loop timed out", PROBLEM_COMPLETION_WAIT_TIMEOUT},
	{"AMD-Vi: Unable to write to IOMMU perf counter.", PROBLEM_PERF_COUNTER_UNREADABLE},
	{"AMD-Vi: Translation is already enabled - trying to copy translation structures",
	 PROBLEM_TRANSLATION_LEFT_ENABLED},
	{"AMD-Vi: [Firmware Warn]: EFR mismatch. Use IVHD EFR (0x0 : 0x1).", PROBLEM_EFR_MISMATCH},
	{"AMD-Vi: [Firmware Bug]: Found inconsistent EFR mask (0x1) on iommu1 (0000:20:00.2).",
	 PROBLEM_FEATURE_INCONSISTENT},
	{"arm-smmu 5000000.iommu: Blocked unknown Stream ID 0x429; boot with",
	 PROBLEM_STREAM_BLOCKED},
	{"arm-smmu-v3 arm-smmu-v3.0.auto: event: C_BAD_STREAMID client: (unassigned sid)",
	 PROBLEM_STREAM_BLOCKED},
	{"kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU 0", PROBLEM_KVM_DISABLED_BY_BIOS},
	{"kvm_intel: VMX not enabled (by BIOS) in MSR_IA32_FEAT_CTL", PROBLEM_KVM_DISABLED_BY_BIOS},
	{"x86/cpu: VMX (outside TXT) disabled by BIOS", PROBLEM_KVM_DISABLED_BY_BIOS},
	{"vfio-pci 0000:19:00.0: probe with driver vfio-pci failed with error -22",
	 PROBLEM_VFIO_PROBE_FAILED},
	{"Intel-IOMMU: disable GFX device mapping", PROBLEM_GRAPHICS_EXCLUDED},
	{"DMI: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-1 04/01/2014",
	 PROBLEM_VIRTUAL_MACHINE},
	{"Hypervisor detected: Microsoft Hyper-V", PROBLEM_VIRTUAL_MACHINE},
	{"Booting paravirtualized kernel on KVM", PROBLEM_VIRTUAL_MACHINE},
	{"(XEN) Xen version 4.17.2 (mockbuild@localhost)", PROBLEM_XEN_DOM0},
	{"Command line: ro acpi=off", PROBLEM_ACPI_OFF},
	{"Command line: ro pcie-acs-override=downstream", PROBLEM_ACS_OVERRIDE},
	{"Command line: ro iommu=off", PROBLEM_IOMMU_DISABLED_BY_PARAMETER},
	{"AMD-Vi: AMD IOMMU disabled on kernel command-line", PROBLEM_IOMMU_DISABLED_BY_PARAMETER},
};

static void each_wording_is_known(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(one_line) / sizeof(*one_line); i++) {
		struct kernel_log_facts f;

		print_message("%s\n", one_line[i].text);
		read_text(a, one_line[i].text, &f);
		assert_int_equal(f.problems[one_line[i].problem].count, 1);
		assert_int_equal(f.problems[one_line[i].problem].first.line, 1);
	}
}

/* Lines that look like a problem or a proof and are none. */
static void what_is_no_proof(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_text(a,
		  "Linux version 6.1.0\nCommand line: intel_iommu=on\nDMAR: IOMMU enabled\n"
		  "AMD-Vi: AMD IOMMUv2 functionality not available on this system\n"
		  "iommu: Default domain type: Translated \n"
		  "PCI-DMA: Using software bounce buffering for IO (SWIOTLB)\n"
		  "KVM setup pv remote TLB flush\n",
		  &f);
	assert_int_equal(f.vendor, IOMMU_VENDOR_NONE);
	assert_int_equal(f.iommu, IOMMU_OFF);
	assert_false(f.problems[PROBLEM_VIRTUAL_MACHINE].count);
	/* A later word takes an earlier one back. */
	read_text(a,
		  "Linux version 6.1.0\nCommand line: intel_iommu=off intel_iommu=on\n"
		  "ACPI: DMAR 0x000000008CBCC080 0000CC (v01 INTEL)\n"
		  "DMAR: Intel(R) Virtualization Technology for Directed I/O\n",
		  &f);
	assert_false(f.problems[PROBLEM_IOMMU_DISABLED_BY_PARAMETER].count);
	/* Another program that quotes the kernel. */
	read_text(a,
		  "May 13 21:22:23 box sudo[812]: u : COMMAND=/bin/grep 'kvm: disabled by bios'\n"
		  "May 13 21:22:23 box sudo: u : COMMAND=/bin/grep 'kvm: disabled by bios'\n"
		  "user  :notice: [   12.345678] systemd[1]: kvm: disabled by bios\n",
		  &f);
	assert_false(f.problems[PROBLEM_KVM_DISABLED_BY_BIOS].count);
	assert_int_equal(f.boots, 0);
}

static void groups_follow_the_last_word(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_text(a,
		  "[    1.000000] pci 0000:00:01.0: Adding to iommu group 1\n"
		  "[    1.000000] pci 10000:00:02.0: Adding to iommu group 2\n"
		  "[    1.000000] iommu: Adding device 0000:00:03.0 to group 3\n"
		  "[    1.000000] pci 0000:00:04.0: Adding to iommu group 4[    1.0] usb 1-1: x\n"
		  "[    9.000000] pci 10000:00:02.0: Removing from iommu group 2\n"
		  "[    9.000000] iommu: Removing device 0000:00:03.0 from group 3\n"
		  "[   10.000000] vfio-pci 0000:00:01.0: Adding to iommu group 7\n"
		  "[   10.000000] pci 0000:00:03.0: Adding to iommu group 8\n",
		  &f);
	assert_int_equal(f.group_count, 2);
	assert_string_equal(f.groups[0].device, "0000:00:01.0");
	assert_int_equal(f.groups[0].group, 7);
	assert_int_equal(f.groups[0].line, 7);
	assert_string_equal(f.groups[1].device, "0000:00:03.0");
	assert_int_equal(f.groups[1].group, 8);
	assert_int_equal(f.iommu, IOMMU_ON);
}

static void a_wrapped_command_line_is_whole(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_text(a,
		  "> [    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz-6.1.0-13-amd64\n"
		  "> root=UUID=6e45a4b5-9f0c-4a2e-8a39-5b7e0f3f2a6c ro quiet intel_iommu=on\n"
		  "> iommu=pt\n"
		  ">\n"
		  "> amd_iommu=off was in the old one\n",
		  &f);
	assert_int_equal(f.parameters.count, 2);
	assert_string_equal(f.parameters.words[1].text, "iommu=pt");
}

static void a_line_without_an_end_is_survived(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	TEXT_AUTO struct text log = {0};
	struct kernel_log_facts f;

	text_add(&log, "[    0.000000] Command line: iommu=pt\n");
	for (int i = 0; i < 100000; i++)
		text_add(&log, "0123456789");
	text_add(&log, "\nDMAR: Intel(R) Virtualization Technology for Directed I/O\n");
	read_pieces(a, text_str(&log), log.len, 4096, &f);
	assert_int_equal(f.parameters.count, 1);
	assert_int_equal(f.iommu, IOMMU_ON);
	assert_int_equal(f.lines, 3);
	assert_int_equal(f.iommu_line.line, 3);
}

/* A control sequence from a log never comes to the terminal. */
static void evidence_can_be_printed(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct kernel_log_facts f;

	read_text(a, "kvm: disabled by bios \033[2Jx\n\xff\xfe vfio-pci: probe of x failed\n", &f);
	assert_string_equal(f.problems[PROBLEM_KVM_DISABLED_BY_BIOS].first.text,
			    "kvm: disabled by bios ?[2Jx");
	assert_null(strchr(f.problems[PROBLEM_VFIO_PROBE_FAILED].first.text, '\xff'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_logs_give_what_is_beside_them),
		cmocka_unit_test(the_guides_lines_are_read),
		cmocka_unit_test(evidence_is_the_line_it_was_read_from),
		cmocka_unit_test(of_two_boots_the_last_counts),
		cmocka_unit_test(a_thousand_boots_are_counted),
		cmocka_unit_test(boots_without_a_version_differ_by_their_command_line),
		cmocka_unit_test(nothing_is_known_of_an_empty_log),
		cmocka_unit_test(each_wording_is_known),
		cmocka_unit_test(what_is_no_proof),
		cmocka_unit_test(groups_follow_the_last_word),
		cmocka_unit_test(a_wrapped_command_line_is_whole),
		cmocka_unit_test(a_line_without_an_end_is_survived),
		cmocka_unit_test(evidence_can_be_printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
