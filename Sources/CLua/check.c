#include <stdlib.h>
#include <string.h>

#include "child.h"

// Compiles and forgets: the only thing that is done with a script outside a child. Lua's compiler bounds its own
// depth; nothing of the script runs.

static int compile(lua_State *state) {
  size_t length = (size_t)lua_tointeger(state, 2);
  return luaL_loadbufferx(state, lua_touserdata(state, 1), length, "=script", "t") == LUA_OK ? 0 : lua_error(state);
}

int petrel_check_script(const char *source, size_t length, char *message, size_t room) {
  struct heap heap = {.limit = petrel_script_compiler_memory};
  lua_State *state = lua_newstate(allocate_counted, &heap);
  if (state == NULL) return 0;
  lua_pushcfunction(state, compile);
  lua_pushlightuserdata(state, (void *)source);
  lua_pushinteger(state, (lua_Integer)length);
  int status = lua_pcall(state, 2, 0, 0);
  if (status != LUA_OK) {
    const char *text = lua_tostring(state, -1);
    strncpy(message, text ? text : "no message", room - 1);
    message[room - 1] = 0;
  }
  lua_close(state);
  return status == LUA_OK;
}
