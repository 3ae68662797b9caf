// The inside of a paragraph: emphasis, code, links, images.
//
// The method is CommonMark's: one pass makes a chain of pieces, with two stacks beside it, one of
// brackets that may become links, one of delimiters (* _ ~) that may become emphasis. Nothing here
// recurses, and each search that could fail again and again remembers that it failed, so that a
// hostile text of n bytes takes about n steps.
#ifndef RUNNEL_MARKDOWN_INLINE_H
#define RUNNEL_MARKDOWN_INLINE_H

#include "html.h"

typedef enum { TEXT, CODE, BREAK, OPEN, CLOSE, LINK, LINK_END, IMAGE, IMAGE_END } piece_kind;

typedef struct piece {
  piece_kind kind;
  slice text;       // TEXT, CODE: the text; OPEN, CLOSE: the element's name; LINK, IMAGE: the URL
  slice title;      // LINK, IMAGE_END
  struct piece *before, *after;
} piece;

// A run of * _ or ~ that may open or close emphasis.
typedef struct delimiter {
  piece *at;
  size_t position;
  char c;
  bool opens, closes;
  size_t count, original;
  struct delimiter *before, *after;
} delimiter;

typedef struct {
  piece *at;
  size_t inside;     // where the text after the bracket starts
  delimiter *below;  // the delimiters before it
  bool image;
} bracket;

// Past these, the rest of a paragraph is taken as it stands.
#define MOST_PIECES 200000
#define MOST_BRACKETS 1000
// Bytes that references may add: a long URL used a thousand times is no document.
#define MOST_REFERRED (1u << 20)
#define LONGEST_TICKS 64
#define LONGEST_LABEL 999

typedef struct {
  slice text;
  size_t at;
  piece first, *last;
  size_t piece_count;
  delimiter *delimiters;  // the newest
  size_t bracket_count;
  size_t dead_below;  // brackets before this one are in a link already: no link in a link
  bool no_ticks[LONGEST_TICKS + 1];  // no run of so many is left
  bool no_angle;                     // no > is left
} inlines;

static bracket brackets[MOST_BRACKETS];

// ---- definitions of links: [label]: url "title"

typedef struct {
  slice label, url, title;
} definition;

#define MOST_DEFINITIONS 256
static definition definitions[MOST_DEFINITIONS];
static size_t definition_count, referred;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// Labels match whatever their case and however wide their spaces.
static bool same_label(slice a, slice b) {
  size_t i = 0, j = 0;
  while (i < a.length && j < b.length) {
    if (is_blank(a.at[i]) && is_blank(b.at[j])) {
      while (i < a.length && is_blank(a.at[i])) i++;
      while (j < b.length && is_blank(b.at[j])) j++;
    } else if (lower(a.at[i]) == lower(b.at[j])) {
      i++, j++;
    } else {
      return false;
    }
  }
  return i == a.length && j == b.length;
}

static const definition *definition_of(slice label) {
  label = trim(label);
  if (label.length == 0) return NULL;
  for (size_t i = 0; i < definition_count; i++)
    if (same_label(definitions[i].label, label)) return &definitions[i];
  return NULL;
}

// ---- reading links' targets; each moves `*at` on success only

static void skip_blanks(slice text, size_t *at) {
  while (*at < text.length && is_blank(text.at[*at])) ++*at;
}

static bool escapes(slice text, size_t at) {
  return text.at[at] == '\\' && at + 1 < text.length && is_punctuation(text.at[at + 1]);
}

static bool read_angled(slice text, size_t *at, slice *url) {
  size_t start = *at + 1, end = start;
  while (end < text.length && text.at[end] != '>') {
    if (text.at[end] == '<' || text.at[end] == '\n') return false;
    end += escapes(text, end) ? 2 : 1;
  }
  if (end >= text.length) return false;
  *url = (slice){text.at + start, end - start};
  *at = end + 1;
  return true;
}

