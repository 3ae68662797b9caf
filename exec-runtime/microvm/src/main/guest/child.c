/*
 * The function's process: bootstrap, as a user without any right, and all that descends from it. When
 * bootstrap ends all of them end, and the host is told once.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LAST_WORDS_MILLIS = 1000, MOST_FILES = 1024, LAST_CAPABILITY = 63 };

static pid_t bootstrap = -1;
static int ended_status;
static bool ended;
static bool told;
static int64_t told_by;
static int64_t kill_at = -1;
static bool stopping;
static long ooms;

static bool in_machine(void) {
    return getpid() == 1;
}

/* How many processes the kernel has killed for want of memory. */
static long oom_kills(void) {
    char line[128];
    long count = 0;
    FILE *file = fopen("/proc/vmstat", "re");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "oom_kill %ld", &count) == 1) {
            break;
        }
    }
    if (file) {
        fclose(file);
    }
    return count;
}

static void limit(int what, rlim_t most) {
    struct rlimit both = {most, most};
    setrlimit(what, &both);
}

/*
 * Fewer where memory is small, so that processes alone do not fill it: each takes some 80 KiB of the
 * kernel. Lambda allows 1,024.
 */
static rlim_t most_processes(void) {
    int64_t most = config.memory_mib * 2;
    return most < 128 ? 128 : most > 1024 ? 1024 : (rlim_t)most;
}

/* Only what it needs of the rights that this process has. */
static int give_up_rights(void) {
    struct sched_param none = {0};
    syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &none); /* musl's own does nothing */
    setpriority(PRIO_PROCESS, 0, 0);
    limit(RLIMIT_NPROC, most_processes());
    limit(RLIMIT_NOFILE, MOST_FILES);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_MEMLOCK, 64 * 1024);
    for (int i = 0; i <= LAST_CAPABILITY; i++) {
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    }
    if (setgroups(0, NULL) != 0 || setresgid(TASK_USER, TASK_USER, TASK_USER) != 0
        || setresuid(TASK_USER, TASK_USER, TASK_USER) != 0) {
        return errno;
    }
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

static void write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t put = write(fd, text, strlen(text));
        (void)put;
        close(fd);
    }
}

_Noreturn static void become(const char *task_root, const char *program, const int *ends, int report) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, 0);
    dup2(ends[0], 1);
    dup2(ends[1], 2);
    umask(022);
    char *const arguments[] = {(char *)program, NULL};
    int error = chdir(task_root) == 0 ? 0 : errno;
    if (!error) {
        execve(program, arguments, config.variables);
        error = errno;
    }
    ssize_t put = write(report, &error, sizeof error);
    (void)put;
    _exit(127);
}

