internal import CCurl
internal import CLinux
internal import Glibc
internal import RelayModel

// What libcurl calls, on the client's thread, while a request is under way. The context is the `Wire`,
// which lives at least as long as its handle is in the multi handle.

func wireCallbacks() -> petrel_curl_callbacks {
  unsafe petrel_curl_callbacks(
    body: takeBody, header: takeHeaderLine, open_socket: openSocket, before_request: beforeRequest,
    before_lookup: beforeLookup)
}

private func wire(_ context: UnsafeMutableRawPointer?) -> Wire? {
  unsafe context.map { unsafe Unmanaged<Wire>.fromOpaque($0).takeUnretainedValue() }
}

/// CURLOPT_WRITEFUNCTION: another count than the given one ends the transfer.
private func takeBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let wire = unsafe wire(context) else { return 0 }
  let part = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return wire.passage.took(body: unsafe Span(_unsafeBytes: part)) ? size * count : 0
}

/// CURLOPT_HEADERFUNCTION: called for each whole line.
private func takeHeaderLine(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let wire = unsafe wire(context) else { return 0 }
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return wire.passage.took(line: unsafe Span(_unsafeBytes: line)) ? size * count : 0
}

/// CURLOPT_OPENSOCKETFUNCTION: judges the address once more, and opens the socket.
private func openSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype,
  _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let wire = unsafe wire(context), let address = unsafe address else { return CURL_SOCKET_BAD }
  let target = unsafe IPAddress(petrel_curl_address(address))
  guard wire.passage.mayConnect(to: target, wire.policy) else { return CURL_SOCKET_BAD }
  let kind = unsafe address.pointee.socktype | petrel_socket_close_on_exec
  let descriptor = unsafe socket(address.pointee.family, kind, address.pointee.protocol)
  if descriptor < 0, errno == EMFILE || errno == ENFILE { wire.passage.ranOutOfDescriptors() }
  return descriptor
}

/// CURLOPT_PREREQFUNCTION: the connection stands, a kept one too; nothing of the request was written.
private func beforeRequest(
  _ context: UnsafeMutableRawPointer?, _ peer: UnsafeMutablePointer<CChar>?,
  _ own: UnsafeMutablePointer<CChar>?,
  _ peerPort: Int32, _ ownPort: Int32
) -> Int32 {
  guard let wire = unsafe wire(context), let peer = unsafe peer else { return CURL_PREREQFUNC_ABORT }
  let address = unsafe wire.readings.address(in: peer)
  return wire.passage.mayBegin(at: address, wire.policy) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

/// CURLOPT_RESOLVER_START_FUNCTION: every name was pinned, so that there is nothing to resolve. An address
/// comes here as well, and needs no resolving.
private func beforeLookup(
  _ state: UnsafeMutableRawPointer?, _ reserved: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  guard let wire = unsafe wire(context) else { return 1 }
  guard let peer = wire.passage.peer, case .name = peer.host else { return 0 }
  wire.passage.lacksAddresses = true
  return 1
}
