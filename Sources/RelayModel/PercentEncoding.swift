/// RFC 3986's encoding, and what forms make of it.
package enum PercentEncoding {
  /// Everything but letters, digits and `-._~` as `%XX`.
  package static func encode(_ text: String) -> String {
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

  /// The bytes that `text` stands for. What is no `%` and two digits stays as it is, as browsers have it.
  ///
  /// - Parameter isForm: whether `+` is a blank.
  package static func decode(_ text: some Collection<UInt8>, isForm: Bool) -> [UInt8] {
    let text = Array(text)
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "%"), index + 2 < text.count, let high = value(text[index + 1]),
        let low = value(text[index + 2])
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(isForm && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    return decoded
  }

  /// The fields of a form or a query, `a=1&b=2`, decoded, in order. One without `=` has an empty value.
  package static func fields(_ text: some Collection<UInt8>) -> [FormField] {
    text.split(separator: UInt8(ascii: "&")).map { pair in
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      return FormField(
        name: decode(name, isForm: true), value: decode(pair.dropFirst(name.count + 1), isForm: true))
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

/// One `name=value` of a form or a query, decoded: bytes, which need not be UTF-8.
package struct FormField: Hashable, Sendable {
  package var name: [UInt8]
  package var value: [UInt8]

  package init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  /// Both as text, with what is no UTF-8 replaced.
  package var text: (name: String, value: String) {
    (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
  }
}

extension [FormField] {
  /// The first value under `name`.
  package func first(_ name: String) -> [UInt8]? { first { $0.name.elementsEqual(name.utf8) }?.value }
}
