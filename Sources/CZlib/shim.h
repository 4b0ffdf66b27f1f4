#pragma once
#include <zlib.h>

/// deflateInit2 is a macro over the library's version and the size of its state.
static inline int petrel_gzip_begin(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
