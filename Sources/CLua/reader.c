#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"

// JSON to Lua's values. The relay wrote the text, so what is wrong with it is only ever said, not explained.

struct reader {
  lua_State *state;
  const char *next, *end;
};

static void push_value(struct reader *reader, int depth);

static _Noreturn void fail(struct reader *reader) {
  luaL_error(reader->state, "the input is not JSON");
  abort();  // luaL_error does not return.
}

static char peek(struct reader *reader) {
  if (reader->next == reader->end) fail(reader);
  return *reader->next;
}

static int take(struct reader *reader, char wanted) {
  if (peek(reader) != wanted) return 0;
  reader->next++;
  return 1;
}

static void expect(struct reader *reader, const char *word) {
  for (; *word; word++) {
    if (!take(reader, *word)) fail(reader);
  }
}

/// A number as an integer where it is one that fits; a larger one keeps its digits as text.
static void push_number(struct reader *reader) {
  const char *start = reader->next;
  while (reader->next < reader->end && *reader->next && strchr("+-.0123456789eE", *reader->next)) reader->next++;
  size_t length = (size_t)(reader->next - start);
  if (length == 0) fail(reader);
  const char *digits = lua_pushlstring(reader->state, start, length);
  if (strpbrk(digits, ".eE") == NULL) {
    // Digits alone: where they overflow, Lua makes a float of them.
    if (lua_stringtonumber(reader->state, digits) == 0) fail(reader);
    if (!lua_isinteger(reader->state, -1)) return lua_pop(reader->state, 1);
  } else {
    double value = strtod(digits, NULL);
    if (!isfinite(value)) return;
    lua_pushnumber(reader->state, value);
  }
  lua_remove(reader->state, -2);
}

static unsigned take_hex(struct reader *reader) {
  unsigned value = 0;
  for (int i = 0; i < 4; i++) {
    char digit = peek(reader);
    reader->next++;
    if (digit >= '0' && digit <= '9') {
      value = value * 16 + (unsigned)(digit - '0');
    } else if ((digit | 32) >= 'a' && (digit | 32) <= 'f') {
      value = value * 16 + (unsigned)((digit | 32) - 'a') + 10;
    } else {
      fail(reader);
    }
  }
  return value;
}

static void add_scalar(luaL_Buffer *buffer, unsigned scalar) {
  if (scalar < 0x80) {
    luaL_addchar(buffer, (char)scalar);
    return;
  }
  if (scalar < 0x800) {
    luaL_addchar(buffer, (char)(0xC0 | scalar >> 6));
  } else {
    if (scalar < 0x10000) {
      luaL_addchar(buffer, (char)(0xE0 | scalar >> 12));
    } else {
      luaL_addchar(buffer, (char)(0xF0 | scalar >> 18));
      luaL_addchar(buffer, (char)(0x80 | (scalar >> 12 & 63)));
    }
    luaL_addchar(buffer, (char)(0x80 | (scalar >> 6 & 63)));
  }
  luaL_addchar(buffer, (char)(0x80 | (scalar & 63)));
}

static void add_escape(struct reader *reader, luaL_Buffer *buffer) {
  static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  char letter = peek(reader);
  reader->next++;
  if (letter != 'u') {
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (found == NULL) fail(reader);
    luaL_addchar(buffer, meant[found - letters]);
    return;
  }
  unsigned scalar = take_hex(reader);
  if (scalar >= 0xD800 && scalar < 0xDC00) {
    expect(reader, "\\u");
    scalar = 0x10000 + ((scalar - 0xD800) << 10) + ((take_hex(reader) - 0xDC00) & 0x3FF);
  }
  add_scalar(buffer, scalar);
}

static void push_string(struct reader *reader) {
  expect(reader, "\"");
  const char *start = reader->next;
  while (peek(reader) != '"' && *reader->next != '\\') reader->next++;
  if (*reader->next == '"') {
    lua_pushlstring(reader->state, start, (size_t)(reader->next++ - start));
    return;
  }
  luaL_Buffer buffer;
  luaL_buffinit(reader->state, &buffer);
  luaL_addlstring(&buffer, start, (size_t)(reader->next - start));
  while (!take(reader, '"')) {
    if (take(reader, '\\')) {
      add_escape(reader, &buffer);
    } else {
      luaL_addchar(&buffer, *reader->next++);
    }
  }
  luaL_pushresult(&buffer);
}

/// Elements that are null stay, as `null`; a list without elements is marked as one.
static void push_list(struct reader *reader, int depth) {
  expect(reader, "[");
  lua_newtable(reader->state);
  if (take(reader, ']')) {
    push_list_mark(reader->state);
    lua_setmetatable(reader->state, -2);
    return;
  }
  lua_Integer index = 0;
  do {
    push_value(reader, depth + 1);
    if (lua_isnil(reader->state, -1)) {
      lua_pop(reader->state, 1);
      lua_pushlightuserdata(reader->state, NULL);
    }
    lua_rawseti(reader->state, -2, ++index);
  } while (take(reader, ','));
  expect(reader, "]");
}

/// Members that are null are left out: Lua's tables hold no nil.
static void push_object(struct reader *reader, int depth) {
  expect(reader, "{");
  lua_newtable(reader->state);
  if (take(reader, '}')) return;
  do {
    push_string(reader);
    expect(reader, ":");
    push_value(reader, depth + 1);
    lua_rawset(reader->state, -3);
  } while (take(reader, ','));
  expect(reader, "}");
}

static void push_value(struct reader *reader, int depth) {
  if (depth > petrel_script_deepest_input) luaL_error(reader->state, "the input is nested too deep");
  luaL_checkstack(reader->state, 8, "the input is nested too deep");
  switch (peek(reader)) {
    case '{': return push_object(reader, depth);
    case '[': return push_list(reader, depth);
    case '"': return push_string(reader);
    case 'n': expect(reader, "null"); return lua_pushnil(reader->state);
    case 't': expect(reader, "true"); return lua_pushboolean(reader->state, 1);
    case 'f': expect(reader, "false"); return lua_pushboolean(reader->state, 0);
    default: push_number(reader);
  }
}

void push_json(lua_State *state, const char *bytes, size_t length) {
  struct reader reader = {.state = state, .next = bytes, .end = bytes + length};
  push_value(&reader, 0);
  if (reader.next != reader.end) fail(&reader);
}
