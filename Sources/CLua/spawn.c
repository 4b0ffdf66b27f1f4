#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CLua.h"

// The child has signals of its own: those that tell the relay to stop, or a terminal's Ctrl-C, must not end a
// script that the relay still waits for.
static int set_signals(posix_spawnattr_t *attributes) {
  sigset_t blocked, reset;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGHUP);
  sigfillset(&reset);
  int error = posix_spawnattr_setsigmask(attributes, &blocked);
  if (!error) error = posix_spawnattr_setsigdefault(attributes, &reset);
  if (!error) {
    error = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  return error;
}

static int spawn(const char *program, pid_t *child, int socket) {
  char parent[24];
  snprintf(parent, sizeof parent, "%d", (int)getpid());
  char *arguments[] = {(char *)"petrel", (char *)petrel_script_argument(), parent, NULL};
  char *environment[] = {NULL};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  error = posix_spawnattr_init(&attributes);
  if (error) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  error = posix_spawn_file_actions_adddup2(&actions, socket, 0);
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, 1);
  if (!error) error = set_signals(&attributes);
  if (!error) error = posix_spawn(child, program, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

pid_t petrel_spawn_script_child(const char *program, int *channel) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
  // Ours never blocks: whoever reads or writes it waits with a deadline.
  int error = fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
  pid_t child = 0;
  if (!error) error = spawn(program, &child, ends[1]);
  close(ends[1]);
  if (error) {
    close(ends[0]);
    return -error;
  }
  *channel = ends[0];
  return child;
}
