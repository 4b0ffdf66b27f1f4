internal import RelayCrypto
internal import RelayDocuments

/// What is done to a value on its way out of a template.
enum ValueStep: Sendable, Hashable {
  /// The value is JSON text; goes on with what is at the path.
  case json(JSONPath)
  /// The claims of a JSON Web Token, `Bearer` before it or not. The request was verified before.
  case tokenPayload
  case base64Decoded
  /// The text of an XML element without attributes.
  case element(String)
  case base64
  case hex
  case digest(DigestAlgorithm)
  /// HMAC under the hook's first secret.
  case code(DigestAlgorithm, key: KeyForm)
  case appending(HandshakeKeys.Option)

  /// Nil where the value is not what the step takes, or a key that it needs is missing.
  func apply(to value: [UInt8], _ keys: HandshakeKeys) -> [UInt8]? {
    switch self {
    case .json(let path): JSONScan.find(path, in: value)?.scalarBytes
    case .tokenPayload: Self.tokenPayload(value)
    case .base64Decoded: Base64.standard.decode(value.filter { $0 != 10 && $0 != 13 })
    case .element(let name): XMLScan.text(of: name, in: value)
    case .base64: Base64.standard.encode(value)
    case .hex: Hex.encode(value)
    case .digest(let algorithm): Self.computed { () throws(CryptoError) in try algorithm.digest(value) }
    case .code(let algorithm, let form): keys.code(algorithm, form, over: value)
    case .appending(let option): keys.value(option).map { value + $0 }
    }
  }

  private static func tokenPayload(_ value: [UInt8]) -> [UInt8]? {
    let token = value[...].dropping(prefix: [UInt8]("Bearer ".utf8)) ?? value[...]
    let parts = token.trimmingBlanks.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 3 ? Base64.urlSafe.decode(parts[1]) : nil
  }

  /// The result of a computation; nil where OpenSSL could not do it, and the template then has no value.
  static func computed<Value>(_ compute: () throws(CryptoError) -> Value) -> Value? {
    do {
      return try compute()
    } catch {
      return nil
    }
  }
}

/// The little of XML that providers put ids and types into: one element's text.
enum XMLScan {
  private static let openData = [UInt8]("<![CDATA[".utf8)
  private static let closeData = [UInt8]("]]>".utf8)

  /// The text of the first element of that name that has no attributes; a CDATA section around it is
  /// taken off.
  static func text(of name: String, in bytes: [UInt8]) -> [UInt8]? {
    guard let open = bytes[...].firstRange(of: [UInt8]("<\(name)>".utf8)),
      let close = bytes[open.upperBound...].firstRange(of: [UInt8]("</\(name)>".utf8))
    else { return nil }
    var text = bytes[open.upperBound..<close.lowerBound].trimmingBlanks
    if text.starts(with: openData), text.reversed().starts(with: closeData.reversed()) {
      text = text.dropFirst(openData.count).dropLast(closeData.count)
    }
    return Array(text)
  }
}

extension ArraySlice<UInt8> {
  /// Where `pattern` occurs first; nil for an empty pattern.
  func firstRange(of pattern: [UInt8]) -> Range<Int>? {
    guard let first = pattern.first, count >= pattern.count else { return nil }
    let last = endIndex - pattern.count
    var index = startIndex
    while index <= last {
      if self[index] == first, self[index..<index + pattern.count].elementsEqual(pattern) {
        return index..<index + pattern.count
      }
      index += 1
    }
    return nil
  }
}
