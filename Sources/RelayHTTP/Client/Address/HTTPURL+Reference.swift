extension HTTPURL {
  /// The URL that `reference`, a `Location` of an answer to this URL, leads to (RFC 3986, section 5.2).
  func resolving(_ reference: String) throws(TransferError) -> HTTPURL {
    let bytes = Array(reference.utf8)
    if Self.hasScheme(bytes) { return try HTTPURL(reference) }
    if reference.hasPrefix("//") { return try HTTPURL("\(destination.scheme.rawValue):\(reference)") }
    // Read whole, so that the characters are judged by the same rule as a written URL's.
    return try HTTPURL("\(destination)\(merged(bytes[...]))")
  }

  private static func hasScheme(_ bytes: [UInt8]) -> Bool {
    guard let end = bytes.firstIndex(where: { !isSchemeByte($0) }), end > 0 else { return false }
    return bytes[end] == UInt8(ascii: ":") && bytes[0] > UInt8(ascii: "9")
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == UInt8(ascii: "+")
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// A path and query from a reference that names no host.
  private func merged(_ reference: ArraySlice<UInt8>) -> String {
    let slash = UInt8(ascii: "/")
    let mark = UInt8(ascii: "?")
    let own = Array(target.utf8)
    let ownPath = own.prefix { $0 != mark }
    let relative = reference.prefix { $0 != UInt8(ascii: "#") }
    let path = relative.prefix { $0 != mark }
    let query = relative.dropFirst(path.count)
    guard !path.isEmpty else {
      return relative.isEmpty ? target : String(decoding: ownPath + query, as: UTF8.self)
    }
    let base = path.first == slash ? [] : ownPath[...(ownPath.lastIndex(of: slash) ?? ownPath.startIndex)]
    return String(decoding: Self.withoutDotSegments(base + path) + query, as: UTF8.self)
  }

  /// RFC 3986, section 5.2.4.
  private static func withoutDotSegments(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let dot: [UInt8] = [UInt8(ascii: ".")]
    let segments = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    var kept: [ArraySlice<UInt8>] = []
    for segment in segments {
      if segment.elementsEqual(dot + dot) {
        _ = kept.popLast()
      } else if segment != dot[...] {
        kept.append(segment)
      }
    }
    if let last = segments.last, last.elementsEqual(dot) || last.elementsEqual(dot + dot) { kept.append([]) }
    return ArraySlice([UInt8(ascii: "/")] + kept.joined(separator: [UInt8(ascii: "/")]))
  }
}
