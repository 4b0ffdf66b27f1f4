#pragma once
#include <lmdb.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// CRC-32C (Castagnoli, reflected 0x82F63B78), as every record carries it: eight bytes a step where
// the processor has the instruction (SSE 4.2, Armv8), a table elsewhere.

#if defined(__x86_64__)
#define PETREL_CRC_TARGET __attribute__((target("sse4.2")))
#elif defined(__aarch64__)
#define PETREL_CRC_TARGET __attribute__((target("crc")))
#include <sys/auxv.h>
#endif

static inline uint32_t petrel_crc32c_table(uint32_t crc, const void *data, size_t count) {
  static const uint32_t nibble[16] = {
      0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3, 0x61C69362, 0x7198540D,
      0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9, 0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75};
  const uint8_t *bytes = (const uint8_t *)data;
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    crc = nibble[crc & 15] ^ (crc >> 4);
    crc = nibble[crc & 15] ^ (crc >> 4);
  }
  return crc;
}

#ifdef PETREL_CRC_TARGET
PETREL_CRC_TARGET static inline uint32_t petrel_crc32c_hardware(
    uint32_t crc, const void *data, size_t count) {
  const uint8_t *bytes = (const uint8_t *)data;
  uint64_t wide = crc;
  for (; count >= 8; count -= 8, bytes += 8) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if defined(__x86_64__)
    wide = __builtin_ia32_crc32di(wide, word);
#else
    wide = __builtin_arm_crc32cd((uint32_t)wide, word);
#endif
  }
  crc = (uint32_t)wide;
  for (; count > 0; count--, bytes++) {
#if defined(__x86_64__)
    crc = __builtin_ia32_crc32qi(crc, *bytes);
#else
    crc = __builtin_arm_crc32cb(crc, *bytes);
#endif
  }
  return crc;
}
#endif

static inline int petrel_crc32c_has_hardware(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("sse4.2");
#elif defined(__aarch64__)
  return (getauxval(AT_HWCAP) >> 7) & 1;  // HWCAP_CRC32
#else
  return 0;
#endif
}

// Goes on with `crc` (start with ~0, end with ~).
static inline uint32_t petrel_crc32c(uint32_t crc, const void *data, size_t count) {
#ifdef PETREL_CRC_TARGET
  if (petrel_crc32c_has_hardware()) return petrel_crc32c_hardware(crc, data, count);
#endif
  return petrel_crc32c_table(crc, data, count);
}
