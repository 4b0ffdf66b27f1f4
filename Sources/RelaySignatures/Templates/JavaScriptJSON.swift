internal import RelayModel

/// JSON as `JSON.stringify` writes it, for schemes that sign a re-serialised value.
enum JavaScriptJSON {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Appends `text` as a string: only quotes, backslashes and control characters are escaped.
  static func append(quoted text: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += "\\b".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x0C: bytes += "\\f".utf8
      case 0x0D: bytes += "\\r".utf8
      case ..<0x20: bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension [FormField] {
  /// Names sorted, the values of one name sorted and without repeats, nothing between them (Twilio).
  var sortedForSigning: [UInt8] {
    let sorted = sorted { a, b in
      a.name == b.name
        ? a.value.lexicographicallyPrecedes(b.value) : a.name.lexicographicallyPrecedes(b.name)
    }
    var message: [UInt8] = []
    var last: FormField?
    for field in sorted where field != last {
      message += field.name
      message += field.value
      last = field
    }
    return message
  }

  /// An object of strings in the form's order, as Python's `json.dumps` writes it: a blank after each
  /// separator, nothing but ASCII (FreshBooks).
  var asJSON: [UInt8] {
    var text = "{"
    for (index, field) in enumerated() {
      text += (index > 0 ? ", " : "") + Self.quoted(field.name.text) + ": " + Self.quoted(field.value.text)
    }
    return [UInt8](text + "}")
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: quoted += "\\\""
      case 0x5C: quoted += "\\\\"
      case 0x0A: quoted += "\\n"
      case 0x0D: quoted += "\\r"
      case 0x09: quoted += "\\t"
      case 0x08: quoted += "\\b"
      case 0x0C: quoted += "\\f"
      case 0x20..<0x7F: quoted.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
      default:
        let hex = String(unit, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      }
    }
    return quoted + "\""
  }
}

/// The URL as HubSpot signs it: some escapes of the query are undone first.
enum HubSpotURL {
  private static let escapes: [(escape: String, plain: String)] = [
    ("%3A", ":"), ("%2F", "/"), ("%3F", "?"), ("%40", "@"), ("%21", "!"), ("%24", "$"), ("%27", "'"),
    ("%28", "("), ("%29", ")"), ("%2A", "*"), ("%2C", ","), ("%3B", ";"),
  ]

  static func unescaped(_ url: String) -> String {
    var text = ""
    var rest = url[...]
    while let first = rest.first {
      if first == "%", let match = escapes.first(where: { rest.prefix(3).uppercased() == $0.escape }) {
        text += match.plain
        rest = rest.dropFirst(3)
      } else {
        text.append(first)
        rest = rest.dropFirst()
      }
    }
    return text
  }
}
