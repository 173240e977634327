// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Machines made by hand, each with one thing wrong (or one thing that only looks wrong), and the point and
 * the facts that it must give. Several are reports from the field with the answer given there.
 */
#include "../host/tree.h"

#include "analysis/readiness.h"
#include "decode/dmar.h"
#include "decode/ivrs.h"
#include "decode/kernel_log.h"
#include "host/platform.h"
#include "../decode/acpi_bytes.h"

#define PARTS (HOST_PART(HOST_PCI) | HOST_PART(HOST_GROUPS) | HOST_PART(HOST_PLATFORM))

struct judged {
	struct kernel_log_facts facts;
	struct readiness r;
};

static void judge(struct tree *t, struct judged *ret)
{
	struct guests guests = {.access = GUESTS_NOT_READ};
	const struct host *host = tree_read(t, PARTS);

	readiness_facts(host, t->arena, &ret->facts);
	readiness_of_host(host, &guests, &ret->facts, t->arena, &ret->r);
}

static const struct check_point *point(const struct judged *j, const char *id)
{
	for (size_t i = 0; i < j->r.n_points; i++)
		if (!strcmp(j->r.points[i].id, id))
			return &j->r.points[i];
	return NULL;
}

static void assert_point(const struct judged *j, const char *id, enum point_status status,
			 const char *evidence, const char *remedy)
{
	const struct check_point *p = point(j, id);

	if (!p)
		fail_msg("no point %s", id);
	if (p->status != status)
		fail_msg("%s is %s: %s", id, point_status_name(p->status), p->evidence);
	if (evidence && !strstr(p->evidence, evidence))
		fail_msg("%s: evidence is: %s", id, p->evidence);
	if (remedy && (!p->remedy || !strstr(p->remedy, remedy)))
		fail_msg("%s: remedy is: %s", id, p->remedy ? p->remedy : "none");
	assert_true((p->status == POINT_OK) == !p->remedy);
}

static bool has_problem(const struct judged *j, enum log_problem p)
{
	return j->facts.problems[p].count;
}

/* An Intel desktop: graphics, USB, a network card; its command line and nothing of its IOMMU. */
static void put_intel(struct tree *t, const char *command_line)
{
	tree_pci(t, "pci0000:00/0000:00:00.0", "60000", "8086:0150", NULL);
	tree_pci(t, "pci0000:00/0000:00:02.0", "30000", "8086:0152", "i915");
	tree_pci(t, "pci0000:00/0000:00:14.0", "C0330", "8086:1E31", "xhci_hcd");
	tree_pci(t, "pci0000:00/0000:00:19.0", "20000", "8086:1503", "e1000e");
	tree_put(
		t, "proc/cpuinfo",
		"processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Core(TM) i5-3470\n"
		"flags\t\t: fpu vme vmx smx\naddress sizes\t: 36 bits physical, 48 bits virtual\n\n"
		"processor\t: 1\nflags\t\t: fpu hypervisor\n");
	tree_put(t, "proc/sys/kernel/osrelease", "6.1.0-28-amd64\n");
	tree_put(t, "proc/cmdline", command_line);
	tree_put(t, "sys/class/dmi/id/sys_vendor", "To Be Filled By O.E.M.\n");
	tree_put(t, "sys/class/dmi/id/board_vendor", "ASRock\n");
	tree_put(t, "sys/class/dmi/id/board_name", "Z77 Extreme4\n");
	tree_put(t, "sys/firmware/acpi/tables/FACP", "FACP");
}

static void put_group(struct tree *t, const char *number, const char *device, const char *regions)
{
	char path[256], link[256];

	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%s/devices/%s", number, device);
	snprintf(link, sizeof(link), "../../../../devices/pci0000:00/%s", device);
	tree_link(t, path, link);
	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%s/type", number);
	tree_put(t, path, "DMA-FQ\n");
	if (!regions)
		return;
	snprintf(path, sizeof(path), "sys/kernel/iommu_groups/%s/reserved_regions", number);
	tree_put(t, path, regions);
}

