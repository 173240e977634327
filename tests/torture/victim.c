// SPDX-License-Identifier: LGPL-2.1-or-later
/* Seven changes in a folder, by a process, its thread, its child and a program that the child becomes. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void *in_thread(void *arg)
{
	return symlink("nowhere", "2") ? arg : NULL;
}

static int in_child(void)
{
	static char self[] = "/proc/self/exe", program[] = "program";
	char *const argv[] = {self, program, NULL};
	int fd = open("3", O_WRONLY);
	int status;
	pid_t pid;

	if (fd < 0 || write(fd, "x", 1) != 1)
		return 1;
	if (posix_spawn(&pid, self, NULL, NULL, argv, environ) || waitpid(pid, &status, 0) != pid)
		return 1;
	return status;
}

static int as_parent(void)
{
	pthread_t thread;
	int status, fd;
	pid_t pid;

	/* A signal with a handler, and a stop and go on, pass through a tracer unharmed. */
	signal(SIGUSR1, SIG_IGN);
	raise(SIGUSR1);
	if (mkdir("1", 0700) || pthread_create(&thread, NULL, in_thread, NULL) ||
	    pthread_join(thread, NULL))
		return 1;
	pid = fork();
	if (!pid)
		_exit(in_child());
	if (waitpid(pid, &status, 0) != pid || status)
		return 1;
	if (renameat(AT_FDCWD, "seed", AT_FDCWD, "5") || unlink("6"))
		return 1;
	fd = open("7", O_WRONLY);
	return ftruncate(fd, 1) ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "program"))
		return link("seed", "4") ? 1 : 0;
	if (argc != 2 || chdir(argv[1]))
		return 2;
	return as_parent();
}
