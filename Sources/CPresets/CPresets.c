#include "CPresets.h"

static const unsigned char presets[] = {
#embed "presets.json"
};

const unsigned char *petrel_presets(size_t *size) {
  *size = sizeof presets;
  return presets;
}