static struct bytes begin(const char *signature, size_t header, uint8_t flags)
{
	struct bytes b = {.size = header};

	memcpy(b.data, signature, 4);
	b.data[8] = 1;
	b.data[36] = 38;
	b.data[37] = flags;
	return b;
}

/* A unit for graphics at fed90000, one for the rest at fed91000. */
static struct bytes begin_dmar(uint8_t flags)
{
	struct bytes b = begin("DMAR", DMAR_HEADER_SIZE, flags);

	ADD(&b, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0xd9, 0xfe, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0, 2, 0);
	ADD(&b, 0, 0, 16, 0, 1, 0, 0, 0, 0, 0x10, 0xd9, 0xfe, 0, 0, 0, 0);
	return b;
}

/* An RMRR of 7f000000 to 7fffffff for 00:device.0 */
#define ADD_RMRR(b, device)                                                                      \
	ADD(b, 1, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0, 0, \
	    0, 0, 1, 8, 0, 0, 0, 0, device, 0)

static void put_table(struct tree *t, const char *name, struct bytes *b)
{
	char path[64];

	seal(b);
	snprintf(path, sizeof(path), "sys/firmware/acpi/tables/%s", name);
	tree_put_bytes(t, path, b->data, b->size);
}

static void put_dmar(struct tree *t)
{
	struct bytes b = begin_dmar(1);

	put_table(t, "DMAR", &b);
	tree_folder(t, "sys/kernel/iommu_groups");
	tree_folder(t, "sys/class/iommu");
}

static void put_units(struct tree *t, bool both)
{
	if (both)
		tree_put(t, "sys/class/iommu/dmar0/intel-iommu/address", "fed90000\n");
	tree_put(t, "sys/class/iommu/dmar1/intel-iommu/address", "fed91000\n");
	tree_put(t, "sys/class/iommu/dmar1/intel-iommu/cap", "d2008c40660462\n");
	tree_put(t, "sys/class/iommu/dmar1/intel-iommu/ecap", "f050da\n");
	tree_folder(t, "sys/class/iommu/dmar1/devices");
	tree_link(t, "sys/class/iommu/dmar1/devices/0000:00:19.0", "x");
}

/* Report: a check that looked for a module said no. Groups and units are what counts. */
static void modules_prove_nothing(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "root=LABEL=arch_os rw nvidia-drm.modeset=1 intel_iommu=on\n");
	put_group(&t, "0", "0000:00:02.0", "0x00000000fee00000 0x00000000feefffff msi\n");
	put_group(&t, "11", "0000:00:19.0", "0x00000000fee00000 0x00000000feefffff msi\n");
	put_units(&t, true);
	judge(&t, &j);
	assert_int_equal(j.facts.iommu, IOMMU_ON);
	assert_int_equal(j.facts.vendor, IOMMU_VENDOR_INTEL);
	assert_int_equal(j.facts.units, 2);
	assert_int_equal(j.facts.group_count, 2);
	assert_int_equal(j.facts.default_domain, DOMAIN_TRANSLATED);
	assert_int_not_equal(j.r.ready, READY_NO);
	assert_point(&j, "iommu", POINT_OK, "2 PCI devices", NULL);
	assert_point(&j, "iommu-unit-dmar1", POINT_OK, "0000:00:19.0", NULL);
	assert_point(&j, "iommu-unit-dmar1", POINT_OK, "39 bits", NULL);
	/* Nothing tells of interrupts: neither fine nor failed. */
	assert_point(&j, "interrupt-remapping", POINT_UNKNOWN, "/proc/interrupts", NULL);
	assert_int_equal(j.r.ready, READY_UNKNOWN);
}

static void no_table_names_the_switch(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "quiet intel_iommu=on");
	tree_folder(&t, "sys/kernel/iommu_groups");
	judge(&t, &j);
	assert_int_equal(j.facts.iommu, IOMMU_OFF);
	assert_int_equal(j.facts.vendor, IOMMU_VENDOR_NONE);
	assert_int_equal(j.facts.parameters.count, 1);
	assert_point(&j, "iommu", POINT_FAIL, "ASRock Z77 Extreme4", "North Bridge Configuration");
	assert_string_equal(readiness_first(&j.r)->id, "iommu");
	assert_point(&j, "cpu", POINT_OK, "proves no IOMMU", NULL);
}

