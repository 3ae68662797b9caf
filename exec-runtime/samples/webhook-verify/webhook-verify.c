// Verifies a webhook's signature before anybody acts on it: HMAC-SHA256 over the body, as GitHub
// sends it (`X-Hub-Signature-256: sha256=HEX`) or over time and body, as Stripe does
// (`Stripe-Signature: t=SECONDS,v1=HEX`).
//
// An `event` task. Its payload is an HTTP request in API Gateway's payload format 2.0, which is what
// it gets when a webhook is pointed at its URL; only `headers`, `body` and `isBase64Encoded` are read.
// The result has that format too: 200 when genuine, else 401, with the reason in the body.
//
//   WEBHOOK_SECRET     the shared secret; needed
//   TOLERANCE_SECONDS  how old a signature with a time may be; default 300
#include "../cgi.h"
#include "../sha256.h"

#define MOST_PAYLOAD (8u << 20)
#define DEEPEST 64

// ---- reading JSON

typedef struct {
  const char *at, *end;
} reader;

// Ends the task with exit code 1, which makes it a function error, in the form that AWS has for it.
static _Noreturn void fail(const char *type, const char *message) {
  put_text("{\"errorType\":\"");
  put_text(type);
  put_text("\",\"errorMessage\":\"");
  put_text(message);
  put_text("\"}\n");
  put_end();
  log_line(message);
  __wasi_proc_exit(1);
}

static _Noreturn void malformed(void) { fail("BadEvent", "the payload is not the JSON of an HTTP request"); }

static char peek(reader *json) {
  while (json->at < json->end && strchr(" \t\r\n", *json->at) && *json->at) json->at++;
  return json->at < json->end ? *json->at : 0;
}

static bool accept(reader *json, char c) {
  if (peek(json) != c) return false;
  json->at++;
  return true;
}

static void expect(reader *json, char c) {
  if (!accept(json, c)) malformed();
}

static char *put_utf8(char *to, uint32_t c) {
  if (c < 0x80) {
    *to++ = (char)c;
  } else if (c < 0x800) {
    *to++ = (char)(0xc0 | c >> 6);
    *to++ = (char)(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *to++ = (char)(0xe0 | c >> 12);
    *to++ = (char)(0x80 | (c >> 6 & 63));
    *to++ = (char)(0x80 | (c & 63));
  } else {
    *to++ = (char)(0xf0 | c >> 18);
    *to++ = (char)(0x80 | (c >> 12 & 63));
    *to++ = (char)(0x80 | (c >> 6 & 63));
    *to++ = (char)(0x80 | (c & 63));
  }
  return to;
}

static uint32_t hex4(reader *json) {
  uint32_t value = 0;
  if (json->end - json->at < 4) malformed();
  for (int i = 0; i < 4; i++) {
    int digit = hex_value(*json->at++);
    if (digit < 0) malformed();
    value = value << 4 | (uint32_t)digit;
  }
  return value;
}

// The character after `\u`; half a surrogate pair becomes U+FFFD.
static uint32_t escaped(reader *json) {
  uint32_t first = hex4(json);
  if (first < 0xd800 || first > 0xdfff) return first;
  if (first > 0xdbff || json->end - json->at < 6 || json->at[0] != '\\' || json->at[1] != 'u')
    return 0xfffd;
  const char *before = json->at;
  json->at += 2;
  uint32_t second = hex4(json);
  if (second >= 0xdc00 && second <= 0xdfff)
    return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
  json->at = before;
  return 0xfffd;
}

static char *unescape(reader *json, char *to) {
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  if (json->at == json->end) malformed();
  char c = *json->at++;
  if (c == 'u') return put_utf8(to, escaped(json));
  const char *name = c ? strchr(names, c) : NULL;
  if (!name) malformed();
  *to++ = values[name - names];
  return to;
}

static slice string(reader *json) {
  expect(json, '"');
  const char *close = json->at;
  while (close < json->end && *close != '"') close += *close == '\\' ? 2 : 1;
  if (close >= json->end) malformed();
  // An escape is never shorter than what it stands for.
  char *start = take((size_t)(close - json->at)), *to = start;
  while (json->at < close) {
    char c = *json->at++;
    if ((unsigned char)c < 0x20) malformed();
    if (c == '\\')
      to = unescape(json, to);
    else
      *to++ = c;
  }
  expect(json, '"');
  return (slice){start, (size_t)(to - start)};
}

static slice word(reader *json) {
  peek(json);
  const char *start = json->at;
  while (json->at < json->end &&
         (is_letter(*json->at) || is_digit(*json->at) || (*json->at && strchr("+-.", *json->at))))
    json->at++;
  if (json->at == start) malformed();
  return (slice){start, (size_t)(json->at - start)};
}

static void skip(reader *json, int depth) {
  char c = peek(json);
  if (depth > DEEPEST) malformed();
  if (c == '"') {
    string(json);
  } else if (c == '{' || c == '[') {
    char close = c == '{' ? '}' : ']';
    json->at++;
    if (accept(json, close)) return;
    do {
      if (c == '{') {
        string(json);
        expect(json, ':');
      }
      skip(json, depth + 1);
    } while (accept(json, ','));
    expect(json, close);
  } else {
    word(json);
  }
}

// ---- the event

static slice hub_signature, stripe_signature, body;
static bool is_base64;

static void read_header(reader *json) {
  slice name = string(json);
  expect(json, ':');
  if (peek(json) != '"') {
    skip(json, 2);
    return;
  }
  slice value = string(json);
  if (same_letters(name, slice_of("x-hub-signature-256"))) hub_signature = value;
  if (same_letters(name, slice_of("stripe-signature"))) stripe_signature = value;
}

static void read_headers(reader *json) {
  expect(json, '{');
  if (accept(json, '}')) return;
  do read_header(json);
  while (accept(json, ','));
  expect(json, '}');
}

static void read_member(reader *json) {
  slice name = string(json);
  expect(json, ':');
  if (is(name, "headers") && peek(json) == '{')
    read_headers(json);
  else if (is(name, "body") && peek(json) == '"')
    body = string(json);
  else if (is(name, "isBase64Encoded") && peek(json) != '"')
    is_base64 = is(word(json), "true");
  else
    skip(json, 1);
}

static void read_event(slice payload) {
  reader json = {payload.at, payload.at + payload.length};
  expect(&json, '{');
  if (!accept(&json, '}')) {
    do read_member(&json);
    while (accept(&json, ','));
    expect(&json, '}');
  }
  if (peek(&json) != 0 || json.at != json.end) malformed();
}

static int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static slice base64_decoded(slice text) {
  uint8_t *bytes = take(text.length);
  size_t length = 0;
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; i < text.length && text.at[i] != '='; i++) {
    int value = base64_value(text.at[i]);
    if (value < 0) malformed();
    bits = bits << 6 | (uint32_t)value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes[length++] = (uint8_t)(bits >> count);
    }
  }
  return (slice){(const char *)bytes, length};
}

