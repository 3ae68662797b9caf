// Any payload in, its length, CRC-32 (as zip and PNG have it) and SHA-256 out, as JSON. Reads piece
// by piece, so that memory does not grow with the payload.
#include "../cgi.h"
#include "../sha256.h"

static uint32_t crc_table[256];

static void make_crc_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int bit = 0; bit < 8; bit++) c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
    crc_table[i] = c;
  }
}

int main(void) {
  static uint8_t piece[16384];
  uint32_t crc = 0xffffffff;
  uint64_t length = 0;
  uint8_t digest[32];
  sha256 hash;
  make_crc_table();
  sha256_start(&hash);
  for (;;) {
    __wasi_iovec_t part = {piece, sizeof piece};
    __wasi_size_t got = 0;
    if (__wasi_fd_read(STDIN, &part, 1, &got) != 0) return 74;
    if (got == 0) break;
    for (size_t i = 0; i < got; i++) crc = crc_table[(crc ^ piece[i]) & 255] ^ crc >> 8;
    sha256_add(&hash, piece, got);
    length += got;
  }
  sha256_end(&hash, digest);
  crc = ~crc;
  uint8_t crc_bytes[4] = {(uint8_t)(crc >> 24), (uint8_t)(crc >> 16), (uint8_t)(crc >> 8),
                          (uint8_t)crc};
  put_text("{\"length\":");
  put_number(length);
  put_text(",\"crc32\":\"");
  put_hex(crc_bytes, 4);
  put_text("\",\"sha256\":\"");
  put_hex(digest, 32);
  put_text("\"}\n");
  put_end();
  return 0;
}