static void a_parameter_that_is_missing(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "quiet");
	put_dmar(&t);
	judge(&t, &j);
	assert_int_equal(j.facts.iommu, IOMMU_OFF);
	assert_int_equal(j.facts.vendor, IOMMU_VENDOR_INTEL);
	assert_int_equal(j.facts.units, 2);
	assert_point(&j, "iommu", POINT_FAIL, "not asked", "add intel_iommu=on");
	/* It is written, as a comment and for good, and this boot has not read it. */
	tree_put(
		&t, "etc/default/grub",
		"# GRUB_CMDLINE_LINUX=\"intel_iommu=on\"\nGRUB_CMDLINE_LINUX=\"quiet intel_iommu=on\"\n");
	judge(&t, &j);
	assert_point(&j, "iommu", POINT_FAIL, "/etc/default/grub, line 2", "reboot");
	/* No parameter helps a kernel that was built without. */
	tree_put(&t, "boot/config-6.1.0-28-amd64",
		 "CONFIG_FOO=y\n# CONFIG_INTEL_IOMMU is not set\nCONFIG_IRQ_REMAP=y\n");
	judge(&t, &j);
	assert_point(&j, "iommu", POINT_FAIL, "built without", "CONFIG_INTEL_IOMMU");
	assert_point(&j, "kernel-build", POINT_OK, "INTEL_IOMMU=n IRQ_REMAP=y", NULL);
}

static void switched_off_by_a_word(void **state)
{
	static const char *const words[] = {"intel_iommu=off", "iommu=off", "acpi=off"};
	struct judged j;

	for (size_t i = 0; i < 3; i++) {
		TREE_AUTO struct tree t;

		tree_begin(&t);
		put_intel(&t, words[i]);
		put_dmar(&t);
		judge(&t, &j);
		assert_int_equal(j.facts.iommu, IOMMU_OFF);
		assert_point(&j, "iommu", POINT_FAIL, words[i], words[i]);
		assert_true(has_problem(&j, i == 2 ? PROBLEM_ACPI_OFF
						   : PROBLEM_IOMMU_DISABLED_BY_PARAMETER));
	}
}

/* "intel_iommu=on" is there and a table, and still no group: the log of this boot says why. */
static void the_log_says_why(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "intel_iommu=on");
	put_dmar(&t);
	tree_put(&t, "dev/kmsg",
		 "5,0,0,-;Linux version 6.1.0-28-amd64\n"
		 "6,1,0,-;Command line: intel_iommu=on\n"
		 "6,2,12345,-;ACPI: DMAR 0x00000000D9B1 000080 (v01 INTEL SNB)\n"
		 "4,3,12345,-;DMAR: IOMMU enabled\n"
		 "12,4,12346,-;ferry: DMAR-IR: Enabled IRQ remapping in x2apic mode\n"
		 "4,5,12345,-;DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address "
		 "fed90000 returns all ones!\n");
	judge(&t, &j);
	assert_int_equal(j.facts.iommu, IOMMU_BROKEN);
	assert_int_not_equal(j.facts.interrupt_remapping, INTREMAP_ON);
	assert_true(has_problem(&j, PROBLEM_FIRMWARE_BUG_DMAR));
	assert_point(&j, "iommu", POINT_FAIL, "returns all ones", "no kernel parameter helps");
}

