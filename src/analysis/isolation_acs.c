// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the kernel says of one function: pci_acs_enabled() in drivers/pci/pci.c for the flags that groups
 * need. Device rules first, then the kind of port, then capability and control. Capabilities that are
 * missing from the capability field count as built in; before 3.11 they did not.
 */
#include "analysis/isolation_private.h"

static bool is_port_down(const struct isolation_device *d)
{
	return d->express == FACT_READ &&
	       (d->port_type == PCI_PORT_ROOT || d->port_type == PCI_PORT_DOWNSTREAM);
}

static bool is_read(enum fact f)
{
	return f == FACT_READ || f == FACT_ABSENT;
}

/* What is in force once the kernel has set what it wants. */
static unsigned int control_in_force(const struct isolation_view *v, unsigned int capability,
				     unsigned int control)
{
	if (v->i->acs_state == ISOLATION_ACS_EXPECTED)
		control |= capability & ISOLATION_ACS_FLAGS;
	return control;
}

static void judge_registers(const struct isolation_view *v, struct acs_verdict *verdict,
			    unsigned int capability, unsigned int control)
{
	unsigned int wanted = ISOLATION_ACS_FLAGS;

	if (!isolation_kernel_is_before(&v->i->kernel, 3, 11))
		wanted &= capability;
	verdict->control = control_in_force(v, capability, control);
	verdict->is_expected = verdict->control != control;
	verdict->lacks = wanted & ~verdict->control;
	verdict->isolates = !verdict->lacks;
}

/*
 * A function whose space ends at 256 bytes has no extended capabilities for the kernel. A captured file
 * may have been cut there; where another function's is longer it was not.
 */
static bool acs_is_beyond_file(const struct isolation_view *v, const struct pci_device *d)
{
	return d->config_size < 256 || (!v->host->is_live && v->i->most_config <= 256);
}

static void judge_capability(const struct isolation_view *v, const struct pci_device *d,
			     struct acs_verdict *verdict)
{
	const struct pci_function *f = d->function;

	verdict->basis = ACS_NO_CAPABILITY;
	if (f->acs == FACT_READ) {
		verdict->basis = ACS_REGISTERS;
		judge_registers(v, verdict, f->acs_capability, f->acs_control);
	} else if (!is_read(f->read) || (f->acs == FACT_NOT_READ && acs_is_beyond_file(v, d))) {
		verdict->basis = ACS_UNREAD;
		verdict->isolates = v->is_hopeful;
	}
}

/* 5.9 left the chipset's registers alone where a port has no ACS capability; 5.9.9 mended it. */
static bool forgets_chipsets(const struct isolation_kernel *k)
{
	return k->major == 5 && k->minor == 9 && k->patch >= 0 && k->patch < 9;
}

/* Does the rule say anything of this function? Then *verdict holds it. */
static bool apply_rule(const struct isolation_view *v, size_t device, const struct acs_rule *rule,
		       struct acs_verdict *verdict)
{
	const struct isolation_device *d = &v->i->devices[device];
	const struct pci_function *f = v->host->devices[device].function;

	*verdict = (struct acs_verdict){.basis = ACS_RULE, .rule = rule, .isolates = true};
	switch (rule->kind) {
	case ACS_RULE_ISOLATES:
		return true;
	case ACS_RULE_DOES_NOT:
		verdict->isolates = false;
		return true;
	case ACS_RULE_ROOT_PORT:
		return d->express == FACT_READ && d->port_type == PCI_PORT_ROOT;
	case ACS_RULE_PORT_NOT:
		verdict->isolates = false;
		return is_port_down(d);
	case ACS_RULE_PORT:
		return is_port_down(d);
	case ACS_RULE_INTEGRATED:
		return d->express == FACT_READ && d->port_type == PCI_PORT_INTEGRATED_ENDPOINT;
	case ACS_RULE_AMD_CHIPSET:
		return d->is_multifunction && d->bridge < 0;
	case ACS_RULE_INTEL_CHIPSET:
		verdict->isolates = f->acs == FACT_READ || !forgets_chipsets(&v->i->kernel);
		return d->express == FACT_READ && d->port_type == PCI_PORT_ROOT;
	case ACS_RULE_WIDE:
		if (d->express != FACT_READ || d->port_type != PCI_PORT_ROOT || f->acs != FACT_READ)
			return false;
		judge_registers(v, verdict, f->acs_wide_capability, f->acs_wide_control);
		return true;
	}
	return false;
}

