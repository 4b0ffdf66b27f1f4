internal import RelayDocuments

/// The languages that text is escaped for.
package enum Escaping: String, CaseIterable {
  case html, url, urlPath, json

  func escaped(_ text: String) -> String {
    switch self {
    case .html: return Self.html(text)
    case .url: return percent(text, keeping: "-._~")
    case .urlPath: return percent(text, keeping: "-._~/")
    case .json: return String(JSON.string(text).text.dropFirst().dropLast())
    }
  }

  /// Text that stands for itself in HTML, also within an attribute's quotes.
  package static func html(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private func percent(_ text: String, keeping kept: String) -> String {
    let kept = Array(kept.utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      let isPlain =
        (97...122).contains(byte | 0x20) && byte < 128 || (48...57).contains(byte) || kept.contains(byte)
      if isPlain {
        bytes.append(byte)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        bytes.append(contentsOf: (digits.utf8.count == 1 ? "%0" : "%").utf8)
        bytes.append(contentsOf: digits.utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
