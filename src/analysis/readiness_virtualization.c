// SPDX-License-Identifier: LGPL-2.1-or-later
/* KVM, QEMU, and a host display that sits on the memory of a card that is to go. */
#include "analysis/readiness_judge.h"
#include "base/arena.h"

static void judge_kvm(const struct judge *j)
{
	const char *owner = j->platform->virtualization.kvm_owner;

	if (!j->host->is_live) {
		judge_aside(j, "kvm", POINT_UNKNOWN, "run ferry check on the machine itself",
			    "a captured machine has no /dev/kvm to open");
		return;
	}
	switch (j->host->kernel.kvm) {
	case FACT_READ:
		judge_add(j, "kvm", POINT_OK, NULL, "/dev/kvm opens%s%s%s", owner ? " (" : "",
			  owner ? owner : "", owner ? ")" : "");
		break;
	case FACT_ABSENT:
		judge_add(
			j, "kvm", POINT_FAIL,
			"switch virtualization (VT-x, or SVM on AMD) on in the firmware's setup, and "
			"modprobe kvm_intel or kvm_amd",
			"/dev/kvm is not there");
		break;
	case FACT_DENIED:
		judge_add(
			j, "kvm", POINT_WARN,
			"run it as root, or add the user to the group that owns it: usermod -aG kvm "
			"NAME, and log in again",
			"/dev/kvm is there (%s); this user must not open it, libvirt's QEMU is "
			"another user",
			owner ? owner : "owner unknown");
		break;
	default:
		judge_add(j, "kvm", POINT_UNKNOWN, "run it as root", "/dev/kvm: %s",
			  fact_name(j->host->kernel.kvm));
	}
}

static void judge_nested(const struct judge *j)
{
	char nested = j->platform->virtualization.nested;

	if (nested)
		judge_aside(j, "nested", POINT_OK, NULL,
			    nested == 'Y' ? "guests may run guests of their own"
					  : "guests can't run guests of their own, which passing "
					    "devices on does not need");
}

static void judge_qemu(const struct judge *j)
{
	const struct host_virtualization *v = &j->platform->virtualization;

	if (v->qemu)
		judge_aside(j, "qemu", POINT_OK, NULL, "%s", v->qemu);
	else if (j->host->is_live && v->qemu_read == FACT_READ)
		judge_aside(j, "qemu", POINT_WARN,
			    "install it (qemu-system-x86, qemu-kvm), if guests are to run here",
			    "no QEMU where distributions put it (/usr/bin, /usr/libexec)");
	else
		judge_aside(j, "qemu", POINT_UNKNOWN, judge_how_to_read(j, v->qemu_read),
			    "/usr/bin: %s", fact_name(v->qemu_read));
}

/* The host's boot display; video=efifb:off does not drive simpledrm away. */
static void judge_framebuffers(const struct judge *j)
{
	size_t i;

	for (i = 0; i < j->platform->n_framebuffers; i++)
		judge_aside(
			j, "boot-framebuffer", POINT_WARN,
			"where this card is to go to a guest: make another one the boot display in "
			"the firmware's setup, or unbind the framebuffer first; video=efifb:off has "
			"no effect on simpledrm",
			"the host's boot picture sits on the memory of %s (/proc/iomem)",
			j->platform->framebuffers[i]);
}

void judge_virtualization(const struct judge *j)
{
	judge_kvm(j);
	judge_nested(j);
	judge_qemu(j);
	judge_framebuffers(j);
}
