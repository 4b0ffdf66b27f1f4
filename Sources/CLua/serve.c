#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"

/// One script: what came, and what it came to.
struct run {
  struct petrel_script_request request;
  char *source, *input;
  struct text value;
  int is_too_long;
};

/// Makes text of whatever was thrown.
static int describe(lua_State *state) {
  if (!lua_isstring(state, 1)) lua_pushfstring(state, "an error without a text was raised: a %s", luaL_typename(state, 1));
  return 1;
}

/// Everything that may raise an error.
static int perform(lua_State *state) {
  struct run *run = lua_touserdata(state, 1);
  lua_settop(state, 0);
  open_library(state, run->request.seed);
  push_json(state, run->input, run->request.input);
  lua_pushglobaltable(state);
  for (lua_pushnil(state); lua_next(state, 1); lua_pop(state, 1)) {
    lua_pushvalue(state, -2);
    lua_pushvalue(state, -2);
    lua_rawset(state, 2);
  }
  lua_settop(state, 0);
  // Text only: a binary chunk could break the interpreter.
  if (luaL_loadbufferx(state, run->source, run->request.source, "=script", "t") != LUA_OK) return lua_error(state);
  lua_call(state, 0, 1);
  run->is_too_long = !write_json(state, &run->value);
  return 0;
}

static uint32_t execute(struct run *run) {
  struct heap heap = {.limit = run->request.memory};
  lua_State *state = lua_newstate(allocate_counted, &heap);
  if (state == NULL) return petrel_script_memory;
  lua_pushcfunction(state, describe);
  lua_pushcfunction(state, perform);
  lua_pushlightuserdata(state, run);
  int status = lua_pcall(state, 1, 0, 1);
  uint32_t outcome = run->is_too_long ? petrel_script_output : petrel_script_done;
  if (status == LUA_ERRMEM) {
    outcome = petrel_script_memory;
  } else if (status != LUA_OK) {
    size_t length = 0;
    const char *message = lua_tolstring(state, -1, &length);
    if (length > petrel_script_longest_message) length = petrel_script_longest_message;
    // What has been written of the value has room for it, or there is no room at all.
    run->value.length = 0;
    if (message != NULL && length <= run->value.room) {
      memcpy(run->value.bytes, message, length);
      run->value.length = length;
    }
    outcome = petrel_script_failed;
  }
  // Finalizers run here, while the relay still counts the time.
  lua_close(state);
  return outcome;
}

static void receive(void *place, size_t count) {
  char *next = place;
  while (count > 0) {
    ssize_t taken = read(0, next, count);
    if (taken < 0 && errno == EINTR) continue;
    // The relay wants nothing more, or is gone.
    if (taken <= 0) _exit(0);
    next += taken;
    count -= (size_t)taken;
  }
}

static void deliver(const void *bytes, size_t count) {
  const char *next = bytes;
  while (count > 0) {
    ssize_t given = write(0, next, count);
    if (given < 0 && errno == EINTR) continue;
    if (given <= 0) _exit(0);
    next += given;
    count -= (size_t)given;
  }
}

static void answer(uint32_t outcome, const struct text *text) {
  int has_text = outcome == petrel_script_done || outcome == petrel_script_failed;
  struct petrel_script_answer head = {.outcome = outcome, .length = has_text ? (uint32_t)text->length : 0};
  deliver(&head, sizeof head);
  deliver(text->bytes, head.length);
}

/// A block of at least one byte, or the end: the limits leave room for every request.
static char *block(size_t size) {
  char *bytes = malloc(size + 1);
  if (bytes == NULL) _exit(petrel_script_unconfined);
  return bytes;
}

_Noreturn void petrel_serve_scripts(pid_t parent) {
  if (!confine(parent)) _exit(petrel_script_unconfined);
  struct text nothing = {0};
  answer(petrel_script_ready, &nothing);
  while (1) {
    struct run run = {0};
    receive(&run.request, sizeof run.request);
    run.source = block(run.request.source);
    receive(run.source, run.request.source);
    run.input = block(run.request.input);
    receive(run.input, run.request.input);
    run.value.room = petrel_script_longest_message;
    run.value.bytes = block(run.value.room);
    run.value.limit = petrel_script_longest_output;
    answer(execute(&run), &run.value);
    free(run.source);
    free(run.input);
    free(run.value.bytes);
    malloc_trim(1 << 20);
  }
}
