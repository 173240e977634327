// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What goes around a device's change of drivers: it is woken before, the text consoles and the firmware's
 * framebuffer are taken off a display, and all of it comes back. And what a person should know of the
 * card: how it can be reset, and which vfio driver is made for it.
 */
#include "analysis/planner.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define LIBVIRT_TAKES_VARIANTS 10000000 /* 10.0.0 */

static const struct host_handover *handover_of(const struct planner *p, const struct pci_device *d)
{
	static const struct host_handover nothing;

	return p->host->handovers ? &p->host->handovers[d - p->host->devices] : &nothing;
}

const char *planner_power_before(const struct planner *p, const struct pci_device *d)
{
	return handover_of(p, d)->power_control;
}

void planner_wake(struct planner *p, const struct pci_device *d)
{
	if (text_equal(planner_power_before(p, d), "auto"))
		planner_device_step(p, STEP_POWER, d, "auto", "on");
}

/* vfio-pci has a say in it while it binds and unbinds: the step looks at what is there then. */
void planner_rest(struct planner *p, const struct pci_device *d, const char *control)
{
	if (text_equal(control, "auto"))
		planner_device_step(p, STEP_POWER, d, "on", control);
}

static bool has_use(const struct planner *p, const struct pci_device *d, enum host_use_kind kind)
{
	size_t i;

	for (i = 0; i < p->host->n_uses; i++) {
		const struct host_use *use = &p->host->uses[i];

		if (use->kind == kind && use->device == (int)(d - p->host->devices))
			return true;
	}
	return false;
}

static bool console_is_elsewhere(const struct planner *p, const struct pci_device *d)
{
	size_t i;

	for (i = 0; i < p->host->n_uses; i++) {
		const struct host_use *use = &p->host->uses[i];

		if (use->kind == USE_CONSOLE && use->device != (int)(d - p->host->devices))
			return true;
	}
	return false;
}

/* The firmware's framebuffer is that of the card it began on. */
static const struct host_firmware_screen *bound_screen(const struct planner *p,
						       const struct pci_device *d)
{
	size_t i;

	if (!has_use(p, d, USE_BOOT_VGA))
		return NULL;
	for (i = 0; i < p->host->n_screens; i++) {
		if (p->host->screens[i].driver)
			return &p->host->screens[i];
	}
	return NULL;
}

static bool console_lies_on(const struct planner *p, const struct host_console *c,
			    const struct pci_device *d)
{
	/* It serves all framebuffers: where another card has one, that card's text would go, too. */
	return c->is_bound && c->is_framebuffer && !console_is_elsewhere(p, d) &&
	       (has_use(p, d, USE_CONSOLE) || bound_screen(p, d));
}

/* "vtcon1 efi-framebuffer.0=efi-framebuffer": for the way back. */
const char *planner_consoles_before(struct planner *p, const struct pci_device *d)
{
	const struct host_firmware_screen *screen = bound_screen(p, d);
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < p->host->n_consoles; i++) {
		if (console_lies_on(p, &p->host->consoles[i], d))
			text_addf(&t, "%s%s", t.len ? " " : "", p->host->consoles[i].name);
	}
	if (screen)
		text_addf(&t, "%s%s=%s", t.len ? " " : "", screen->name, screen->driver);
	return t.len ? arena_strdup(p->arena, text_str(&t)) : NULL;
}

void planner_release_display(struct planner *p, const struct pci_device *d)
{
	const struct host_firmware_screen *screen = bound_screen(p, d);
	size_t i;

	for (i = 0; i < p->host->n_consoles; i++) {
		if (console_lies_on(p, &p->host->consoles[i], d))
			planner_step(p, STEP_CONSOLE, p->host->consoles[i].name, "1", "0");
	}
	if (screen)
		planner_step(p, STEP_CONSOLE, screen->name, screen->driver, NULL);
}

static const struct host_firmware_screen *find_screen(const struct planner *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->host->n_screens; i++) {
		if (!strcmp(p->host->screens[i].name, name))
			return &p->host->screens[i];
	}
	return NULL;
}