static void interrupts_have_names(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "intel_iommu=on");
	put_group(&t, "1", "0000:00:19.0", "");
	put_units(&t, true);
	tree_put(&t, "proc/interrupts",
		 "            CPU0\n   1:   9   IR-IO-APIC    1-edge      i8042\n"
		 "  24:   0   DMAR-MSI    0-edge      dmar0\n");
	judge(&t, &j);
	assert_int_equal(j.facts.interrupt_remapping, INTREMAP_ON);
	assert_point(&j, "interrupt-remapping", POINT_OK, "IR-IO-APIC", NULL);
	tree_put(&t, "proc/interrupts",
		 "            CPU0\n   1:   9   IO-APIC    1-edge      i8042\n");
	tree_put(&t, "proc/cmdline", "intel_iommu=on intremap=off");
	judge(&t, &j);
	assert_int_equal(j.facts.interrupt_remapping, INTREMAP_OFF);
	assert_point(&j, "interrupt-remapping", POINT_FAIL, "no guest with a device",
		     "take intremap=off");
	tree_put(&t, "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "Y\n");
	judge(&t, &j);
	assert_point(&j, "interrupt-remapping", POINT_WARN, "allow_unsafe_interrupts", NULL);
	assert_point(&j, "unsafe-interrupts", POINT_WARN, NULL, "trusted");
}

static void a_unit_that_stayed_behind(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;
	struct bytes b = begin_dmar(1 | DMAR_FLAG_X2APIC_OPT_OUT | DMAR_FLAG_DMA_CONTROL_OPT_IN);

	tree_begin(&t);
	put_intel(&t, "intel_iommu=on,igfx_off");
	put_group(&t, "1", "0000:00:19.0", "");
	put_table(&t, "DMAR", &b);
	put_units(&t, false);
	judge(&t, &j);
	assert_point(&j, "iommu-units", POINT_WARN, "0xfed90000 (it covers 0000:00:02.0)",
		     "igfx_off");
	assert_point(&j, "x2apic-opt-out", POINT_OK, "older interrupt mode", NULL);
	assert_true(has_problem(&j, PROBLEM_X2APIC_OPT_OUT));
	assert_point(&j, "pre-boot-dma-protection", POINT_OK, "on: ", NULL);
}

/* USB and graphics are let go, a network card is not, whatever the kernel. */
static void regions_predicted_on_intel(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;
	struct bytes b = begin_dmar(1);

	tree_begin(&t);
	put_intel(&t, "quiet");
	ADD_RMRR(&b, 0x02);
	ADD_RMRR(&b, 0x14);
	put_table(&t, "DMAR", &b);
	tree_folder(&t, "sys/kernel/iommu_groups");
	judge(&t, &j);
	assert_null(point(&j, "rmrr-bound"));
	assert_point(&j, "firmware-regions", POINT_OK, "0000:00:14.0 xhci_hcd", NULL);
	ADD_RMRR(&b, 0x19);
	put_table(&t, "DMAR", &b);
	judge(&t, &j);
	assert_point(&j, "rmrr-bound", POINT_WARN, "0000:00:19.0 e1000e (0x7f000000 to 0x7fffffff)",
		     "another slot or card");
	assert_point(&j, "firmware-regions", POINT_OK, "0000:00:02.0", NULL);
}

static void put_amd(struct tree *t, const char *release)
{
	tree_pci(t, "pci0000:00/0000:00:00.0", "60000", "1022:14D8", NULL);
	tree_pci(t, "pci0000:00/0000:00:02.1", "30000", "1002:164E", "amdgpu");
	tree_put(t, "proc/cpuinfo",
		 "vendor_id\t: AuthenticAMD\nmodel name\t: AMD Ryzen 9\nflags\t\t: svm\n");
	tree_put(t, "proc/sys/kernel/osrelease", release);
	tree_put(t, "proc/cmdline", "iommu=pt");
	tree_put(t, "sys/class/dmi/id/board_vendor", "Micro-Star International Co., Ltd.\n");
	tree_put(t, "sys/class/dmi/id/board_name", "PRO B850M-A WIFI\n");
}

