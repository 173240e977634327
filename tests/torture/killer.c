// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Kills a command at its N-th point: the N-th system call, counted over all its processes and threads,
 * by which anything outside of them can change. The call is not executed. So a test can kill ferry at
 * every moment that matters, N = 1, 2, ... until a run ends unkilled, without a hook in ferry, and without
 * strace, which counts for each process by itself and misses points.
 *
 * A seccomp filter stops the processes at these calls only: everything else runs at full speed.
 */
#include <errno.h>
#include <getopt.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The killer's own exit status; none of them is one that ferry has. */
enum {
	STATUS_UNKILLED = 0,
	STATUS_USAGE = 2,
	STATUS_NOBODY = 98, /* the point came, but there was nobody of the wanted kind */
	STATUS_KILLED = 99,
	STATUS_BROKEN = 125
};

enum victims { EVERYBODY, CHILDREN, PARENT };

/* What a call works on: an open file, or the path in its first or second argument. */
enum target { ON_FD, ON_PATH0, ON_PATH1 };

struct point_call {
	long number;
	const char *name;
	enum target target;
	int second; /* argument that holds a second path; -1: none */
};

#define CALL(name, target, second)                \
	{                                         \
		SYS_##name, #name, target, second \
	}

static const struct point_call calls[] = {
	CALL(write, ON_FD, -1),       CALL(writev, ON_FD, -1), CALL(pwrite64, ON_FD, -1),
	CALL(ftruncate, ON_FD, -1),   CALL(ioctl, ON_FD, -1),  CALL(sendmsg, ON_FD, -1),
	CALL(sendto, ON_FD, -1),
#ifdef SYS_rename
	CALL(rename, ON_PATH0, 1),
#endif
#ifdef SYS_renameat
	CALL(renameat, ON_PATH1, 3),
#endif
	CALL(renameat2, ON_PATH1, 3),
#ifdef SYS_unlink
	CALL(unlink, ON_PATH0, -1),
#endif
	CALL(unlinkat, ON_PATH1, -1),
#ifdef SYS_mkdir
	CALL(mkdir, ON_PATH0, -1),
#endif
	CALL(mkdirat, ON_PATH1, -1),
#ifdef SYS_symlink
	CALL(symlink, ON_PATH0, 1),
#endif
	CALL(symlinkat, ON_PATH0, 2),
#ifdef SYS_link
	CALL(link, ON_PATH0, 1),
#endif
	CALL(linkat, ON_PATH1, 3),
};
#define N_CALLS (sizeof(calls) / sizeof(*calls))

struct task {
	pid_t tid, pid; /* a thread, and the process that it belongs to */
};

static struct {
	unsigned long kill_at; /* 0: only count */
	enum victims victims;
	bool list;
	unsigned long points;
	pid_t first;
	struct task *tasks;
	size_t n_tasks;
	bool is_everybody_dead; /* whoever still turns up is killed too */
	bool came, killed;
	int status; /* of the command */
} run;

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *fmt, ...)
{
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "killer: ");
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, ": %s\n", strerror(saved));
	va_end(ap);
	exit(STATUS_BROKEN);
}

static struct task *find_task(pid_t tid)
{
	size_t i;

	for (i = 0; i < run.n_tasks; i++) {
		if (run.tasks[i].tid == tid)
			return &run.tasks[i];
	}
	return NULL;
}

static pid_t process_of(pid_t tid)
{
	char path[64], line[256];
	pid_t pid = tid;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "Tgid: %d", &pid) == 1)
			break;
	}
	if (f)
		fclose(f);
	return pid;
}

static struct task *add_task(pid_t tid)
{
	struct task *t = find_task(tid);

	if (t)
		return t;
	run.tasks = realloc(run.tasks, (run.n_tasks + 1) * sizeof(*run.tasks));
	if (!run.tasks)
		fail("no memory");
	t = &run.tasks[run.n_tasks++];
	*t = (struct task){.tid = tid, .pid = process_of(tid)};
	return t;
}

