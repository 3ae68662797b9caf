// Sends the request back as JSON: what a task sees of a call, and a target for trying webhooks.
#include "../cgi.h"

#define MOST_BODY (8u << 20)

// Shell's sort: the environment comes in any order, and an answer should not.
static void sort(char **names, size_t count) {
  for (size_t gap = count / 2; gap > 0; gap /= 2) {
    for (size_t i = gap; i < count; i++) {
      char *name = names[i];
      size_t at = i;
      for (; at >= gap && strcmp(names[at - gap], name) > 0; at -= gap) names[at] = names[at - gap];
      names[at] = name;
    }
  }
}

static void put_member(const char *name, slice value) {
  put_text("  ");
  put_json(slice_of(name));
  put_text(": ");
  put_json(value);
  put_text(",\n");
}

// HTTP_ACCEPT_LANGUAGE is the header accept-language; CGI gives two without HTTP_.
static bool is_header(const char *variable) {
  return strncmp(variable, "HTTP_", 5) == 0 || strncmp(variable, "CONTENT_TYPE=", 13) == 0 ||
         strncmp(variable, "CONTENT_LENGTH=", 15) == 0;
}

static void put_header(const char *variable) {
  const char *start = strncmp(variable, "HTTP_", 5) == 0 ? variable + 5 : variable;
  size_t length = strcspn(start, "=");
  char *name = take(length);
  for (size_t i = 0; i < length; i++) name[i] = start[i] == '_' ? '-' : lower(start[i]);
  put_json((slice){name, length});
  put_text(": ");
  put_json(slice_of(start + length + (start[length] == '=')));
}

static void put_headers(void) {
  if (!environment) environment_load();
  sort(environment, environment_count);
  put_text("  \"headers\": {");
  bool first = true;
  for (size_t i = 0; i < environment_count; i++) {
    if (!is_header(environment[i])) continue;
    put_text(first ? "\n    " : ",\n    ");
    put_header(environment[i]);
    first = false;
  }
  put_text(first ? "},\n" : "\n  },\n");
}

static void put_base64(slice bytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const uint8_t *p = (const uint8_t *)bytes.at;
  put_byte('"');
  for (size_t i = 0; i < bytes.length; i += 3) {
    size_t left = bytes.length - i;
    uint32_t group = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (left > 2 ? p[i + 2] : 0);
    put_byte(digits[group >> 18]);
    put_byte(digits[group >> 12 & 63]);
    put_byte(left > 1 ? digits[group >> 6 & 63] : '=');
    put_byte(left > 2 ? digits[group & 63] : '=');
  }
  put_byte('"');
}

int main(void) {
  bool too_long;
  slice body = read_all(MOST_BODY, &too_long);
  if (too_long) {
    put_text("Status: 413\nContent-Type: text/plain\n\nThe body is longer than 8 MiB.\n");
    put_end();
    return 0;
  }
  bool text = is_utf8(body);
  put_text("Content-Type: application/json\nCache-Control: no-store\n\n{\n");
  put_member("method", env("REQUEST_METHOD"));
  put_member("path", env("PATH_INFO"));
  put_member("query", env("QUERY_STRING"));
  put_headers();
  put_member("bodyEncoding", slice_of(text ? "utf-8" : "base64"));
  put_text("  \"body\": ");
  if (text)
    put_json(body);
  else
    put_base64(body);
  put_text("\n}\n");
  put_end();
  return 0;
}