static bool read_url(slice text, size_t *at, slice *url) {
  if (*at < text.length && text.at[*at] == '<') return read_angled(text, at, url);
  size_t end = *at;
  int deep = 0;
  while (end < text.length && !is_blank(text.at[end])) {
    if (text.at[end] == '(' && ++deep > 32) return false;
    if (text.at[end] == ')' && --deep < 0) break;
    end += escapes(text, end) ? 2 : 1;
  }
  if (end > text.length || deep > 0) return false;
  *url = (slice){text.at + *at, end - *at};
  *at = end;
  return true;
}

static bool read_title(slice text, size_t *at, slice *title) {
  if (*at >= text.length) return false;
  char open = text.at[*at], close = open == '(' ? ')' : open;
  if (open != '"' && open != '\'' && open != '(') return false;
  size_t start = *at + 1, end = start;
  while (end < text.length && text.at[end] != close) {
    if (open == '(' && text.at[end] == '(') return false;
    end += escapes(text, end) ? 2 : 1;
  }
  if (end >= text.length) return false;
  *title = (slice){text.at + start, end - start};
  *at = end + 1;
  return true;
}

// `(url "title")`, with `*at` on the parenthesis.
static bool read_target(slice text, size_t *at, slice *url, slice *title) {
  size_t now = *at + 1;
  skip_blanks(text, &now);
  if (!read_url(text, &now, url)) return false;
  size_t after_url = now;
  skip_blanks(text, &now);
  if (now > after_url && read_title(text, &now, title)) skip_blanks(text, &now);
  if (now >= text.length || text.at[now] != ')') return false;
  *at = now + 1;
  return true;
}

// `[label]`, with `*at` on the bracket.
static bool read_label(slice text, size_t *at, slice *label) {
  size_t start = *at + 1, end = start;
  while (end < text.length && text.at[end] != ']') {
    if (text.at[end] == '[' || end - start > LONGEST_LABEL) return false;
    end += escapes(text, end) ? 2 : 1;
  }
  if (end >= text.length) return false;
  *label = (slice){text.at + start, end - start};
  *at = end + 1;
  return true;
}

// ---- pieces

static piece *add_after(piece *before, piece_kind kind, slice text) {
  piece *made = take(sizeof *made);
  *made = (piece){kind, text, {"", 0}, before, before->after};
  if (before->after) before->after->before = made;
  before->after = made;
  return made;
}

static piece *add(inlines *in, piece_kind kind, slice text) {
  in->last = add_after(in->last, kind, text);
  in->piece_count++;
  return in->last;
}

// Adds the text between two places, to the piece before if that goes on there.
static void add_text(inlines *in, size_t from, size_t to) {
  if (from == to) return;
  slice text = {in->text.at + from, to - from};
  bool plain = in->last->kind == TEXT && in->last->text.at + in->last->text.length == text.at &&
               !(in->delimiters && in->delimiters->at == in->last) &&
               !(in->bracket_count && brackets[in->bracket_count - 1].at == in->last);
  if (plain)
    in->last->text.length += text.length;
  else
    add(in, TEXT, text);
}

// ---- emphasis

static delimiter *without(delimiter *gone, delimiter *newest) {
  if (gone->before) gone->before->after = gone->after;
  if (gone->after) gone->after->before = gone->before;
  return gone == newest ? gone->before : newest;
}

static bool pairs(const delimiter *opener, const delimiter *closer) {
  if (!opener->opens || opener->c != closer->c) return false;
  if (closer->c == '~') return opener->count == closer->count;
  bool ambiguous = opener->closes || closer->opens;
  bool thirds = (opener->original + closer->original) % 3 == 0;
  return !(ambiguous && thirds && (opener->original % 3 || closer->original % 3));
}

