// Markdown in, HTML out: POST it, get a fragment; `?page=1` makes it a whole page. The subset that
// README files and comments use: headings, paragraphs, emphasis, code, nested lists, quotes, links
// (also by reference), images, rules, tables. HTML in the text is shown, not obeyed.
//
// A list's item and a quote are documents of their own, less their margin: so a document is an array
// of lines, and what holds blocks cuts the margin off and calls itself, DEEPEST deep.
#include "inline.h"

#define MOST_INPUT (1u << 20)
#define DEEPEST 16
#define MOST_COLUMNS 64

typedef struct {
  slice *at;
  size_t count;
} lines;

static void blocks(lines all, int depth, bool tight);

// Adds a line. Only while nothing else takes memory: then the array grows where it is.
static void add_line(lines *all, slice line) {
  size_t bytes = all->count * sizeof line;
  all->at = all->count == 0 ? take(sizeof line) : take_more(all->at, bytes, bytes + sizeof line);
  all->at[all->count++] = line;
}

// ---- what a line is

static size_t indent_of(slice line) {
  size_t i = 0;
  while (i < line.length && line.at[i] == ' ') i++;
  return i;
}

static bool is_empty(slice line) { return indent_of(line) == line.length; }

static slice without_indent(slice line, size_t most) {
  size_t cut = indent_of(line);
  if (cut > most) cut = most;
  return (slice){line.at + cut, line.length - cut};
}

static bool is_rule(slice line) {
  if (indent_of(line) > 3) return false;
  line = trim(line);
  if (line.length < 3 || !memchr("*-_", *line.at, 3)) return false;
  size_t marks = 0;
  for (size_t i = 0; i < line.length; i++) {
    if (line.at[i] == *line.at) marks++;
    else if (line.at[i] != ' ') return false;
  }
  return marks >= 3;
}

// 1 to 6, or 0.
static size_t heading_level(slice line) {
  if (indent_of(line) > 3) return 0;
  line = trim(line);
  size_t level = 0;
  while (level < line.length && line.at[level] == '#') level++;
  return level <= 6 && (level == line.length || line.at[level] == ' ') ? level : 0;
}

// The length of the fence that starts code, or 0.
static size_t fence_length(slice line) {
  if (indent_of(line) > 3) return 0;
  line = trim(line);
  size_t length = line.length > 0 && (*line.at == '`' || *line.at == '~') ? run_length(line, 0) : 0;
  if (length < 3) return 0;
  bool ticks_after = *line.at == '`' && memchr(line.at + length, '`', line.length - length);
  return ticks_after ? 0 : length;
}

static bool is_quote(slice line) {
  size_t indent = indent_of(line);
  return indent <= 3 && indent < line.length && line.at[indent] == '>';
}

typedef struct {
  char mark;       // - + * . ) or 0: no item
  size_t content;  // where the item's text starts
  uint32_t start;  // of a numbered list
} item_mark;

static item_mark item_of(slice line) {
  item_mark item = {0, 0, 0};
  size_t i = indent_of(line), indent = i;
  if (indent > 3 || i == line.length || is_rule(line)) return item;
  if (memchr("-+*", line.at[i], 3)) {
    item.mark = line.at[i++];
  } else {
    while (i < line.length && i - indent < 9 && is_digit(line.at[i]))
      item.start = item.start * 10 + (uint32_t)(line.at[i++] - '0');
    if (i == indent || i == line.length || (line.at[i] != '.' && line.at[i] != ')')) return item;
    item.mark = line.at[i++];
  }
  size_t spaces = indent_of((slice){line.at + i, line.length - i});
  if (spaces == 0 && i < line.length) return (item_mark){0, 0, 0};
  item.content = i + (spaces == 0 || spaces > 4 || i + spaces == line.length ? 1 : spaces);
  return item;
}

// Whether a line ends a paragraph that it does not belong to.
static bool interrupts(slice line) {
  item_mark item = item_of(line);
  bool starts_list = item.mark && item.content < line.length &&
                     (memchr("-+*", item.mark, 3) || item.start == 1);
  return is_empty(line) || is_rule(line) || heading_level(line) || fence_length(line) ||
         is_quote(line) || starts_list;
}

