internal import RelayModel

/// The host of a URL: an IPv6 address in brackets, an IPv4 address in any spelling that a resolver
/// would take for one, or a DNS name.
enum HostText {
  static func read(_ text: ArraySlice<UInt8>) throws(TransferError) -> Destination.Host {
    guard !text.isEmpty else { throw .badURL("the URL has no host") }
    if text.first == UInt8(ascii: "[") { return .address(try bracketed(text)) }
    var name = text.map(\.asciiLowercased)
    if name.last == UInt8(ascii: ".") { name.removeLast() }
    guard name.allSatisfy(isNameByte) else {
      throw .badURL("the URL's host has a character outside a-z, 0-9, '-', '_' and '.': write xn--… names")
    }
    let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard name.count <= 253, labels.allSatisfy({ (1...63).contains($0.count) }) else {
      throw .badURL("the URL's host is not a DNS name: a part is empty or over 63 bytes, or all over 253")
    }
    guard isNumeric(labels[labels.count - 1]) else { return .name(String(decoding: name, as: UTF8.self)) }
    return .address(.v4(try number(labels)))
  }

  private static func bracketed(_ text: ArraySlice<UInt8>) throws(TransferError) -> IPAddress {
    let inner = text.dropFirst().dropLast()
    guard text.last == UInt8(ascii: "]"), let address = IPAddress(String(decoding: inner, as: UTF8.self)),
      case .v6 = address
    else { throw .badURL("what stands in brackets is not an IPv6 address without a zone") }
    return address
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
  }

  /// A host whose last part is a number is an IPv4 address or nothing (WHATWG URL, "ends in a number").
  private static func isNumeric(_ label: ArraySlice<UInt8>) -> Bool {
    label.allSatisfy { (48...57).contains($0) } || part(label) != nil
  }

  /// `127.1`, `0x7f000001`, `017700000001`: what inet_aton takes.
  private static func number(_ labels: [ArraySlice<UInt8>]) throws(TransferError) -> UInt32 {
    let parts = labels.compactMap(part)
    guard parts.count == labels.count, parts.count <= 4, let last = parts.last else {
      throw .badURL("the URL's host ends in a number but is not an IPv4 address")
    }
    let leading = parts.dropLast()
    let width = 8 * (4 - leading.count)
    guard leading.allSatisfy({ $0 <= 255 }), last < 1 << UInt64(width) else {
      throw .badURL("the URL's host is an IPv4 address out of range")
    }
    return UInt32(leading.reduce(0) { $0 << 8 | $1 } << UInt64(width) | last)
  }

  /// A decimal, octal (`0…`) or hexadecimal (`0x…`) number that fits 32 bits.
  private static func part(_ label: ArraySlice<UInt8>) -> UInt64? {
    let text = String(decoding: label, as: UTF8.self)
    guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else { return nil }
    let value: UInt64? =
      if text.hasPrefix("0x") {
        text.utf8.count == 2 ? 0 : UInt64(text.dropFirst(2), radix: 16)
      } else if text.hasPrefix("0"), text.utf8.count > 1 {
        UInt64(text.dropFirst(), radix: 8)
      } else {
        UInt64(text)
      }
    return value.flatMap { $0 <= UInt64(UInt32.max) ? $0 : nil }
  }
}
