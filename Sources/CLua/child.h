#pragma once
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <stddef.h>
#include <stdint.h>

#include "CLua.h"

// What the files of the child know of each other. Nothing here is seen by the relay.

/// A state's memory: what it holds, and what it may.
struct heap {
  size_t used, limit;
};

/// Lua's allocator over a `struct heap`.
void *allocate_counted(void *heap, void *block, size_t old, size_t size);

/// Text that grows up to a limit.
struct text {
  char *bytes;
  size_t length, room, limit;
};

/// Leaves the process with memory, a processor and descriptor 0; false where the kernel does not do all of it.
int confine(pid_t parent);

/// Opens what scripts may use.
void open_library(lua_State *state, const uint64_t seed[2]);

/// Pushes the value of the JSON text. Raises an error where it is none.
void push_json(lua_State *state, const char *bytes, size_t length);

/// Pushes the metatable of tables that are lists although they are empty.
void push_list_mark(lua_State *state);

/// Appends the value on top of the stack as JSON. Raises an error for what has no JSON form; returns false where
/// it is longer than the text may be.
int write_json(lua_State *state, struct text *text);