// ---- leaves

static void put_heading(slice line, size_t level) {
  slice text = trim(line);
  text = trim((slice){text.at + level, text.length - level});
  size_t end = text.length;
  while (end > 0 && text.at[end - 1] == '#') end--;
  if (end == 0 || text.at[end - 1] == ' ') text.length = end;
  put_text("<h");
  put_number(level);
  put_byte('>');
  put_inlines(text);
  put_text("</h");
  put_number(level);
  put_text(">\n");
}

static void put_code_lines(lines all, size_t from, size_t to, size_t margin) {
  for (size_t i = from; i < to; i++) {
    slice line = without_indent(all.at[i], margin);
    for (size_t j = 0; j < line.length; j++) put_escaped_byte(line.at[j]);
    put_byte('\n');
  }
}

static size_t fenced_code(lines all, size_t i) {
  size_t margin = indent_of(all.at[i]), length = fence_length(all.at[i]);
  slice fence = trim(all.at[i]);
  slice info = trim((slice){fence.at + length, fence.length - length});
  size_t word = 0, end = i + 1;
  while (word < info.length && info.at[word] != ' ') word++;
  while (end < all.count) {
    slice line = trim(all.at[end]);
    if (indent_of(all.at[end]) <= 3 && line.length >= length && *line.at == *fence.at &&
        run_length(line, 0) == line.length)
      break;
    end++;
  }
  put_text("<pre><code");
  if (word > 0) {
    put_text(" class=\"language-");
    put_escaped(unescaped((slice){info.at, word}));
    put_byte('"');
  }
  put_byte('>');
  put_code_lines(all, i + 1, end, margin);
  put_text("</code></pre>\n");
  return end < all.count ? end + 1 : end;
}

static size_t indented_code(lines all, size_t i) {
  size_t end = i, last = i;
  for (; end < all.count && (is_empty(all.at[end]) || indent_of(all.at[end]) >= 4); end++)
    if (!is_empty(all.at[end])) last = end;
  put_text("<pre><code>");
  put_code_lines(all, i, last + 1, 4);
  put_text("</code></pre>\n");
  return last + 1;
}

// ---- tables

// The next cell, and whether there is one; `\|` is no border.
static bool next_cell(slice *row, slice *cell) {
  if (row->length == 0) return false;
  size_t end = 0;
  while (end < row->length && row->at[end] != '|') end += row->at[end] == '\\' ? 2 : 1;
  if (end > row->length) end = row->length;
  *cell = trim((slice){row->at, end});
  size_t used = end < row->length ? end + 1 : end;
  row->at += used;
  row->length -= used;
  return true;
}

static slice row_of(slice line) {
  line = trim(line);
  if (line.length > 0 && *line.at == '|') line.at++, line.length--;
  return line;
}

static size_t cell_count(slice line) {
  slice row = row_of(line), cell;
  size_t count = 0;
  while (next_cell(&row, &cell)) count++;
  return count;
}

static bool is_delimiter_cell(slice cell) {
  size_t from = cell.length > 0 && *cell.at == ':', to = cell.length;
  if (to > from && cell.at[to - 1] == ':') to--;
  for (size_t i = from; i < to; i++)
    if (cell.at[i] != '-') return false;
  return to > from;
}

// How each column is aligned: 0, l, r, c. The answer is the number of columns, 0: no table here.
static size_t table_columns(lines all, size_t i, char align[MOST_COLUMNS]) {
  size_t count = 0;
  if (i + 1 >= all.count || !memchr(all.at[i + 1].at, '-', all.at[i + 1].length) ||
      !memchr(all.at[i].at, '|', all.at[i].length))
    return 0;
  slice row = row_of(all.at[i + 1]), cell;
  while (next_cell(&row, &cell)) {
    if (count == MOST_COLUMNS || !is_delimiter_cell(cell)) return 0;
    bool left = *cell.at == ':', right = cell.at[cell.length - 1] == ':';
    align[count++] = left && right ? 'c' : left ? 'l' : right ? 'r' : 0;
  }
  return count == cell_count(all.at[i]) ? count : 0;
}

