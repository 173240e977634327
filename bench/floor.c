// SPDX-License-Identifier: LGPL-2.1-or-later
// The floor: the least that a lister of PCI functions can ask the kernel for, measured op by op; reads and throws away.
// build: cc -O2 -Wall -o floor floor.c -luring -lpthread      (without liburing: -DNO_URING, leave out -luring)
// usage: floor [-r PASSES] [-t THREADS] [-b BATCH] [-a link|fn|bus|busfn] [-d FOLDER] [-f FILE] [-l LINK] SYS OPS
// -a: how ADDR is reached: link, bus/pci/devices/ADDR each time (the default); fn, an O_PATH handle of ADDR, then names below it; bus, a handle
//   of the folder that holds all functions of a bus (class/pci_bus/DDDD:BB/../..), opened once for each bus; busfn, both.
// SYS: a /sys, live or generated. OPS: words joined by '+', done for each function in the order of bus/pci/devices:
//   dents      getdents of bus/pci/devices only (always done)       null       one getppid, the price of entering the kernel
//   stat       newfstatat ADDR/uevent: the path walk alone          openclose  openat + close of ADDR/uevent
//   uevent     openat, read, close of ADDR/uevent                   noclose    the same, closed 512 at a time by close_range
//   absuevent  as uevent, by the whole path from /                  config     openat, pread 64 bytes, close of ADDR/config
//   group      readlinkat ADDR/iommu_group                          driver     readlinkat ADDR/driver
//   path       readlinkat ADDR (where it is in the tree)            numa       openat, read, close of ADDR/numa_node
//   attrs      vendor device class revision subsystem_vendor subsystem_device, one file each, as libpci does
//   list       openat, getdents, close of ADDR: its entries
//   uring      uevent through io_uring: openat, read, close linked, BATCH at a time      uring2  uevent and numa
// and, once for the whole tree instead of once for each function:
//   groups     kernel/iommu_groups/N/devices, every N               leaves     readlinkat of each class/net, class/block, bus/usb/devices link
//   walk       every folder below devices/pci*, recursively (no file read)
// -d, -f, -l: another folder of links than bus/pci/devices, another file than numa_node, another link than iommu_group: to try
// the kernel's own file system at a size that this machine's PCI bus does not have (class/net in a network namespace full of veth pairs).
// Prints: functions, system calls for each function, nanoseconds for each function (median and least of the passes).
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#ifndef NO_URING
#include <liburing.h>
#endif

