/*
 * What a machine has to be told when it starts or is restored: the time, and randomness of its own.
 * Clones of one snapshot share the state of the kernel's generator until it is mixed and reseeded.
 */
#include "agent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* As in linux/random.h, which musl does not bring. */
struct pool {
    int entropy_bits;
    int size;
    unsigned char bytes[512];
};
#define RNDADDENTROPY _IOW('R', 0x03, int[2])
#define RNDRESEEDCRNG _IO('R', 0x07)

void wake_hello(void) {
    struct utsname name;
    if (uname(&name) != 0) {
        die("no uname: %s", strerror(errno));
    }
    struct text text = {0};
    text_format(&text, "{\"agent\":%d,\"kernel\":", AGENT_VERSION);
    text_json(&text, name.release, strlen(name.release), 256);
    text_put(&text, "}");
    port_send(F_HELLO, text.at, text.length);
    text_free(&text);
}

void wake_set_clock(int64_t unix_millis) {
    struct timespec now = {unix_millis / 1000, unix_millis % 1000 * 1000000};
    if (getpid() == 1 && clock_settime(CLOCK_REALTIME, &now) != 0) {
        die("the clock does not take %lld: %s", (long long)unix_millis, strerror(errno));
    }
}

void wake_add_entropy(const char *base64, size_t length) {
    struct pool pool;
    long size = base64_decode(base64, length, pool.bytes, sizeof pool.bytes);
    if (size < 16) {
        die("entropy is base64 of 16 to 509 bytes");
    }
    if (getpid() != 1) {
        return;
    }
    pool.entropy_bits = (int)size * 8;
    pool.size = (int)size;
    int fd = open("/dev/urandom", O_RDWR | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, RNDADDENTROPY, &pool) != 0 || ioctl(fd, RNDRESEEDCRNG) != 0) {
        die("the random generator takes no seed: %s", strerror(errno));
    }
    close(fd);
    explicit_bzero(&pool, sizeof pool);
}

/* Acts on a key that tells the time or brings randomness: which of the two; 0 if it is neither. */
int wake_key(struct json *json, const char *key) {
    static char value[1024];
    if (strcmp(key, "timeMillis") == 0) {
        wake_set_clock(json_number(json, 1, INT64_MAX / 1000));
        return WAKE_TIME;
    }
    if (strcmp(key, "entropy") == 0) {
        wake_add_entropy(value, json_string(json, value, sizeof value));
        explicit_bzero(value, sizeof value);
        return WAKE_ENTROPY;
    }
    return 0;
}

void wake_missing(const char *what) {
    die("broken %s frame: no timeMillis or entropy", what);
}

/* The machine goes on on another computer, in the middle of whatever it does. */
void wake_elsewhere(const void *bytes, size_t length) {
    char key[32];
    int seen = 0;
    struct json json;
    json_open(&json, "RELEASE", bytes, length);
    while (json_key(&json, key, sizeof key)) {
        int told = wake_key(&json, key);
        if (!told) {
            json_unknown(&json, key);
        }
        seen |= told;
    }
    json_close(&json);
    if (seen != WAKE_BOTH) {
        wake_missing("RELEASE");
    }
}