static void put_row(slice line, const char *align, size_t columns, const char *element) {
  slice row = row_of(line), cell;
  put_text("<tr>");
  for (size_t i = 0; i < columns && next_cell(&row, &cell); i++) {
    put_byte('<');
    put_text(element);
    if (align[i])
      put_text(align[i] == 'c' ? " align=\"center\""
               : align[i] == 'r' ? " align=\"right\""
                                 : " align=\"left\"");
    put_byte('>');
    put_inlines(cell);
    put_text("</");
    put_text(element);
    put_byte('>');
  }
  put_text("</tr>\n");
}

static size_t table(lines all, size_t i, const char *align, size_t columns) {
  put_text("<table>\n<thead>\n");
  put_row(all.at[i], align, columns, "th");
  put_text("</thead>\n<tbody>\n");
  for (i += 2; i < all.count && !interrupts(all.at[i]); i++)
    put_row(all.at[i], align, columns, "td");
  put_text("</tbody>\n</table>\n");
  return i;
}

// ---- what holds blocks

static size_t quote(lines all, size_t i, int depth) {
  lines inside = {NULL, 0};
  bool open = false;  // whether the last line was text that may go on without its mark
  for (; i < all.count; i++) {
    slice line = all.at[i];
    if (is_quote(line)) {
      size_t cut = indent_of(line) + 1;
      if (cut < line.length && line.at[cut] == ' ') cut++;
      line = (slice){line.at + cut, line.length - cut};
      open = !interrupts(line) && indent_of(line) < 4;
    } else if (!open || interrupts(line)) {
      break;
    }
    add_line(&inside, line);
  }
  put_text("<blockquote>\n");
  blocks(inside, depth + 1, false);
  put_text("</blockquote>\n");
  return i;
}

// The lines of the item at `*i`, less their margin. `*loose` is set if an empty line parts its blocks.
static lines item_lines(lines all, size_t *i, item_mark item, bool *loose) {
  lines inside = {NULL, 0};
  slice first = all.at[*i];
  size_t cut = item.content < first.length ? item.content : first.length;
  add_line(&inside, (slice){first.at + cut, first.length - cut});
  bool empty = false, fenced = fence_length(inside.at[0]) > 0;
  for (++*i; *i < all.count; ++*i) {
    slice line = all.at[*i];
    bool mine = indent_of(line) >= item.content;
    if (is_empty(line)) {
      line.length = 0;
      if (inside.count == 1 && inside.at[0].length == 0) break;
    } else if (!mine && (empty || fenced || interrupts(line) || item_of(line).mark)) {
      break;
    }
    line = without_indent(line, item.content);
    if (empty && line.length > 0 && !fenced && indent_of(line) < 2) *loose = true;
    if (fence_length(line) > 0) fenced = !fenced;
    empty = line.length == 0;
    add_line(&inside, line);
  }
  while (inside.count > 1 && inside.at[inside.count - 1].length == 0) inside.count--, --*i;
  return inside;
}

// The item after this one, past empty lines, if it belongs to the same list.
static bool next_item(lines all, size_t *i, item_mark *item, bool *loose) {
  size_t next = *i;
  while (next < all.count && is_empty(all.at[next])) next++;
  if (next == all.count) return false;
  item_mark found = item_of(all.at[next]);
  if (!found.mark || found.mark != item->mark) return false;
  if (next > *i) *loose = true;
  *item = found;
  *i = next;
  return true;
}

