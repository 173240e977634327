// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Modules, through libkmod. What the administrator has barred stays unloaded: a "blacklist" line is
 * heeded, and an "install" line, which libkmod would give to a shell, is an error that names it.
 */
#include "apply/step_kinds.h"

#include <errno.h>
#include <string.h>

#include <libkmod.h>

#include "apply/names.h"
#include "apply/transaction.h"
#include "base/arena.h"
#include "base/child.h"
#include "base/error.h"
#include "base/library.h"
#include "base/root.h"
#include "base/text.h"
#include "host/read.h"

static struct {
	struct kmod_ctx *(*new)(const char *dirname, const char *const *config_paths);
	struct kmod_ctx *(*unref)(struct kmod_ctx *ctx);
	void (*set_log_fn)(struct kmod_ctx *ctx,
			   void (*log_fn)(void *data, int priority, const char *file, int line,
					  const char *fn, const char *format, va_list args),
			   const void *data);
	int (*lookup)(struct kmod_ctx *ctx, const char *alias, struct kmod_list **list);
	struct kmod_module *(*get_module)(const struct kmod_list *entry);
	struct kmod_list *(*list_next)(const struct kmod_list *list, const struct kmod_list *curr);
	int (*unref_list)(struct kmod_list *list);
	struct kmod_module *(*module_unref)(struct kmod_module *mod);
	const char *(*get_name)(const struct kmod_module *mod);
	const char *(*get_install_commands)(const struct kmod_module *mod);
	int (*probe_insert)(struct kmod_module *mod, unsigned int flags, const char *extra_options,
			    int (*run_install)(struct kmod_module *m, const char *cmdline,
					       void *data),
			    const void *data,
			    void (*print_action)(struct kmod_module *m, bool install,
						 const char *options));
} kmod;

static const struct library_symbol symbols[] = {
	{"kmod_new", (void **)&kmod.new},
	{"kmod_unref", (void **)&kmod.unref},
	{"kmod_set_log_fn", (void **)&kmod.set_log_fn},
	{"kmod_module_new_from_lookup", (void **)&kmod.lookup},
	{"kmod_module_get_module", (void **)&kmod.get_module},
	{"kmod_list_next", (void **)&kmod.list_next},
	{"kmod_module_unref_list", (void **)&kmod.unref_list},
	{"kmod_module_unref", (void **)&kmod.module_unref},
	{"kmod_module_get_name", (void **)&kmod.get_name},
	{"kmod_module_get_install_commands", (void **)&kmod.get_install_commands},
	{"kmod_module_probe_insert_module", (void **)&kmod.probe_insert},
};

/* libkmod would print to stderr. */
static void say_nothing(void *data, int priority, const char *file, int line, const char *fn,
			const char *format, va_list args)
{
}

/* In place of system(3): a module below the one that is loaded has an install line too. */
static int refuse_command(struct kmod_module *m, const char *command, void *data)
{
	return -EACCES;
}

static bool same_module(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		char x = *a == '-' ? '_' : *a, y = *b == '-' ? '_' : *b;

		if (x != y)
			return false;
	}
	return *a == *b;
}

static bool is_loaded(struct actor *actor, const char *name)
{
	char *module = arena_strdup(actor->arena, name);
	char *p;

	if (!root_exists(actor->root, arena_printf(actor->arena, "sys/bus/pci/drivers/%s", name)))
		return true;
	for (p = module; *p; p++)
		*p = *p == '-' ? '_' : *p;
	return !root_exists(actor->root, arena_printf(actor->arena, "sys/module/%s", module));
}

static int insert(void *module)
{
	int code = kmod.probe_insert(module, KMOD_PROBE_APPLY_BLACKLIST, NULL, refuse_command, NULL,
				     NULL);

	return code == KMOD_PROBE_APPLY_BLACKLIST ? -EACCES : code;
}

/* The line that bars it, where host/ has found it; libkmod tells only that there is one. */
static const char *barred_by(struct actor *actor, const char *name)
{
	struct host host;

	if (!same_module(name, "vfio_pci") ||
	    host_read(actor->root, HOST_PART(HOST_KERNEL), actor->arena, &host, NULL))
		return NULL;
	return host.kernel.vfio_pci_barred;
}

static int say_barred(struct actor *actor, const char *name, const char *what, struct error *err)
{
	const char *line = barred_by(actor, name);

	return error_set(err, -EACCES, arena_strdup(actor->arena, name),
			 "take that line out, or load the module yourself if you mean to",
			 "the administrator keeps the module from being loaded: %s",
			 line ? line : what);
}

