// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What ferry itself costs a handover, measured in the virtual host, each round beside what it is compared with:
 * bare writes to sysfs from this program, virsh nodedev-detach for each device, virsh list. The kernel's own
 * time is most of a detach and swings with the machine; only ratios of one round, and their medians, say
 * anything. Prints lines `NAME: FIGURE (at most LIMIT)`; exits with 1 where a limit is missed.
 *
 *	handover ROUNDS GUEST NIC DEVICE...        DEVICE...: a whole group, all on host drivers
 */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORDS 16

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "handover: %s: %s\n", what, why);
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Runs a program with its output in ret_out (NULL: thrown away); the seconds that it took. It must succeed. */
static double run(char **argv, char *ret_out, size_t size)
{
	double begin = now();
	size_t n = 0;
	ssize_t r;
	int pipes[2], status;
	pid_t pid;

	if (pipe(pipes))
		fail("pipe", strerror(errno));
	pid = fork();
	if (!pid) {
		dup2(pipes[1], 1);
		close(pipes[0]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(pipes[1]);
	while ((r = read(pipes[0], ret_out ? ret_out + n : (char[4096]){0},
			 ret_out ? size - 1 - n : 4096)) > 0)
		n += ret_out ? (size_t)r : 0;
	close(pipes[0]);
	if (ret_out)
		ret_out[n] = 0;
	if (waitpid(pid, &status, 0) != pid || status)
		fail(argv[0], ret_out && *ret_out ? ret_out : "it failed");
	return now() - begin;
}

static double run_words(char *ret_out, size_t size, ...)
{
	char *argv[WORDS] = {0};
	va_list ap;
	int i;

	va_start(ap, size);
	for (i = 0; i < WORDS - 1 && (argv[i] = va_arg(ap, char *)); i++)
		;
	va_end(ap);
	return run(argv, ret_out, size);
}

/* Writes `text` to the file that the path, a format with its arguments, names. */
static void put(const char *text, const char *format, const char *device, const char *driver)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), format, device, driver);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(path, strerror(errno));
	close(fd);
}

