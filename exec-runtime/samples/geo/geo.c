// Sends a visitor to the pages in a language of theirs, by Accept-Language (RFC 9110, 12.5.4), as
// "lookup" of RFC 4647 does it.
//
//   LANGUAGES  what there is, the fallback first; default: en,de,fr,es,it,nl,pl,pt-BR,ja
//   TARGET     where the pages are, such as https://www.example.com; default: this task, which
//              answers below each language with a greeting
#include "../cgi.h"

#define MOST_LANGUAGES 64
#define MOST_RANGES 64

typedef struct {
  slice tag;
  int weight;  // thousandths; 0: not wanted
} range;

static slice languages[MOST_LANGUAGES];
static size_t language_count;
static range ranges[MOST_RANGES];
static size_t range_count;

static bool is_space(char c) { return c == ' ' || c == '\t'; }

static slice trimmed(slice text) {
  while (text.length > 0 && is_space(*text.at)) text.at++, text.length--;
  while (text.length > 0 && is_space(text.at[text.length - 1])) text.length--;
  return text;
}

// Cuts the part before `separator` off the text.
static slice next_part(slice *text, char separator) {
  size_t end = 0;
  while (end < text->length && text->at[end] != separator) end++;
  slice part = {text->at, end};
  size_t used = end < text->length ? end + 1 : end;
  text->at += used;
  text->length -= used;
  return trimmed(part);
}

// RFC 5646, as far as it matters here: letters, digits and hyphens.
static bool is_tag(slice tag) {
  if (tag.length == 0 || tag.length > 35 || !is_letter(*tag.at)) return false;
  for (size_t i = 0; i < tag.length; i++)
    if (!is_letter(tag.at[i]) && !is_digit(tag.at[i]) && tag.at[i] != '-') return false;
  return true;
}

static void read_languages(void) {
  slice list = env("LANGUAGES");
  if (list.length == 0) list = slice_of("en,de,fr,es,it,nl,pl,pt-BR,ja");
  while (list.length > 0 && language_count < MOST_LANGUAGES) {
    slice tag = next_part(&list, ',');
    if (is_tag(tag)) languages[language_count++] = tag;
  }
  if (language_count == 0) languages[language_count++] = slice_of("en");
}

// `0`, `0.5`, `1.000` in thousandths, or -1.
static int weight_of(slice text) {
  if (text.length == 0 || text.length > 5 || (*text.at != '0' && *text.at != '1')) return -1;
  int weight = (*text.at - '0') * 1000;
  if (text.length > 1 && text.at[1] != '.') return -1;
  int unit = 100;
  for (size_t i = 2; i < text.length; i++, unit /= 10) {
    if (!is_digit(text.at[i])) return -1;
    weight += (text.at[i] - '0') * unit;
  }
  return weight <= 1000 ? weight : -1;
}

static void read_range(slice text) {
  slice tag = next_part(&text, ';');
  int weight = 1000;
  while (text.length > 0) {
    slice parameter = next_part(&text, ';');
    slice name = next_part(&parameter, '=');
    if (same_letters(name, slice_of("q"))) weight = weight_of(trimmed(parameter));
  }
  if (weight >= 0 && (is_tag(tag) || is(tag, "*"))) ranges[range_count++] = (range){tag, weight};
}

static void read_ranges(void) {
  slice list = env("HTTP_ACCEPT_LANGUAGE");
  while (list.length > 0 && range_count < MOST_RANGES) read_range(next_part(&list, ','));
}

// Whether `tag` is `prefix` or a kind of it: de-AT is a de.
static bool within(slice tag, slice prefix) {
  return tag.length >= prefix.length &&
         (tag.length == prefix.length || tag.at[prefix.length] == '-') &&
         same_letters((slice){tag.at, prefix.length}, prefix);
}

static bool unwanted(slice language) {
  for (size_t i = 0; i < range_count; i++)
    if (ranges[i].weight == 0 && within(language, ranges[i].tag)) return true;
  return false;
}

// The language for one range: the same, else a broader one (de for de-AT), else a narrower one
// (pt-BR for pt).
static const slice *match(slice wanted) {
  slice range = wanted;
  while (range.length > 0) {
    for (size_t i = 0; i < language_count; i++)
      if (same_letters(languages[i], range) && !unwanted(languages[i])) return &languages[i];
    while (range.length > 0 && range.at[--range.length] != '-') continue;
  }
  for (size_t i = 0; i < language_count; i++)
    if ((is(wanted, "*") || within(languages[i], wanted)) && !unwanted(languages[i]))
      return &languages[i];
  return NULL;
}

static slice choose(void) {
  const slice *best = NULL;
  int best_weight = 0;
  for (size_t i = 0; i < range_count; i++) {
    if (ranges[i].weight <= best_weight) continue;
    const slice *found = match(ranges[i].tag);
    if (found) best = found, best_weight = ranges[i].weight;
  }
  return best ? *best : languages[0];
}

// Part of a URL, from outside: what has no place there is percent-encoded, line ends above all.
static void put_url(slice text, const char *also) {
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

static void redirect(void) {
  static const char path[] = "/-._~!$&'()*+,;=:@";
  slice target = env("TARGET");
  slice arguments = env("QUERY_STRING");
  put_text("Status: 302\nLocation: ");
  if (target.length > 0)
    put_url(target, "/-._~!$&'()*+,;=:@%?#[]");
  else
    put_url(env("SCRIPT_NAME"), path);
  put_byte('/');
  put(choose());
  put_url(env("PATH_INFO"), path);
  if (arguments.length > 0) {
    put_byte('?');
    put_url(arguments, "/-._~!$&'()*+,;=:@%?");
  }
  put_text("\nVary: Accept-Language\nCache-Control: no-cache\n\n");
}

static const char *greeting(slice language) {
  static const char *const greetings[][2] = {
      {"en", "Welcome"}, {"de", "Willkommen"}, {"fr", "Bienvenue"}, {"es", "Bienvenido"},
      {"it", "Benvenuto"}, {"nl", "Welkom"}, {"pl", "Witamy"}, {"pt", "Bem-vindo"},
      {"ja", "ようこそ"}};
  for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++)
    if (within(language, slice_of(greetings[i][0]))) return greetings[i][1];
  return greetings[0][1];
}

// The language whose page is asked for, if there is such a page here.
static const slice *page(void) {
  slice path = env("PATH_INFO");
  if (env("TARGET").length > 0 || path.length == 0 || *path.at != '/') return NULL;
  path.at++, path.length--;
  slice first = next_part(&path, '/');
  for (size_t i = 0; i < language_count; i++)
    if (same_letters(languages[i], first)) return &languages[i];
  return NULL;
}

int main(void) {
  read_languages();
  read_ranges();
  const slice *language = page();
  if (language) {
    put_text("Content-Type: text/plain; charset=utf-8\nContent-Language: ");
    put(*language);
    put_text("\n\n");
    put_text(greeting(*language));
    put_text("!\n");
  } else {
    redirect();
  }
  put_end();
  return 0;
}
