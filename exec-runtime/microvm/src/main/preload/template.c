/*
 * Has QEMU open a snapshot's memory for reading only.
 *
 * Before 8.2 QEMU opens the file of memory-backend-file for reading and writing, also where it maps
 * it privately (share=off) and never writes to it. A guest that has taken over its QEMU could
 * write to the memory that all other machines of the snapshot begin with. The file is bound
 * read-only in the jail, so without this QEMU cannot open it at all.
 *
 * Preloaded (ld.so(8), LD_PRELOAD) into QEMU alone; x86-64 Linux; needs nothing but errno.
 */
#define WRITES 3
#define CREATES 0100

static const char memory[] = "/memory";

extern int *__errno_location(void);

static int same(const char *path)
{
    unsigned long at = 0;
    while (at < sizeof memory && path[at] == memory[at]) {
        if (path[at] == 0) {
            return 1;
        }
        at++;
    }
    return 0;
}

static int call(const char *path, int flags, unsigned mode)
{
    long result;
    if (path != 0 && !(flags & CREATES) && same(path)) {
        flags &= ~WRITES;
    }
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(2L), "D"(path), "S"((long)flags), "d"((long)mode)
                     : "rcx", "r11", "memory");
    if (result < 0) {
        *__errno_location() = (int)-result;
        return -1;
    }
    return (int)result;
}

int open64(const char *path, int flags, unsigned mode)
{
    return call(path, flags, mode);
}

int open(const char *path, int flags, unsigned mode)
{
    return call(path, flags, mode);
}

int __open64_2(const char *path, int flags)
{
    return call(path, flags, 0);
}

int __open_2(const char *path, int flags)
{
    return call(path, flags, 0);
}