// ---- the verdict

static void answer(bool valid, const char *why) {
  put_text(valid ? "{\"statusCode\":200," : "{\"statusCode\":401,");
  put_text("\"headers\":{\"content-type\":\"application/json\"},\"body\":\"{\\\"valid\\\":");
  put_text(valid ? "true,\\\"scheme\\\":\\\"" : "false,\\\"reason\\\":\\\"");
  put_text(why);
  put_text("\\\"}\"}\n");
  put_end();
  log_line(why);
}

// Whether `hex` is this digest, in a time that does not tell how much of it is right.
static bool is_digest(slice hex, const uint8_t digest[32]) {
  if (hex.length != 64) return false;
  unsigned differences = 0;
  for (size_t i = 0; i < 64; i++) {
    unsigned digit = i % 2 == 0 ? digest[i / 2] >> 4 : digest[i / 2] & 15;
    differences |= (unsigned)hex_value(hex.at[i]) ^ digit;
  }
  return differences == 0;
}

static void verify_hub(slice secret) {
  uint8_t digest[32];
  slice hex = hub_signature;
  if (hex.length < 7 || memcmp(hex.at, "sha256=", 7) != 0) {
    answer(false, "signature-malformed");
    return;
  }
  hex.at += 7, hex.length -= 7;
  hmac_sha256(secret.at, secret.length, body.at, body.length, digest);
  bool valid = is_digest(hex, digest);
  answer(valid, valid ? "x-hub-signature-256" : "signature-mismatch");
}

static bool number(slice text, uint64_t *value) {
  *value = 0;
  for (size_t i = 0; i < text.length; i++) {
    if (!is_digit(text.at[i]) || i > 17) return false;
    *value = *value * 10 + (uint64_t)(text.at[i] - '0');
  }
  return text.length > 0;
}

static bool is_recent(uint64_t seconds) {
  __wasi_timestamp_t now_ns = 0;
  uint64_t tolerance;
  if (!number(env("TOLERANCE_SECONDS"), &tolerance)) tolerance = 300;
  if (__wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 1000000000, &now_ns) != 0) return false;
  uint64_t now = now_ns / 1000000000;
  return (now > seconds ? now - seconds : seconds - now) <= tolerance;
}

static void verify_stripe(slice secret) {
  uint8_t digest[32];
  slice time = {"", 0}, left = stripe_signature;
  uint64_t seconds;
  for (size_t i = 0; i + 2 < left.length; i++) {
    if ((i == 0 || left.at[i - 1] == ',') && left.at[i] == 't' && left.at[i + 1] == '=') {
      time = (slice){left.at + i + 2, 0};
      while (time.at + time.length < left.at + left.length && is_digit(time.at[time.length]))
        time.length++;
    }
  }
  if (!number(time, &seconds)) {
    answer(false, "signature-malformed");
    return;
  }
  char *signed_text = take(time.length + 1 + body.length);
  memcpy(signed_text, time.at, time.length);
  signed_text[time.length] = '.';
  memcpy(signed_text + time.length + 1, body.at, body.length);
  hmac_sha256(secret.at, secret.length, signed_text, time.length + 1 + body.length, digest);
  bool valid = false;  // one of several signatures may fit, while a secret is being changed
  for (size_t i = 0; i + 67 <= left.length; i++)
    if ((i == 0 || left.at[i - 1] == ',') && memcmp(left.at + i, "v1=", 3) == 0)
      valid |= is_digest((slice){left.at + i + 3, 64}, digest);
  if (!valid)
    answer(false, "signature-mismatch");
  else if (!is_recent(seconds))
    answer(false, "signature-too-old");
  else
    answer(true, "stripe-signature");
}

int main(void) {
  bool too_long;
  slice secret = env("WEBHOOK_SECRET");
  slice payload = read_all(MOST_PAYLOAD, &too_long);
  if (too_long) fail("TooLong", "the payload is longer than 8 MiB");
  if (secret.length == 0) fail("NoSecret", "the variable WEBHOOK_SECRET is not set");
  read_event(payload);
  if (is_base64) body = base64_decoded(body);
  if (hub_signature.length > 0)
    verify_hub(secret);
  else if (stripe_signature.length > 0)
    verify_stripe(secret);
  else
    answer(false, "no-signature");
  return 0;
}
