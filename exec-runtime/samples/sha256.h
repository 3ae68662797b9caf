// SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104).
#ifndef RUNNEL_SHA256_H
#define RUNNEL_SHA256_H

#include <stdint.h>
#include <string.h>

typedef struct {
  uint32_t state[8];
  uint8_t block[64];
  uint64_t length;
} sha256;

static inline uint32_t sha256_turn(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void sha256_block(sha256 *hash, const uint8_t *p) {
  static const uint32_t k[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
      0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
      0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
      0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
      0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
      0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
      0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
      0xc67178f2};
  uint32_t w[64];
  for (int i = 0; i < 16; i++, p += 4)
    w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (sha256_turn(a, 7) ^ sha256_turn(a, 18) ^ a >> 3) + w[i - 7] +
           (sha256_turn(b, 17) ^ sha256_turn(b, 19) ^ b >> 10);
  }
  uint32_t s[8];
  memcpy(s, hash->state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t a = s[0], e = s[4];
    uint32_t one = s[7] + (sha256_turn(e, 6) ^ sha256_turn(e, 11) ^ sha256_turn(e, 25)) +
                   ((e & s[5]) ^ (~e & s[6])) + k[i] + w[i];
    uint32_t two = (sha256_turn(a, 2) ^ sha256_turn(a, 13) ^ sha256_turn(a, 22)) +
                   ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += one;
    s[0] = one + two;
  }
  for (int i = 0; i < 8; i++) hash->state[i] += s[i];
}

static void sha256_start(sha256 *hash) {
  static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(hash->state, start, sizeof start);
  hash->length = 0;
}

static void sha256_add(sha256 *hash, const void *from, size_t length) {
  const uint8_t *bytes = from;
  size_t held = hash->length % 64;
  hash->length += length;
  if (held + length < 64) {
    memcpy(hash->block + held, bytes, length);
    return;
  }
  if (held > 0) {
    memcpy(hash->block + held, bytes, 64 - held);
    sha256_block(hash, hash->block);
    bytes += 64 - held;
    length -= 64 - held;
  }
  for (; length >= 64; bytes += 64, length -= 64) sha256_block(hash, bytes);
  memcpy(hash->block, bytes, length);
}

static void sha256_end(sha256 *hash, uint8_t digest[32]) {
  uint64_t bits = hash->length * 8;
  uint8_t tail[72] = {0x80};
  size_t zeros = (119 - hash->length % 64) % 64;
  for (int i = 0; i < 8; i++) tail[1 + zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
  sha256_add(hash, tail, zeros + 9);
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}

static inline void hmac_sha256(const void *key, size_t key_length, const void *text,
                               size_t length, uint8_t digest[32]) {
  uint8_t pad[64] = {0};
  sha256 hash;
  if (key_length > 64) {
    sha256_start(&hash);
    sha256_add(&hash, key, key_length);
    sha256_end(&hash, pad);
  } else {
    memcpy(pad, key, key_length);
  }
  for (int i = 0; i < 64; i++) pad[i] ^= 0x36;
  sha256_start(&hash);
  sha256_add(&hash, pad, sizeof pad);
  sha256_add(&hash, text, length);
  sha256_end(&hash, digest);
  for (int i = 0; i < 64; i++) pad[i] ^= 0x36 ^ 0x5c;
  sha256_start(&hash);
  sha256_add(&hash, pad, sizeof pad);
  sha256_add(&hash, digest, 32);
  sha256_end(&hash, digest);
}

#endif
