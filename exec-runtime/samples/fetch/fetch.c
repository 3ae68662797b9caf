// Gets a page for its caller: `?url=https://example.com/`. It reaches the hosts only that it was
// deployed for, and no private address whatever a name says:
//
//   ./runnel deploy myfetch fetch.wasm --outbound example.com --public
#include "../cgi.h"
#include "../runnel.h"

#define MOST_HEADERS 32768

static void fail(const char *status, const char *why) {
  put_text("Status: ");
  put_text(status);
  put_text("\nContent-Type: text/plain; charset=utf-8\n\n");
  put_text(why);
  put_byte('\n');
}

static void refuse(int32_t error) {
  switch (error) {
    case RUNNEL_INVALID:
      fail("400", "That is no URL that a task may ask for.");
      break;
    case RUNNEL_NOT_ALLOWED:
      fail("403", "This task was not deployed for that host (--outbound), or it is private.");
      break;
    case RUNNEL_TIMEOUT:
      fail("504", "No answer in time.");
      break;
    case RUNNEL_LIMIT:
      fail("503", "A limit is reached.");
      break;
    default:
      fail("502", "No answer from there.");
  }
}

// The value of a header among lines of them, or nothing.
static slice value_of(slice lines, const char *name) {
  slice wanted = slice_of(name);
  while (lines.length > 0) {
    size_t end = 0;
    while (end < lines.length && lines.at[end] != '\n') end++;
    if (end > wanted.length + 2 && lines.at[wanted.length] == ':' &&
        same_letters((slice){lines.at, wanted.length}, wanted))
      return (slice){lines.at + wanted.length + 2, end - wanted.length - 2};
    size_t used = end < lines.length ? end + 1 : end;
    lines.at += used;
    lines.length -= used;
  }
  return (slice){"", 0};
}

// Whether the body came to its end.
static bool pass_body(int32_t handle) {
  static char chunk[16384];
  for (;;) {
    int32_t got = runnel_http_read(handle, chunk, sizeof chunk);
    if (got <= 0) return got == 0;
    put((slice){chunk, (size_t)got});
  }
}

static void answer(int32_t handle) {
  char *headers = take(MOST_HEADERS);
  int32_t length = runnel_http_headers(handle, headers, MOST_HEADERS);
  slice lines = {headers, length > MOST_HEADERS ? MOST_HEADERS : (size_t)length};
  slice type = value_of(lines, "content-type");
  put_text("Status: ");
  put_number((uint64_t)runnel_http_status(handle));
  put_text("\nX-Content-Type-Options: nosniff\nContent-Security-Policy: sandbox\nContent-Type: ");
  put_clean(type.length ? type : slice_of("application/octet-stream"), 200);
  put_text("\n\n");
  // What was sent cannot be taken back: an end that is no end shows as a call that failed.
  if (!pass_body(handle)) __builtin_trap();
}

int main(void) {
  static const char accept[] = "Accept: */*\nUser-Agent: runnel-sample\n";
  slice url = query("url");
  if (url.length == 0) {
    fail("400", "Say what to get: ?url=https://example.com/");
  } else {
    int32_t handle =
        runnel_http_send("GET", 3, url.at, url.length, accept, sizeof accept - 1, "", 0);
    static const char got[] = "got an answer";
    if (handle >= 0) runnel_log(RUNNEL_INFO, got, sizeof got - 1);
    if (handle >= 0)
      answer(handle);
    else
      refuse(handle);
  }
  put_end();
  return 0;
}
