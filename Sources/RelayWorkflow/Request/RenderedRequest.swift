package import RelayModel

/// A request with every expression evaluated, before credentials and signatures: what is recorded at the
/// first attempt and sent again at every other.
package struct RenderedRequest: Sendable, Hashable {
  package var method: String
  /// Absolute; path and query encoded.
  package var url: String
  /// Whether the host is written out in the document or the configuration; one that an expression
  /// produced must be public.
  package var hostIsLiteral: Bool
  package var headers: HeaderFields
  package var body: [UInt8]

  package init(
    method: String, url: String, hostIsLiteral: Bool, headers: HeaderFields = HeaderFields(),
    body: [UInt8] = []
  ) {
    self.method = method
    self.url = url
    self.hostIsLiteral = hostIsLiteral
    self.headers = headers
    self.body = body
  }

  /// Sets a field in place of those of the same name. `subject` names it in the error.
  mutating func set(_ name: String, _ value: String, _ subject: String) throws(StepError) {
    if let bad = value.utf8.first(where: { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }) {
      let shown = [0x0D: "a CR", 0x0A: "an LF", 0: "a NUL"][Int(bad)] ?? "a control character"
      throw StepError(.badHeader, "\(subject): the value of the header \(name) holds \(shown)")
    }
    headers.removeAll(name)
    headers.append(name, value)
  }
}

extension RenderedRequest {
  /// The form in which a request is recorded; the first byte is its version.
  package func serialized() -> [UInt8] {
    var bytes: [UInt8] = [1, hostIsLiteral ? 1 : 0]
    for part in [Array(method.utf8), Array(url.utf8), headers.storage, body] {
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: part.count >> shift)) }
      bytes.append(contentsOf: part)
    }
    return bytes
  }

  /// Takes a recorded request back; nil when it is not one that this type wrote.
  package init?(serialized bytes: [UInt8]) {
    guard bytes.count >= 2, bytes[0] == 1, bytes[1] <= 1 else { return nil }
    var rest = bytes[2...]
    guard let method = Self.part(&rest), let url = Self.part(&rest), let storage = Self.part(&rest),
      let body = Self.part(&rest), rest.isEmpty, let headers = HeaderFields(storage: storage)
    else { return nil }
    self.init(
      method: String(decoding: method, as: UTF8.self), url: String(decoding: url, as: UTF8.self),
      hostIsLiteral: bytes[1] == 1, headers: headers, body: body)
  }

  private static func part(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
    guard rest.count >= 4 else { return nil }
    let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(4)
    guard rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}

extension String {
  /// Whether two names of header fields are the same.
  func isHeader(_ other: String) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
  }
}
