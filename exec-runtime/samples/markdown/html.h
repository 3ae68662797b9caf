// Writing HTML in which nothing from outside is markup.
#ifndef RUNNEL_MARKDOWN_HTML_H
#define RUNNEL_MARKDOWN_HTML_H

#include "../cgi.h"

static bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

static slice trim(slice text) {
  while (text.length > 0 && memchr(" \t\n", *text.at, 3)) text.at++, text.length--;
  while (text.length > 0 && memchr(" \t\n", text.at[text.length - 1], 3)) text.length--;
  return text;
}

static void put_escaped_byte(char c) {
  switch (c) {
    case '&': put_text("&amp;"); break;
    case '<': put_text("&lt;"); break;
    case '>': put_text("&gt;"); break;
    case '"': put_text("&quot;"); break;
    default: put_byte(c);
  }
}

// The length of `&name;` or `&#123;` at the start of the text, or 0.
static size_t entity_length(slice text) {
  size_t i = 1;
  if (i < text.length && text.at[i] == '#') i++;
  size_t start = i;
  while (i < text.length && i < 32 && (is_letter(text.at[i]) || is_digit(text.at[i]))) i++;
  return i > start && i < text.length && text.at[i] == ';' ? i + 1 : 0;
}

// Entities stay what they are: in a text they are no markup.
static void put_escaped(slice text) {
  for (size_t i = 0; i < text.length; i++) {
    slice rest = {text.at + i, text.length - i};
    size_t entity = text.at[i] == '&' ? entity_length(rest) : 0;
    if (entity > 0) {
      put((slice){rest.at, entity});
      i += entity - 1;
    } else {
      put_escaped_byte(text.at[i]);
    }
  }
}

// The text without the backslashes that escape; `&amp;` becomes `&`, for URLs.
static slice unescaped(slice text) {
  char *plain = take(text.length);
  size_t length = 0;
  for (size_t i = 0; i < text.length; i++) {
    if (text.at[i] == '\\' && i + 1 < text.length && is_punctuation(text.at[i + 1])) i++;
    plain[length++] = text.at[i];
    if (text.at[i] == '&' && text.length - i >= 5 && memcmp(text.at + i, "&amp;", 5) == 0) i += 4;
  }
  return (slice){plain, length};
}

static void put_url(slice url) {
  for (size_t i = 0; i < url.length; i++) {
    char c = url.at[i];
    if (c == '&') {
      put_text("&amp;");
    } else if (is_letter(c) || is_digit(c) || (c && strchr("-._~:/?#[]@!$()*+,;=%", c))) {
      put_byte(c);
    } else {
      put_byte('%');
      put_byte("0123456789ABCDEF"[(unsigned char)c >> 4]);
      put_byte("0123456789ABCDEF"[c & 15]);
    }
  }
}

// The scheme before the colon, or nothing for a relative URL. As written by put_url: characters that
// a browser would drop are percent-encoded there, so that they cannot hide a scheme.
static slice scheme_of(slice url) {
  for (size_t i = 0; i < url.length; i++) {
    if (url.at[i] == ':') return (slice){url.at, i};
    if (memchr("/?#", url.at[i], 3)) break;
  }
  return (slice){"", 0};
}

static bool has_scheme(slice url, const char *scheme) {
  return same_letters(scheme_of(url), slice_of(scheme));
}

static bool is_safe_image(slice url) {
  return (scheme_of(url).length == 0 && !(url.length > 0 && *url.at == ':')) ||
         has_scheme(url, "http") || has_scheme(url, "https");
}

// Not javascript:, not data:, nothing unknown.
static bool is_safe_link(slice url) {
  return is_safe_image(url) || has_scheme(url, "mailto") || has_scheme(url, "tel");
}

#endif
