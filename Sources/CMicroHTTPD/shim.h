#pragma once
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <sys/socket.h>
#include <sys/types.h>

// What of libmicrohttpd is variadic, a macro, or a union behind a pointer.

/// MHD_start_daemon with what a loop of ours needs: epoll without a thread of its own, suspending, and no
/// listening socket (accepted sockets are handed in). `certificate` and `key` are PEM text or both NULL, and
/// must outlive the daemon. NULL on failure.
static inline struct MHD_Daemon *petrel_mhd_start(
    size_t memory, unsigned int connections, const char *certificate, const char *key, const char *priorities,
    void *context, MHD_AccessHandlerCallback on_request,
    void *(*on_target)(void *, const char *, struct MHD_Connection *),
    MHD_NotifyConnectionCallback on_connection, MHD_RequestCompletedCallback on_completed) {
  unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
  struct MHD_OptionItem identity[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)certificate},
      {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)key},
      {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)priorities},
      {MHD_OPTION_END, 0, NULL}};
  if (certificate) flags |= MHD_USE_TLS;
  else identity[0].option = MHD_OPTION_END;
  return MHD_start_daemon(
      flags, 0, NULL, NULL, on_request, context,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory, MHD_OPTION_CONNECTION_LIMIT, connections,
      MHD_OPTION_URI_LOG_CALLBACK, on_target, context,
      MHD_OPTION_NOTIFY_CONNECTION, on_connection, context,
      MHD_OPTION_NOTIFY_COMPLETED, on_completed, context,
      MHD_OPTION_ARRAY, identity, MHD_OPTION_END);
}

/// MHD_get_daemon_info: the descriptor that becomes readable when MHD_run has work.
static inline int petrel_mhd_epoll(struct MHD_Daemon *daemon) {
  return MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

/// MHD_get_connection_info: what the connection callback left in the socket's context.
static inline void *petrel_mhd_context(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/// MHD_get_connection_info: bytes from the method's first to the end of the header fields' blank line.
static inline size_t petrel_mhd_head_size(struct MHD_Connection *connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
}

/// Sends past libmicrohttpd on `socket`, through its TLS session where there is one: only while it sends
/// nothing itself. Returns what was sent, or a negative number.
static inline ssize_t petrel_mhd_send(
    struct MHD_Connection *connection, int socket, int is_tls, const void *bytes, size_t count) {
  if (!is_tls) return send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
  const union MHD_ConnectionInfo *info =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
  return info ? gnutls_record_send((gnutls_session_t)info->tls_session, bytes, count) : -1;
}
