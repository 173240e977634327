// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Logs from public reports with the answer that somebody who knows gave there: what a log proves, what it
 * only seems to prove, and what to do next.
 */
#include "../test.h"

#include <glob.h>

#include "analysis/readiness_log.h"
#include "base/arena.h"
#include "decode/kernel_log.h"

static void judge_pieces(struct arena *a, FILE *in, const char *text, struct readiness *ret)
{
	KERNEL_LOG_AUTO struct kernel_log *log = kernel_log_new();
	struct kernel_log_facts *facts = arena_alloc(a, sizeof(*facts));
	char buffer[4096];
	size_t n;

	if (text)
		kernel_log_feed(log, text, strlen(text));
	while (in && (n = fread(buffer, 1, sizeof(buffer), in)))
		kernel_log_feed(log, buffer, n);
	kernel_log_finish(log, a, facts);
	readiness_of_log(facts, a, ret);
}

static const struct check_point *point(const struct readiness *r, const char *id)
{
	for (size_t i = 0; i < r->n_points; i++)
		if (!strcmp(r->points[i].id, id))
			return &r->points[i];
	return NULL;
}

static void assert_point(const struct readiness *r, const char *id, enum point_status status,
			 const char *evidence, const char *remedy)
{
	const struct check_point *p = point(r, id);

	if (!p)
		fail_msg("no point %s", id);
	if (p->status != status)
		fail_msg("%s is %s: %s", id, point_status_name(p->status), p->evidence);
	if (!strstr(p->evidence, evidence))
		fail_msg("%s: evidence is: %s", id, p->evidence);
	if (remedy && (!p->remedy || !strstr(p->remedy, remedy)))
		fail_msg("%s: remedy is: %s", id, p->remedy ? p->remedy : "none");
}

static void a_unit_of_all_ones(void **state)
{
	static const char *const logs[] = {
		"[    0.000000] WARNING: CPU: 0 PID: 0 at drivers/iommu/dmar.c:760 warn_invalid_dmar()\n"
		"[    0.000000] Your BIOS is broken; DMAR reported at address fed90000 returns all ones!\n"
		"BIOS vendor: American Megatrends Inc.; Ver: 1604   ; Product Version: System Version\n",
		"[    0.012345] DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address "
		"fed64000 returns all ones!\n"
		"               BIOS vendor: Example Corp; Ver: 1.00; Product Version: 0.1\n",
		"[    0.012345] DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address 0!\n",
	};
	ARENA_AUTO struct arena *a = arena_new();
	struct readiness r;

	for (size_t i = 0; i < sizeof(logs) / sizeof(*logs); i++) {
		judge_pieces(a, NULL, logs[i], &r);
		assert_int_equal(r.ready, READY_NO);
		assert_point(&r, "iommu", POINT_FAIL, "DMAR reported at address",
			     "no kernel parameter helps");
	}
}

static void translation_without_remapping(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct readiness r;

	judge_pieces(
		a, NULL,
		"[    0.083161] kernel: DMAR: dmar1: reg_base_addr fed91000 ver 1:0 cap c9008\n"
		"[    0.083169] kernel: DMAR-IR: IOAPIC id 2 under DRHD base  0xfed91000 IOMMU 1\n"
		"[    0.083171] kernel: DMAR-IR: HPET id 0 under DRHD base 0xfed91000\n"
		"[    0.083174] kernel: DMAR-IR: [Firmware Bug]: ioapic 0 has no mapping iommu, "
		"interrupt remapping will be disabled\n"
		"[    0.083182] kernel: DMAR-IR: Not enabling interrupt remapping\n"
		"[    0.412000] kernel: DMAR: Intel(R) Virtualization Technology for Directed I/O\n",
		&r);
	assert_int_equal(r.ready, READY_NO);
	assert_point(&r, "iommu", POINT_OK, "Directed I/O", NULL);
	assert_point(&r, "interrupt-remapping", POINT_FAIL, "line 4", "update the firmware");
	assert_point(&r, "iommu-units", POINT_OK, "1 unit", NULL);
}

