internal import RelayModel

/// An absolute http or https URL, read once: what is judged is what is connected to.
///
/// Everything that two parsers might read differently (user names, backslashes, control characters,
/// percent signs or foreign digits in the host) is refused rather than interpreted.
package struct HTTPURL: Hashable, Sendable {
  /// Scheme, host and port.
  package let destination: Destination
  /// Path and query as they stand in the request line; begins with `/`, holds no fragment.
  package let target: String
  /// The URL in its one spelling.
  package let text: String

  init(destination: Destination, target: String) {
    self.destination = destination
    self.target = target
    self.text = "\(destination)\(target)"
  }

  /// Reads `text`. Throws `.badURL` with the reason, never with the URL's path or query in it.
  package init(_ text: String) throws(TransferError) {
    let bytes = Array(text.utf8)
    guard bytes.count <= Self.longest else {
      throw .badURL("the URL is longer than \(Self.longest) bytes")
    }
    if let bad = bytes.first(where: { $0 <= 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) {
      throw .badURL("the URL holds \(Self.name(of: bad)): percent-encode it")
    }
    let (scheme, afterScheme) = try Self.scheme(bytes)
    let end =
      bytes[afterScheme...].firstIndex {
        [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0)
      }
      ?? bytes.endIndex
    let (host, port) = try Self.authority(bytes[afterScheme..<end])
    self.init(
      destination: Destination(scheme: scheme, host: host, port: port ?? scheme.defaultPort),
      target: Self.target(bytes[end...]))
  }

  /// The longest URL that is taken, in bytes.
  static let longest = 32 << 10

  private static func name(of byte: UInt8) -> String {
    switch byte {
    case 0x20: "a space"
    case UInt8(ascii: "\\"): "a backslash"
    default: "a control character"
    }
  }
}

// MARK: - Parts

extension HTTPURL {
  private static func scheme(_ bytes: [UInt8]) throws(TransferError) -> (Destination.Scheme, Int) {
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
      throw .badURL("the URL has no scheme: write https://… or http://…")
    }
    let name = String(decoding: bytes[..<colon].map(\.asciiLowercased), as: UTF8.self)
    guard let scheme = Destination.Scheme(rawValue: name) else {
      throw .badURL("the URL's scheme is neither http nor https")
    }
    guard bytes[(colon + 1)...].starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) else {
      throw .badURL("the URL's scheme is not followed by //")
    }
    return (scheme, colon + 3)
  }

  /// Reads `host[:port]`; also what `egress` rules and tests give it.
  static func authority(
    _ bytes: ArraySlice<UInt8>
  ) throws(TransferError) -> (Destination.Host, port: UInt16?) {
    guard !bytes.contains(UInt8(ascii: "@")) else {
      throw .badURL("the URL holds a user name: write credentials in `auth` or a header")
    }
    var host = bytes
    var port: ArraySlice<UInt8>?
    let afterBracket = bytes.lastIndex(of: UInt8(ascii: "]")) ?? bytes.startIndex
    if let colon = bytes[afterBracket...].firstIndex(of: UInt8(ascii: ":")) {
      host = bytes[..<colon]
      port = bytes[(colon + 1)...]
    }
    return (
      try HostText.read(host), port: try port.map { (digits) throws(TransferError) in try Self.port(digits) }
    )
  }

  private static func port(_ digits: ArraySlice<UInt8>) throws(TransferError) -> UInt16 {
    guard digits.allSatisfy({ (48...57).contains($0) }),
      let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0
    else { throw .badURL("the URL's port is not a number from 1 to 65535") }
    return port
  }

  /// Path and query, with what may not stand in a request line percent-encoded.
  static func target(_ bytes: ArraySlice<UInt8>) -> String {
    let kept = bytes.prefix { $0 != UInt8(ascii: "#") }
    var target: [UInt8] = kept.first == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]
    target.reserveCapacity(kept.count + 1)
    for byte in kept {
      if byte >= 0x80 || mustBeEncoded.contains(byte) {
        target.append(UInt8(ascii: "%"))
        target.append(hexDigits[Int(byte >> 4)])
        target.append(hexDigits[Int(byte & 15)])
      } else {
        target.append(byte)
      }
    }
    return String(decoding: target, as: UTF8.self)
  }

  private static let mustBeEncoded = Array("\"<>^`{|}".utf8)
  private static let hexDigits = Array("0123456789ABCDEF".utf8)
}