static int load(struct actor *actor, struct kmod_module *module, struct error *err)
{
	const char *name = kmod.get_name(module);
	const char *command = kmod.get_install_commands(module);
	pid_t pid = 0;
	int code;

	if (command)
		return say_barred(actor, name,
				  arena_printf(actor->arena, "install %s %s (in modprobe.d)", name,
					       text_printable(actor->arena, command)),
				  err);
	code = child_call(insert, module, actor->write_deadline_ms, &pid);
	if (!code || code == -EEXIST)
		return 0;
	if (code == -EACCES)
		return say_barred(actor, name, "a blacklist or install line in modprobe.d", err);
	if (code == -ETIMEDOUT)
		return error_set(
			err, code, name, NULL,
			"loading the module has not ended after %u s: process %d is still at "
			"it",
			actor->write_deadline_ms / 1000, (int)pid);
	return error_set(err, code, name, "look at the kernel log: ferry diagnose",
			 "the module could not be loaded: %s", strerror(-code));
}

/*
 * Of several modules that match a device only the one of the driver's name is loaded: another would take
 * this device, and others with it.
 */
static int load_from(struct actor *actor, struct kmod_list *list, const char *driver,
		     struct error *err)
{
	bool is_only = list && !kmod.list_next(list, list);
	struct kmod_list *entry;

	for (entry = list; entry; entry = kmod.list_next(list, entry)) {
		struct kmod_module *module = kmod.get_module(entry);
		int code = -ENOENT;

		if (is_only || same_module(kmod.get_name(module), driver))
			code = load(actor, module, err);
		kmod.module_unref(module);
		if (code != -ENOENT)
			return code;
	}
	return -ENOENT;
}

static int load_alias(struct actor *actor, struct kmod_ctx *ctx, const char *alias,
		      const char *driver, struct error *err)
{
	struct kmod_list *list = NULL;
	int code = kmod.lookup(ctx, alias, &list);

	if (code >= 0)
		code = load_from(actor, list, driver, err);
	kmod.unref_list(list);
	return code;
}

static int find_and_load(struct actor *actor, struct kmod_ctx *ctx, const char *driver,
			 const char *device, struct error *err)
{
	char *alias;
	int code = load_alias(actor, ctx, driver, driver, err);

	if (code != -ENOENT)
		return code;
	if (device &&
	    !root_read_line(actor->root, actor->arena,
			    arena_printf(actor->arena, "sys/bus/pci/devices/%s/modalias", device),
			    &alias))
		code = load_alias(actor, ctx, alias, driver, err);
	if (code != -ENOENT)
		return code;
	return error_set(err, code, driver,
			 "load the driver's module by hand, then run ferry recover",
			 "no module of that name was found");
}

int module_load_driver(struct actor *actor, const char *driver, const char *device,
		       struct error *err)
{
	struct kmod_ctx *ctx;
	int code;

	if (!name_is_plain(driver))
		return error_set(err, -EINVAL, driver, NULL, "it is no name of a module");
	if (is_loaded(actor, driver))
		return 0;
	code = library_load("libkmod.so.2", symbols, sizeof(symbols) / sizeof(*symbols));
	if (code)
		return error_set(err, code, driver,
				 "install libkmod (package libkmod2 or kmod-libs)",
				 "the module can't be loaded without libkmod.so.2");
	ctx = kmod.new(NULL, NULL);
	if (!ctx)
		return error_set(err, -ENOMEM, driver, NULL, "libkmod could not be set up");
	kmod.set_log_fn(ctx, say_nothing, NULL);
	code = find_and_load(actor, ctx, driver, device, err);
	kmod.unref(ctx);
	return code;
}

int step_module_check(struct actor *actor, struct plan_step *step, struct error *err)
{
	if (!name_is_plain(step->subject))
		return error_set(err, -EINVAL, step->subject, NULL, "it is no name of a module");
	return is_loaded(actor, step->subject);
}

int step_module_act(struct actor *actor, struct plan_step *step, struct error *err)
{
	static const struct pci_address none;
	char address[PCI_ADDRESS_SIZE];
	int code;

	pci_address_format(&step->identity.address, address);
	code = module_load_driver(
		actor, step->subject,
		pci_address_equal(&step->identity.address, &none) ? NULL : address, err);
	if (code || is_loaded(actor, step->subject) ||
	    !pci_address_equal(&step->identity.address, &none))
		return code;
	return error_set(err, -ENODEV, step->subject, NULL,
			 "its module was loaded, and yet the kernel knows no such module");
}

/* A module that was loaded stays: somebody else may use it by now, and it harms nobody. */
int step_module_undo(struct actor *actor, const struct plan_step *step, const char **ret_note,
		     struct error *err)
{
	return 0;
}
