// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * From a device to what the host uses of it. Disks and networks have their own files; here are the index,
 * the walk, what hangs on the device directly, and the functions below it: virtual functions, and the
 * disks of a VMD, which leave with their controller.
 */
#include "analysis/loss.h"

#include <string.h>

#include "analysis/group.h"
#include "analysis/loss_walk.h"
#include "base/arena.h"
#include "base/text.h"

void loss_push(struct loss_table *t, const char *name, const char *remedy)
{
	size_t n = t->depth;

	t->names = arena_grow(t->arena, t->names, n, sizeof(*t->names));
	t->remedies = arena_grow(t->arena, t->remedies, n, sizeof(*t->remedies));
	t->names[n] = name;
	t->remedies[n] = remedy;
	t->depth++;
}

void loss_push_way(struct loss_table *t, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		loss_push(t, names[i], NULL);
}

void loss_pop(struct loss_table *t, size_t n)
{
	t->depth -= n;
}

static bool is_known_loss(const struct loss_table *t, const struct plan_loss *loss, size_t first)
{
	size_t i, k;

	for (i = first; i < *t->n_losses; i++) {
		const struct plan_loss *other = &(*t->losses)[i];

		if (other->n_chain != loss->n_chain || other->severity != loss->severity)
			continue;
		for (k = 0; k < loss->n_chain && text_equal(other->chain[k], loss->chain[k]); k++)
			;
		if (k == loss->n_chain)
			return true;
	}
	return false;
}

static const char *join_remedies(struct loss_table *t, const char *remedy)
{
	TEXT_AUTO struct text all = {0};
	size_t i;

	if (remedy)
		text_add(&all, remedy);
	for (i = t->depth; i-- > 0;) {
		if (t->remedies[i])
			text_addf(&all, "%s%s", all.len ? "; " : "", t->remedies[i]);
	}
	return all.len ? arena_strdup(t->arena, text_str(&all)) : NULL;
}

void loss_add(struct loss_table *t, const char *end, enum loss_severity severity,
	      const char *remedy)
{
	struct plan_loss loss = {.device = t->device, .severity = severity, .kind = t->kind};
	size_t i, n = *t->n_losses;

	t->n_found++;
	for (i = 0; i < t->depth; i++)
		*arena_append(t->arena, loss.chain, loss.n_chain) = t->names[i];
	if (end)
		*arena_append(t->arena, loss.chain, loss.n_chain) = end;
	/* A disk reached twice over (two members of one array) is lost once. */
	if (is_known_loss(t, &loss, n > 64 ? n - 64 : 0))
		return;
	loss.remedy = join_remedies(t, remedy);
	*arena_append(t->arena, *t->losses, *t->n_losses) = loss;
}

struct pairs {
	size_t *keys, *items, n;
};

static void add_pair(struct arena *arena, struct pairs *p, size_t key, size_t item)
{
	p->keys = arena_grow(arena, p->keys, p->n, sizeof(*p->keys));
	p->items = arena_grow(arena, p->items, p->n, sizeof(*p->items));
	p->keys[p->n] = key;
	p->items[p->n++] = item;
}

static struct loss_index make_index(struct arena *arena, const struct pairs *p, size_t n_keys)
{
	struct loss_index index = {
		.first = arena_calloc(arena, n_keys + 2, sizeof(*index.first)),
		.items = arena_calloc(arena, p->n, sizeof(*index.items)),
	};
	size_t i;

	/* Counted one place further on, so that placing them moves each start to where it belongs. */
	for (i = 0; i < p->n; i++)
		index.first[p->keys[i] + 2]++;
	for (i = 2; i < n_keys + 2; i++)
		index.first[i] += index.first[i - 1];
	for (i = 0; i < p->n; i++)
		index.items[index.first[p->keys[i] + 1]++] = p->items[i];
	return index;
}

/* Virtual functions, and what stands in a domain of its own behind an endpoint (VMD). */
static void index_below(struct loss_table *t)
{
	const struct host *host = t->host;
	struct pairs p = {0};
	size_t i;

	for (i = 0; i < host->n_devices; i++) {
		const struct pci_device *d = &host->devices[i];

		if (d->physical >= 0 && (size_t)d->physical != i)
			add_pair(t->arena, &p, (size_t)d->physical, i);
		else if (d->parent >= 0 && (size_t)d->parent != i)
			add_pair(t->arena, &p, (size_t)d->parent, i);
	}
	t->below = make_index(t->arena, &p, host->n_devices);
}

