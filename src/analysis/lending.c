// SPDX-License-Identifier: LGPL-2.1-or-later
/* Rows of the table of what is lent, as a plan will leave it. */
#include "analysis/planner.h"

#include <string.h>

#include "base/text.h"

struct lent_device *planner_lent_device(struct planner *p, const struct pci_device *device)
{
	struct lent *lent = &p->plan->lent;
	size_t i;

	for (i = 0; i < lent->n_devices; i++) {
		if (pci_address_equal(&lent->devices[i].identity.address, &device->address))
			return &lent->devices[i];
	}
	return NULL;
}

struct lent_guest *planner_lent_guest(struct planner *p, const char *uuid)
{
	struct lent *lent = &p->plan->lent;
	size_t i;

	for (i = 0; i < lent->n_guests; i++) {
		if (!strcmp(lent->guests[i].uuid, uuid))
			return &lent->guests[i];
	}
	return NULL;
}

void planner_forget_device(struct planner *p, const struct lent_device *row)
{
	struct lent *lent = &p->plan->lent;
	size_t i = (size_t)(row - lent->devices);

	memmove(&lent->devices[i], &lent->devices[i + 1],
		(lent->n_devices - i - 1) * sizeof(*lent->devices));
	lent->n_devices--;
}

void planner_forget_guest(struct planner *p, const char *uuid)
{
	struct lent *lent = &p->plan->lent;
	struct lent_guest *row = planner_lent_guest(p, uuid);
	size_t i;

	if (!row)
		return;
	i = (size_t)(row - lent->guests);
	memmove(row, row + 1, (lent->n_guests - i - 1) * sizeof(*row));
	lent->n_guests--;
}

bool planner_is_this_boot(const struct planner *p, const char *boot_id)
{
	return boot_id && text_equal(boot_id, p->host->kernel.boot_id);
}
