/*
 * The agent without a machine, for tests: it speaks frames over a UNIX socket instead of a port and
 * starts a bootstrap as a plain process. Not in the guest's program.
 *
 *   native SOCKET TASK_ROOT
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void die(const char *format, ...) {
    va_list list;
    va_start(list, format);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    child_kill();
    exit(strcmp(format, "stopped") == 0 ? 0 : 70);
}

void boot_tmp(int64_t mib) {
    (void)mib;
}

int main(int count, char **arguments) {
    if (count != 3) {
        fputs("native SOCKET TASK_ROOT\n", stderr);
        return 2;
    }
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (strlen(arguments[1]) >= sizeof at.sun_path) {
        die("the socket's path is too long");
    }
    strcpy(at.sun_path, arguments[1]);
    int port = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (port < 0 || connect(port, (struct sockaddr *)&at, sizeof at) != 0) {
        die("no socket %s: %s", arguments[1], strerror(errno));
    }
    fcntl(port, F_SETFL, O_NONBLOCK);
    control_task_root = arguments[2];
    control_api_port = 0;
    control_loop(port);
}
