#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"

// Lua's values to JSON: one form for one value, members in the order of their names.

struct writer {
  lua_State *state;
  struct text *text;
};

static int write_value(struct writer *writer, int depth);

static int append(struct text *text, const char *bytes, size_t length) {
  if (length > text->limit - text->length) return 0;
  if (length > text->room - text->length) {
    size_t room = (text->length + length) * 2;
    char *grown = realloc(text->bytes, room);
    if (grown == NULL) return 0;
    text->bytes = grown;
    text->room = room;
  }
  memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  return 1;
}

static int append_char(struct text *text, char byte) { return append(text, &byte, 1); }

/// The length of the UTF-8 character at `bytes`, 0 where there is none (RFC 3629: no surrogates, no overlong form).
static size_t character(const unsigned char *bytes, size_t left) {
  unsigned char first = bytes[0];
  if (first < 0x80) return 1;
  size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || length > left) return 0;
  unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (bytes[1] < low || bytes[1] > high) return 0;
  for (size_t i = 2; i < length; i++) {
    if ((bytes[i] & 0xC0) != 0x80) return 0;
  }
  return length;
}

static int write_string(struct writer *writer, const char *bytes, size_t length) {
  struct text *text = writer->text;
  if (!append_char(text, '"')) return 0;
  for (size_t i = 0; i < length;) {
    unsigned char byte = (unsigned char)bytes[i];
    size_t count = character((const unsigned char *)bytes + i, length - i);
    if (count == 0) return luaL_error(writer->state, "the value holds a string that is not UTF-8");
    char escaped[8];
    if (byte == '"' || byte == '\\') {
      if (!append_char(text, '\\') || !append_char(text, (char)byte)) return 0;
    } else if (byte < 0x20) {
      if (!append(text, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", byte))) return 0;
    } else if (!append(text, bytes + i, count)) {
      return 0;
    }
    i += count;
  }
  return append_char(text, '"');
}

/// Whole numbers without a fraction, others in the shortest form that reads as the same number.
static int write_number(struct writer *writer) {
  char digits[40];
  int length;
  if (lua_isinteger(writer->state, -1)) {
    length = snprintf(digits, sizeof digits, "%lld", (long long)lua_tointeger(writer->state, -1));
  } else {
    double value = lua_tonumber(writer->state, -1);
    if (!isfinite(value)) return luaL_error(writer->state, "the value holds a number that is not finite");
    if (value == floor(value) && fabs(value) < 9007199254740992.0) {
      length = snprintf(digits, sizeof digits, "%lld", (long long)value);
    } else {
      for (int precision = 15; precision <= 17; precision++) {
        length = snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) break;
      }
    }
  }
  return append(writer->text, digits, (size_t)length);
}

struct key {
  const char *bytes;
  size_t length;
};

static int by_bytes(const void *left, const void *right) {
  const struct key *a = left, *b = right;
  size_t shorter = a->length < b->length ? a->length : b->length;
  int order = memcmp(a->bytes, b->bytes, shorter);
  return order ? order : (a->length > b->length) - (a->length < b->length);
}

static size_t count_keys(lua_State *state) {
  size_t count = 0;
  for (lua_pushnil(state); lua_next(state, -2); lua_pop(state, 1)) count++;
  return count;
}

static int is_marked(lua_State *state) {
  if (!lua_getmetatable(state, -1)) return 0;
  push_list_mark(state);
  int same = lua_rawequal(state, -1, -2);
  lua_pop(state, 2);
  return same;
}

static int write_list(struct writer *writer, size_t count, int depth) {
  if (!append_char(writer->text, '[')) return 0;
  for (size_t i = 1; i <= count; i++) {
    if (i > 1 && !append_char(writer->text, ',')) return 0;
    lua_rawgeti(writer->state, -1, (lua_Integer)i);
    if (!write_value(writer, depth + 1)) return 0;
    lua_pop(writer->state, 1);
  }
  return append_char(writer->text, ']');
}

/// The names of the table on top of the stack, in order, in a block that takes its place above the table.
static struct key *sorted_keys(lua_State *state, size_t count) {
  struct key *keys = lua_newuserdatauv(state, count * sizeof *keys, 0);
  size_t known = 0;
  for (lua_pushnil(state); lua_next(state, -3); lua_pop(state, 1)) {
    if (lua_type(state, -2) != LUA_TSTRING) {
      luaL_error(
          state, "the value holds a table that is neither a list (1, 2, … without a gap) nor an object (names): "
                 "it has a key of the type %s", luaL_typename(state, -2));
    }
    // The table keeps the key where it is.
    keys[known].bytes = lua_tolstring(state, -2, &keys[known].length);
    known++;
  }
  qsort(keys, count, sizeof *keys, by_bytes);
  return keys;
}

static int write_object(struct writer *writer, size_t count, int depth) {
  struct key *keys = sorted_keys(writer->state, count);
  if (!append_char(writer->text, '{')) return 0;
  for (size_t i = 0; i < count; i++) {
    if (i > 0 && !append_char(writer->text, ',')) return 0;
    if (!write_string(writer, keys[i].bytes, keys[i].length) || !append_char(writer->text, ':')) return 0;
    lua_pushlstring(writer->state, keys[i].bytes, keys[i].length);
    lua_rawget(writer->state, -3);
    if (!write_value(writer, depth + 1)) return 0;
    lua_pop(writer->state, 1);
  }
  lua_pop(writer->state, 1);
  return append_char(writer->text, '}');
}

static int write_table(struct writer *writer, int depth) {
  if (depth >= petrel_script_deepest_value) {
    return luaL_error(writer->state, "the value is nested deeper than %d, or holds itself", petrel_script_deepest_value);
  }
  luaL_checkstack(writer->state, 8, "the value is nested too deep");
  size_t count = count_keys(writer->state);
  int is_list = count > 0 ? (lua_Unsigned)count == lua_rawlen(writer->state, -1) : is_marked(writer->state);
  return is_list ? write_list(writer, count, depth) : write_object(writer, count, depth);
}

static int write_value(struct writer *writer, int depth) {
  lua_State *state = writer->state;
  switch (lua_type(state, -1)) {
    case LUA_TNIL: return append(writer->text, "null", 4);
    case LUA_TBOOLEAN:
      return lua_toboolean(state, -1) ? append(writer->text, "true", 4) : append(writer->text, "false", 5);
    case LUA_TNUMBER: return write_number(writer);
    case LUA_TSTRING: {
      size_t length;
      const char *bytes = lua_tolstring(state, -1, &length);
      return write_string(writer, bytes, length);
    }
    case LUA_TTABLE: return write_table(writer, depth);
    // `null`: no script can make another.
    case LUA_TLIGHTUSERDATA: return append(writer->text, "null", 4);
    default: return luaL_error(state, "the value holds a %s, which has no JSON form", luaL_typename(state, -1));
  }
}

int write_json(lua_State *state, struct text *text) {
  struct writer writer = {.state = state, .text = text};
  return write_value(&writer, 0);
}
