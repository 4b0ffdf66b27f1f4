internal import CCurl

/// libcurl's multi handle: the transfers that are under way and the connections that are kept.
@safe struct MultiHandle: ~Copyable {
  private let pointer: UnsafeMutableRawPointer

  /// curl_multi_init.
  init() throws(TransferError) {
    guard let pointer = unsafe curl_multi_init() else { throw .overloaded("libcurl is out of memory") }
    unsafe self.pointer = pointer
  }

  deinit { unsafe curl_multi_cleanup(pointer) }

  /// Sets the callbacks by which libcurl says what it waits for. `context` must outlive the handle, whose
  /// end closes the kept connections.
  @unsafe func configure(
    keptConnections: Int, socket: curl_socket_callback, timer: curl_multi_timer_callback,
    context: UnsafeMutableRawPointer
  ) throws(TransferError) {
    try check(unsafe petrel_curl_multi_set_callbacks(pointer, socket, timer, context))
    try check(unsafe petrel_curl_multi_long(pointer, CURLMOPT_MAXCONNECTS, keptConnections))
    try check(unsafe petrel_curl_multi_long(pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING)))
  }

  /// curl_multi_add_handle: the wire must live until it was removed.
  func add(_ wire: Wire) throws(TransferError) {
    try check(unsafe curl_multi_add_handle(pointer, wire.handle.pointer))
  }

  /// curl_multi_remove_handle: ends what is under way, with its connection. Never inside a callback.
  func remove(_ wire: Wire) {
    let code = unsafe curl_multi_remove_handle(pointer, wire.handle.pointer)
    precondition(code == CURLM_OK, "a wire is taken out once, outside of callbacks")
  }

  /// curl_multi_socket_action: lets libcurl work on a socket that is ready.
  func work(on descriptor: Int32, _ ready: Int32) {
    var running: Int32 = 0
    unsafe require(curl_multi_socket_action(pointer, descriptor, ready, &running))
  }

  /// curl_multi_socket_action: lets libcurl start, and end, what is due.
  func workOnTime() {
    var running: Int32 = 0
    unsafe require(curl_multi_socket_action(pointer, CURL_SOCKET_TIMEOUT, 0, &running))
  }

  /// curl_multi_info_read: the next finished wire with its result.
  func nextFinished() -> (wire: Wire, code: CURLcode)? {
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(pointer, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else {
        continue
      }
      let code = unsafe petrel_curl_result(message)
      var context: UnsafeMutableRawPointer?
      guard unsafe petrel_curl_get_context(handle, &context) == CURLE_OK, let context = unsafe context else {
        continue
      }
      return (unsafe Unmanaged<Wire>.fromOpaque(context).takeUnretainedValue(), code)
    }
    return nil
  }

  /// A failure of the multi interface is a misuse of it, or the end of memory, which ends a process anyway.
  private func require(_ code: CURLMcode) {
    precondition(code == CURLM_OK, "libcurl's multi handle is used by its rules")
  }

  private func check(_ code: CURLMcode) throws(TransferError) {
    guard code == CURLM_OK else {
      throw .overloaded("libcurl refuses: \(unsafe String(cString: curl_multi_strerror(code)))")
    }
  }
}
