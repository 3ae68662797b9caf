// Greets: the smallest task worth calling. `?name=Ada` greets Ada.
#include "../cgi.h"

int main(void) {
  slice name = query("name");
  slice path = env("PATH_INFO");
  put_text(
      "Content-Type: text/plain; charset=utf-8\n"
      "X-Content-Type-Options: nosniff\n"
      "\n"
      "Hello, ");
  put_clean(name.length ? name : slice_of("world"), 64);
  put_text("! This was ");
  put_clean(env("REQUEST_METHOD"), 32);
  put_byte(' ');
  put_clean(path.length ? path : slice_of("/"), 512);
  put_byte('\n');
  put_end();
  return 0;
}
