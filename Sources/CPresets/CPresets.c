#include "CPresets.h"

// #embed came with C23; clang takes it in every mode, and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char presets[] = {
#embed "presets.json"
};

const unsigned char *petrel_presets(size_t *size) {
  *size = sizeof presets;
  return presets;
}