struct linux_dirent64 {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

static const char *sys_path;
static char (*names)[24];
static size_t count, room;
static int devices_fd, sys_fd, threads = 1, batch = 128, via_bus, via_fn;
static const char *ops, *folder = "bus/pci/devices", *file = "numa_node",
			*link_name = "iommu_group";
static _Atomic uint64_t calls, leaves_seen;
static __thread uint64_t mine;

static uint64_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int has(const char *op)
{
	size_t n = strlen(op);
	for (const char *p = ops; p; p = strchr(p, '+') ? strchr(p, '+') + 1 : NULL)
		if (!strncmp(p, op, n) && (p[n] == '+' || !p[n]))
			return 1;
	return 0;
}

// calls each entry of a folder; returns how many
static size_t each(int at, const char *path,
		   void (*f)(int fd, const char *name, int type, void *arg), void *arg)
{
	char buf[32768];
	size_t n = 0;
	ssize_t got;
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	mine++;
	if (fd < 0)
		return 0;
	while (mine++, (got = syscall(SYS_getdents64, fd, buf, sizeof(buf))) > 0)
		for (ssize_t o = 0; o < got;) {
			struct linux_dirent64 *d = (void *)(buf + o);
			o += d->reclen;
			if (d->name[0] == '.')
				continue;
			n++;
			if (f)
				f(fd, d->name, d->type, arg);
		}
	close(fd);
	mine++;
	return n;
}

static void remember(int fd, const char *name, int type, void *arg)
{
	(void)fd, (void)type, (void)arg;
	if (count == room)
		names = realloc(names, (room = room ? room * 2 : 256) * sizeof(*names));
	snprintf(names[count++], sizeof(*names), "%s", name);
}

static void read_link(int fd, const char *name, int type, void *arg)
{
	char buf[512];
	(void)type, (void)arg;
	mine++;
	if (readlinkat(fd, name, buf, sizeof(buf)) > 0)
		leaves_seen++;
}

static void one_group(int fd, const char *name, int type, void *arg)
{
	char p[64];
	(void)type, (void)arg;
	snprintf(p, sizeof(p), "%s/devices", name);
	leaves_seen += each(fd, p, NULL, NULL);
}

static void into(int fd, const char *name, int type, void *arg)
{
	if (type != DT_DIR || (arg && strncmp(name, "pci", 3)))
		return;
	leaves_seen++;
	each(fd, name, into, NULL);
}

static void read_file(int at, const char *path, size_t n, int positioned)
{
	char buf[4096];
	int fd = openat(at, path, O_RDONLY | O_CLOEXEC);
	mine++;
	if (fd < 0)
		return;
	mine += 2;
	if ((positioned ? pread(fd, buf, n, 0) : read(fd, buf, n)) < 0)
		mine += 0;
	close(fd);
}

#ifndef NO_URING
// uevent (and numa_node) of BATCH functions at a time; every chain is openat → read → close on a direct descriptor
static void uring(size_t from, size_t to, int two)
{
	const char *files[] = {"uevent", file};
	int per = two ? 2 : 1;
	struct io_uring ring;
	char(*paths)[48] = malloc(sizeof(*paths) * batch * per);
	char(*bufs)[512] = malloc(sizeof(*bufs) * batch * per);
	if (io_uring_queue_init(batch * per * 4, &ring,
				IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN) &&
	    io_uring_queue_init(batch * per * 4, &ring, 0)) {
		fprintf(stderr, "no io_uring\n");
		exit(1);
	}
	io_uring_register_files_sparse(&ring, batch * per);
	mine += 4;
	for (size_t i = from; i < to; i += batch) {
		size_t n = (to - i < (size_t)batch ? to - i : (size_t)batch), sqes = 0;
		for (size_t k = 0; k < n * per; k++) {
			struct io_uring_sqe *s = io_uring_get_sqe(&ring);
			snprintf(paths[k], sizeof(paths[k]), "%s/%s", names[i + k / per],
				 files[k % per]);
			io_uring_prep_openat_direct(s, devices_fd, paths[k], O_RDONLY, 0, k);
			s->flags |= IOSQE_IO_LINK;
			s = io_uring_get_sqe(&ring);
			io_uring_prep_read(s, k, bufs[k], sizeof(bufs[k]), 0);
			s->flags |= IOSQE_FIXED_FILE | IOSQE_IO_HARDLINK;
			s = io_uring_get_sqe(&ring);
			io_uring_prep_close_direct(s, k);
			sqes += 3;
		}
		mine++;
		io_uring_submit_and_wait(&ring, sqes);
		struct io_uring_cqe *c;
		unsigned head, seen = 0;
		io_uring_for_each_cqe(&ring, head, c) seen++;
		io_uring_cq_advance(&ring, seen);
		for (; seen < sqes; seen++) {
			mine++;
			if (io_uring_wait_cqe(&ring, &c))
				break;
			io_uring_cqe_seen(&ring, c);
		}
	}
	io_uring_queue_exit(&ring);
	mine += 4;
	free(paths);
	free(bufs);
}
#else
static void uring(size_t from, size_t to, int two)
{
	(void)from, (void)to, (void)two;
	fprintf(stderr, "built without io_uring\n");
	exit(1);
}
#endif

static char *sub(char *p, size_t n, const char *name)
{
	p[n] = '/';
	strcpy(p + n + 1, name);
	return p + !n;
}

static void *work(void *arg)
{
	size_t k = (size_t)arg, from = count * k / threads, to = count * (k + 1) / threads;
	int null = has("null"), st = has("stat"), oc = has("openclose"), uev = has("uevent"),
	    nc = has("noclose"), ab = has("absuevent"), co = has("config"), gr = has("group"),
	    dr = has("driver"), pa = has("path"), nu = has("numa"), at = has("attrs"),
	    li = has("list");
	static const char *attrs[] = {"vendor",   "device",           "class",
				      "revision", "subsystem_vendor", "subsystem_device"};
	char p[4200], q[4200], buf[4096], bus[24] = "";
	int low = 0, high = 0, bus_fd = -1;
	uint64_t seen = 0;
	struct stat sb;

	mine = 0;
	if (has("uring"))
		uring(from, to, 0);
	if (has("uring2"))
		uring(from, to, 1);
	for (size_t i = from; i < to; i++) {
		const char *a = names[i];
		size_t n = strlen(a);
		int base = devices_fd, fn_fd = -1;

		memcpy(p, a, n);
		if (via_bus) {
			size_t bus_len = strrchr(a, ':') - a;
			if (bus_fd < 0 || strncmp(a, bus, bus_len) || bus[bus_len]) {
				if (bus_fd >= 0)
					mine++, close(bus_fd);
				snprintf(bus, sizeof(bus), "%.*s", (int)bus_len, a);
				snprintf(q, sizeof(q), "class/pci_bus/%s/../..", bus);
				mine++;
				bus_fd = openat(sys_fd, q, O_PATH | O_DIRECTORY | O_CLOEXEC);
				if (bus_fd < 0)
					perror(q), exit(1);
			}
			base = bus_fd;
		}
		if (via_fn) {
			mine++;
			base = fn_fd = openat(base, a, O_PATH | O_DIRECTORY | O_CLOEXEC);
			if (fn_fd < 0)
				perror(a), exit(1);
			n = 0;
		}
#define SUB(s) (memcpy(p + n, "/" s, sizeof("/" s)), p + !n)
		if (null)
			mine++, syscall(SYS_getppid);
		if (st)
			mine++, seen += !fstatat(base, SUB("uevent"), &sb, 0);
		if (oc) {
			int fd = openat(base, SUB("uevent"), O_RDONLY | O_CLOEXEC);
			mine += 2;
			close(fd);
		}
		if (uev)
			read_file(base, SUB("uevent"), sizeof(buf), 0);
		if (nc) {
			int fd = openat(base, SUB("uevent"), O_RDONLY | O_CLOEXEC);
			mine += 2;
			if (read(fd, buf, sizeof(buf)) < 0)
				break;
			if (!low)
				low = fd;
			if ((high = fd) - low >= 511)
				mine++, syscall(SYS_close_range, low, high, 0), low = 0;
		}
		if (ab) {
			snprintf(q, sizeof(q), "%s/bus/pci/devices/%s/uevent", sys_path, a);
			read_file(AT_FDCWD, q, sizeof(buf), 0);
		}
		if (at)
			for (int j = 0; j < 6; j++)
				read_file(base, sub(p, n, attrs[j]), 1024, 0);
		if (co)
			read_file(base, SUB("config"), 64, 1);
		if (nu)
			read_file(base, sub(p, n, file), sizeof(buf), 0);
		if (gr)
			mine++, seen +=
				readlinkat(base, sub(p, n, link_name), buf, sizeof(buf)) > 0;
		if (dr)
			mine++, seen += readlinkat(base, SUB("driver"), buf, sizeof(buf)) > 0;
		if (pa)
			mine++, seen += readlinkat(devices_fd, a, buf, sizeof(buf)) > 0;
		if (li)
			each(devices_fd, a, NULL, NULL);
		if (via_fn)
			mine++, close(fn_fd);
	}
	if (bus_fd >= 0)
		mine++, close(bus_fd);
	leaves_seen += seen;
	if (low)
		mine++, syscall(SYS_close_range, low, high, 0);
	if (k == 0 && has("groups"))
		each(sys_fd, "kernel/iommu_groups", one_group, NULL);
	if (k == 0 && has("leaves")) {
		each(sys_fd, "class/net", read_link, NULL);
		each(sys_fd, "class/block", read_link, NULL);
		each(sys_fd, "bus/usb/devices", read_link, NULL);
	}
	if (k == 0 && has("walk"))
		each(sys_fd, "devices", into, (void *)1);
	calls += mine;
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	int passes = 1, c;
	while ((c = getopt(argc, argv, "+r:t:b:a:d:f:l:")) > 0)
		if (c == 'r')
			passes = atoi(optarg);
		else if (c == 't')
			threads = atoi(optarg);
		else if (c == 'b')
			batch = atoi(optarg);
		else if (c == 'd')
			folder = optarg;
		else if (c == 'f')
			file = optarg;
		else if (c == 'l')
			link_name = optarg;
		else if (c == 'a')
			via_bus = !strncmp(optarg, "bus", 3), via_fn = !!strstr(optarg, "fn");
	if (argc - optind != 2 || passes < 1 || threads < 1 || threads > 16 || batch < 1) {
		fprintf(stderr,
			"usage: floor [-r PASSES] [-t THREADS] [-b BATCH] [-a link|fn|bus|busfn] [-d FOLDER] [-f FILE] [-l LINK] SYS OPS\n");
		return 2;
	}
	sys_path = argv[optind];
	ops = argv[optind + 1];
	uint64_t *took = calloc(passes, sizeof(*took));
	for (int r = 0; r < passes; r++) {
		pthread_t id[16];
		uint64_t start = now();
		calls = leaves_seen = mine = count = 0;
		sys_fd = open(sys_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		devices_fd = openat(sys_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (devices_fd < 0) {
			perror(sys_path);
			return 1;
		}
		each(devices_fd, ".", remember, NULL);
		calls += mine + 4;
		if (via_bus)
			qsort(names, count, sizeof(*names),
			      (int (*)(const void *, const void *))strcmp);
		for (int k = 1; k < threads; k++)
			pthread_create(&id[k], NULL, work, (void *)(size_t)k);
		work(0);
		for (int k = 1; k < threads; k++)
			pthread_join(id[k], NULL);
		close(devices_fd);
		close(sys_fd);
		took[r] = now() - start;
	}
	qsort(took, passes, sizeof(*took), by_value);
	printf("%zu functions  %-5s %-40s t=%d  %6.2f calls  %8.0f ns median  %8.0f ns least  (%.2f ms)  seen %lu\n",
	       count,
	       via_bus  ? via_fn ? "busfn" : "bus"
	       : via_fn ? "fn"
			: "link",
	       ops, threads, (double)calls / count, (double)took[passes / 2] / count,
	       (double)took[0] / count, took[passes / 2] / 1e6, (unsigned long)leaves_seen);
	return 0;
}
