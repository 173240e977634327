// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * See child.h. A child of either kind leaves the terminal's process group, so that ctrl-C reaches ferry
 * alone: ferry then decides what is put back.
 */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* 1: there is something to read; 0: the moment has come. */
static int wait_readable(struct pollfd *p, nfds_t count, int64_t end)
{
	for (;;) {
		int64_t left = end - now_ms();
		int n;

		if (left < 0)
			left = 0;
		n = poll(p, count, left > 60000 ? 60000 : (int)left);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			return 1;
		if (!left)
			return 0;
	}
}

static pid_t reap(pid_t pid, int *ret_status)
{
	pid_t n;

	do {
		n = waitpid(pid, ret_status, 0);
	} while (n < 0 && errno == EINTR);
	return n;
}

/* Signals as a fresh program has them: ferry's own handlers set flags that nobody here looks at. */
static void default_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT};
	sigset_t none;
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Nothing of a child that is left behind may keep a pipe of the user's open. */
static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fd;

	setpgid(0, 0);
	for (fd = 0; null >= 0 && fd <= 2; fd++)
		dup2(null, fd);
}

static void __attribute__((noreturn))
call_in_child(int (*function)(void *arg), void *arg, int answer)
{
	int result;

	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	leave_terminal();
	result = function(arg);
	while (write(answer, &result, sizeof(result)) < 0 && errno == EINTR)
		;
	_exit(0);
}

int child_call(int (*function)(void *arg), void *arg, unsigned int deadline_ms, pid_t *ret_pid)
{
	const int64_t end = now_ms() + deadline_ms;
	int fds[2], result, err, status;
	struct pollfd p;
	ssize_t n = 0;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	p = (struct pollfd){.fd = fds[0], .events = POLLIN};
	pid = fork();
	if (!pid) {
		close(fds[0]);
		call_in_child(function, arg, fds[1]);
	}
	err = pid < 0 ? -errno : 0;
	close(fds[1]);
	if (!err)
		err = wait_readable(&p, 1, end);
	if (err > 0) {
		do {
			n = read(fds[0], &result, sizeof(result));
		} while (n < 0 && errno == EINTR);
	}
	close(fds[0]);
	if (err < 0)
		return err;
	if (!err) {
		*ret_pid = pid;
		return -ETIMEDOUT;
	}
	reap(pid, &status);
	return n == sizeof(result) ? result : -ECHILD;
}

static int enter(int root)
{
	if (root < 0)
		return 0;
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	return fchdir(root) || chroot(".") || chdir("/") ? -errno : 0;
}

static void __attribute__((noreturn))
exec_in_child(int root, const char *const *argv, int output, int answer)
{
	int err;

	default_signals();
	leave_terminal();
	dup2(output, 1);
	dup2(output, 2);
	setenv("LC_ALL", "C", 1);
	err = enter(root);
	if (!err) {
		execvp(argv[0], (char *const *)argv);
		err = -errno;
	}
	while (write(answer, &err, sizeof(err)) < 0 && errno == EINTR)
		;
	_exit(127);
}

/* What is there to be read. 1: more may come; 0: the other end is closed. */
static int read_some(int fd, struct text *t)
{
	char buffer[4096];

	for (;;) {
		ssize_t n = read(fd, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 1 : -errno;
		if (!n)
			return 0;
		text_add_bytes(t, buffer, (size_t)n);
	}
}

/* The result of execve(2): 0 where the pipe was closed by a program that began. */
static int read_exec_result(int fd)
{
	int result = 0;
	ssize_t n;

	do {
		n = read(fd, &result, sizeof(result));
	} while (n < 0 && errno == EINTR);
	return n == sizeof(result) ? result : 0;
}

/*
 * Reads until the program has ended. A daemon that it leaves behind may keep the output open, and a
 * program may close it long before its end: so the process itself is watched.
 */
static int collect(int process, int output, int64_t end, struct text *t)
{
	struct pollfd p[2] = {{.fd = process, .events = POLLIN}, {.fd = output, .events = POLLIN}};

	for (;;) {
		int err = wait_readable(p, 2, end);

		if (err <= 0)
			return err ? err : -ETIMEDOUT;
		if (p[1].revents) {
			err = read_some(output, t);
			if (err < 0)
				return err;
			if (!err)
				p[1].fd = -1;
		}
		if (p[0].revents)
			return 0;
	}
}

static int watch(pid_t pid, int output, int64_t end, struct text *t)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	int err;

	if (process < 0)
		return -errno;
	err = collect(process, output, end, t);
	close(process);
	/* What it wrote between the last look and its end. */
	if (!err)
		read_some(output, t);
	return err;
}

static int run(int root, const char *const *argv, int64_t end, int output[2], int answer[2],
	       struct text *t, int *ret_status)
{
	pid_t pid = fork();
	int err;

	if (pid < 0)
		return -errno;
	if (!pid)
		exec_in_child(root, argv, output[1], answer[1]);
	close(output[1]);
	close(answer[1]);
	output[1] = answer[1] = -1;
	err = read_exec_result(answer[0]);
	if (err) {
		reap(pid, ret_status);
		return err;
	}
	err = watch(pid, output[0], end, t);
	if (err) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
	}
	reap(pid, ret_status);
	return err;
}

static void close_both(int fds[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
}

int child_run(const char *const *argv, unsigned int deadline_ms, struct arena *arena,
	      struct child_output *ret)
{
	return child_run_in(-1, argv, deadline_ms, arena, ret);
}

int child_run_in(int root, const char *const *argv, unsigned int deadline_ms, struct arena *arena,
		 struct child_output *ret)
{
	int output[2] = {-1, -1}, answer[2] = {-1, -1};
	TEXT_AUTO struct text t = {0};
	int status = 0, err = 0;

	if (pipe2(output, O_CLOEXEC) || pipe2(answer, O_CLOEXEC) ||
	    fcntl(output[0], F_SETFL, O_NONBLOCK))
		err = -errno;
	if (!err)
		err = run(root, argv, now_ms() + deadline_ms, output, answer, &t, &status);
	close_both(output);
	close_both(answer);
	if (err && err != -ETIMEDOUT)
		return err;
	*ret = (struct child_output){
		.text = arena_memdup(arena, text_str(&t), t.len),
		.len = t.len,
		.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0,
	};
	return err;
}
