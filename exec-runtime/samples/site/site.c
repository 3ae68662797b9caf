// Serves the files that were deployed with it, read-only, at its own URL.
//
//   ./runnel deploy mysite site.wasm --assets DIR --public
//
// A folder's page is its index.html; what is not there gets 404, with the page 404.html if there is
// one. All files of one version stay as they are, so the version is the entity tag of each.
//   CACHE_CONTROL  how long browsers keep a page; default: no-cache (they ask, and get 304)
#include "../cgi.h"

#define ROOT 3  // where the files are open
#define MOST_PATH 4096

typedef struct {
  const char *suffix, *type;
} media;

static const media types[] = {
    {"html", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"xml", "application/xml"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"ico", "image/x-icon"},
    {"woff2", "font/woff2"},
    {"wasm", "application/wasm"},
    {"pdf", "application/pdf"},
};

static slice suffix_of(slice path) {
  for (size_t i = path.length; i > 0 && path.at[i - 1] != '/'; i--)
    if (path.at[i - 1] == '.') return (slice){path.at + i, path.length - i};
  return (slice){"", 0};
}

static const char *type_of(slice path) {
  slice suffix = suffix_of(path);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (same_letters(suffix, slice_of(types[i].suffix))) return types[i].type;
  return "application/octet-stream";
}

// Part of a URL, from outside: what has no place there is percent-encoded, line ends above all.
static void put_url(slice text) {
  static const char also[] = "/-._~!$&'()*+,;=:@";
  for (size_t i = 0; i < text.length; i++) {
    char c = text.at[i];
    if (c != 0 && (is_letter(c) || is_digit(c) || strchr(also, c))) {
      put_byte(c);
    } else {
      put_byte('%');
      put_hex((const uint8_t *)&c, 1);
    }
  }
}

// Both, ended by a NUL as paths are.
static slice joined(slice a, const char *b) {
  size_t length = strlen(b);
  char *text = take(a.length + length + 1);
  memcpy(text, a.at, a.length);
  memcpy(text + a.length, b, length + 1);
  return (slice){text, a.length + length};
}

// The file's kind, or that it is not there.
static __wasi_filetype_t kind_of(slice path) {
  __wasi_filestat_t status;
  if (path.length > MOST_PATH) return __WASI_FILETYPE_UNKNOWN;
  __wasi_errno_t error = __wasi_path_filestat_get(ROOT, 0, path.at, &status);
  return error == 0 ? status.filetype : __WASI_FILETYPE_UNKNOWN;
}

static bool open_file(slice path, __wasi_fd_t *file) {
  return kind_of(path) == __WASI_FILETYPE_REGULAR_FILE &&
         __wasi_path_open(ROOT, 0, path.at, 0, __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_FILESTAT_GET,
                          0, 0, file) == 0;
}

static void put_tag(void) {
  put_text("\"v");
  put(env("RUNNEL_TASK_VERSION"));
  put_byte('"');
}

static bool is_known(void) {
  slice known = env("HTTP_IF_NONE_MATCH"), version = env("RUNNEL_TASK_VERSION");
  return known.length == version.length + 3 && memcmp(known.at, "\"v", 2) == 0 &&
         memcmp(known.at + 2, version.at, version.length) == 0 &&
         known.at[known.length - 1] == '"';
}

static void put_head(const char *status, slice path) {
  slice keep = env("CACHE_CONTROL");
  put_text("Status: ");
  put_text(status);
  put_text("\nContent-Type: ");
  put_text(type_of(path));
  put_text("\nX-Content-Type-Options: nosniff\nCache-Control: ");
  put(keep.length ? keep : slice_of("no-cache"));
  put_byte('\n');
}

static void put_content(__wasi_fd_t file) {
  static uint8_t chunk[16384];
  __wasi_iovec_t part = {chunk, sizeof chunk};
  __wasi_size_t got = 0;
  while (__wasi_fd_read(file, &part, 1, &got) == 0 && got > 0) put((slice){(char *)chunk, got});
}

static void serve(const char *status, slice path, __wasi_fd_t file) {
  __wasi_filestat_t facts;
  put_head(status, path);
  if (__wasi_fd_filestat_get(file, &facts) == 0) {
    put_text("Content-Length: ");
    put_number(facts.size);
    put_byte('\n');
  }
  if (*status == '2') {
    put_text("ETag: ");
    put_tag();
    put_byte('\n');
  }
  put_byte('\n');
  if (!is(env("REQUEST_METHOD"), "HEAD")) put_content(file);
}

static void not_found(void) {
  __wasi_fd_t file;
  slice page = slice_of("404.html");
  if (open_file(page, &file)) {
    serve("404", page, file);
  } else {
    put_head("404", slice_of("x.txt"));
    put_text("\nThere is no such page.\n");
  }
}

static void redirect(slice path) {
  put_text("Status: 301\nLocation: ");
  put_url(env("SCRIPT_NAME"));
  put_url(path);
  put_text("/\n\n");
}

static void answer(void) {
  slice path = env("PATH_INFO");
  if (path.length == 0) {
    redirect(path);
    return;
  }
  slice file_path = {path.at + 1, path.length - 1};  // ended by a NUL, as all variables are
  if (path.at[path.length - 1] == '/') file_path = joined(file_path, "index.html");
  __wasi_fd_t file;
  if (kind_of(file_path) == __WASI_FILETYPE_DIRECTORY) {
    redirect(path);
  } else if (!open_file(file_path, &file)) {
    not_found();
  } else if (is_known()) {
    put_text("Status: 304\nETag: ");
    put_tag();
    put_text("\n\n");
  } else {
    serve("200", file_path, file);
  }
}

int main(void) {
  slice method = env("REQUEST_METHOD");
  if (is(method, "GET") || is(method, "HEAD"))
    answer();
  else
    put_text("Status: 405\nAllow: GET, HEAD\n\n");
  put_end();
  return 0;
}
