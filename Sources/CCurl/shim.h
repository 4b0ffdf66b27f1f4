#pragma once
// libcurl's setters and getters are variadic, and macros over that: Swift can call neither. Each wrapper
// below fixes the type of the value, which is what the variadic function trusts the caller for.
#include <curl/curl.h>

/// curl_easy_setopt(3) for options of type `long`.
static inline CURLcode petrel_curl_long(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// curl_easy_setopt(3) for options of type `curl_off_t`.
static inline CURLcode petrel_curl_size(CURL *handle, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// curl_easy_setopt(3) for strings, which libcurl copies.
static inline CURLcode petrel_curl_text(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// curl_easy_setopt(3) for memory that libcurl keeps a pointer to.
static inline CURLcode petrel_curl_pointer(CURL *handle, CURLoption option, const void *value) {
  return (curl_easy_setopt)(handle, option, value);
}

/// The callbacks of an easy handle, all given the same `context`.
struct petrel_curl_callbacks {
  curl_write_callback body;
  curl_write_callback header;
  curl_opensocket_callback open_socket;
  curl_prereq_callback before_request;
  curl_resolver_start_callback before_lookup;
};

static inline CURLcode petrel_curl_set_callbacks(CURL *handle, struct petrel_curl_callbacks callbacks,
                                                 void *context) {
  CURLcode code = (curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, callbacks.body);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_WRITEDATA, context);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_HEADERFUNCTION, callbacks.header);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_HEADERDATA, context);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETFUNCTION, callbacks.open_socket);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_OPENSOCKETDATA, context);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_PREREQFUNCTION, callbacks.before_request);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_PREREQDATA, context);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_RESOLVER_START_FUNCTION, callbacks.before_lookup);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_RESOLVER_START_DATA, context);
  if (!code) code = (curl_easy_setopt)(handle, CURLOPT_PRIVATE, context);
  return code;
}

/// Who is told when a connection's socket is closed; `context` must outlive the connection.
static inline CURLcode petrel_curl_set_close(CURL *handle, curl_closesocket_callback close, void *context) {
  CURLcode code = (curl_easy_setopt)(handle, CURLOPT_CLOSESOCKETFUNCTION, close);
  return code ? code : (curl_easy_setopt)(handle, CURLOPT_CLOSESOCKETDATA, context);
}

/// curl_easy_getinfo(3) for results of type `long`.
static inline CURLcode petrel_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

/// curl_easy_getinfo(3) for results of type `curl_off_t`: sizes, and times in microseconds.
static inline CURLcode petrel_curl_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

/// The context that `petrel_curl_set_callbacks` was given.
static inline CURLcode petrel_curl_get_context(CURL *handle, void **value) {
  return (curl_easy_getinfo)(handle, CURLINFO_PRIVATE, value);
}

/// curl_multi_setopt(3): the callbacks by which libcurl says what it waits for.
static inline CURLMcode petrel_curl_multi_set_callbacks(CURLM *multi, curl_socket_callback socket,
                                                        curl_multi_timer_callback timer, void *context) {
  CURLMcode code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETFUNCTION, socket);
  if (!code) code = (curl_multi_setopt)(multi, CURLMOPT_SOCKETDATA, context);
  if (!code) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERFUNCTION, timer);
  if (!code) code = (curl_multi_setopt)(multi, CURLMOPT_TIMERDATA, context);
  return code;
}

/// curl_multi_setopt(3) for options of type `long`.
static inline CURLMcode petrel_curl_multi_long(CURLM *multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}

/// The socket address that libcurl is about to connect to.
static inline const struct sockaddr *petrel_curl_address(const struct curl_sockaddr *address) {
  return &address->addr;
}

/// The result of a finished transfer, out of CURLMsg's union.
static inline CURLcode petrel_curl_result(const CURLMsg *message) { return message->data.result; }
