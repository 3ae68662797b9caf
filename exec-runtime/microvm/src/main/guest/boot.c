/*
 * From the initramfs to a machine for one function: modules, the port, file systems, and a root in
 * which nothing of the initramfs is left.
 */
#include "agent.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { PORT_WAIT_MILLIS = 5000, SMALL = MS_NOSUID | MS_NODEV };

static const char ROOT[] = "/root";

/* The host's end of the wire, and how this one is known there: the same for every guest. */
static const char NAMES[] = "nameserver 10.0.2.3\noptions timeout:3 attempts:2\n";
static const char GATEWAY[] = "10.0.2.2";
static const char ADDRESS[] = "10.0.2.15";
static const char MASK[] = "255.255.255.0";
static const char CARD[] = "eth0";
enum { MTU = 65520 };

static void make_folder(const char *path, mode_t mode) {
    if (mkdir(path, mode) != 0 && errno != EEXIST) {
        die("no folder %s: %s", path, strerror(errno));
    }
}

static void mount_at(const char *what, const char *where, const char *kind, unsigned long flags,
                     const char *options) {
    if (mount(what, where, kind, flags, options) != 0) {
        die("%s is not mounted at %s: %s", what, where, strerror(errno));
    }
}

static void write_file(const char *path, const char *text, mode_t mode) {
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);
    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text)) {
        die("%s is not written: %s", path, strerror(errno));
    }
    close(fd);
}

/* A setting that a kernel may not have. */
static void set(const char *path, const char *value) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t put = write(fd, value, strlen(value));
        (void)put;
        close(fd);
    }
}

static void load_modules(void) {
    char name[128];
    char path[192];
    FILE *order = fopen("/modules/order", "re");
    if (!order) {
        die("no /modules/order: %s", strerror(errno));
    }
    while (fgets(name, sizeof name, order)) {
        name[strcspn(name, "\n")] = '\0';
        snprintf(path, sizeof path, "/modules/%s", name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) != 0 && errno != EEXIST)) {
            die("the module %s is not loaded: %s", name, strerror(errno));
        }
        close(fd);
    }
    fclose(order);
}

static bool is_agents(const char *port) {
    char path[300];
    char name[64] = {0};
    snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", port);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t got = read(fd, name, sizeof name - 1);
    close(fd);
    name[strcspn(name, "\n")] = '\0';
    return got > 0 && strcmp(name, "runnel.agent") == 0;
}

static int open_named(void) {
    DIR *ports = opendir("/sys/class/virtio-ports");
    int fd = -1;
    struct dirent *port;
    while (ports && fd < 0 && (port = readdir(ports))) {
        char path[300];
        snprintf(path, sizeof path, "/dev/%s", port->d_name);
        if (port->d_name[0] != '.' && is_agents(port->d_name)) {
            fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        }
    }
    if (ports) {
        closedir(ports);
    }
    return fd;
}

/* The port has its name a moment after its driver is there. */
static int open_port(void) {
    int64_t until = monotonic_millis() + PORT_WAIT_MILLIS;
    for (;;) {
        int fd = open_named();
        if (fd >= 0) {
            return fd;
        }
        if (monotonic_millis() > until) {
            die("no virtio port has the name runnel.agent");
        }
        usleep(2000);
    }
}

static bool has_base(void) {
    char line[4096] = {0};
    int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
    if (got <= 0) {
        die("no kernel command line");
    }
    close(fd);
    if (strstr(line, "runnel.base=1")) {
        return true;
    }
    if (!strstr(line, "runnel.base=0")) {
        die("the kernel command line does not say runnel.base=0 or 1");
    }
    return false;
}

/* The root of a function that brings all it needs. */
static void make_skeleton(void) {
    static const char *const folders[] = {"etc", "dev", "proc", "sys", "tmp", "var", "var/task", "var/runtime",
                                          "opt", "usr", "usr/bin", "bin", "run"};
    mount_at("root", ROOT, "tmpfs", SMALL, "mode=0755,size=1m,nr_inodes=256");
    if (chdir(ROOT) != 0) {
        die("no %s: %s", ROOT, strerror(errno));
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        make_folder(folders[i], 0755);
    }
    write_file("etc/passwd", "root:x:0:0:root:/:/bin/false\ntask:x:1000:1000:task:/tmp:/bin/false\n", 0644);
    write_file("etc/group", "root:x:0:\ntask:x:1000:\n", 0644);
    write_file("etc/hosts", "127.0.0.1 localhost\n", 0644);
    write_file("etc/resolv.conf", NAMES, 0644);
}

static void make_device(const char *name, unsigned minor_of_mem, unsigned major_number) {
    if (mknod(name, S_IFCHR | 0666, makedev(major_number, minor_of_mem)) != 0) {
        die("no device %s: %s", name, strerror(errno));
    }
}

static void link_to(const char *target, const char *name) {
    if (symlink(target, name) != 0) {
        die("no link %s: %s", name, strerror(errno));
    }
}

static void make_devices(void) {
    mount_at("dev", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k,nr_inodes=64");
    make_device("dev/null", 3, 1);
    make_device("dev/zero", 5, 1);
    make_device("dev/full", 7, 1);
    make_device("dev/random", 8, 1);
    make_device("dev/urandom", 9, 1);
    make_device("dev/tty", 0, 5);
    link_to("pts/ptmx", "dev/ptmx");
    link_to("/proc/self/fd", "dev/fd");
    link_to("/proc/self/fd/0", "dev/stdin");
    link_to("/proc/self/fd/1", "dev/stdout");
    link_to("/proc/self/fd/2", "dev/stderr");
    make_folder("dev/pts", 0755);
    make_folder("dev/shm", 01777);
    mount_at("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "mode=0620,ptmxmode=0666");
}

static void loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0) {
        die("no loopback: %s", strerror(errno));
    }
    close(fd);
}

