#pragma once
// Kernel interfaces that Swift's Glibc module does not carry.
//
// _GNU_SOURCE must not be defined here: it changes the shape of types that Glibc's module was built
// with, and the two would no longer be the same type. What it would have declared stands below.
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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