static void return_screen(struct planner *p, const struct lent_device *row, char *word)
{
	const struct host_firmware_screen *now;
	char *driver = strchr(word, '=');

	*driver++ = 0;
	now = find_screen(p, word);
	if (now && !now->driver)
		planner_step(p, STEP_CONSOLE, word, NULL, driver);
	if (now)
		return;
	planner_note(p,
		     "%s is gone since vfio-pci had the display (Linux 6.0 and later)%s until the "
		     "host is rebooted.",
		     word,
		     row->driver_before ? ": what the card's own driver does not show stays dark"
					: ": the screen stays dark");
}

/* The screen first, then what draws text on it. */
void planner_return_display(struct planner *p, const struct lent_device *row)
{
	char *words, *word, *save = NULL, **list = NULL;
	size_t n = 0;

	if (!row->consoles_before)
		return;
	words = arena_strdup(p->arena, row->consoles_before);
	for (word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		*arena_append(p->arena, list, n) = word;
	while (n-- > 0) {
		if (strchr(list[n], '='))
			return_screen(p, row, list[n]);
		else
			planner_step(p, STEP_CONSOLE, list[n], "0", "1");
	}
}

/*
 * From Linux 6.0 on vfio-pci takes the aperture of a VGA device from the firmware's framebuffer as it
 * binds (drivers/vfio/pci/vfio_pci_core.c), and that device is gone until a reboot: the one exception to
 * "exactly as before". Where the card has a driver of its own, that one brings the screen back.
 */
void planner_lose_aperture(struct planner *p)
{
	size_t i;

	for (i = 0; i < p->n_leaving && p->host->kernel.version[0] >= 6; i++) {
		const struct pci_device *d = &p->host->devices[p->leaving[i]];
		const struct host_firmware_screen *screen = bound_screen(p, d);
		struct plan_loss *loss;

		if (!screen || d->driver)
			continue;
		loss = arena_append(p->arena, p->plan->losses, p->plan->n_losses);
		*loss = (struct plan_loss){
			.device = p->leaving[i],
			.severity = LOSS_SERIOUS,
			.kind = LOSS_DISPLAY,
			.remedy = "have another way in (SSH, a serial console)",
		};
		*arena_append(p->arena, loss->chain, loss->n_chain) = d->name;
		*arena_append(p->arena, loss->chain, loss->n_chain) = screen->name;
		*arena_append(p->arena, loss->chain, loss->n_chain) =
			"the screen, until the host is rebooted";
	}
}

/* The driver that the device is to be bound to. */
const char *planner_vfio_driver(struct planner *p, const struct pci_device *d)
{
	const char *variant = handover_of(p, d)->variant;
	unsigned long version = p->guests->version;

	if (!variant)
		return "vfio-pci";
	if (version >= LIBVIRT_TAKES_VARIANTS)
		return variant;
	planner_note(
		p,
		"%s: the kernel has a vfio driver made for it, %s; libvirt takes it from 10.0 on "
		"(%s), so vfio-pci is used.",
		d->name, variant,
		version ? planner_printf(p, "this is %lu.%lu", version / 1000000,
					 version / 1000 % 1000)
			: "its version was not asked");
	return "vfio-pci";
}

static const char *bus_mates(struct planner *p, const struct pci_device *d)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; d->parent >= 0 && i < p->host->n_devices; i++) {
		const struct pci_device *other = &p->host->devices[i];

		if (other != d && other->address.domain == d->address.domain &&
		    other->address.bus == d->address.bus)
			text_addf(&t, "%s%s", t.len ? ", " : "", other->name);
	}
	return t.len ? arena_strdup(p->arena, text_str(&t)) : NULL;
}

/* What a guest leaves in a card that can't be reset, the next user finds. */
void planner_note_reset(struct planner *p, const struct pci_device *d)
{
	const char *methods = handover_of(p, d)->reset_methods, *mates;

	if (!methods || *methods)
		return;
	mates = bus_mates(p, d);
	if (mates)
		planner_note(
			p,
			"%s has no reset of its own: only one of its whole bus, which hits %s, "
			"too, and is left out unless the guest has them all.",
			d->name, mates);
	else
		planner_note(p,
			     "%s can't be reset: what a guest leaves in it stays until the host is "
			     "powered off, and it may not work a second time.",
			     d->name);
}