/* What is wrong with a program that the kernel does not take. */
static void explain(const char *program, int error, char *to, size_t space) {
    char head[128] = {0};
    int fd = open(program, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? 0 : read(fd, head, sizeof head - 1);
    if (fd >= 0) {
        close(fd);
    }
    if (error == ENOENT && length > 2 && memcmp(head, "#!", 2) == 0) {
        char *name = head + 2 + strspn(head + 2, " \t");
        name[strcspn(name, " \t\r\n")] = '\0';
        snprintf(to, space, "bootstrap is a script for %s, which is not there", name);
    } else if (error == ENOENT && length > 4) {
        snprintf(to, space, "bootstrap wants a dynamic linker that is not there");
    } else if (error == ENOENT) {
        snprintf(to, space, "there is no bootstrap");
    } else if (error == EACCES) {
        snprintf(to, space, "bootstrap may not be run: its run bit is missing");
    } else if (error == ENOEXEC && length > 4 && memcmp(head, "\177ELF", 4) == 0) {
        snprintf(to, space, "bootstrap is a program for another machine than this (x86-64 Linux)");
    } else if (error == ENOEXEC) {
        snprintf(to, space, "bootstrap is neither a program nor a script that begins with #!");
    } else {
        snprintf(to, space, "bootstrap does not start: %s", strerror(error));
    }
}

static void tell_no_start(const char *program, int error) {
    char why[256];
    explain(program, error, why, sizeof why);
    struct text text = {0};
    text_put(&text, "{\"errorMessage\":");
    text_json(&text, why, strlen(why), 1024);
    text_put(&text, ",\"errorType\":\"Runtime.InvalidEntrypoint\"}");
    control_send_error(NULL, "Runtime.InvalidEntrypoint", text.at, text.length, true);
    text_free(&text);
}

/* A pipe whose ends the function may open again by /dev/stdout. */
static void make_pipe(int *ends) {
    if (pipe2(ends, O_CLOEXEC) != 0) {
        die("no pipe: %s", strerror(errno));
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    if (in_machine() && fchown(ends[1], TASK_USER, TASK_USER) != 0) {
        die("no owner for a pipe: %s", strerror(errno));
    }
}

void child_start(const char *task_root) {
    static char program[512];
    int out[2];
    int err[2];
    int report[2];
    snprintf(program, sizeof program, "%s/bootstrap", task_root);
    make_pipe(out);
    make_pipe(err);
    if (pipe2(report, O_CLOEXEC) != 0) {
        die("no pipe: %s", strerror(errno));
    }
    ooms = oom_kills();
    bool machine = in_machine();
    pid_t pid = fork();
    if (pid < 0) {
        die("no process for bootstrap: %s", strerror(errno));
    }
    if (pid == 0) {
        int error = 0;
        if (machine) {
            write_file("/proc/self/oom_score_adj", "500");
            error = give_up_rights();
        }
        if (error) {
            _exit(126);
        }
        int ends[2] = {out[1], err[1]};
        become(task_root, program, ends, report[1]);
    }
    close(out[1]);
    close(err[1]);
    close(report[1]);
    int error = 0;
    ssize_t got;
    do {
        got = read(report[0], &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    close(report[0]);
    log_start(out[0], err[0]);
    if (got == sizeof error) {
        told = true;
        tell_no_start(program, error);
        return;
    }
    bootstrap = pid;
}

static void kill_all(int signal_number) {
    pid_t whom = in_machine() ? -1 : bootstrap > 0 ? -bootstrap : 0;
    if (whom && !(whom < -1 && ended)) {
        kill(whom, signal_number);
    }
}

void child_kill(void) {
    kill_all(SIGKILL);
}

/* Every orphan comes to process 1. */
void child_reap(void) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == bootstrap && !ended) {
            ended = true;
            ended_status = status;
            told_by = monotonic_millis() + LAST_WORDS_MILLIS;
            kill_all(SIGKILL);
        }
    }
}

static void tell_end(void) {
    bool signalled = WIFSIGNALED(ended_status);
    int number = signalled ? WTERMSIG(ended_status) : WEXITSTATUS(ended_status);
    bool oom = signalled && number == SIGKILL && !stopping && oom_kills() > ooms;
    struct text text = {0};
    text_format(&text, "{\"%s\":%d,\"oomKilled\":%s}", signalled ? "signal" : "code", number,
                oom ? "true" : "false");
    api_child_gone();
    log_flush();
    port_send(F_EXIT, text.at, text.length);
    text_free(&text);
    told = true;
}

void child_stop(int64_t grace_millis) {
    if (stopping) {
        return;
    }
    stopping = true;
    kill_at = monotonic_millis() + grace_millis;
    kill_all(SIGTERM);
    kill_all(SIGCONT);
}

static bool is_stopped(void) {
    return stopping && (bootstrap < 0 || told);
}

/* Ends what does not end by itself, and tells the end when the last words are out. */
void child_step(void) {
    int64_t now = monotonic_millis();
    if (kill_at >= 0 && now >= kill_at) {
        kill_at = -1;
        kill_all(SIGKILL);
    }
    if (ended && !told && !port_holds() && ((log_over() && !http_any()) || now >= told_by)) {
        tell_end();
    }
    if (is_stopped() && port_flushed()) {
        die("stopped");
    }
}

/* How long the loop may wait for something else than this file's next deadline. */
int child_wait_millis(void) {
    if (is_stopped()) {
        return 1;
    }
    int64_t until = kill_at >= 0 ? kill_at : -1;
    if (ended && !told && !port_holds()) {
        until = told_by;
    }
    if (until < 0) {
        return -1;
    }
    int64_t left = until - monotonic_millis();
    return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}