/* An IVMD for all of bus 0, a0f3b000, 4 KiB. */
static void put_ivmd(struct tree *t, uint8_t flags)
{
	struct bytes b = begin("IVRS", IVRS_HEADER_SIZE, 0);

	ADD(&b, IVRS_IVMD_RANGE, flags, 32, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	ADD(&b, 0, 0xb0, 0xf3, 0xa0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0);
	put_table(t, "IVRS", &b);
}

static void regions_predicted_on_amd(void **state)
{
	static const struct {
		const char *release;
		uint8_t flags;
		const char *id, *evidence;
		enum point_status status;
	} cases[] = {
		{"6.12.6", IVMD_FLAG_UNITY | 6, "rmrr-bound", "0000:00:02.1 amdgpu", POINT_WARN},
		{"6.6.0", IVMD_FLAG_UNITY | 6, "rmrr-bound", "0000:00:02.1 amdgpu", POINT_WARN},
		{"6.5.13", IVMD_FLAG_UNITY | 6, "firmware-regions", "6.6 and later will not",
		 POINT_OK},
		{"6.12.6", IVMD_FLAG_EXCLUSION, "firmware-regions", "bars nothing", POINT_OK},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		TREE_AUTO struct tree t;
		struct judged j;

		tree_begin(&t);
		put_amd(&t, cases[i].release);
		put_ivmd(&t, cases[i].flags);
		judge(&t, &j);
		assert_int_equal(j.facts.vendor, IOMMU_VENDOR_AMD);
		assert_point(&j, cases[i].id, cases[i].status, cases[i].evidence, NULL);
		if (cases[i].status == POINT_OK)
			assert_null(point(&j, "rmrr-bound"));
	}
}

/* Report: on a new AMD board every slot is hit, the graphics card included. */
static void regions_of_groups(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_amd(&t, "6.12.6");
	put_group(&t, "13", "0000:00:02.1",
		  "0x00000000a0f3b000 0x00000000a0f3bfff direct\n"
		  "0x00000000a0f3d000 0x00000000a0f3dfff direct\n"
		  "0x00000000fee00000 0x00000000feefffff msi\n"
		  "0x000000fd00000000 0x000000ffffffffff reserved\n");
	judge(&t, &j);
	assert_int_equal(j.facts.vendor, IOMMU_VENDOR_AMD);
	assert_true(has_problem(&j, PROBLEM_RMRR_BOUND));
	assert_point(&j, "rmrr-bound", POINT_FAIL,
		     "group 13 (0000:00:02.1 amdgpu): 0x00000000a0f3b000", "Pre-boot DMA");
	put_group(&t, "14", "0000:00:00.0",
		  "0x0000000000000000 0x0000000000ffffff direct-relaxable\n");
	judge(&t, &j);
	assert_point(&j, "rmrr-bound", POINT_WARN, "1 of 2 groups", NULL);
}

static void words_that_no_kernel_knows(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_amd(&t, "6.12.6");
	put_group(&t, "13", "0000:00:02.1", "");
	tree_put(&t, "proc/cmdline", "amd_iommu=on iommu=pt iommu=pt");
	judge(&t, &j);
	assert_point(&j, "kernel-parameters", POINT_WARN, "amd_iommu=on", "take it off");
	assert_true(has_problem(&j, PROBLEM_UNKNOWN_OPTION));
	assert_int_equal(j.facts.parameters.count, 2);
	tree_put(&t, "proc/cmdline", "amd_iommu=pgtbl_v2 intel_iommu=on");
	judge(&t, &j);
	assert_false(has_problem(&j, PROBLEM_UNKNOWN_OPTION));
	assert_point(&j, "kernel-parameters", POINT_OK, "does nothing on this machine", NULL);
	tree_put(&t, "proc/cmdline", "intel_iomu=on");
	judge(&t, &j);
	assert_point(&j, "kernel-parameters", POINT_WARN, "\"intel_iomu=on\"", NULL);
	tree_put(&t, "boot/config-6.12.6", "CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n");
	tree_put(&t, "sys/class/iommu/dmar0/intel-iommu/cap", "0\n");
	tree_put(&t, "proc/cmdline", "intel_iommu=on");
	judge(&t, &j);
	assert_point(&j, "kernel-parameters", POINT_OK, "needless here", NULL);
}

static void a_virtual_machine_without(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_amd(&t, "6.1.0");
	tree_put(&t, "proc/cpuinfo", "vendor_id\t: AuthenticAMD\nflags\t\t: svm hypervisor\n");
	tree_put(&t, "sys/firmware/acpi/tables/FACP", "FACP");
	tree_folder(&t, "sys/kernel/iommu_groups");
	judge(&t, &j);
	assert_true(has_problem(&j, PROBLEM_VIRTUAL_MACHINE));
	assert_point(&j, "iommu", POINT_FAIL, "virtual machine", "<iommu model='intel'>");
	tree_put(&t, "proc/cpuinfo", "vendor_id\t: AuthenticAMD\nflags\t\t: fpu\n");
	judge(&t, &j);
	assert_point(&j, "cpu", POINT_FAIL, "no svm", "SVM");
}

static void arm_has_no_flags(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	tree_pci(&t, "pci0000:00/0000:00:00.0", "60400", "1F6C:0001", "pcieport");
	tree_put(&t, "proc/cpuinfo",
		 "processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\n");
	put_group(&t, "2", "0000:00:00.0", "");
	judge(&t, &j);
	assert_int_equal(j.facts.vendor, IOMMU_VENDOR_ARM);
	assert_int_equal(j.facts.iommu, IOMMU_ON);
	assert_point(&j, "cpu", POINT_OK, "SMMU", NULL);
	assert_null(point(&j, "interrupt-remapping"));
	assert_int_not_equal(j.r.ready, READY_NO);
}

/* Report: "Cannot allocate memory" on a host with plenty of it, from a hardened unit. */
static void a_daemon_that_may_not(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "intel_iommu=on");
	tree_put(&t, "run/libvirt/virtqemud-sock", "");
	tree_put(&t, "run/virtqemud.pid", "812");
	tree_put(&t, "proc/812/status", "Name:\tvirtqemud\nCapBnd:\t00000000feffffff\n");
	tree_put(
		&t, "proc/812/limits",
		"Limit  Soft Limit  Hard Limit\nMax locked memory         65536    65536    bytes\n");
	judge(&t, &j);
	assert_point(&j, "memlock", POINT_FAIL, "limit 65536", "CAP_SYS_RESOURCE");
	assert_point(&j, "libvirt-daemons", POINT_WARN, "virtqemud", "virtnetworkd");
	tree_put(&t, "proc/812/status", "Name:\tvirtqemud\nCapBnd:\t000001ffffffffff\n");
	judge(&t, &j);
	assert_point(&j, "memlock", POINT_OK, "raises the limit", NULL);
}