// Makes the two runs, or parts of them, an element around what is between them.
static void emphasise(delimiter *opener, delimiter *closer) {
  size_t used = closer->c == '~' ? closer->count : opener->count >= 2 && closer->count >= 2 ? 2 : 1;
  slice name = slice_of(closer->c == '~' ? "del" : used == 2 ? "strong" : "em");
  opener->at->text.length -= used;
  opener->count -= used;
  closer->at->text.at += used;
  closer->at->text.length -= used;
  closer->count -= used;
  add_after(opener->at, OPEN, name);
  add_after(closer->at->before, CLOSE, name);
}

static size_t char_index(char c) { return c == '*' ? 0 : c == '_' ? 1 : 2; }

// Resolves the delimiters above `below`, and forgets them.
static void emphasis(inlines *in, delimiter *below) {
  size_t bottoms[3][2][3] = {0};  // for each kind of closer: nothing before this place opens it
  delimiter *closer = in->delimiters == below ? NULL : in->delimiters;
  while (closer && closer->before != below) closer = closer->before;
  while (closer) {
    delimiter *next = closer->after;
    if (!closer->closes) {
      closer = next;
      continue;
    }
    size_t *bottom =
        &bottoms[char_index(closer->c)][closer->opens ? 1 : 0][closer->original % 3];
    delimiter *opener = closer->before;
    while (opener && opener != below && opener->position >= *bottom && !pairs(opener, closer))
      opener = opener->before;
    if (!opener || opener == below || opener->position < *bottom) {
      *bottom = closer->position;
      if (!closer->opens) in->delimiters = without(closer, in->delimiters);
      closer = next;
      continue;
    }
    emphasise(opener, closer);
    while (closer->before != opener) in->delimiters = without(closer->before, in->delimiters);
    if (opener->count == 0) in->delimiters = without(opener, in->delimiters);
    if (closer->count == 0) {
      in->delimiters = without(closer, in->delimiters);
      closer = next;
    }
  }
  while (in->delimiters && in->delimiters != below)
    in->delimiters = without(in->delimiters, in->delimiters);
}

static void delimiter_run(inlines *in) {
  slice text = in->text;
  size_t start = in->at;
  char c = text.at[start];
  while (in->at < text.length && text.at[in->at] == c) in->at++;
  size_t count = in->at - start;
  char before = start == 0 ? ' ' : text.at[start - 1];
  char after = in->at == text.length ? ' ' : text.at[in->at];
  bool left = !is_blank(after) &&
              (!is_punctuation(after) || is_blank(before) || is_punctuation(before));
  bool right = !is_blank(before) &&
               (!is_punctuation(before) || is_blank(after) || is_punctuation(after));
  if (c == '~' && count > 2) left = right = false;
  piece *at = add(in, TEXT, (slice){text.at + start, count});
  delimiter *made = take(sizeof *made);
  *made = (delimiter){at, start, c, left, right, count, count, in->delimiters, NULL};
  if (c == '_') {
    made->opens = left && (!right || is_punctuation(before));
    made->closes = right && (!left || is_punctuation(after));
  }
  if (in->delimiters) in->delimiters->after = made;
  in->delimiters = made;
}

// ---- links

static void open_bracket(inlines *in, bool image) {
  size_t length = image ? 2 : 1;
  if (in->bracket_count == MOST_BRACKETS) {
    add_text(in, in->at, in->at + length);
    in->at += length;
    return;
  }
  piece *at = add(in, TEXT, (slice){in->text.at + in->at, length});
  in->at += length;
  brackets[in->bracket_count++] = (bracket){at, in->at, in->delimiters, image};
}

// What follows the closing bracket at `in->at`: a target, a label, or nothing but the text itself.
static bool link_target(inlines *in, const bracket *open, slice *url, slice *title) {
  size_t after = in->at + 1;
  slice inside = {in->text.at + open->inside, in->at - open->inside}, label = inside;
  if (after < in->text.length && in->text.at[after] == '(' &&
      read_target(in->text, &after, url, title)) {
    in->at = after;
    return true;
  }
  if (definition_count == 0) return false;
  if (after < in->text.length && in->text.at[after] == '[' && read_label(in->text, &after, &label) &&
      trim(label).length == 0)
    label = inside;
  if (label.length > LONGEST_LABEL) return false;
  const definition *found = definition_of(label);
  if (!found || referred > MOST_REFERRED) return false;
  referred += found->url.length + found->title.length;
  *url = found->url, *title = found->title;
  in->at = after;
  return true;
}