static void forget_task(pid_t tid)
{
	struct task *t = find_task(tid);

	if (t)
		*t = run.tasks[--run.n_tasks];
}

static void read_string(pid_t tid, unsigned long long address, char *buffer, size_t size)
{
	size_t n = 0;

	/* A byte at a time: the string may end just before a page that is not there. */
	while (n + 1 < size) {
		struct iovec here = {buffer + n, 1};
		struct iovec there = {(void *)(uintptr_t)(address + n), 1};

		if (process_vm_readv(tid, &here, 1, &there, 1, 0) != 1 || !buffer[n])
			break;
		n++;
	}
	buffer[n] = 0;
}

static void describe_target(pid_t tid, const struct point_call *call,
			    const struct __ptrace_syscall_info *info, char *buffer, size_t size)
{
	char path[64];
	ssize_t n;

	if (call->target != ON_FD) {
		read_string(tid, info->seccomp.args[call->target == ON_PATH0 ? 0 : 1], buffer,
			    size);
		return;
	}
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)tid, (int)info->seccomp.args[0]);
	n = readlink(path, buffer, size - 1);
	buffer[n < 0 ? 0 : n] = 0;
}

static void say_point(pid_t tid, const char *what)
{
	struct __ptrace_syscall_info info = {0};
	char first[512], second[512] = "";
	const struct point_call *call = NULL;
	size_t i;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof(info), &info) <= 0)
		return;
	for (i = 0; i < N_CALLS; i++) {
		if (calls[i].number == (long)info.seccomp.nr)
			call = &calls[i];
	}
	if (!call)
		return;
	describe_target(tid, call, &info, first, sizeof(first));
	if (call->second >= 0)
		read_string(tid, info.seccomp.args[call->second], second, sizeof(second));
	fprintf(stderr, "killer: %s point %lu: %s %s%s%s in %s %d\n", what, run.points, call->name,
		first, *second ? " -> " : "", second,
		process_of(tid) == run.first ? "the first process," : "child", (int)tid);
}

static bool is_victim(pid_t pid)
{
	if (run.victims == EVERYBODY)
		return true;
	return (pid == run.first) == (run.victims == PARENT);
}

static bool kill_victims(void)
{
	bool any = false;
	size_t i;

	for (i = 0; i < run.n_tasks; i++) {
		if (is_victim(run.tasks[i].pid))
			any |= !kill(run.tasks[i].pid, SIGKILL);
	}
	run.is_everybody_dead = run.victims == EVERYBODY;
	return any;
}

/* A task stands before a call that is a point. */
static void at_point(struct task *t)
{
	pid_t tid = t->tid;

	run.points++;
	if (run.points == run.kill_at) {
		say_point(tid, "killed at");
		run.came = true;
		run.killed = kill_victims();
		if (is_victim(t->pid))
			return;
	} else if (run.list) {
		say_point(tid, "listed");
	}
	ptrace(PTRACE_CONT, tid, 0, 0);
}

static bool is_stopping(int number)
{
	return number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

static void on_stop(pid_t tid, int status)
{
	struct task *t = add_task(tid);
	int event = status >> 16, number = WSTOPSIG(status);
	unsigned long message = 0;

	if (run.is_everybody_dead) {
		kill(t->pid, SIGKILL);
		return;
	}
	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		at_point(t);
		return;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		if (!ptrace(PTRACE_GETEVENTMSG, tid, 0, &message))
			add_task((pid_t)message);
		break;
	case PTRACE_EVENT_STOP:
		if (is_stopping(number)) {
			ptrace(PTRACE_LISTEN, tid, 0, 0);
			return;
		}
		break;
	case 0:
		ptrace(PTRACE_CONT, tid, 0, number);
		return;
	}
	ptrace(PTRACE_CONT, tid, 0, 0);
}

