#pragma once
#include <stddef.h>

/// The provider presets: the JSON text of presets.json beside the source file. Never freed.
const unsigned char *petrel_presets(size_t *size);