static void close_bracket(inlines *in) {
  slice url = {"", 0}, title = {"", 0};
  bracket open = {0};
  bool linked = false;
  if (in->bracket_count > 0) {
    open = brackets[--in->bracket_count];
    bool dead = !open.image && in->bracket_count < in->dead_below;
    linked = !dead && link_target(in, &open, &url, &title);
    if (in->dead_below > in->bracket_count) in->dead_below = in->bracket_count;
  }
  if (!linked) {
    add_text(in, in->at, in->at + 1);
    in->at++;
    return;
  }
  emphasis(in, open.below);
  url = unescaped(url);
  open.at->kind = open.image ? IMAGE : LINK;
  open.at->text = url;
  open.at->title = title;
  piece *end = add(in, open.image ? IMAGE_END : LINK_END, url);
  end->title = title;
  if (!open.image) in->dead_below = in->bracket_count;
}

// ---- code, autolinks, the rest

static size_t run_length(slice text, size_t at) {
  size_t end = at;
  while (end < text.length && text.at[end] == text.at[at]) end++;
  return end - at;
}

static void code_span(inlines *in) {
  size_t ticks = run_length(in->text, in->at), start = in->at + ticks, at = start;
  if (ticks <= LONGEST_TICKS && !in->no_ticks[ticks]) {
    while (at < in->text.length) {
      size_t run = in->text.at[at] == '`' ? run_length(in->text, at) : 0;
      if (run == ticks) {
        add(in, CODE, (slice){in->text.at + start, at - start});
        in->at = at + run;
        return;
      }
      at += run ? run : 1;
    }
    in->no_ticks[ticks] = true;
  }
  add_text(in, in->at, start);
  in->at = start;
}

// `<https://example.com>` or `<a@example.com>`.
static bool autolink(inlines *in) {
  if (in->no_angle) return false;
  size_t start = in->at + 1, end = start;
  bool mail = false, scheme = false;
  for (; end < in->text.length && in->text.at[end] != '>'; end++) {
    char c = in->text.at[end];
    if (is_blank(c) || c == '<') return false;
    if (c == ':') scheme = true;
    if (c == '@') mail = true;
  }
  if (end >= in->text.length) {
    in->no_angle = true;
    return false;
  }
  slice url = {in->text.at + start, end - start}, target = url;
  if (!scheme && !mail) return false;
  if (!scheme) {
    char *text = take(url.length + 7);
    memcpy(text, "mailto:", 7);
    memcpy(text + 7, url.at, url.length);
    target = (slice){text, url.length + 7};
  }
  if (!is_safe_link(target)) return false;
  add(in, LINK, target);
  add(in, TEXT, url);
  add(in, LINK_END, target);
  in->at = end + 1;
  return true;
}

// A line's end, hard if there are two spaces before it.
static void line_end(inlines *in) {
  slice *before = &in->last->text;
  size_t spaces = 0;
  if (in->last->kind == TEXT) {
    while (spaces < before->length && before->at[before->length - 1 - spaces] == ' ') spaces++;
    before->length -= spaces;
  }
  if (spaces >= 2) add(in, BREAK, slice_of(""));
  add(in, TEXT, slice_of("\n"));
  in->at++;
  while (in->at < in->text.length && in->text.at[in->at] == ' ') in->at++;
}

