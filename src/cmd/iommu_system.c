// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The system whose boot files are meant. One that lies in a folder keeps ferry's journal and table in its
 * own /var/lib/ferry, so that it can be changed back wherever it is mounted; nothing of the machine that
 * ferry runs on is read for it.
 */
#include "cmd/iommu.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/recover.h"
#include "base/arena.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "cmd/session.h"
#include "show/outcome.h"

/* In place of a boot's id, which a system that does not run has none of. */
#define NO_BOOT             "not-running"

#define RECOVER_DEADLINE_MS 60000

static int make_folder(const char *path, mode_t mode, struct error *err)
{
	int fd = folder_open(path, mode);

	if (fd >= 0)
		close(fd);
	/* Whose the folders above ferry's own are, and who may write to them, is that system's affair. */
	if (fd >= 0 || fd == -EPERM)
		return 0;
	return error_set(err, fd, path, "ferry keeps the way back there", "%s", strerror(-fd));
}

static int make_state(struct invocation *inv, struct iommu_system *s, const char *top,
		      struct error *err)
{
	int code = make_folder(arena_printf(inv->arena, "%s/var", top), 0755, err);

	if (!code)
		code = make_folder(arena_printf(inv->arena, "%s/var/lib", top), 0755, err);
	return code ? code : make_folder(s->state_dir, 0700, err);
}

static int lock_folder(struct invocation *inv, struct iommu_system *s, struct error *err)
{
	const char *path = arena_printf(inv->arena, "%s/lock", s->state_dir), *holder = NULL;
	int code = lock_take(path, inv->command->name, invocation_has(inv, OPTION_NO_WAIT) ? 0 : -1,
			     inv->arena, &s->lock, &holder);

	if (!code)
		return 0;
	return error_set(err, code, path, NULL,
			 code == -EWOULDBLOCK ? "another ferry is at work there"
					      : "the lock can't be taken: %s",
			 strerror(-code));
}

static int open_folder(struct invocation *inv, struct iommu_system *s, struct error *err)
{
	const char *typed = inv->options[OPTION_ROOT];
	char top[PATH_MAX];
	int code;

	if (!realpath(typed, top))
		return error_set(err, -errno, typed,
				 "--root takes the folder that a system lies in", "%s",
				 strerror(errno));
	code = root_open(top, &s->root);
	if (code)
		return error_set(err, code, typed, "--root takes the folder that a system lies in",
				 "%s", strerror(-code));
	s->state_dir = arena_printf(inv->arena, "%s/var/lib/ferry", top);
	s->run_dir = arena_printf(inv->arena, "%s/run", s->state_dir);
	if (invocation_has(inv, OPTION_DRY_RUN))
		return 0;
	code = make_state(inv, s, top, err);
	return code ? code : lock_folder(inv, s, err);
}

static int open_here(struct invocation *inv, struct iommu_system *s, struct error *err)
{
	char *boot_id;
	int code = root_open(NULL, &s->root);

	if (code)
		return error_set(err, code, "/", NULL, "%s", strerror(-code));
	s->state_dir = FERRY_STATE_DIR;
	s->run_dir = FERRY_RUN_DIR;
	if (!root_read_line(&s->root, inv->arena, "proc/sys/kernel/random/boot_id", &boot_id))
		s->boot_id = boot_id;
	return invocation_has(inv, OPTION_DRY_RUN) ? 0 : change_lock(inv, &s->lock, err);
}

void iommu_system_actor(struct invocation *inv, struct iommu_system *s, struct actor *ret)
{
	*ret = (struct actor){
		.arena = inv->arena,
		.root = &s->root,
		.state_dir = s->state_dir,
		.run_dir = s->run_dir,
		.command = inv->command->name,
		.boot_id = s->root.live ? s->boot_id : NO_BOOT,
		.write_deadline_ms = RECOVER_DEADLINE_MS,
	};
}

static enum outcome recover_first(struct invocation *inv, struct iommu_system *s, struct error *err)
{
	struct transaction_report report;
	const char *command = NULL;
	struct actor actor;
	int needed;

	if (s->root.live)
		return change_recover_first(inv, err);
	iommu_system_actor(inv, s, &actor);
	needed = recover_needed(&actor, &command, err);
	if (needed < 0)
		return OUTCOME_REFUSED;
	if (!needed)
		return OUTCOME_DONE;
	show_recovering(command, inv->err);
	recover_run(&actor, NULL, &report, err);
	return report.outcome == TRANSACTION_DONE ? OUTCOME_DONE : OUTCOME_LEFT;
}

enum outcome iommu_system_open(struct invocation *inv, struct iommu_system *ret, struct error *err)
{
	enum outcome outcome = OUTCOME_DONE;

	style_init(&ret->style, fileno(inv->out), inv->use_color);
	if (inv->options[OPTION_ROOT] ? open_folder(inv, ret, err) : open_here(inv, ret, err))
		return OUTCOME_REFUSED;
	if (!invocation_has(inv, OPTION_DRY_RUN))
		outcome = recover_first(inv, ret, err);
	if (outcome == OUTCOME_DONE && boot_read_lent(&ret->root, inv->arena, &ret->lent, err))
		outcome = OUTCOME_REFUSED;
	return outcome;
}

void iommu_system_close(struct iommu_system *system)
{
	lock_release(&system->lock);
	root_close(&system->root);
}
