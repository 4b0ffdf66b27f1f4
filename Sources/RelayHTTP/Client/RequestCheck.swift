internal import RelayModel

/// Whether a request can be put on the wire as one request: nothing in it may end a line, add a field,
/// or say another length than its body's.
enum RequestCheck {
  static func objection(to request: OutgoingRequest) -> TransferError? {
    guard isToken(request.method), request.method.utf8.count <= 32, request.method != "CONNECT" else {
      return .badRequest("the request's method is not one that can be sent")
    }
    if request.method == "HEAD", !request.body.isEmpty {
      return .badRequest("a HEAD request carries no body")
    }
    guard request.timeout > .zero else { return .badRequest("the request's timeout is not positive") }
    for (name, value) in request.headers {
      if let objection = objection(toField: name, value) { return objection }
    }
    return nil
  }

  private static func objection(toField name: String, _ value: String) -> TransferError? {
    guard isToken(name), name.utf8.count <= 256 else {
      return .badRequest(
        "a request header's name is empty, over 256 bytes, or has a character it may not have")
    }
    guard !framing.contains(where: name.isSameField) else {
      return .badRequest("the request header \(name) is set by the relay itself: leave it out")
    }
    for byte in value.utf8 where byte < 0x20 && byte != 0x09 || byte == 0x7F {
      return .badRequest("the request header \(name) holds a line break or another control character")
    }
    return nil
  }

  /// A token of RFC 9110, section 5.6.2: never empty.
  private static func isToken(_ text: String) -> Bool {
    let (low, high) = (lowTokenBytes, highTokenBytes)
    for byte in text.utf8 {
      let bits = byte < 64 ? low : byte < 128 ? high : 0
      guard bits >> UInt64(byte & 63) & 1 == 1 else { return false }
    }
    return !text.utf8.isEmpty
  }

  private static let framing = [
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade",
  ]

  private static let lowTokenBytes = bits(from: 0)
  private static let highTokenBytes = bits(from: 64)

  private static func bits(from start: UInt8) -> UInt64 {
    let token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return token.utf8.filter { $0 / 64 == start / 64 }.reduce(0) { $0 | 1 << UInt64($1 % 64) }
  }
}

extension String {
  /// Whether this is the field name `lowercased`, in any case.
  func isSameField(as lowercased: String) -> Bool {
    guard utf8.count == lowercased.utf8.count else { return false }
    var expected = lowercased.utf8.makeIterator()
    for byte in utf8 where byte.asciiLowercased != expected.next() { return false }
    return true
  }
}