static void an_opt_out_is_no_obstacle(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct readiness r;

	judge_pieces(
		a, NULL,
		"[    0.453935] DMAR-IR: HPET id 0 under DRHD base 0xc7ffc000\n"
		"[    0.460225] DMAR-IR: x2apic is disabled because BIOS sets x2apic opt out bit.\n"
		"[    0.468085] DMAR-IR: Use 'intremap=no_x2apic_optout' to override the BIOS "
		"setting.\n"
		"[    0.478075] DMAR-IR: Enabled IRQ remapping in xapic mode\n"
		"[    0.484254] x2apic: IRQ remapping doesn't support X2APIC mode\n"
		"[    1.484254] DMAR: Intel(R) Virtualization Technology for Directed I/O\n",
		&r);
	assert_int_equal(r.ready, READY_YES);
	assert_point(&r, "x2apic-opt-out", POINT_OK, "remapping works", NULL);
	assert_null(point(&r, "x2apic-opt-out")->remedy);
	/* The same last line, and no other about remapping. */
	judge_pieces(a, NULL,
		     "[    0.000000] Linux version 5.10.0 (x)\n"
		     "[   28.156880] x2apic: IRQ remapping doesn't support X2APIC mode\n"
		     "[   28.163281] x2apic disabled\n",
		     &r);
	assert_int_equal(r.ready, READY_NO);
	assert_point(&r, "interrupt-remapping", POINT_FAIL, "X2APIC", "CONFIG_IRQ_REMAP");
}

static void a_region_binds_a_device(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct readiness r;

	judge_pieces(
		a, NULL,
		"Jan 09 10:03:12.035211 node-a kernel: vfio-pci 0000:04:00.1: DMAR: Device is "
		"ineligible for IOMMU domain attach due to platform RMRR requirement.  Contact "
		"your platform vendor.\n",
		&r);
	assert_int_equal(r.ready, READY_NO);
	assert_point(&r, "rmrr-bound", POINT_FAIL, "0000:04:00.1", "health reporting");
	judge_pieces(
		a, NULL,
		"AMD-Vi: Extended features (0x246577efa2254afa, 0x10): PPR NX GT [5] IA GA PC\n"
		"vfio-pci 0000:01:00.0: Firmware has requested this device have a 1:1 IOMMU "
		"mapping, rejecting configuring the device without a 1:1 mapping. Contact your "
		"platform vendor.\n",
		&r);
	assert_point(&r, "rmrr-bound", POINT_FAIL, "0000:01:00.0", "Pre-boot DMA Protection");
	assert_null(strstr(point(&r, "rmrr-bound")->remedy, "HPE"));
}

static void a_controller_is_missing_in_the_table(void **state)
{
	static const char *const logs[] = {
		"[    0.297481] [Firmware Bug]: AMD-Vi: IOAPIC[7] not in IVRS table\n"
		"[    0.297485] [Firmware Bug]: AMD-Vi: IOAPIC[8] not in IVRS table\n"
		"[    0.297487] [Firmware Bug]: AMD-Vi: No southbridge IOAPIC found in IVRS table\n"
		"[    0.297490] AMD-Vi: Disabling interrupt remapping due to BIOS Bug(s)\n",
		"[    0.000000] [Firmware Bug]: AMD-Vi: IOAPIC[7] not in IVRS table\n"
		"[    0.000000] AMD-Vi: Disabling interrupt remapping\n",
	};
	ARENA_AUTO struct arena *a = arena_new();
	struct readiness r;

	for (size_t i = 0; i < 2; i++) {
		judge_pieces(a, NULL, logs[i], &r);
		assert_int_equal(r.ready, READY_NO);
		assert_point(&r, "ioapic-not-in-ivrs", POINT_FAIL, "IOAPIC[7]",
			     "ivrs_ioapic[7]=00:14.0");
		assert_point(&r, "interrupt-remapping", POINT_FAIL, "Disabling", NULL);
	}
}

static void faults_depend_on_when(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct readiness r;

	judge_pieces(a, NULL,
		     "[    0.361089] DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr "
		     "0x7cd80000 [fault reason 0x01] Present bit in root entry is clear\n",
		     &r);
	assert_point(&r, "dma-fault", POINT_WARN, "while booting", "none is needed");
	judge_pieces(
		a, NULL,
		"[ 1394.586369] dmar_fault: 3428 callbacks suppressed\n"
		"[ 1394.586381] DMAR: DRHD: handling fault status reg 3\n"
		"[ 1394.586392] DMAR: [DMA Read NO_PASID] Request device [0x00:0x02.0] fault addr "
		"0x706e0000 [fault reason 0x06] PTE Read access is not set\n",
		&r);
	assert_point(&r, "dma-fault", POINT_WARN, "never given", "guest");
}

