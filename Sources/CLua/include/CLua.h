#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Scripts in a child process: what the relay starts and talks to (spawn.c), and what runs in the child
// (serve.c). Both are the same program, so the frames between them are these structures as they lie in memory.

/// What precedes a script: `source` and `input` bytes follow, the text and a JSON object of globals.
struct petrel_script_request {
  /// What the script's state may hold, in bytes.
  uint64_t memory;
  /// Of math.random.
  uint64_t seed[2];
  uint32_t source, input;
};

/// How a script ended.
enum {
  petrel_script_ready = 1,   ///< Nothing ran yet: the child is confined and takes scripts.
  petrel_script_done = 2,    ///< The bytes are its value as JSON.
  petrel_script_failed = 3,  ///< The bytes are the message.
  petrel_script_memory = 4,  ///< It wanted more than `memory`.
  petrel_script_output = 5,  ///< Its value is longer than `petrel_script_longest_output`.
};

/// What the child sends: `length` bytes follow.
struct petrel_script_answer {
  uint32_t outcome, length;
};

enum {
  /// The longest value, as JSON text.
  petrel_script_longest_output = 4 << 20,
  /// The longest message.
  petrel_script_longest_message = 1 << 10,
  /// How deep values may nest: what comes in, and what goes out, which is put into other values later.
  petrel_script_deepest_input = 160,
  petrel_script_deepest_value = 100,
  /// What compiling a script may take without running it.
  petrel_script_compiler_memory = 64 << 20,
  /// The CPU time that a child has for all its scripts, in seconds; then the kernel ends it.
  petrel_script_processor_seconds = 150,
  /// The exit status of a child that could not be confined: it runs nothing then.
  petrel_script_unconfined = 70,
};

/// The first argument of the program that is a child.
static inline const char *petrel_script_argument(void) { return "--serve-scripts"; }

/// Starts `program` as a child that has one descriptor, a socket whose other end goes to `*channel`, and no
/// environment. The child ends with the calling thread, however that ends. Returns its
/// process id, or a negative errno.
pid_t petrel_spawn_script_child(const char *program, int *channel);

/// The child's life: confines the process and runs the scripts that come over descriptor 0. `parent` is the
/// process that it must not outlive.
_Noreturn void petrel_serve_scripts(pid_t parent);

/// Whether `source` compiles. Where it does not, `message` says why, with the line, in at most `room` bytes; it
/// runs nothing.
int petrel_check_script(const char *source, size_t length, char *message, size_t room);
