internal import RelayModel

/// The proxy of `egress.proxy`, through which every request goes.
///
/// With a proxy, names are the proxy's to resolve: hosts are judged by name, and by address where the URL
/// gives one; what a name leads to is for the proxy's own rules.
package struct EgressProxy: Hashable, Sendable {
  let destination: Destination
  let user: String?
  let password: String?

  /// Reads `http://[user[:password]@]host[:port]`, user and password percent-encoded. Throws `.badURL`.
  package init(_ text: String) throws(TransferError) {
    let bytes = Array(text.utf8)
    let slashes = [UInt8](repeating: UInt8(ascii: "/"), count: 2)
    let start = bytes.indices.first { bytes[$0...].starts(with: slashes) }.map { $0 + 2 } ?? bytes.endIndex
    let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
    let at = bytes[start..<end].lastIndex(of: UInt8(ascii: "@"))
    let url = try HTTPURL(
      String(decoding: bytes[..<start] + bytes[(at.map { $0 + 1 } ?? start)...], as: UTF8.self))
    guard url.target == "/" else { throw .badURL("a proxy's URL has no path and no query") }
    destination = url.destination
    let credentials = at.map { bytes[start..<$0].split(separator: UInt8(ascii: ":"), maxSplits: 1) } ?? []
    user = try credentials.first.map(Self.decoded)
    password = credentials.count > 1 ? try Self.decoded(credentials[1]) : nil
  }

  private static func decoded(_ text: ArraySlice<UInt8>) throws(TransferError) -> String {
    var bytes: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), value != 0 else {
        throw .badURL("the proxy's user or password holds a % that begins no %XX")
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
