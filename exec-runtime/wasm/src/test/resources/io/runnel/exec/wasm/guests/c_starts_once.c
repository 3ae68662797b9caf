/* Counts its runs. With the start of newer C libraries (wasi-libc from 2023 on), which runs only once; that of Debian 12 runs again.
 *
 *   clang --target=wasm32-wasi -O2 -nostartfiles -Wl,--strip-all c_starts_once.c -o c_starts_once.wasm
 */
#include <unistd.h>

extern void __wasm_call_ctors(void);
extern void __wasm_call_dtors(void);

static int main_of_it(void) {
  static char runs = '0';
  runs++;
  return write(1, &runs, 1) == 1 ? 0 : 1;
}

void _start(void) {
  static volatile int started = 0;
  if (started != 0) {
    __builtin_trap();
  }
  started = 1;
  __wasm_call_ctors();
  int code = main_of_it();
  __wasm_call_dtors();
  if (code != 0) {
    _exit(code);
  }
}