static void backslash(inlines *in) {
  char next = in->at + 1 < in->text.length ? in->text.at[in->at + 1] : 0;
  if (next == '\n') {
    add(in, BREAK, slice_of(""));
    in->at++;
    line_end(in);
  } else if (is_punctuation(next)) {
    add(in, TEXT, (slice){in->text.at + in->at + 1, 1});
    in->at += 2;
  } else {
    add_text(in, in->at, in->at + 1);
    in->at++;
  }
}

static void plain(inlines *in) {
  size_t start = in->at++;
  while (in->at < in->text.length && !memchr("\\`*_~[]!<\n", in->text.at[in->at], 10)) in->at++;
  add_text(in, start, in->at);
}

static void next_piece(inlines *in) {
  char next = in->at + 1 < in->text.length ? in->text.at[in->at + 1] : 0;
  if (in->piece_count > MOST_PIECES) {
    add(in, TEXT, (slice){in->text.at + in->at, in->text.length - in->at});
    in->at = in->text.length;
    return;
  }
  switch (in->text.at[in->at]) {
    case '\\': backslash(in); break;
    case '`': code_span(in); break;
    case '*': case '_': case '~': delimiter_run(in); break;
    case '[': open_bracket(in, false); break;
    case ']': close_bracket(in); break;
    case '\n': line_end(in); break;
    case '!':
      if (next == '[') open_bracket(in, true);
      else plain(in);
      break;
    case '<':
      if (!autolink(in)) plain(in);
      break;
    default: plain(in);
  }
}

// ---- output

static void put_code(slice text, bool tags) {
  bool padded = text.length > 2 && is_blank(*text.at) && is_blank(text.at[text.length - 1]) &&
                trim(text).length > 0;
  if (padded) text.at++, text.length -= 2;
  if (tags) put_text("<code>");
  for (size_t i = 0; i < text.length; i++) put_escaped_byte(text.at[i] == '\n' ? ' ' : text.at[i]);
  if (tags) put_text("</code>");
}

static void put_title(slice title) {
  if (title.length == 0) return;
  put_text(" title=\"");
  put_escaped(unescaped(title));
  put_byte('"');
}

static void put_open_link(const piece *link) {
  if (!is_safe_link(link->text)) return;
  put_text("<a href=\"");
  put_url(link->text);
  put_byte('"');
  put_title(link->title);
  put_byte('>');
}

static void put_open_image(const piece *image) {
  if (!is_safe_image(image->text)) return;
  put_text("<img src=\"");
  put_url(image->text);
  put_text("\" alt=\"");
}

static void put_image_end(const piece *image) {
  if (!is_safe_image(image->text)) return;
  put_byte('"');
  put_title(image->title);
  put_byte('>');
}

// `images`: in how many images' descriptions this is, where only text counts.
static void put_piece(const piece *p, int images) {
  bool tags = images == 0;
  switch (p->kind) {
    case TEXT: put_escaped(p->text); break;
    case CODE: put_code(p->text, tags); break;
    case BREAK: if (tags) put_text("<br>"); break;
    case OPEN:
    case CLOSE:
      if (!tags) break;
      put_text(p->kind == OPEN ? "<" : "</");
      put(p->text);
      put_byte('>');
      break;
    case LINK: if (tags) put_open_link(p); break;
    case LINK_END: if (tags && is_safe_link(p->text)) put_text("</a>"); break;
    case IMAGE: if (images == 1) put_open_image(p); break;
    case IMAGE_END: if (tags) put_image_end(p); break;
  }
}

static void put_inlines(slice text) {
  inlines in = {.text = trim(text), .first = {.text = {"", 0}}};
  in.last = &in.first;
  unsigned char *mark = take(0);
  while (in.at < in.text.length) next_piece(&in);
  emphasis(&in, NULL);
  int images = 0;
  for (const piece *p = in.first.after; p; p = p->after) {
    if (p->kind == IMAGE) images++;
    if (p->kind == IMAGE_END) images--;
    put_piece(p, images);
  }
  memory_next = mark;  // pieces are of no use any more
}

#endif
