#include <lua5.4/lualib.h>

#include "child.h"

// What scripts may use: Lua's base functions, string, table, math, utf8 and coroutine, without whatever loads
// code, reads or writes, or differs from one run to the next.

static const char list_mark[] = "petrel.list";

void push_list_mark(lua_State *state) { luaL_getmetatable(state, list_mark); }

/// list(table): the same table, which counts as a list also where it is empty.
static int mark_list(lua_State *state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);
  push_list_mark(state);
  lua_setmetatable(state, 1);
  return 1;
}

static int null_text(lua_State *state) {
  lua_pushliteral(state, "null");
  return 1;
}

/// null: an element of a list that is there and has no value.
static void open_null(lua_State *state) {
  lua_pushlightuserdata(state, NULL);
  lua_createtable(state, 0, 2);
  lua_pushcfunction(state, null_text);
  lua_setfield(state, -2, "__tostring");
  lua_pushboolean(state, 0);
  lua_setfield(state, -2, "__metatable");
  lua_setmetatable(state, -2);
  lua_setglobal(state, "null");
}

/// Takes `names` out of the table on top of the stack, and the table off it.
static void remove_all(lua_State *state, const char *const names[]) {
  for (; *names; names++) {
    lua_pushnil(state);
    lua_setfield(state, -2, *names);
  }
  lua_pop(state, 1);
}

static void open_one(lua_State *state, const char *name, lua_CFunction open) {
  luaL_requiref(state, name, open, 1);
  lua_pop(state, 1);
}

/// math.randomseed(seed), the last that is heard of it.
static void seed_random(lua_State *state, const uint64_t seed[2]) {
  lua_getglobal(state, LUA_MATHLIBNAME);
  lua_getfield(state, -1, "randomseed");
  lua_pushinteger(state, (lua_Integer)seed[0]);
  lua_pushinteger(state, (lua_Integer)seed[1]);
  lua_call(state, 2, 0);
  remove_all(state, (const char *const[]){"randomseed", NULL});
}

void open_library(lua_State *state, const uint64_t seed[2]) {
  open_one(state, LUA_GNAME, luaopen_base);
  open_one(state, LUA_STRLIBNAME, luaopen_string);
  open_one(state, LUA_TABLIBNAME, luaopen_table);
  open_one(state, LUA_MATHLIBNAME, luaopen_math);
  open_one(state, LUA_UTF8LIBNAME, luaopen_utf8);
  open_one(state, LUA_COLIBNAME, luaopen_coroutine);
  seed_random(state, seed);
  lua_pushglobaltable(state);
  remove_all(
      state, (const char *const[]){"load", "loadfile", "dofile", "print", "warn", "collectgarbage", NULL});
  lua_getglobal(state, LUA_STRLIBNAME);
  remove_all(state, (const char *const[]){"dump", NULL});
  luaL_newmetatable(state, list_mark);
  lua_pop(state, 1);
  lua_pushcfunction(state, mark_list);
  lua_setglobal(state, "list");
  open_null(state);
}
