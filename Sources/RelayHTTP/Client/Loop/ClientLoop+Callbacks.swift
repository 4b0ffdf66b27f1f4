internal import CCurl
internal import Glibc
internal import RelayModel

// What libcurl's multi handle calls, on the client's thread. The context is the `ClientLoop`, which
// outlives the handle.

private func loop(_ context: UnsafeMutableRawPointer?) -> ClientLoop? {
  unsafe context.map { unsafe Unmanaged<ClientLoop>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLMOPT_SOCKETFUNCTION: what libcurl waits for on a socket.
func socketWish(
  _ handle: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t, _ what: Int32,
  _ context: UnsafeMutableRawPointer?, _ perSocket: UnsafeMutableRawPointer?
) -> Int32 {
  guard let loop = unsafe loop(context) else { return -1 }
  loop.interest.setWish(what, for: descriptor)
  return 0
}

/// CURLMOPT_TIMERFUNCTION: when libcurl wants to be called at the latest; -1: not at all.
func timerWish(
  _ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let loop = unsafe loop(context) else { return -1 }
  loop.curlDue = milliseconds < 0 ? nil : loop.time.elapsed() + .milliseconds(milliseconds)
  return 0
}

/// CURLOPT_CLOSESOCKETFUNCTION: closes a connection's socket.
func closeSocket(_ context: UnsafeMutableRawPointer?, _ descriptor: curl_socket_t) -> Int32 {
  unsafe loop(context)?.interest.forget(descriptor)
  return close(descriptor)
}
