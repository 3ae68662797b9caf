/* Process 1 of the guest. */
#include "agent.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

/* The reason goes to the serial console; QEMU ends with the machine. */
void die(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fputs("runnel: the machine ends: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    reboot(RB_AUTOBOOT);
    for (;;) {
        pause();
    }
}

int main(void) {
    if (getpid() != 1) {
        fputs("this is the init of a Runnel guest\n", stderr);
        return 2;
    }
    control_loop(boot_machine());
}