static void index_uses(struct loss_table *t)
{
	struct pairs uses = {0}, interfaces = {0};
	const struct host *host = t->host;
	size_t i;

	for (i = 0; i < host->n_uses; i++) {
		if (host->uses[i].device >= 0)
			add_pair(t->arena, &uses, (size_t)host->uses[i].device, i);
	}
	for (i = 0; i < host->n_interfaces; i++) {
		if (host->interfaces[i].device >= 0)
			add_pair(t->arena, &interfaces, (size_t)host->interfaces[i].device, i);
	}
	t->uses = make_index(t->arena, &uses, host->n_devices);
	t->interfaces = make_index(t->arena, &interfaces, host->n_devices);
}

static void index_storage(struct loss_table *t)
{
	struct pairs blocks = {0}, mounts = {0}, images = {0};
	const struct host *host = t->host;
	size_t i, k;

	for (i = 0; i < host->n_blocks; i++) {
		for (k = 0; k < host->blocks[i].n_devices; k++)
			add_pair(t->arena, &blocks, host->blocks[i].devices[k], i);
		if (host->blocks[i].remote)
			*arena_append(t->arena, t->remotes, t->n_remotes) = i;
	}
	for (i = 0; i < host->n_mounts; i++) {
		if (host->mounts[i].block >= 0)
			add_pair(t->arena, &mounts, (size_t)host->mounts[i].block, i);
	}
	for (i = 0; i < t->n_images; i++)
		add_pair(t->arena, &images, t->images[i].block, i);
	t->blocks = make_index(t->arena, &blocks, host->n_devices);
	t->mounts = make_index(t->arena, &mounts, host->n_blocks);
	t->images_on = make_index(t->arena, &images, host->n_blocks);
}

struct loss_table *loss_table_new(const struct host *host, const struct guests *guests,
				  const struct guest *starting, struct arena *arena)
{
	struct loss_table *t = arena_alloc(arena, sizeof(*t));

	*t = (struct loss_table){.host = host, .arena = arena};
	t->leaves = arena_calloc(arena, host->n_devices, sizeof(*t->leaves));
	t->device_is_on_way = arena_calloc(arena, host->n_devices, sizeof(bool));
	t->block_is_on_way = arena_calloc(arena, host->n_blocks, sizeof(bool));
	t->interface_is_on_way = arena_calloc(arena, host->n_interfaces, sizeof(bool));
	loss_find_images(t, guests, starting);
	index_below(t);
	index_uses(t);
	index_storage(t);
	return t;
}

static bool is_only_keyboard(const struct loss_table *t)
{
	size_t i;

	for (i = 0; i < t->host->n_uses; i++) {
		const struct host_use *use = &t->host->uses[i];

		if (use->kind == USE_KEYBOARD && (use->device < 0 || !t->leaves[use->device]))
			return false;
	}
	return true;
}

static void lose_keyboard(struct loss_table *t, const struct host_use *use)
{
	bool is_only = is_only_keyboard(t);

	t->kind = is_only ? LOSS_KEYBOARD : LOSS_OTHER;
	loss_push(t, use->what, NULL);
	loss_add(t, is_only ? "the only keyboard" : "keyboard", is_only ? LOSS_SERIOUS : LOSS_MINOR,
		 is_only ? "plug another keyboard in, or have another way in (SSH)" : NULL);
	loss_pop(t, 1);
}

static bool is_display(enum host_use_kind kind)
{
	return kind == USE_BOOT_VGA || kind == USE_CONSOLE || kind == USE_SCREEN;
}