static size_t list(lines all, size_t i, int depth) {
  item_mark item = item_of(all.at[i]);
  bool numbered = item.mark == '.' || item.mark == ')';
  uint32_t start = item.start;
  bool loose = false;
  // Twice over the items: only the last one tells whether their paragraphs are set apart.
  size_t end = i, count = 0;
  item_mark look = item;
  unsigned char *mark = take(0);
  do {
    item_lines(all, &end, look, &loose);
    memory_next = mark;
    count++;
  } while (next_item(all, &end, &look, &loose));
  put_text(numbered ? "<ol" : "<ul");
  if (numbered && start != 1) {
    put_text(" start=\"");
    put_number(start);
    put_byte('"');
  }
  put_text(">\n");
  for (; count > 0; count--) {
    put_text("<li>");
    bool unused;
    lines inside = item_lines(all, &i, item, &unused);
    blocks(inside, depth + 1, !loose);
    put_text("</li>\n");
    memory_next = mark;
    next_item(all, &i, &item, &unused);
  }
  put_text(numbered ? "</ol>\n" : "</ul>\n");
  return end;
}

// ---- paragraphs

static slice joined(lines all, size_t from, size_t to) {
  size_t length = 0;
  for (size_t i = from; i < to; i++) length += all.at[i].length + 1;
  char *text = take(length);
  char *at = text;
  for (size_t i = from; i < to; i++) {
    slice line = without_indent(all.at[i], all.at[i].length);
    memcpy(at, line.at, line.length);
    at += line.length;
    *at++ = '\n';
  }
  return (slice){text, (size_t)(at - text)};
}

static size_t underline_level(slice line) {
  if (indent_of(line) > 3) return 0;
  line = trim(line);
  if (line.length == 0 || (*line.at != '=' && *line.at != '-')) return 0;
  return run_length(line, 0) == line.length ? (*line.at == '=' ? 1 : 2) : 0;
}

static size_t paragraph(lines all, size_t i, bool tight) {
  size_t end = i + 1;
  size_t level = 0;
  while (end < all.count && !(level = underline_level(all.at[end])) && !interrupts(all.at[end]))
    end++;
  slice text = joined(all, i, end);
  if (level > 0) {
    put_text(level == 1 ? "<h1>" : "<h2>");
    put_inlines(text);
    put_text(level == 1 ? "</h1>\n" : "</h2>\n");
    return end + 1;
  }
  if (!tight) put_text("<p>");
  put_inlines(text);
  if (!tight) put_text("</p>");
  if (!tight || end < all.count) put_byte('\n');
  return end;
}

// ---- a document

static size_t block(lines all, size_t i, int depth, bool tight) {
  slice line = all.at[i];
  size_t level = heading_level(line);
  char align[MOST_COLUMNS];
  size_t columns;
  if (indent_of(line) >= 4) return indented_code(all, i);
  if (level > 0) {
    put_heading(line, level);
    return i + 1;
  }
  if (fence_length(line) > 0) return fenced_code(all, i);
  if (is_rule(line)) {
    put_text("<hr>\n");
    return i + 1;
  }
  if (depth < DEEPEST && is_quote(line)) return quote(all, i, depth);
  if (depth < DEEPEST && item_of(line).mark) return list(all, i, depth);
  columns = table_columns(all, i, align);
  return columns > 0 ? table(all, i, align, columns) : paragraph(all, i, tight);
}

static void blocks(lines all, int depth, bool tight) {
  size_t i = 0;
  while (i < all.count) {
    unsigned char *mark = take(0);
    i = is_empty(all.at[i]) ? i + 1 : block(all, i, depth, tight);
    memory_next = mark;  // what one block needed, the next may have
  }
}

// `[label]: url "title"` on a line of its own defines, and shows nothing.
static bool define(slice line) {
  size_t at = indent_of(line);
  definition made = {.title = {"", 0}};
  if (definition_count == MOST_DEFINITIONS || at > 3 || at >= line.length || line.at[at] != '[' ||
      !read_label(line, &at, &made.label) || at >= line.length || line.at[at] != ':')
    return false;
  at++;
  skip_blanks(line, &at);
  if (at >= line.length || !read_url(line, &at, &made.url)) return false;
  skip_blanks(line, &at);
  read_title(line, &at, &made.title);
  skip_blanks(line, &at);
  made.label = trim(made.label);
  if (at < line.length || made.label.length == 0) return false;
  if (!definition_of(made.label)) definitions[definition_count++] = made;
  return true;
}

