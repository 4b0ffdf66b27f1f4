internal import RelayModel

/// Whether a request can be put on the wire as one request: nothing in it may end a line, add a field,
/// or say another length than its body's.
enum RequestCheck {
  static func objection(to request: OutgoingRequest) -> TransferError? {
    guard isToken(request.method.utf8.span), request.method.utf8.count <= 32, request.method != "CONNECT"
    else {
      return .badRequest("the request's method is not one that can be sent")
    }
    if request.method == "HEAD", !request.body.isEmpty {
      return .badRequest("a HEAD request carries no body")
    }
    guard request.timeout > .zero else { return .badRequest("the request's timeout is not positive") }
    var objection: TransferError?
    request.headers.eachField { name, value in
      objection = objection ?? Self.objection(toField: name, value)
    }
    return objection
  }

  private static func objection(toField name: Span<UInt8>, _ value: Span<UInt8>) -> TransferError? {
    guard isToken(name), name.count <= 256 else {
      return .badRequest(
        "a request header's name is empty, over 256 bytes, or has a character it may not have")
    }
    guard !framing.contains(where: { name.isSameName(as: $0.span) }) else {
      return .badRequest("the request header \(text(name)) is set by the relay itself: leave it out")
    }
    for index in value.indices where value[index] < 0x20 && value[index] != 0x09 || value[index] == 0x7F {
      return .badRequest("the request header \(text(name)) holds a line break or another control character")
    }
    return nil
  }

  private static func text(_ name: Span<UInt8>) -> String {
    unsafe name.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// A token of RFC 9110, section 5.6.2: never empty.
  private static func isToken(_ text: Span<UInt8>) -> Bool {
    let (low, high) = (lowTokenBytes, highTokenBytes)
    for index in text.indices {
      let byte = text[index]
      let bits = byte < 64 ? low : byte < 128 ? high : 0
      guard bits >> UInt64(byte & 63) & 1 == 1 else { return false }
    }
    return !text.isEmpty
  }

  private static let framing = [
    "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade",
  ].map { Array($0.utf8) }

  private static let lowTokenBytes = bits(from: 0)
  private static let highTokenBytes = bits(from: 64)

  private static func bits(from start: UInt8) -> UInt64 {
    let token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return token.utf8.filter { $0 / 64 == start / 64 }.reduce(0) { $0 | 1 << UInt64($1 % 64) }
  }
}