static void a_fault_of_a_function_that_is_not_there(void **state)
{
	ARENA_AUTO struct arena *a = arena_new();
	struct readiness r;

	judge_pieces(
		a, NULL,
		"[    0.912004] pci 0000:03:00.0: Adding to iommu group 12\n"
		"[    3.912004] DMAR: DRHD: handling fault status reg 2\n"
		"[    3.912010] DMAR: [DMA Write] Request device [03:00.1] fault addr fff00000 "
		"[fault reason 02] Present bit in context entry is clear\n",
		&r);
	assert_point(&r, "dma-fault", POINT_WARN, "0000:03:00.1, which is not there",
		     "newer kernel");
}

/* No log of a machine that works may be called unready, and none that does not may be called ready. */
static void verdicts_of_whole_logs(void **state)
{
	static const struct {
		const char *log;
		enum ready ready;
		const char *first; /* the id of the point to mend first */
	} rows[] = {
		{"001-t440-kexec-5.10", READY_YES, "firmware-bug-dmar"},
		{"002-x299-taichi-5.5", READY_NO, "iommu"},
		{"003-x299-taichi-5.4", READY_YES, NULL},
		{"010-lenovo-80mk-5.4-x", READY_NO, "iommu"},
		{"026-intel-off-6.18", READY_NO, "iommu"},
		{"028-igfx-off-pri", READY_UNKNOWN, "iommu"},
		{"043-r7425-4.19", READY_UNKNOWN, "interrupt-remapping"},
		{"049-zephyrus-iso-6.14", READY_YES, "unknown-option"},
		{"057-lx2160a-5.5", READY_YES, NULL},
		{"075-xenserver-2.6.32", READY_NO, "xen-dom0"},
		{"087-inagua-acpi-off-5.4", READY_NO, "iommu"},
		{"088-ideapad320-5.15", READY_NO, "iommu"},
		{"093-thelio-qp-5.3", READY_NO, "kvm-disabled-by-bios"},
		{"102-g1-sniper-a88x-4.2", READY_NO, "interrupt-remapping"},
		{"108-pve-hsw-acs-override-6.2", READY_YES, "feature-inconsistent"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ARENA_AUTO struct arena *a = arena_new();
		const struct check_point *first;
		struct readiness r;
		char below[128];
		FILE *in;

		snprintf(below, sizeof(below), "tests/data/logs/%s.log", rows[i].log);
		in = fopen(source_path(below), "r");
		assert_non_null(in);
		judge_pieces(a, in, NULL, &r);
		fclose(in);
		first = readiness_first(&r);
		print_message("%s: %s\n", rows[i].log, first ? first->id : "ready");
		assert_int_equal(r.ready, rows[i].ready);
		assert_int_equal(first != NULL, rows[i].first != NULL);
		if (first)
			assert_string_equal(first->id, rows[i].first);
	}
}

/* Each point that is not ok can be acted upon. */
static void every_point_has_a_remedy(void **state)
{
	glob_t found;

	assert_int_equal(glob(source_path("tests/data/logs/*.log"), 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		ARENA_AUTO struct arena *a = arena_new();
		FILE *in = fopen(found.gl_pathv[i], "r");
		struct readiness r;

		judge_pieces(a, in, NULL, &r);
		fclose(in);
		for (size_t k = 0; k < r.n_points; k++) {
			assert_non_null(r.points[k].evidence);
			if ((r.points[k].status == POINT_OK) != !r.points[k].remedy)
				fail_msg("%s: %s", found.gl_pathv[i], r.points[k].id);
		}
	}
	globfree(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_unit_of_all_ones),
		cmocka_unit_test(translation_without_remapping),
		cmocka_unit_test(an_opt_out_is_no_obstacle),
		cmocka_unit_test(a_region_binds_a_device),
		cmocka_unit_test(a_controller_is_missing_in_the_table),
		cmocka_unit_test(faults_depend_on_when),
		cmocka_unit_test(a_fault_of_a_function_that_is_not_there),
		cmocka_unit_test(verdicts_of_whole_logs),
		cmocka_unit_test(every_point_has_a_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
