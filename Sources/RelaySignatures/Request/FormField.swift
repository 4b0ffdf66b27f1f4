internal import RelayCrypto

/// One `name=value` of a form or a query, decoded.
struct FormField: Hashable {
  var name: [UInt8]
  var value: [UInt8]

  /// The fields of an `application/x-www-form-urlencoded` text, in their order. What does not decode is
  /// taken as it stands, as browsers do.
  static func parse(_ text: ArraySlice<UInt8>) -> [FormField] {
    text.split(separator: UInt8(ascii: "&")).map { pair in
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      return FormField(name: decoded(name), value: decoded(pair.dropFirst(name.count + 1)))
    }
  }

  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex,
        let high = Hex.value(text[index + 1]), let low = Hex.value(text[index + 2])
      {
        bytes.append(high << 4 | low)
        index += 3
      } else {
        bytes.append(text[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : text[index])
        index += 1
      }
    }
    return bytes
  }
}

extension [FormField] {
  /// The first value under `name`.
  func first(_ name: String) -> [UInt8]? { first { $0.name.elementsEqual(name.utf8) }?.value }
}
