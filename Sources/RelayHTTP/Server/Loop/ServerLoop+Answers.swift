internal import CMicroHTTPD
internal import Glibc
internal import RelayModel

/// Answers, through libmicrohttpd and past it.
extension ServerLoop {
  /// Hands the answer to libmicrohttpd, which copies it.
  func queue(_ response: HTTPResponse, _ connection: ServerConnection) -> MHD_Result {
    guard let handle = unsafe connection.handle else { return .NO }
    let closes = response.closesConnection || order >= .drain
    guard let made = unsafe Self.make(response, closes: closes) else {
      precondition(response.status != 500, "the answer to a defect has a defect")
      return queue(.defective, connection)
    }
    // A client that does not read its answer is not waited for longer than that.
    let patience = Duration.seconds(10) + .milliseconds(response.body.count / 16)
    connection.enter(.sending, at: now, for: patience)
    land(connection)
    let result = unsafe MHD_queue_response(handle, UInt32(response.status), made)
    unsafe MHD_destroy_response(made)
    return result
  }

  /// Refuses a request for its size.
  func refuseTooLarge(_ response: HTTPResponse, _ connection: ServerConnection) -> MHD_Result {
    counters.tooLarge += 1
    return refuse(response, connection)
  }

  /// Refuses before the body has come, and ends the connection.
  ///
  /// Where a body follows, libmicrohttpd would answer, close, and so have the kernel reset the connection
  /// under a client that still sends, which then never reads why. So the answer goes past it, the sending
  /// half is shut, and what still comes is read and thrown away for a while. A client that waits for
  /// `100 Continue` sends nothing, and is answered the ordinary way.
  func refuse(_ response: HTTPResponse, _ connection: ServerConnection) -> MHD_Result {
    var response = response
    response.closesConnection = true
    connection.answer = nil
    connection.head = nil
    connection.body = []
    land(connection)
    let isAtHead = connection.phase == .waiting
    if isAtHead, !connection.framing.hasBody || connection.framing.expectsContinue {
      return queue(response, connection)
    }
    guard sendDirectly(response, connection) else { return .NO }
    shutdown(connection.socket, Int32(SHUT_WR))
    connection.enter(.lingering, at: now, for: .seconds(2))
    return .YES
  }

  /// Writes an answer past libmicrohttpd, which must not be sending; false when it cannot go at once.
  @discardableResult
  func sendDirectly(_ response: HTTPResponse, _ connection: ServerConnection) -> Bool {
    guard let handle = unsafe connection.handle else { return false }
    let bytes = Self.text(of: response, at: wallNow)
    let sent = unsafe bytes.withUnsafeBytes {
      unsafe petrel_mhd_send(handle, connection.socket, connection.isTLS ? 1 : 0, $0.baseAddress, $0.count)
    }
    return sent == bytes.count
  }

  /// Nil when a field cannot stand in an answer.
  private static func make(_ response: HTTPResponse, closes: Bool) -> OpaquePointer? {
    let made = unsafe response.body.withUnsafeBytes { body in
      unsafe MHD_create_response_from_buffer(
        body.count, UnsafeMutableRawPointer(mutating: body.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let made = unsafe made else { return nil }
    var isSound = true
    for field in response.fields {
      // Passed as they are, each would be copied into an array first.
      isSound =
        unsafe isSound
        && field.name.withCString { name in
          unsafe field.value.withCString { unsafe MHD_add_response_header(made, name, $0) == .YES }
        }
    }
    if closes { isSound = unsafe isSound && MHD_add_response_header(made, "Connection", "close") == .YES }
    guard isSound else {
      unsafe MHD_destroy_response(made)
      return nil
    }
    return unsafe made
  }

  /// The answer as it goes over the wire.
  private static func text(of response: HTTPResponse, at now: Timestamp) -> [UInt8] {
    let phrase = unsafe String(cString: MHD_get_reason_phrase_for(UInt32(response.status)))
    var head = "HTTP/1.1 \(response.status) \(phrase)\r\nDate: \(httpDate(now))\r\n"
    for field in response.fields { head += "\(field.name): \(field.value)\r\n" }
    head += "Connection: close\r\nContent-Length: \(response.body.count)\r\n\r\n"
    return Array(head.utf8) + response.body
  }

  /// RFC 9110, section 5.6.7.
  private static func httpDate(_ instant: Timestamp) -> String {
    var seconds = time_t(instant.seconds)
    var parts = unsafe tm()
    unsafe gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 40)
    let count = unsafe strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