static void put_address(struct sockaddr *into, const char *text) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    inet_pton(AF_INET, text, &address.sin_addr);
    memcpy(into, &address, sizeof address);
}

static void ask_card(int fd, unsigned long what, struct ifreq *request) {
    snprintf(request->ifr_name, sizeof request->ifr_name, "%s", CARD);
    if (ioctl(fd, what, request) != 0) {
        die("the network card does not do %#lx: %s", what, strerror(errno));
    }
}

/* A machine may have no card. */
static void network_up(void) {
    struct ifreq address = {0};
    struct ifreq mask = {0};
    struct ifreq mtu = {.ifr_mtu = MTU};
    struct ifreq flags = {.ifr_flags = IFF_UP | IFF_RUNNING};
    struct rtentry way = {.rt_flags = RTF_UP | RTF_GATEWAY};
    if (if_nametoindex(CARD) == 0) {
        return;
    }
    set("/proc/sys/net/ipv6/conf/eth0/disable_ipv6", "1");
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        die("no socket: %s", strerror(errno));
    }
    put_address(&address.ifr_addr, ADDRESS);
    put_address(&mask.ifr_netmask, MASK);
    ask_card(fd, SIOCSIFMTU, &mtu);
    ask_card(fd, SIOCSIFADDR, &address);
    ask_card(fd, SIOCSIFNETMASK, &mask);
    ask_card(fd, SIOCSIFFLAGS, &flags);
    put_address(&way.rt_gateway, GATEWAY);
    put_address(&way.rt_dst, "0.0.0.0");
    put_address(&way.rt_genmask, "0.0.0.0");
    if (ioctl(fd, SIOCADDRT, &way) != 0) {
        die("no way out: %s", strerror(errno));
    }
    close(fd);
}

/* Over the empty file of a root that nobody can write. */
static void put_names(void) {
    write_file("dev/.resolv.conf", NAMES, 0644);
    if (mount("dev/.resolv.conf", "etc/resolv.conf", NULL, MS_BIND, NULL) != 0 && errno != ENOENT) {
        die("etc/resolv.conf is not put in its place: %s", strerror(errno));
    }
}

static void remove_old(void) {
    char path[300];
    DIR *modules = opendir("/modules");
    struct dirent *entry;
    while (modules && (entry = readdir(modules))) {
        snprintf(path, sizeof path, "/modules/%s", entry->d_name);
        unlink(path);
    }
    if (modules) {
        closedir(modules);
    }
    rmdir("/modules");
    unlink("/init");
    umount2("/dev", MNT_DETACH);
    umount2("/proc", MNT_DETACH);
    umount2("/sys", MNT_DETACH);
    unlink("/dev/console");
    rmdir("/dev");
    rmdir("/proc");
    rmdir("/sys");
}

/* As switch_root(8) does: the old root holds nothing any more and is behind the new one. */
static void switch_root(void) {
    remove_old();
    if (chdir(ROOT) != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 || chroot(".") != 0 || chdir("/") != 0) {
        die("the root is not changed: %s", strerror(errno));
    }
}

static void mount_root(void) {
    bool base = has_base();
    make_folder(ROOT, 0755);
    if (base) {
        mount_at("/dev/vdb", ROOT, "squashfs", MS_RDONLY | SMALL, "");
    } else {
        make_skeleton();
    }
    if (chdir(ROOT) != 0) {
        die("no %s: %s", ROOT, strerror(errno));
    }
    mount_at("/dev/vda", "var/task", "squashfs", MS_RDONLY | SMALL, "");
    make_devices();
    if (base) {
        put_names();
    }
    mount_at("proc", "proc", "proc", SMALL | MS_NOEXEC, "");
    mount_at("sys", "sys", "sysfs", MS_RDONLY | SMALL | MS_NOEXEC, "");
    if (!base) {
        mount_at("root", ".", NULL, MS_REMOUNT | MS_RDONLY | SMALL, NULL);
    }
}

/* This process goes before all others, and is the last to go for want of memory. */
void boot_limits(void) {
    set("/proc/self/oom_score_adj", "-1000");
    set("/proc/sys/user/max_user_namespaces", "0");
    setpriority(PRIO_PROCESS, 0, -20);
    struct sched_param first = {.sched_priority = 1};
    syscall(SYS_sched_setscheduler, 0, SCHED_RR, &first);
}

/* Gives the agent's port. */
int boot_machine(void) {
    make_folder("/dev", 0755);
    make_folder("/proc", 0755);
    make_folder("/sys", 0755);
    mount_at("dev", "/dev", "devtmpfs", MS_NOSUID, "");
    mount_at("proc", "/proc", "proc", 0, "");
    mount_at("sys", "/sys", "sysfs", 0, "");
    load_modules();
    int port = open_port();
    mount_root();
    switch_root();
    loopback_up();
    network_up();
    boot_limits();
    return port;
}

/* The folders that the function may write, with their limits of bytes and of files. */
void boot_tmp(int64_t mib) {
    if (getpid() != 1) {
        return;
    }
    char options[128];
    snprintf(options, sizeof options, "mode=1777,size=%lldm,nr_inodes=%lld", (long long)mib,
             (long long)(1024 + mib * 256));
    mount_at("tmp", "/tmp", "tmpfs", SMALL, options);
    mount_at("shm", "/dev/shm", "tmpfs", SMALL | MS_NOEXEC, options);
}
