internal import RelayModel

/// RFC 3986's encoding: everything but letters, digits and `-._~`.
enum PercentEncoding {
  static func encode(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) {
        bytes.append(byte)
      } else {
        bytes.append(UInt8(ascii: "%"))
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Decodes a part of a form or a query, where `+` is a blank. What is no `%` and two digits stays.
  static func decodeForm(_ bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%"), index + 2 < bytes.count, let high = value(bytes[index + 1]),
        let low = value(bytes[index + 2])
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
        index += 1
      }
    }
    return String(decoding: decoded, as: UTF8.self)
  }

  /// The pairs of `a=1&b=2`, decoded, in order.
  static func pairs(_ bytes: some Collection<UInt8>) -> [(name: String, value: String)] {
    bytes.split(separator: UInt8(ascii: "&")).map { pair in
      let mark = pair.firstIndex(of: UInt8(ascii: "="))
      let value = mark.map { decodeForm(pair[pair.index(after: $0)...]) } ?? ""
      return (decodeForm(pair[..<(mark ?? pair.endIndex)]), value)
    }
  }

  private static let digits = Array("0123456789ABCDEF".utf8)

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    (97...122).contains(byte.asciiLowercased) || (48...57).contains(byte) || "-._~".utf8.contains(byte)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
  }
}

extension String {
  /// A URL with parameters added to its query, encoded, before its fragment.
  func addingQuery(_ pairs: [(name: String, value: String)]) -> String {
    guard !pairs.isEmpty else { return self }
    let query = pairs.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    let joined = query.joined(separator: "&")
    guard let mark = firstIndex(of: "?") else { return "\(self)?\(joined)" }
    let isOpen = index(after: mark) == endIndex || hasSuffix("&")
    return isOpen ? self + joined : "\(self)&\(joined)"
  }
}