static void watch(void)
{
	int status;
	pid_t tid;

	for (;;) {
		tid = waitpid(-1, &status, __WALL);
		if (tid < 0 && errno == EINTR)
			continue;
		if (tid < 0)
			break;
		if (WIFSTOPPED(status)) {
			on_stop(tid, status);
			continue;
		}
		forget_task(tid);
		if (tid == run.first)
			run.status = status;
	}
	if (errno != ECHILD)
		fail("waitpid");
}

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#else
#error "which AUDIT_ARCH_ is this machine?"
#endif

static void install_filter(void)
{
	struct sock_filter code[N_CALLS + 6];
	struct sock_fprog program = {.filter = code};
	unsigned short n = 0;
	size_t i;

	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, arch));
	code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCH, 1, 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						 offsetof(struct seccomp_data, nr));
	for (i = 0; i < N_CALLS; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							 (unsigned int)calls[i].number,
							 (unsigned char)(N_CALLS - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
	program.len = n;
	/* Root may do it without giving up that programs change their user; others may not. */
	if (!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		fail("seccomp");
}

static void __attribute__((noreturn)) become(char **argv, int gate)
{
	char c;

	/* Not before the tracer is there: without one these calls fail. */
	if (read(gate, &c, 1) != 1)
		_exit(STATUS_BROKEN);
	close(gate);
	install_filter();
	execvp(argv[0], argv);
	_exit(127);
}

static void start(char **argv)
{
	const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK |
			     PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;
	int gate[2];

	if (pipe(gate))
		fail("pipe");
	run.first = fork();
	if (run.first < 0)
		fail("fork");
	if (!run.first) {
		close(gate[1]);
		become(argv, gate[0]);
	}
	close(gate[0]);
	if (ptrace(PTRACE_SEIZE, run.first, 0, options)) {
		kill(run.first, SIGKILL);
		fail("ptrace");
	}
	add_task(run.first);
	if (write(gate[1], "", 1) != 1)
		fail("write");
	close(gate[1]);
}

static int finish(void)
{
	if (run.killed)
		return STATUS_KILLED;
	if (run.came) {
		fprintf(stderr, "killer: nobody to kill at point %lu\n", run.kill_at);
		return STATUS_NOBODY;
	}
	fprintf(stderr, "killer: %lu points, ", run.points);
	if (WIFSIGNALED(run.status))
		fprintf(stderr, "ended by signal %d\n", WTERMSIG(run.status));
	else
		fprintf(stderr, "exit status %d\n", WEXITSTATUS(run.status));
	return STATUS_UNKILLED;
}

static int usage(void)
{
	fprintf(stderr,
		"usage: killer [-n N] [--child | --parent] [--count] [--list] -- COMMAND...\n"
		"Kills COMMAND and all its processes (only its children, only the first process)\n"
		"before its N-th call that changes anything. Exit status: 0 the run ended before\n"
		"that, 99 killed, 98 nobody to kill, 125 the killer itself failed.\n");
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"child", no_argument, NULL, 'c'},
		{"parent", no_argument, NULL, 'p'},
		{"count", no_argument, NULL, 'k'},
		{"list", no_argument, NULL, 'l'},
		{NULL, 0, NULL, 0},
	};
	bool is_count = false;
	char *end = NULL;
	int c;

	while ((c = getopt_long(argc, argv, "+n:", options, NULL)) >= 0) {
		if (c == 'n')
			run.kill_at = strtoul(optarg, &end, 10);
		else if (c == 'c')
			run.victims = CHILDREN;
		else if (c == 'p')
			run.victims = PARENT;
		else if (c == 'k')
			is_count = true;
		else if (c == 'l')
			run.list = true;
		else
			return usage();
	}
	if (optind >= argc || (end && (*end || !run.kill_at)))
		return usage();
	if (is_count)
		run.kill_at = 0;
	start(argv + optind);
	watch();
	return finish();
}