static bool judge_by_rule(const struct isolation_view *v, size_t device,
			  struct acs_verdict *verdict)
{
	const struct acs_rule *rule;

	for (rule = acs_rule_next(NULL); rule; rule = acs_rule_next(rule)) {
		if (acs_rule_matches(rule, &v->i->kernel, &v->host->devices[device]) &&
		    apply_rule(v, device, rule, verdict))
			return true;
	}
	return false;
}

/* The patch: what would have to isolate and has no capability is taken to do so. */
static bool judge_by_override(const struct isolation_view *v, size_t device,
			      struct acs_verdict *verdict)
{
	const struct isolation_device *d = &v->i->devices[device];

	if (!v->has_override || d->express != FACT_READ ||
	    v->host->devices[device].function->acs == FACT_READ)
		return false;
	if (!is_port_down(d) && !d->is_multifunction)
		return false;
	if (d->port_type == PCI_PORT_TO_PCI || d->port_type == PCI_PORT_FROM_PCI ||
	    d->port_type == PCI_PORT_EVENT_COLLECTOR)
		return false;
	*verdict = (struct acs_verdict){.basis = ACS_RULE, .isolates = true};
	return true;
}

static void judge_express(const struct isolation_view *v, size_t device,
			  struct acs_verdict *verdict)
{
	const struct isolation_device *d = &v->i->devices[device];
	bool is_old = isolation_kernel_is_before(&v->i->kernel, 3, 11);

	switch (d->port_type) {
	case PCI_PORT_FROM_PCI:
	case PCI_PORT_TO_PCI:
	case PCI_PORT_EVENT_COLLECTOR:
		*verdict = (struct acs_verdict){.basis = ACS_NEVER};
		if (!is_old)
			return;
		break;
	case PCI_PORT_DOWNSTREAM:
		judge_capability(v, &v->host->devices[device], verdict);
		return;
	case PCI_PORT_ROOT:
		if (is_old)
			break;
		judge_capability(v, &v->host->devices[device], verdict);
		return;
	default:
		break;
	}
	if (d->is_multifunction)
		judge_capability(v, &v->host->devices[device], verdict);
	else
		*verdict = (struct acs_verdict){.basis = ACS_SINGLE, .isolates = true};
}

void isolation_acs(const struct isolation_view *v, size_t device)
{
	struct isolation_device *d = &v->i->devices[device];
	struct acs_verdict *verdict = &d->acs;

	*verdict = (struct acs_verdict){.basis = ACS_UNREAD};
	if (judge_by_rule(v, device, verdict) || judge_by_override(v, device, verdict))
		return;
	*verdict = (struct acs_verdict){.basis = ACS_CONVENTIONAL};
	if (d->express == FACT_READ)
		judge_express(v, device, verdict);
	else if (d->express != FACT_ABSENT)
		*verdict = (struct acs_verdict){.basis = ACS_UNREAD, .isolates = v->is_hopeful};
}

enum isolation_acs_state isolation_acs_state(const struct host *host)
{
	size_t whole = 0, partial = 0, i;

	if (host->n_units)
		return ISOLATION_ACS_AS_READ;
	for (i = 0; i < host->n_devices; i++) {
		const struct pci_function *f = host->devices[i].function;
		unsigned int offered;

		if (host->devices[i].group >= 0)
			return ISOLATION_ACS_AS_READ;
		if (!f || f->acs != FACT_READ)
			continue;
		offered = f->acs_capability & ISOLATION_ACS_FLAGS;
		if (!offered)
			continue;
		if ((f->acs_control & offered) == offered)
			whole++;
		else
			partial++;
	}
	/* Firmware sets it on some ports at most; a kernel with an IOMMU on all that offer it. */
	return whole > partial ? ISOLATION_ACS_AS_READ : ISOLATION_ACS_EXPECTED;
}
