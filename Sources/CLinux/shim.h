#pragma once
// Kernel interfaces that Swift's Glibc module does not carry.
//
// _GNU_SOURCE must not be defined here: it changes the shape of types that Glibc's module was built
// with, and the two would no longer be the same type. What it would have declared stands below.
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

/// Kinds and flags of socket(2). Their C enumeration is found by Swift only in whichever module happened to
/// include its header first, which differs between a debug and a release build.
static const int petrel_socket_stream = SOCK_STREAM;
static const int petrel_socket_datagram = SOCK_DGRAM;
static const int petrel_socket_nonblocking = SOCK_NONBLOCK;
static const int petrel_socket_close_on_exec = SOCK_CLOEXEC;

/// clock_gettime(2) in nanoseconds; negative where the kernel has no such clock. The structure that the call fills has
/// the same fate as the kinds above.
static inline int64_t petrel_clock_nanoseconds(clockid_t clock) {
  struct timespec time;
  if (clock_gettime(clock, &time) != 0) return -1;
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// prctl(2): names the calling thread, at most 15 bytes.
static inline int petrel_name_thread(const char *name) {
  return prctl(PR_SET_NAME, name, 0, 0, 0);
}

/// sched_setattr(2): asks for short slices for the calling thread, so that a flush or a socket that
/// wakes it does not wait out another thread's tick. Linux 6.12 and later honour it; a refusal is harmless
/// and is returned as -1.
static inline int petrel_short_slices(uint64_t nanoseconds) {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = sizeof attributes, .runtime = nanoseconds};
  return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/// ppoll(2) without a signal mask: poll with nanoseconds.
static inline int petrel_poll(struct pollfd *descriptors, unsigned long count, const struct timespec *timeout) {
  struct timespec left = *timeout;
  return (int)syscall(SYS_ppoll, descriptors, count, &left, (void *)0, (unsigned long)8);
}

/// accept4(2): takes a connection that does not block and is not inherited; the peer's address goes to
/// `address`, of `*length` bytes.
static inline int petrel_accept(int listener, struct sockaddr *address, socklen_t *length) {
  extern int accept4(int, struct sockaddr *, socklen_t *, int);
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/// SO_PEERCRED of socket(7): the user at the other end of a unix socket, or -1.
static inline int64_t petrel_peer_user(int socket) {
  struct {
    int32_t process;
    uint32_t user, group;
  } peer;
  socklen_t length = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? (int64_t)peer.user : -1;
}

/// TCP_INFO of tcp(7): how many bytes have arrived in all, and how many milliseconds ago the last of them
/// did. Glibc's structure ends before the former, so the kernel's offsets stand here. -1 where unknown.
static inline int petrel_tcp_received(int socket, uint64_t *bytes, uint32_t *milliseconds_ago) {
  enum { tcp = 6, tcp_info = 11, last_received = 52, bytes_received = 128 };
  uint8_t info[bytes_received + sizeof *bytes];
  socklen_t length = sizeof info;
  if (getsockopt(socket, tcp, tcp_info, info, &length) != 0 || length < sizeof info) return -1;
  __builtin_memcpy(bytes, info + bytes_received, sizeof *bytes);
  __builtin_memcpy(milliseconds_ago, info + last_received, sizeof *milliseconds_ago);
  return 0;
}

/// recv(2) that leaves what it sees: 1 where the kernel holds bytes that nobody has read.
static inline int petrel_holds_unread(int socket) {
  char byte;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/// The same: 1 where nothing is left to be read and the peer will send nothing more.
static inline int petrel_peer_has_ended(int socket) {
  char byte;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/// SO_SNDTIMEO of socket(7): how long a send waits for room.
static inline int petrel_limit_sends(int socket, long milliseconds) {
  struct timeval limit = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000};
  return setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

/// IPV6_V6ONLY of ipv6(7), off: the socket takes IPv4 as well.
static inline int petrel_take_both_families(int socket) {
  int off = 0;
  enum { ipv6 = 41, ipv6_only = 26 };
  return setsockopt(socket, ipv6, ipv6_only, &off, sizeof off);
}