static void guests_that_would_be_saved(void **state)
{
	static const char service[] =
		"etc/systemd/system/multi-user.target.wants/libvirt-guests.service";
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "");
	judge(&t, &j);
	assert_null(point(&j, "libvirt-guests"));
	tree_put(&t, service, "");
	judge(&t, &j);
	assert_point(&j, "libvirt-guests", POINT_UNKNOWN, NULL, NULL);
	tree_put(&t, "usr/lib/libvirt/libvirt-guests.sh", "ON_BOOT=start\nON_SHUTDOWN=suspend\n");
	judge(&t, &j);
	assert_point(&j, "libvirt-guests", POINT_WARN, "suspend", "ON_SHUTDOWN=shutdown");
	tree_put(&t, "etc/default/libvirt-guests",
		 "#ON_SHUTDOWN=suspend\nON_SHUTDOWN=\"shutdown\"\n");
	judge(&t, &j);
	assert_point(&j, "libvirt-guests", POINT_OK, "shutdown", NULL);
}

/* Report: the boot picture still owns the card's memory; video=efifb:off had no effect. */
static void a_boot_picture(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_amd(&t, "6.12.6");
	tree_put(&t, "proc/iomem",
		 "2800000000-2fffffffff : 0000:c3:00.0\n  2800000000-2801fa3fff : BOOTFB\n"
		 "    2800000000-2801fa3fff : simpledrm\n3000000000-30000fffff : 0000:c4:00.0\n");
	judge(&t, &j);
	assert_point(&j, "boot-framebuffer", POINT_WARN, "0000:c3:00.0: BOOTFB", "simpledrm");
}

