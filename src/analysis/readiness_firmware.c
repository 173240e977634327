// SPDX-License-Identifier: LGPL-2.1-or-later
/* Two wishes of the firmware that look alarming and bar nothing by themselves; and what Secure Boot takes. */
#include <string.h>

#include "analysis/readiness_judge.h"
#include "analysis/readiness_log.h"
#include "base/arena.h"

static void judge_x2apic(const struct judge *j)
{
	const struct log_problem_seen *p = &j->facts->problems[PROBLEM_X2APIC_OPT_OUT];

	if (p->count)
		judge_aside(j, "x2apic-opt-out", POINT_OK, NULL,
			    "the firmware asks for the older interrupt mode (%s): %s",
			    p->first.text,
			    j->facts->interrupt_remapping == INTREMAP_ON
				    ? "remapping works in it, nothing is to be done"
				    : "that alone switches no remapping off");
}

static void judge_preboot(const struct judge *j)
{
	bool intel = j->dmar && j->dmar->flags & DMAR_FLAG_DMA_CONTROL_OPT_IN;
	bool amd = j->ivrs && j->ivrs->iv_info & IVRS_INFO_DMA_REMAP;

	if (!j->dmar && !j->ivrs)
		return;
	judge_aside(
		j, "pre-boot-dma-protection", POINT_OK, NULL, "%s",
		intel ? "on: the firmware protects memory from devices before the kernel runs "
			"(DMAR: DMA control opt-in)"
		: amd ? "on: the firmware protects memory from devices before the kernel runs "
			"(IVRS: DMA remapping); on some boards it then keeps memory for every slot"
		      : "the firmware does not ask for it");
}

static const char *secure_boot_words(const struct host_firmware *f)
{
	if (f->secure_boot == FACT_READ)
		return f->is_secure_boot ? "Secure Boot is on" : "Secure Boot is off";
	return f->secure_boot == FACT_ABSENT ? "no Secure Boot" : "Secure Boot could not be read";
}

static void judge_lockdown(const struct judge *j)
{
	const struct host_firmware *f = &j->platform->firmware;

	if (!f->lockdown && f->secure_boot != FACT_READ) {
		judge_aside(j, "lockdown",
			    j->host->is_live && f->secure_boot == FACT_ABSENT ? POINT_OK
									      : POINT_UNKNOWN,
			    judge_how_to_read(j, f->secure_boot),
			    "%s; /sys/kernel/security/lockdown is not there to be read",
			    secure_boot_words(f));
		return;
	}
	if (f->lockdown && strcmp(f->lockdown, "none") != 0)
		judge_aside(j, "lockdown", POINT_OK, NULL,
			    "%s, lockdown is %s: VFIO works; modules without a signature and ACPI "
			    "tables from the initramfs do not",
			    secure_boot_words(f), f->lockdown);
	else
		judge_aside(j, "lockdown", POINT_OK, NULL, "%s, lockdown is %s",
			    secure_boot_words(f), f->lockdown ? f->lockdown : "not in this kernel");
}

void judge_firmware(const struct judge *j)
{
	judge_x2apic(j);
	judge_preboot(j);
	judge_lockdown(j);
}