/* The driver of the device, into `ret` (empty: none). */
static void driver_of(const char *device, char ret[64])
{
	char path[256], target[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", device);
	n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = 0;
	snprintf(ret, 64, "%s", n > 0 ? basename(target) : "");
}

/* From one driver to another with nothing but the writes that it takes, and one look at the link. */
static void move_bare(const char *device, const char *to)
{
	char from[64];

	driver_of(device, from);
	put(to, "/sys/bus/pci/devices/%1$s/driver_override", device, NULL);
	put(device, "/sys/bus/pci/drivers/%2$s/unbind", device, from);
	put(device, "/sys/bus/pci/drivers_probe", NULL, NULL);
	driver_of(device, from);
	if (strcmp(from, to) != 0)
		fail(device, "it did not change its driver");
}

/* A row of figures, one a round. The program ends before it would free them. */
static double *row(int rounds)
{
	double *figures = calloc((size_t)rounds, sizeof(*figures));

	if (!figures)
		fail("memory", strerror(ENOMEM));
	return figures;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *of, int n)
{
	qsort(of, (size_t)n, sizeof(*of), compare);
	return n % 2 ? of[n / 2] : (of[n / 2 - 1] + of[n / 2]) / 2;
}

/* The sum of the seconds of the steps of a kind in `kinds`, out of what `--json` printed. */
static double step_seconds(const char *json, const char *kinds)
{
	struct json_object *all = json_tokener_parse(json), *steps, *kind, *seconds;
	double sum = 0;
	size_t i;

	if (!json_object_object_get_ex(all, "steps", &steps))
		fail("ferry --json", json);
	for (i = 0; i < json_object_array_length(steps); i++) {
		struct json_object *step = json_object_array_get_idx(steps, i);

		if (json_object_object_get_ex(step, "kind", &kind) &&
		    json_object_object_get_ex(step, "seconds", &seconds) &&
		    strstr(kinds, json_object_get_string(kind)))
			sum += json_object_get_double(seconds);
	}
	json_object_put(all);
	return sum;
}

static bool tell(const char *name, double figure, double limit)
{
	printf("%s: %.2f (at most %.1f)%s\n", name, figure, limit,
	       figure > limit ? ", MISSED" : "");
	return figure <= limit;
}

static char output[1 << 16];

/* (a), (b): a group of three, there and back, by hand, by ferry, by virsh. */
static bool measure_detach(int rounds, char **devices, int n)
{
	double *executor = row(rounds), *whole = row(rounds), *bare_all = row(rounds);
	double *ferry_all = row(rounds), *virsh_all = row(rounds);
	char drivers[WORDS][64], node[64];
	int round, i;

	for (i = 0; i < n; i++)
		driver_of(devices[i], drivers[i]);
	for (round = 0; round < rounds; round++) {
		double begin = now(), bare, ferry, virsh = 0;

		for (i = 0; i < n; i++)
			move_bare(devices[i], "vfio-pci");
		bare = now() - begin;
		for (i = 0; i < n; i++) {
			move_bare(devices[i], drivers[i]);
			put("\n", "/sys/bus/pci/devices/%1$s/driver_override", devices[i], NULL);
		}
		ferry = run_words(output, sizeof(output), "ferry", "detach", "--json", "--yes",
				  devices[0], NULL);
		executor[round] = step_seconds(output, "override unbind bind") / bare;
		run_words(NULL, 0, "ferry", "reattach", "--json", devices[0], NULL);
		for (i = 0; i < n; i++) {
			snprintf(node, sizeof(node), "pci_%s", devices[i]);
			node[8] = node[11] = node[14] = '_';
			virsh += run_words(NULL, 0, "virsh", "-q", "nodedev-detach", node, NULL);
		}
		for (i = 0; i < n; i++) {
			snprintf(node, sizeof(node), "pci_%s", devices[i]);
			node[8] = node[11] = node[14] = '_';
			run_words(NULL, 0, "virsh", "-q", "nodedev-reattach", node, NULL);
		}
		whole[round] = ferry / virsh;
		bare_all[round] = bare;
		ferry_all[round] = ferry;
		virsh_all[round] = virsh;
		printf("detach of %d, round %d: bare %.3f s, ferry %.3f s, virsh %.3f s\n", n,
		       round + 1, bare, ferry, virsh);
		fflush(stdout);
	}
	printf("detach of %d, medians: bare %.3f s, ferry %.3f s, virsh %.3f s\n", n,
	       median(bare_all, rounds), median(ferry_all, rounds), median(virsh_all, rounds));
	i = tell("(a) ferry's writes and looks / bare writes", median(executor, rounds), 1.2);
	return tell("(b) ferry detach / virsh nodedev-detach of each", median(whole, rounds),
		    0.6) &&
	       i;
}

/* (c): what is ferry's own in an up. */
static bool measure_up(int rounds, char *guest, char *nic)
{
	double *ratio = row(rounds);
	int round;

	for (round = 0; round < rounds; round++) {
		double list, up, kernel, create;

		list = run_words(NULL, 0, "virsh", "-q", "list", "--all", NULL);
		up = run_words(output, sizeof(output), "ferry", "up", "--json", "--yes", guest, nic,
			       NULL);
		kernel = step_seconds(output, "module override unbind bind");
		create = step_seconds(output, "start");
		run_words(NULL, 0, "ferry", "down", "--json", "--force", guest, NULL);
		ratio[round] = (up - kernel - create) / list;
		printf("up, round %d: %.3f s, of that the kernel %.3f s, virDomainCreate %.3f s; virsh list %.3f s\n",
		       round + 1, up, kernel, create, list);
		fflush(stdout);
	}
	return tell("(c) the rest of ferry up / virsh list", median(ratio, rounds), 2);
}

int main(int argc, char **argv)
{
	int rounds = argc > 4 ? atoi(argv[1]) : 0;
	bool fine;

	if (rounds < 1 || argc - 4 > WORDS)
		fail("usage", "handover ROUNDS GUEST NIC DEVICE...");
	fine = measure_detach(rounds, argv + 4, argc - 4);
	return measure_up(rounds, argv[2], argv[3]) && fine ? 0 : 1;
}