static void lose_use(struct loss_table *t, const struct host_use *use)
{
	static const struct {
		enum loss_severity severity;
		const char *remedy;
	} kinds[USE_KINDS] = {
		[USE_BOOT_VGA] = {LOSS_SERIOUS, "have another way in (SSH, a serial console)"},
		[USE_CONSOLE] = {LOSS_SERIOUS, "have another way in (SSH, a serial console)"},
		[USE_SCREEN] = {LOSS_SERIOUS, "end what draws on it"},
		[USE_INPUT] = {LOSS_MINOR, NULL},
		[USE_SOUND] = {LOSS_MINOR, NULL},
		[USE_SERIAL_CONSOLE] = {LOSS_SERIOUS, "take that console= off the command line"},
		[USE_WATCHDOG] = {LOSS_SERIOUS, "stop the watchdog first: it resets the host when "
						"nobody feeds it any more"},
		[USE_FUNCTIONS] = {LOSS_SERIOUS, "set sriov_numvfs to 0 once nobody uses them"},
		[USE_PROCESS] = {LOSS_SERIOUS, "end that process, or let it close the device"},
	};
	enum loss_severity severity = kinds[use->kind].severity;

	loss_push_way(t, use->way, use->n_way);
	if (use->kind == USE_KEYBOARD) {
		lose_keyboard(t, use);
	} else {
		if (use->kind == USE_PROCESS && use->is_block && use->is_guests)
			severity = LOSS_FATAL;
		t->kind = is_display(use->kind) ? LOSS_DISPLAY : LOSS_OTHER;
		loss_add(t, use->what, severity, kinds[use->kind].remedy);
	}
	t->kind = LOSS_OTHER;
	loss_pop(t, use->n_way);
}

static void lose_device(struct loss_table *t, size_t device, bool is_named);

/* A virtual function on vfio-pci has left the host, but for a guest, which loses it. */
static void lose_below(struct loss_table *t, size_t device)
{
	const struct pci_device *d = &t->host->devices[device];

	if (d->header != PCI_HEADER_ENDPOINT) {
		lose_device(t, device, false);
		return;
	}
	loss_push(t, d->name, NULL);
	if (driver_is_vfio(d->driver))
		loss_add(t, "lent to a guest, or kept for one", LOSS_SERIOUS,
			 "ferry status says to whom; ferry down gives it back");
	lose_device(t, device, false);
	loss_pop(t, 1);
}

static void lose_device(struct loss_table *t, size_t device, bool is_named)
{
	const struct pci_device *d = &t->host->devices[device];
	size_t i;

	/* What folders a captured tree nests in each other is its own affair. */
	if (t->device_is_on_way[device] || driver_is_vfio(d->driver))
		return;
	t->device_is_on_way[device] = true;
	loss_of_disks(t, device);
	loss_of_interfaces(t, device);
	for (i = t->uses.first[device]; i < t->uses.first[device + 1]; i++)
		lose_use(t, &t->host->uses[t->uses.items[i]]);
	/* What hangs below a bridge does not leave with the bridge's group. */
	if (d->header == PCI_HEADER_ENDPOINT || !is_named) {
		for (i = t->below.first[device]; i < t->below.first[device + 1]; i++)
			lose_below(t, t->below.items[i]);
	}
	t->device_is_on_way[device] = false;
}

void losses_of(struct loss_table *t, const size_t *devices, size_t n, struct plan_loss **losses,
	       size_t *n_losses)
{
	size_t i;

	t->losses = losses;
	t->n_losses = n_losses;
	for (i = 0; i < n; i++)
		t->leaves[devices[i]] = true;
	for (i = 0; i < n; i++) {
		t->device = devices[i];
		loss_push(t, t->host->devices[devices[i]].name, NULL);
		lose_device(t, devices[i], true);
		loss_pop(t, 1);
	}
	for (i = 0; i < n; i++)
		t->leaves[devices[i]] = false;
}

char *loss_text(struct arena *arena, const struct plan_loss *loss, const char *arrow)
{
	TEXT_AUTO struct text t = {0};
	size_t i;

	for (i = 0; i < loss->n_chain; i++)
		text_addf(&t, "%s%s", i ? arrow : "", loss->chain[i]);
	return arena_strdup(arena, text_str(&t));
}

bool losses_are_known(const struct host *host)
{
	static const enum host_part parts[] = {HOST_STORAGE, HOST_NETWORK, HOST_USES};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		enum fact f = host->parts[parts[i]];

		/* A kernel may lack screens and networks; mounts it has. */
		if (f == FACT_DENIED || f == FACT_UNREADABLE ||
		    (f == FACT_ABSENT && host->is_live && parts[i] == HOST_STORAGE))
			return false;
	}
	return true;
}