static void locked_and_barred(void **state)
{
	TREE_AUTO struct tree t;
	struct judged j;

	tree_begin(&t);
	put_intel(&t, "");
	tree_put(&t, "sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	tree_put_bytes(&t,
		       "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		       "\x06\0\0\0\x01", 5);
	tree_put(&t, "etc/modprobe.d/x.conf", "blacklist vfio-pci\n");
	judge(&t, &j);
	assert_point(&j, "lockdown", POINT_OK, "Secure Boot is on, lockdown is integrity", NULL);
	assert_point(&j, "vfio-pci", POINT_FAIL, "/etc/modprobe.d/x.conf, line 1",
		     "take that line out");
	tree_put(&t, "etc/modprobe.d/x.conf", "");
	tree_put(&t, "lib/modules/6.1.0-28-amd64/modules.builtin", "kernel/fs/ext4/ext4.ko\n");
	tree_put(&t, "lib/modules/6.1.0-28-amd64/modules.dep", "kernel/drivers/net/e1000e.ko:\n");
	judge(&t, &j);
	assert_point(&j, "vfio-pci", POINT_FAIL, "no module vfio-pci", "CONFIG_VFIO_PCI");
	tree_put(&t, "lib/modules/6.1.0-28-amd64/modules.dep",
		 "kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/drivers/vfio/vfio.ko.xz\n");
	judge(&t, &j);
	assert_point(&j, "vfio-pci", POINT_OK, "not loaded", NULL);
}

/* Of what was not captured nothing is failed; what was is not lost. */
static void captured_machines(void **state)
{
	for (size_t i = 0; i < N_CAPTURED; i++) {
		ROOT_AUTO struct root root = ROOT_CLOSED;
		ARENA_AUTO struct arena *a = arena_new();
		struct guests guests = {.access = GUESTS_NOT_READ};
		const char *name = captured[i];
		bool has_groups = i >= 2;
		enum iommu_vendor vendor = strstr(name, "-intel-") ? IOMMU_VENDOR_INTEL
					   : strstr(name, "-amd-") ? IOMMU_VENDOR_AMD
					   : strstr(name, "-arm-") ? IOMMU_VENDOR_ARM
								   : IOMMU_VENDOR_NONE;
		struct judged j;
		struct host host;

		assert_int_equal(root_open(captured_path(name), &root), 0);
		assert_int_equal(host_read(&root, PARTS, a, &host, NULL), 0);
		readiness_facts(&host, a, &j.facts);
		readiness_of_host(&host, &guests, &j.facts, a, &j.r);
		for (size_t k = 0; k < j.r.n_points; k++)
			if (j.r.points[k].status == POINT_FAIL)
				fail_msg("%s: %s", name, j.r.points[k].evidence);
		assert_int_equal(j.r.ready, READY_UNKNOWN);
		assert_int_equal(j.facts.iommu, has_groups ? IOMMU_ON : IOMMU_UNKNOWN);
		assert_int_equal(j.facts.vendor, vendor);
		assert_int_equal(!!j.facts.group_count, has_groups);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_prove_nothing),
		cmocka_unit_test(no_table_names_the_switch),
		cmocka_unit_test(a_parameter_that_is_missing),
		cmocka_unit_test(switched_off_by_a_word),
		cmocka_unit_test(the_log_says_why),
		cmocka_unit_test(interrupts_have_names),
		cmocka_unit_test(a_unit_that_stayed_behind),
		cmocka_unit_test(regions_predicted_on_intel),
		cmocka_unit_test(regions_predicted_on_amd),
		cmocka_unit_test(regions_of_groups),
		cmocka_unit_test(words_that_no_kernel_knows),
		cmocka_unit_test(a_virtual_machine_without),
		cmocka_unit_test(arm_has_no_flags),
		cmocka_unit_test(a_daemon_that_may_not),
		cmocka_unit_test(guests_that_would_be_saved),
		cmocka_unit_test(a_boot_picture),
		cmocka_unit_test(locked_and_barred),
		cmocka_unit_test(captured_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
