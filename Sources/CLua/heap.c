#include <stdlib.h>

#include "child.h"

void *allocate_counted(void *context, void *block, size_t old, size_t size) {
  struct heap *heap = context;
  if (block == NULL) old = 0;  // Then it says what the block is for.
  if (size == 0) {
    free(block);
    heap->used -= old;
    return NULL;
  }
  if (size > old && size - old > heap->limit - heap->used) return NULL;
  void *grown = realloc(block, size);
  // Lua relies on it that a block can be made smaller.
  if (grown == NULL) return size <= old ? block : NULL;
  heap->used += size - old;
  return grown;
}