// The text in UTF-8 without NUL, its lines' leading tabs as spaces, and cut into lines.
static lines lines_of(slice input) {
  size_t count = 1, room = input.length;
  for (size_t i = 0; i < input.length; i++) {
    unsigned char c = (unsigned char)input.at[i];
    if (c == '\n') count++;
    if (c == '\t' || c >= 0x80 || c == 0) room += 3;
  }
  lines all = {take(count * sizeof(slice)), 0};
  char *to = take(room), *start = to;
  bool margin = true, fenced = false;
  for (size_t i = 0; i <= input.length;) {
    slice rest = {input.at + i, input.length - i};
    size_t length = utf8_length(rest);
    if (rest.length == 0 || *rest.at == '\n') {
      slice line = {start, (size_t)(to - start)};
      if (line.length > 0 && line.at[line.length - 1] == '\r') line.length--;
      if (fence_length(line) > 0) fenced = !fenced;
      bool after_text = all.count > 0 && !interrupts(all.at[all.count - 1]);
      if (fenced || after_text || !define(line)) all.at[all.count++] = line;
      start = to;
      margin = true;
      i++;
      continue;
    }
    if (length == 0 || *rest.at == 0) {
      memcpy(to, "\xef\xbf\xbd", 3);
      to += 3;
      i++;
      margin = false;
      continue;
    }
    if (*rest.at == '\t' && margin) {
      do *to++ = ' ';
      while ((to - start) % 4 != 0);
      i++;
      continue;
    }
    margin = margin && *rest.at == ' ';
    if (*rest.at == '\t') {
      *to++ = ' ';
    } else {
      memcpy(to, rest.at, length);
      to += length;
    }
    i += length;
  }
  return all;
}

static const char usage[] =
    "# Markdown in, HTML out\n\n"
    "Send Markdown here with `POST`; the answer is a piece of HTML, or a whole page with `?page=1`.\n\n"
    "```sh\ncurl --data-binary @README.md URL\n```\n\n"
    "| it knows | and |\n|---|---|\n| headings, paragraphs, rules | lists in lists, quotes |\n"
    "| *emphasis*, **strong**, `code`, ~~struck~~ | tables |\n| [links](https://commonmark.org), images "
    "| fenced code |\n\n"
    "HTML in the text is shown, not obeyed; links to `javascript:` are dropped.\n";

static void put_document(slice input, bool page) {
  put_text(
      "Content-Type: text/html; charset=utf-8\nX-Content-Type-Options: nosniff\n"
      "Content-Security-Policy: default-src 'none'; img-src http: https:; style-src "
      "'unsafe-inline'\n\n");
  if (page)
    put_text(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Markdown</title>\n<style>body{max-width:"
        "45em;margin:2em auto;padding:0 1em;font:1em/1.5 sans-serif}pre{background:#f4f4f4;"
        "padding:.8em;overflow:auto}td,th{border:1px solid #ccc;padding:.2em .6em}table{border-"
        "collapse:collapse}blockquote{border-left:.3em solid #ccc;margin-left:0;padding-left:1em}"
        "</style>\n");
  blocks(lines_of(input), 0, false);
}

static void put_error(const char *status, const char *message) {
  put_text("Status: ");
  put_text(status);
  put_text("\nContent-Type: text/plain; charset=utf-8\nAllow: GET, HEAD, POST, PUT\n\n");
  put_text(message);
  put_byte('\n');
}

int main(void) {
  slice method = env("REQUEST_METHOD");
  bool too_long;
  if (is(method, "GET") || is(method, "HEAD")) {
    put_document(slice_of(usage), true);
  } else if (!is(method, "POST") && !is(method, "PUT")) {
    put_error("405", "Send Markdown with POST.");
  } else {
    slice input = read_all(MOST_INPUT, &too_long);
    if (too_long)
      put_error("413", "The text is longer than 1 MiB.");
    else
      put_document(input, query("page").length > 0);
  }
  put_end();
  return 0;
}
